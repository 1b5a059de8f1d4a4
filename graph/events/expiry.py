"""Expiry is an event: when the newest version of an asset stops to be fresh by itself, that is written, once.

The instant stands on the asset (`expiresAt`, indexed) since the production; a newer one moves it, and telling takes it
away behind a lock, so that of several processes one tells it. What fell due while the service was down is told when it
starts. Nothing polls: the next look comes from the index, at the latest after `LONGEST`.
"""

import dataclasses
from collections.abc import Callable, Sequence

from graph.database import Database, Transaction
from graph.events.event import Draft, EventType
from graph.events.journal import Journal
from graph.repeated import Repeated
from graph.rules.instants import format_instant
from graph.writer import Writer

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
WHERE a.expiresAt <= $until
RETURN min(a.expiresAt) AS at
"""

LONGEST = 60.0
"""Seconds until the next look at the latest: another process may end and leave its deadlines to this one."""

SHORTEST = 0.25
"""Seconds between two looks, at least: deadlines close together are told of in one transaction."""

BUSY = 2.0
"""Seconds until the next look when another process is telling."""


@dataclasses.dataclass(frozen=True, slots=True)
class Expire:
    """Tell of everything that is due."""

    now: int


class ExpiryFamily:
    """Tells what is due, up to 500 assets at once; one outcome a command: how many were told of."""

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
    """Looks for what is due when the next deadline says so, and at the latest after `LONGEST`."""

    def __init__(self, database: Callable[[], Database], writer: Writer, clock: Callable[[], int]) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._family = ExpiryFamily()
        self._next = 0
        """When it looks again, in epoch milliseconds."""
        self._repeated = Repeated("expiry", self._watch, shortest=SHORTEST)

    def start(self) -> None:
        """Begin to watch; belongs to the running event loop."""
        self._repeated.start()

    async def stop(self) -> None:
        """End; what falls due from now on is told by another process, or after the next start."""
        await self._repeated.stop()

    def note(self, deadline: int) -> None:
        """Something of this process will expire at an instant."""
        if deadline < self._next:
            self._repeated.wake()

    async def look(self) -> float:
        """Tell of everything that is due; how many seconds may pass until the next look."""
        now = self._clock()
        while (at := await self._first(now)) is not None and at <= now:
            if not await self._writer.submit(self._family, Expire(now)):
                return BUSY
        return LONGEST if at is None else min(LONGEST, (at - now) / 1000)

    async def _first(self, now: int) -> int | None:
        """The first deadline within the longest pause; later ones are looked for then."""
        row = await self._database().read(lambda tx: tx.row(NEXT, {"until": now + int(LONGEST * 1000)}))
        return row["at"] if row else None

    async def _watch(self) -> float:
        # What is noted during the look, and earlier than this, brings another one.
        self._next = self._clock() + int(LONGEST * 1000)
        pause = await self.look()
        self._next = min(self._next, self._clock() + int(pause * 1000))
        return pause
