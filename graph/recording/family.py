"""The family of commands about runs, as the writer sees it."""

from collections.abc import Callable, Sequence

from graph.database import Transaction
from graph.errors import LineageError
from graph.events.journal import Journal
from graph.recording.apply import apply_all
from graph.recording.commands import Command
from graph.recording.flush import flush
from graph.recording.known import Known
from graph.recording.load import load
from graph.recording.state import Changes, Outcome


class RecordingFamily:
    """Loads, applies and flushes commands about runs; the writer calls it, one transaction at a time."""

    def __init__(self, on_deadline: Callable[[int], None] = lambda _: None) -> None:
        """`on_deadline` is called after a commit with the first instant at which something of it expires."""
        self._on_deadline = on_deadline
        self._known = Known()
        self._uncommitted = Changes()

    async def execute(
        self, tx: Transaction, commands: Sequence[Command], journal: Journal
    ) -> list[Outcome | LineageError]:
        """One outcome a command."""
        state = await load(tx, commands)
        changes, outcomes = apply_all(state, commands)
        await flush(tx, state, changes, self._known)
        journal.add(*changes.events)
        self._uncommitted = changes
        return outcomes

    def committed(self) -> None:
        """What the last transaction wrote is durable."""
        self._known.remember(self._uncommitted)
        if deadlines := [at for at in self._uncommitted.deadlines.values() if at is not None]:
            self._on_deadline(min(deadlines))
