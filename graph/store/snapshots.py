"""Snapshots as they are shown: with the state of the run that emitted them and the text of their schema."""

import dataclasses
from collections.abc import Iterable, Sequence

from graph.database import Row, Transaction
from graph.errors import NotFound
from graph.records import Json, Snapshot, record_from
from graph.store.documents import Documents

SNAPSHOTS = """
UNWIND $keys AS key
MATCH (s:Snapshot {key: key})<-[:EMITTED]-(r:Run)
RETURN properties(s) AS snapshot, r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
"""

RECORDS = """
UNWIND $keys AS key
MATCH (s:Snapshot {key: key})
RETURN properties(s) AS snapshot
"""

SOURCES = """
UNWIND $keys AS key
MATCH (:Snapshot {key: key})-[:DERIVED_FROM]->(s:Snapshot)
RETURN collect([key, s.key]) AS pairs
"""

DERIVATIVES = """
UNWIND $keys AS key
CALL (key) {
  MATCH (:Snapshot {key: key})<-[:DERIVED_FROM]-(s:Snapshot)
  WHERE s.key > $after
  RETURN s ORDER BY s.key LIMIT $limit
}
RETURN collect([key, s.key]) AS pairs
"""


@dataclasses.dataclass(frozen=True, slots=True)
class SnapshotView:
    """A snapshot, its schema's text, and its run's state now."""

    snapshot: Snapshot
    schema: Json | None
    run_status: str
    run_started_at: int | None
    run_completed_at: int | None


async def views(tx: Transaction, documents: Documents, rows: Iterable[Row]) -> list[SnapshotView]:
    """The views of rows that hold `snapshot`, `runStatus`, `runStartedAt` and `runCompletedAt`, in their order."""
    rows = list(rows)
    snapshots = [record_from(Snapshot, row["snapshot"]) for row in rows]
    schemas = await documents.schemas.get(tx, {snapshot.schema for snapshot in snapshots if snapshot.schema})
    return [
        SnapshotView(
            snapshot,
            schemas[snapshot.schema] if snapshot.schema else None,
            row["runStatus"],
            row["runStartedAt"],
            row["runCompletedAt"],
        )
        for snapshot, row in zip(snapshots, rows, strict=True)
    ]


async def snapshots_by_key(tx: Transaction, documents: Documents, keys: Iterable[str]) -> dict[str, SnapshotView]:
    """The views of the snapshots that exist, by key."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    found = await views(tx, documents, await tx.rows(SNAPSHOTS, {"keys": wanted}))
    return {view.snapshot.key: view for view in found}


async def records_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, Snapshot]:
    """The snapshots that exist, without their runs' states."""
    rows = await tx.rows(RECORDS, {"keys": keys})
    return {row["snapshot"]["key"]: record_from(Snapshot, row["snapshot"]) for row in rows}


async def sources_of(tx: Transaction, keys: Sequence[str]) -> dict[str, list[str]]:
    """The ids of the snapshots that each was made from, sorted."""
    return _pairs(await tx.row(SOURCES, {"keys": keys}))


async def derivatives_of(tx: Transaction, keys: Sequence[str], limit: int, after: str = "") -> dict[str, list[str]]:
    """Up to `limit` ids of the snapshots that were made from each, sorted, behind the id `after`."""
    return _pairs(await tx.row(DERIVATIVES, {"keys": keys, "limit": limit, "after": after}))


def _pairs(row: Row | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, other in sorted(row["pairs"] if row else ()):
        found.setdefault(key, []).append(other)
    return found


async def known_snapshot(tx: Transaction, documents: Documents, key: str) -> SnapshotView:
    """The view of one snapshot, or NotFound."""
    found = await snapshots_by_key(tx, documents, (key,))
    if key not in found:
        raise NotFound("snapshot_not_found", f"No snapshot '{key}' is known.", details={"snapshotId": key})
    return found[key]
