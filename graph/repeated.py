"""Work of the background that looks, waits, and looks again, until the service stops."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from graph.errors import LineageError

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds in which a look under way may end by itself: cut off within a query it leaves a connection behind."""


class Repeated:
    """Calls `look` again and again: it returns how many seconds may pass until the next time.

    `shortest` are the seconds between two looks at least, `away` those behind one that could not be finished.
    """

    def __init__(
        self, name: str, look: Callable[[], Awaitable[float]], *, shortest: float = 0.0, away: float = 2.0
    ) -> None:
        self._name = name
        self._look = look
        self._shortest = shortest
        self._away = away
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; belongs to the running event loop."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    def wake(self) -> None:
        """Look sooner than was said."""
        self._wake.set()

    async def stop(self) -> None:
        """End, behind a look that is under way."""
        self._closing.set()
        self._wake.set()
        if self._task:
            await end(self._task)

    async def _run(self) -> None:
        while not self._closing.is_set():
            # Before the look, so that what wakes it meanwhile brings another one.
            self._wake.clear()
            try:
                pause = await self._look()
            except LineageError:
                pause = self._away
            except Exception:  # it must outlive whatever one look brings
                log.exception("%s stumbled", self._name)
                pause = max(self._away, 10.0)
            await _passed(self._closing, self._shortest)
            await _passed(self._wake, pause - self._shortest)


async def end(task: asyncio.Task[None]) -> None:
    """Wait for a task that has been told to end; one that takes too long is cancelled."""
    await asyncio.wait([task], timeout=PATIENCE)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _passed(event: asyncio.Event, seconds: float) -> None:
    """Until the event is set, or for so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await event.wait()
