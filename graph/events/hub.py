"""One tail of the log a process, and any number of readers, each of them a position in it.

docs/decisions/0005-events.md, Readers. A reader costs no queue: the newest events stay in a ring that all share, and
who falls behind it reads the database until it has caught up.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Callable

from graph.database import Database, Transaction
from graph.errors import Gone, LineageError
from graph.events.event import Event, EventType
from graph.events.filter import EventFilter
from graph.events.store import WINDOW, Log, check_there, read_log, read_range
from graph.events.wanted import Wanted
from graph.repeated import end
from graph.shared import Shared

log = logging.getLogger(__name__)

POLL = 0.25
"""Seconds between two looks at the log while there are readers: other processes write too."""

AWAY = 1.0
"""Seconds until the next look while the database is away."""

RING = 10_000
"""Events that stay in memory."""

BATCH = 100
"""Events that a reader gets at once: what it gets is encoded for it, and waits for it in its connection."""

DEFINITIONS = frozenset({EventType.WORKFLOW_REGISTERED.value, EventType.WORKFLOW_DELETED.value})

FILTERS = 1_000
"""Filters of the graph that are kept for the readers who ask for the same."""


class SlowReader(Gone):
    """A live reader took so little that the ring went past it; it can go on behind the last event it got."""

    def __init__(self, after: int) -> None:
        super().__init__(
            "slow_reader",
            f"The reader fell more than {RING} events behind; go on behind number {after}.",
            details={"after": after},
        )


class Hub:
    """Tails the log while anyone reads."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database
        self._ring: list[Event] = []
        self._tail: int | None = None
        """The number of the last event in the ring; None while nobody reads."""
        self._definitions = 0
        """The number of the last change of a definition that the tail saw."""
        self._filters: Shared[tuple[Wanted, int], EventFilter] = Shared(FILTERS)
        self._readers = 0
        self._wake = asyncio.Event()
        self._pulse = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    def notify(self, _: int) -> None:
        """This process wrote events."""
        self._wake.set()

    async def stop(self) -> None:
        """End the tail, and with it every reader."""
        self._closing = True
        self._pulse.set()
        self._wake.set()
        if self._task:
            await end(self._task)

    async def follow(self, wanted: Wanted, after: int | None = None) -> AsyncGenerator[list[Event], None]:
        """The wanted events behind the number `after` (None: from now on), in order, some at a time, as they come.

        Ends when the service stops, and for no other reason. Raises Gone `events_gone`, SlowReader, and NotFound
        `asset_not_found`.
        """
        self._readers += 1
        try:
            position = await self._join() if after is None else after
            live = after is None
            made, chosen = self._definitions, await self.work_out(wanted)
            while not self._closing:
                events, position, live = await self._next(position, live=live)
                if not events:
                    # Nothing was awaited since the look at the ring: no pulse can have been missed.
                    await self._pulse.wait()
                    continue
                if made != self._definitions:
                    made, chosen = self._definitions, await self.work_out(wanted)
                if matching := [event for event in events if chosen.matches(event)]:
                    yield matching
        finally:
            self._readers -= 1

    async def work_out(self, wanted: Wanted) -> EventFilter:
        """The filter by what is declared; worked out once for all who want the same, until a definition changes."""
        if wanted.upstream_of is None:
            return wanted.filter
        return await self._filters.get((wanted, self._definitions), lambda: self._database().read(wanted.work_out))

    async def _next(self, position: int, *, live: bool) -> tuple[list[Event], int, bool]:
        """Events behind a position, the position behind them, and whether the reader keeps up with the ring."""
        tail = await self._join()
        start = tail - len(self._ring)
        if position >= start:
            events = self._ring[position - start : position - start + BATCH]
            return events, position + len(events), True
        if live:
            raise SlowReader(position)
        _, events = await self._database().read(lambda tx: _read_on(tx, position, BATCH))
        return events, position + len(events), False

    async def _join(self) -> int:
        """The number of the newest event; begins to tail when nobody did."""
        if self._tail is None:
            newest = await self._database().read(read_log)
            if self._tail is None:
                self._tail = newest.last
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="events")
        return self._tail

    async def _run(self) -> None:
        while self._readers > 0 and not self._closing:
            self._wake.clear()
            pause = POLL
            try:
                while await self._look():
                    pass
            except LineageError:
                pause = AWAY
            except Exception:  # readers wait for it: it must outlive whatever one look brings
                log.exception("the tail of the events stumbled")
                pause = AWAY
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
        # Nobody is there to see a gap: the next reader begins a new ring.
        self._ring, self._tail = [], None

    async def _look(self) -> bool:
        """Take what is new into the ring; whether there may be more."""
        assert self._tail is not None
        position = self._tail
        try:
            newest, events = await self._database().read(lambda tx: _read_on(tx, position, WINDOW))
        except Gone as gone:
            # The database was away for so long that what came in between was removed. Readers are told by their
            # position, which the ring has left behind.
            self._ring, self._tail = [], gone.details["after"] if gone.details else position
            self._tell()
            return True
        if not events:
            return False
        self._ring += events
        del self._ring[:-RING]
        self._tail = events[-1].seq
        self._definitions = max((event.seq for event in events if event.type in DEFINITIONS), default=self._definitions)
        self._tell()
        return self._tail < newest.last

    def _tell(self) -> None:
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()


async def _read_on(tx: Transaction, position: int, limit: int) -> tuple[Log, list[Event]]:
    """Where the log ends, and the next events behind a position. Raises Gone `events_gone`."""
    newest = await read_log(tx)
    check_there(newest, position)
    if newest.last <= position:
        return newest, []
    return newest, await read_range(tx, position, min(newest.last, position + limit))
