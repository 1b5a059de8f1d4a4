"""Expiry is an event: when the newest version of an asset stops to be fresh by itself, that is written, once.

The instant stands on the asset (`expiresAt`, indexed) since the production; a newer one moves it, and telling takes it
away behind a lock, so that of several processes one tells it. What fell due while the service was down is told when it
starts. Nothing polls: the next look comes from the index, at the latest after `LONGEST`.
"""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Callable, Sequence

from graph.database import Database, Transaction
from graph.errors import LineageError
from graph.events.event import Draft, EventType
from graph.events.journal import Journal
from graph.rules.instants import format_instant
from graph.writer import Writer

log = logging.getLogger(__name__)

DUE = """
MATCH (a:Asset)
WHERE a.expiresAt <= $now
RETURN a.key AS key LIMIT 500
"""

LOCK = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
SET a.lockedAt = $now
WITH a
WHERE a.expiresAt <= $now
MATCH (a)-[:LATEST]->(s:Snapshot)
RETURN a.key AS key, a.assetId AS assetId, a.expiresAt AS expiresAt, s.key AS snapshot, s.version AS version,
       s.partitionKey AS partition, s.producedAt AS producedAt, s.freshness AS freshness, s.workflow AS workflow,
       s.workflowSlug AS workflowSlug, s.run AS run, s.stepId AS step, s.attempt AS attempt
"""

TELL = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.key})
SET a.expired = row.snapshot, a.expiresAt = null
"""

NEXT = """
MATCH (a:Asset)
WHERE a.expiresAt > $now AND a.expiresAt <= $until
RETURN min(a.expiresAt) AS at
"""

LONGEST = 60.0
"""Seconds until the next look at the latest: another process may end and leave its deadlines to this one."""

MOST = 500
"""Assets that one command tells of, as `DUE` has it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Expire:
    """Tell of everything that is due."""

    now: int


class ExpiryFamily:
    """Tells what is due; one outcome a command: how many were told."""

    async def execute(self, tx: Transaction, commands: Sequence[Expire], journal: Journal) -> list[int]:
        """All commands of a batch are one."""
        now = max(command.now for command in commands)
        keys = sorted(row["key"] for row in await tx.rows(DUE, {"now": now}))
        rows = await tx.rows(LOCK, {"keys": keys, "now": now}) if keys else []
        rows.sort(key=lambda row: (row["expiresAt"], row["key"]))
        if rows:
            await tx.run(TELL, {"rows": [{"key": row["key"], "snapshot": row["snapshot"]} for row in rows]})
        journal.add(*(_expired(row, now) for row in rows))
        return [len(rows)] * len(commands)

    def committed(self) -> None:
        """Nothing is remembered."""


def _expired(row: dict[str, object], now: int) -> Draft:
    data = {
        "assetId": row["assetId"],
        "workflowSlug": row["workflowSlug"],
        "snapshotId": row["snapshot"],
        "producedAt": format_instant(row["producedAt"]),  # type: ignore[arg-type]
        "expiredAt": format_instant(row["expiresAt"]),  # type: ignore[arg-type]
    }
    names = ("workflow", "run", "step", "attempt", "partition", "version", "snapshot")
    known = {name: row[name] for name in names}
    return Draft(EventType.ASSET_EXPIRED, now, data, asset=row["key"], **known)  # type: ignore[arg-type]


class ExpiryWatch:
    """Waits for the next deadline, tells what is due, and so on."""

    def __init__(self, database: Callable[[], Database], writer: Writer, clock: Callable[[], int]) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._family = ExpiryFamily()
        self._next: int | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch; belongs to the running event loop."""
        self._task = asyncio.create_task(self._run(), name="expiry")

    async def stop(self) -> None:
        """End; what falls due from now on is told by another process, or after the next start."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def note(self, deadline: int) -> None:
        """Something of this process will expire at an instant."""
        if self._next is None or deadline < self._next:
            self._wake.set()

    async def tell(self) -> int:
        """Tell of everything that is due now; how many there were."""
        told = 0
        while True:
            found: int = await self._writer.submit(self._family, Expire(self._clock()))
            told += found
            if found < MOST:
                return told

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = LONGEST
            try:
                await self.tell()
                now = self._clock()
                self._next = await self._first_behind(now)
                if self._next is not None:
                    pause = min(LONGEST, max(0.0, (self._next - now) / 1000))
            except LineageError:
                pause = 2.0
            except Exception:  # the watch must outlive whatever one look brings
                log.exception("the watch for what expires stumbled")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _first_behind(self, now: int) -> int | None:
        """The first deadline within the longest pause; later ones are looked for then."""
        row = await self._database().read(lambda tx: tx.row(NEXT, {"now": now, "until": now + int(LONGEST * 1000)}))
        return row["at"] if row else None
