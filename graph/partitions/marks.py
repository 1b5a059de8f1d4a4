"""Stale marks as they are stored: an edge from the workflow in whose name it was set to the partition.

`MARKED_STALE` stands; once cleared it is a `WAS_STALE` with an end, so that reads of now touch open marks alone and
verdicts of a past instant stay true.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any, Literal

from graph.database import Row, Transaction
from graph.events.event import Draft, EventType
from graph.records import Snapshot
from graph.rules.instants import format_instant

MARKS_OF_PARTITIONS = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})<-[m:MARKED_STALE]-(w:Workflow)
MATCH (p)-[:PARTITION_OF]->(a:Asset)
RETURN w.key AS workflow, w.slug AS workflowSlug, p.key AS series, a.key AS asset, a.assetId AS assetId,
       p.partitionKey AS partitionKey, m.from AS requestedAt, m.requestedBy AS requestedBy, m.note AS note
"""

MARKS_OF_WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})-[m:MARKED_STALE]->(p:Partition)-[:PARTITION_OF]->(a:Asset)
RETURN w.key AS workflow, w.slug AS workflowSlug, p.key AS series, a.key AS asset, a.assetId AS assetId,
       p.partitionKey AS partitionKey, m.from AS requestedAt, m.requestedBy AS requestedBy, m.note AS note
"""

OPEN_MARKS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.workflow})
MATCH (p:Partition {key: row.series})
CREATE (w)-[m:MARKED_STALE]->(p)
SET m = row.properties
"""

CLOSE_MARKS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.workflow})-[m:MARKED_STALE]->(p:Partition {key: row.series})
CREATE (w)-[was:WAS_STALE]->(p)
SET was = row.properties
DELETE m
"""

REMOVE_EMPTY = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})
WHERE p.versions = 0 AND p.partitionKey IS NOT NULL AND p.parameters IS NULL
  AND NOT EXISTS { MATCH (p)<-[:MARKED_STALE]-(:Workflow) }
DETACH DELETE p
"""

Cause = Literal["cleared", "produced", "workflow_deleted"]
"""Why a mark ended: by hand, by a production, or with its workflow."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mark:
    """A mark that stands, of a workflow on a partition (`series`). `requested_at` is in epoch milliseconds."""

    workflow: str
    workflow_slug: str
    series: str
    asset: str
    asset_id: str
    partition_key: str | None
    requested_at: int
    requested_by: str | None = None
    note: str | None = None


async def marks_of_partitions(tx: Transaction, series: Iterable[str]) -> list[Mark]:
    """The marks that stand on the partitions, the oldest first."""
    return _marks(await tx.rows(MARKS_OF_PARTITIONS, {"keys": sorted(series)}))


async def marks_of_workflows(tx: Transaction, workflows: Iterable[str]) -> list[Mark]:
    """The marks that stand in the name of the workflows, the oldest first."""
    return _marks(await tx.rows(MARKS_OF_WORKFLOWS, {"keys": sorted(workflows)}))


async def open_marks(tx: Transaction, marks: Iterable[Mark]) -> None:
    """Write marks that are new."""
    if rows := [_edge(mark, _properties(mark)) for mark in marks]:
        await tx.run(OPEN_MARKS, {"rows": rows})


async def close_marks(tx: Transaction, ended: Iterable[tuple[Mark, int]]) -> None:
    """Marks that stood are over since an instant."""
    if rows := [_edge(mark, _properties(mark) | {"to": to}) for mark, to in ended]:
        await tx.run(CLOSE_MARKS, {"rows": rows})


async def remove_empty(tx: Transaction, series: Iterable[str]) -> None:
    """Partitions of which there is nothing left to say, and which were never produced, are not known any more.

    So what is stored of an asset is what is listed of it. The past of their marks goes with them: no verdict asks for
    it, since none is passed on a partition without versions.
    """
    if keys := sorted(series):
        await tx.run(REMOVE_EMPTY, {"keys": keys})


def marked(mark: Mark) -> Draft:
    """Somebody marked a partition, or did so anew with other words."""
    return Draft(EventType.ASSET_STALE_MARKED, mark.requested_at, _said(mark), **_subject(mark))


def cleared(mark: Mark, at: int, cause: Cause, by: str | None = None) -> Draft:
    """A mark ended; `by` is who cleared it by hand."""
    data = _said(mark) | {"cause": cause} | ({"clearedBy": by} if by is not None else {})
    return Draft(EventType.ASSET_STALE_CLEARED, at, data, **_subject(mark))


def cleared_by(mark: Mark, snapshot: Snapshot) -> Draft:
    """A mark ended with a production. The event names the version, and not its run: that may be another workflow's."""
    draft = cleared(mark, snapshot.created_at, "produced")
    return dataclasses.replace(draft, version=snapshot.version, snapshot=snapshot.key)


def _marks(rows: Iterable[Row]) -> list[Mark]:
    marks = [
        Mark(
            row["workflow"],
            row["workflowSlug"],
            row["series"],
            row["asset"],
            row["assetId"],
            row["partitionKey"],
            row["requestedAt"],
            row["requestedBy"],
            row["note"],
        )
        for row in rows
    ]
    return sorted(marks, key=lambda mark: (mark.requested_at, mark.workflow, mark.series))


def _edge(mark: Mark, properties: Row) -> Row:
    return {"workflow": mark.workflow, "series": mark.series, "properties": properties}


def _properties(mark: Mark) -> Row:
    said = {"from": mark.requested_at, "requestedBy": mark.requested_by, "note": mark.note}
    return {name: value for name, value in said.items() if value is not None}


def _said(mark: Mark) -> dict[str, Any]:
    said = {
        "assetId": mark.asset_id,
        "workflowSlug": mark.workflow_slug,
        "requestedAt": format_instant(mark.requested_at),
        "requestedBy": mark.requested_by,
        "note": mark.note,
    }
    return {name: value for name, value in said.items() if value is not None}


def _subject(mark: Mark) -> dict[str, Any]:
    return {"workflow": mark.workflow, "asset": mark.asset, "partition": mark.partition_key}
