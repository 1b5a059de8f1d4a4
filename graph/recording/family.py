"""The family of commands about runs and requests for them, as the writer sees it."""

from collections.abc import Callable, Sequence

from graph.database import Transaction
from graph.errors import LineageError
from graph.events.journal import Journal
from graph.recording.apply import apply_all
from graph.recording.commands import Command
from graph.recording.flush import flush
from graph.recording.flush_requests import flush_requests
from graph.recording.known import Known
from graph.recording.load import load
from graph.recording.state import Changes, Outcome


class RecordingFamily:
    """Loads, applies and flushes commands about runs; the writer calls it, one transaction at a time."""

    def __init__(
        self,
        on_deadline: Callable[[int], None] = lambda _: None,
        on_requests: Callable[[bool, int | None], None] = lambda *_: None,
    ) -> None:
        """What is called after a commit: `on_deadline` with the first instant at which an asset of it expires,
        `on_requests` with whether a request can be claimed now that could not be before, and the first instant at which
        one is due or its lease expires.
        """
        self._on_deadline = on_deadline
        self._on_requests = on_requests
        self._known = Known()
        self._uncommitted = Changes()

    async def execute(
        self, tx: Transaction, commands: Sequence[Command], journal: Journal
    ) -> list[Outcome | LineageError]:
        """One outcome a command."""
        self._uncommitted, outcomes = await carry_out(tx, commands, journal, self._known)
        return outcomes

    def committed(self) -> None:
        """What the last transaction wrote is durable."""
        changes = self._uncommitted
        self._known.remember(changes)
        if deadlines := [at for at in changes.deadlines.values() if at is not None]:
            self._on_deadline(min(deadlines))
        touched = (*changes.new_requests.values(), *changes.requests.values())
        instants = [at for each in touched for at in (each.wake_at, each.lease_until) if at is not None]
        if instants or changes.claimable:
            self._on_requests(changes.claimable, min(instants, default=None))


async def carry_out(
    tx: Transaction, commands: Sequence[Command], journal: Journal, known: Known
) -> tuple[Changes, list[Outcome | LineageError]]:
    """What was written, and one outcome a command."""
    state = await load(tx, commands)
    changes, outcomes = apply_all(state, commands)
    await flush(tx, state, changes, known)
    changes.claimable = await flush_requests(tx, changes)
    journal.add(*changes.events)
    return changes, outcomes
