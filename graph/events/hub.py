"""One tail of the log a process, and any number of readers, each of them a position in it.

docs/decisions/0005-events.md, Readers. A reader costs no queue: the newest events stay in a ring that all share, and
who falls behind it reads the database's pages until it has caught up.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from graph.database import Database, Transaction
from graph.errors import Gone, LineageError
from graph.events.event import Event, EventType
from graph.events.filter import EventFilter
from graph.events.store import WINDOW, check_there, read_log, read_page, read_range

log = logging.getLogger(__name__)

POLL = 0.25
"""Seconds between two looks at the log while there are readers: other processes write too."""

AWAY = 1.0
"""Seconds until the next look while the database is away."""

RING = 10_000
"""Events that stay in memory."""

DEFINITIONS = frozenset({EventType.WORKFLOW_REGISTERED.value, EventType.WORKFLOW_DELETED.value})

MakeFilter = Callable[[Transaction], Awaitable[EventFilter]]
"""What a reader wants, worked out from the graph as it is; anew after each change of a definition."""


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
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def follow(
        self, wanted: MakeFilter, after: int | None = None, *, heartbeat: float = 15.0
    ) -> AsyncIterator[list[Event]]:
        """The wanted events behind the number `after` (None: from now on), in order, as they come.

        An empty list comes after `heartbeat` seconds without any. Ends when the service stops. Raises Gone
        `events_gone`, and SlowReader.
        """
        self._readers += 1
        try:
            position = await self._join() if after is None else after
            chosen = await self._database().read(wanted)
            live = after is None
            while not self._closing:
                found, position, ahead = await self._next(chosen, position, live=live)
                live = live or not ahead
                if found:
                    if any(event.type in DEFINITIONS for event in found):
                        chosen = await self._database().read(wanted)
                    if matching := [event for event in found if chosen.matches(event)]:
                        yield matching
                elif not ahead and not await self._wait(heartbeat):
                    yield []
        finally:
            self._readers -= 1

    async def _next(self, chosen: EventFilter, position: int, *, live: bool) -> tuple[list[Event], int, bool]:
        """Events behind a position, the position behind them, and whether there is more at once."""
        tail = await self._join()
        if position >= tail:
            return [], position, False
        start = tail - len(self._ring)
        if position >= start:
            return self._ring[position - start :], tail, False
        if live:
            raise SlowReader(position)
        page = await self._database().read(lambda tx: read_page(tx, chosen, position, WINDOW))
        return page.events, page.after, page.more

    async def _join(self) -> int:
        """The number of the newest event; begins to tail when nobody did."""
        if self._tail is None:
            last = (await self._database().read(read_log)).last
            if self._tail is None:
                self._tail = last
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="events")
        return self._tail

    async def _wait(self, seconds: float) -> bool:
        """Until there is something new; False when there was nothing for so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._pulse.wait()
                return True
        return False

    async def _run(self) -> None:
        while self._readers > 0:
            self._wake.clear()
            pause = POLL
            try:
                await self._read_on()
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

    async def _read_on(self) -> None:
        assert self._tail is not None
        newest = await self._database().read(read_log)
        while self._tail < newest.last:
            position = self._tail
            check_there(newest, position)
            events = await self._range(position, min(newest.last, position + WINDOW))
            self._ring = [*self._ring, *events][-RING:]
            self._tail = events[-1].seq
            pulse, self._pulse = self._pulse, asyncio.Event()
            pulse.set()

    async def _range(self, after: int, until: int) -> list[Event]:
        return await self._database().read(lambda tx: read_range(tx, after, until))
