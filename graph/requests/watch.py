"""Takes expired leases away and puts what has become due into the queue, when the next instant in the index says so.

As with what expires (graph.events.expiry): nothing polls, several processes do it once, and what passed while the
service was down is seen to when it starts.
"""

from collections.abc import Callable

from graph.database import Database, Transaction
from graph.recording.family import RecordingFamily
from graph.recording.request_commands import Sweep
from graph.repeated import Repeated
from graph.writer import Writer

NEXT_EXPIRY = """
MATCH (q:RunRequest)
WHERE q.leaseUntil <= $until
RETURN min(q.leaseUntil) AS at
"""

NEXT_DUE = """
MATCH (q:RunRequest)
WHERE q.wakeAt <= $until
RETURN min(q.wakeAt) AS at
"""

LONGEST = 60.0
"""Seconds until the next look at the latest: another process may end and leave its leases to this one."""

SHORTEST = 0.25
"""Seconds between two looks, at least."""

BUSY = 2.0
"""Seconds until the next look when another process saw to it."""

ROUNDS = 3
"""Sweeps of one claim, at most."""


class RequestWatch:
    """Looks for what is due when the next instant says so, and at the latest after `LONGEST`."""

    def __init__(
        self, database: Callable[[], Database], writer: Writer, clock: Callable[[], int], family: RecordingFamily
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._family = family
        self._next = 0
        """When it looks again, in epoch milliseconds."""
        self._repeated = Repeated("run requests", self._watch, shortest=SHORTEST)

    def start(self) -> None:
        """Begin to watch; belongs to the running event loop."""
        self._repeated.start()

    async def stop(self) -> None:
        """End; what falls due from now on is seen to by another process, or after the next start."""
        await self._repeated.stop()

    def note(self, deadline: int) -> None:
        """A lease of this process will expire, or a request become due, at an instant."""
        if deadline < self._next:
            self._repeated.wake()

    async def sweep(self) -> None:
        """See to what is due now, some hundreds at the most: the watch sees to the rest."""
        now = self._clock()
        for _ in range(ROUNDS):
            if await self._first(now) is None or not await self._sweep(now):
                return

    async def look(self) -> float:
        """See to everything that is due; how many seconds may pass until the next look."""
        now = self._clock()
        while (at := await self._first(now + int(LONGEST * 1000))) is not None and at <= now:
            if not await self._sweep(now):
                return BUSY
        return LONGEST if at is None else min(LONGEST, (at - now) / 1000)

    async def _sweep(self, now: int) -> int:
        swept: int = await self._writer.submit(self._family, Sweep(now))
        return swept

    async def _first(self, until: int) -> int | None:
        """The first instant up to this one at which a lease expires or a request is due."""

        async def work(tx: Transaction) -> list[int]:
            rows = [await tx.row(NEXT_EXPIRY, {"until": until}), await tx.row(NEXT_DUE, {"until": until})]
            return [row["at"] for row in rows if row is not None and row["at"] is not None]

        return min(await self._database().read(work), default=None)

    async def _watch(self) -> float:
        # What is noted during the look, and earlier than this, brings another one.
        self._next = self._clock() + int(LONGEST * 1000)
        pause = await self.look()
        self._next = min(self._next, self._clock() + int(pause * 1000))
        return pause
