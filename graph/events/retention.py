"""Old events are removed, oldest first, and the log says where it begins then.

The numbers are in the order of commits, the instants those of the clocks of the processes that wrote. What is removed
is the beginning of the log up to the first event that is young enough: behind that one nothing is removed, however old
its instant, until that one is old too. An event may so outlive its time by as much as clocks differ, and none is
removed before it.
"""

import dataclasses
import functools
from collections.abc import Awaitable, Callable, Sequence

from graph.database import Database, Transaction
from graph.events.journal import Journal
from graph.repeated import Repeated
from graph.writer import Writer

DAY = 24 * 60 * 60 * 1000

PERIOD = 60 * 60.0
"""Seconds between two clearings."""

AWAY = 10.0
"""Seconds until the next try when one could not be finished."""

BATCH = 1_000
"""Things that `Others` remove in one transaction."""


@dataclasses.dataclass(frozen=True, slots=True)
class Others:
    """Things that go with the events.

    `found` tells whether there are any from before an instant, `remove` removes up to a number of them.
    """

    found: Callable[[Transaction, int], Awaitable[bool]]
    remove: Callable[[Transaction, int, int], Awaitable[int]]


OLDEST = """
MATCH (m:Meta {key: 'events'})
MATCH (e:Event {seq: m.first})
RETURN e.at AS at
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Remove:
    """Remove some of the events that were recorded before an instant."""

    before: int


class RemoveFamily:
    """Leaves the work to the journal, which has the lock of the log last of all; one outcome a command: nothing."""

    async def execute(self, tx: Transaction, commands: Sequence[Remove], journal: Journal) -> list[None]:
        """All commands of a batch are one."""
        journal.remove(max(command.before for command in commands))
        return [None] * len(commands)

    def committed(self) -> None:
        """Nothing is remembered."""


class Retention:
    """Removes what is older than `days`: at the start, and every hour. Several processes may do it at once."""

    def __init__(
        self,
        database: Callable[[], Database],
        writer: Writer,
        clock: Callable[[], int],
        *,
        days: int,
        also: Sequence[Others] = (),
    ) -> None:
        """`also` removes what goes with the events, such as their deliveries."""
        self._database = database
        self._writer = writer
        self._clock = clock
        self._days = days
        self._also = also
        self._family = RemoveFamily()
        self._repeated = Repeated("retention", self._clear, away=AWAY)

    def start(self) -> None:
        """Begin; belongs to the running event loop."""
        self._repeated.start()

    async def stop(self) -> None:
        """End; what is left is removed after the next start."""
        await self._repeated.stop()

    async def clear(self) -> None:
        """Remove everything that is too old, a batch in one transaction."""
        before = self._clock() - self._days * DAY
        while (oldest := await self._database().row(OLDEST)) and oldest["at"] < before:
            await self._writer.submit(self._family, Remove(before))
        for others in self._also:
            while await self._database().read(functools.partial(_found, others, before)):
                await self._database().write(functools.partial(_remove, others, before))

    async def _clear(self) -> float:
        await self.clear()
        return PERIOD


async def _found(others: Others, before: int, tx: Transaction) -> bool:
    return await others.found(tx, before)


async def _remove(others: Others, before: int, tx: Transaction) -> None:
    await others.remove(tx, before, BATCH)
