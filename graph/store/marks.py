"""Which stale marks stand on partitions, many at once: now, and as of an instant."""

import dataclasses
from collections.abc import Collection, Mapping

from graph.database import Row, Transaction
from graph.records import Snapshot
from graph.rules.freshness import StaleMark
from graph.rules.identifiers import partition_key

MARKS = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})<-[m:MARKED_STALE]-(w:Workflow)
RETURN collect([key, w.key, m.from, coalesce(m.requestedBy, ''), coalesce(m.note, '')]) AS marks
"""

MARKS_AT = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})<-[m:MARKED_STALE|WAS_STALE]-(w:Workflow)
WHERE m.from <= $at AND coalesce(m.to, $never) > $at
RETURN collect([key, w.key, m.from, coalesce(m.requestedBy, ''), coalesce(m.note, '')]) AS marks
"""

MARKS_OF_ASSETS = """
UNWIND $keys AS key
CALL (key) {
  MATCH (:Asset {key: key})<-[:PARTITION_OF]-(p:Partition)<-[m:MARKED_STALE]-(w:Workflow)
  RETURN p, m, w ORDER BY m.from DESC, p.key, w.key LIMIT $limit
}
RETURN collect([key, coalesce(p.partitionKey, ''), w.key, m.from, coalesce(m.requestedBy, ''),
                coalesce(m.note, '')]) AS marks
"""

MOST = 1_000
"""Marks of one asset that are read with it; `/assets/graph` has them all."""


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowMark:
    """A mark and the key of the workflow in whose name it stands."""

    workflow: str
    mark: StaleMark


Marks = Mapping[str, list[WorkflowMark]]
"""Series → its marks, the oldest first; a series without any is missing."""


def judged_series(keys: Collection[str], latest: Mapping[str, Snapshot]) -> dict[str, str]:
    """Asset key → the series whose marks count for the asset: that of its newest version.

    What was never produced can only be marked as a whole.
    """
    return {key: latest[key].series if key in latest else partition_key(key, None) for key in keys}


async def marks_by_series(tx: Transaction, series: Collection[str]) -> Marks:
    """The marks that stand now."""
    return _by_series(await tx.row(MARKS, {"keys": sorted(series)}))


async def marks_of_assets(tx: Transaction, keys: Collection[str]) -> dict[str, list[tuple[str | None, WorkflowMark]]]:
    """(partition key, mark) of those that stand on partitions of each asset, the newest first, `MOST` at the most."""
    row = await tx.row(MARKS_OF_ASSETS, {"keys": sorted(keys), "limit": MOST})
    found: dict[str, list[tuple[str | None, WorkflowMark]]] = {}
    for key, partition, workflow, since, by, note in row["marks"] if row else ():
        mark = WorkflowMark(workflow, StaleMark(since, by or None, note or None))
        found.setdefault(key, []).append((partition or None, mark))
    for marks in found.values():
        marks.sort(key=lambda each: (-each[1].mark.requested_at, each[0] or "", each[1].workflow))
    return found


async def marks_at(tx: Transaction, series: Collection[str], at: int, never: int) -> Marks:
    """The marks that stood at the instant; `never` is the end of those that still do."""
    return _by_series(await tx.row(MARKS_AT, {"keys": sorted(series), "at": at, "never": never}))


def _by_series(row: Row | None) -> Marks:
    found: dict[str, list[WorkflowMark]] = {}
    for series, workflow, since, by, note in row["marks"] if row else ():
        found.setdefault(series, []).append(WorkflowMark(workflow, StaleMark(since, by or None, note or None)))
    for marks in found.values():
        marks.sort(key=lambda each: (each.mark.requested_at, each.workflow))
    return found
