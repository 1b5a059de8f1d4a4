"""An asset's partitions, a page at a time: those that were produced, marked or given parameters, and those that are
known by declaration alone.

The keys of what is stored are read as one list; all else is read of the page's partitions only.
"""

import dataclasses
from collections.abc import Sequence

from graph.database import Row, Transaction
from graph.declarations.partitioning import DynamicPartitioning, Partitioning
from graph.records import Json
from graph.rules.freshness import StaleMark
from graph.rules.identifiers import partition_key
from graph.rules.windows import listed_partitions
from graph.store.documents import Documents
from graph.store.inventory import workflow_asset
from graph.store.marks import WorkflowMark, marks_by_series
from graph.store.partitioning import partitioning_of
from graph.store.snapshots import SnapshotView, views

KEYS = """
MATCH (:Asset {key: $key})<-[:PARTITION_OF]-(p:Partition)
WHERE p.versions > 0 OR p.parameters IS NOT NULL OR EXISTS { MATCH (p)<-[:MARKED_STALE]-(:Workflow) }
RETURN collect(coalesce(p.partitionKey, '')) AS keys
"""

RETIRED = """
MATCH (:Asset {key: $key})<-[:PARTITION_OF]-(p:Partition)-[:LATEST]->(s:Snapshot)
WITH p.partitionKey AS key, max(s.producedAt) AS producedAt
WHERE producedAt < $before
RETURN collect(key) AS keys
"""

PARTITIONS = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})
OPTIONAL MATCH (p)-[:LATEST]->(s:Snapshot)<-[:EMITTED]-(r:Run)
RETURN key AS key, p.versions AS versions, p.parameters AS parameters, p.parametersCapturedAt AS capturedAt,
       p.parametersUpdatedAt AS updatedAt, properties(s) AS snapshot, r.parameters AS runParameters,
       r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
"""


@dataclasses.dataclass(frozen=True, slots=True)
class PartitionParameters:
    """What a partition was, or is to be, made with; instants are epoch milliseconds."""

    parameters: Json
    manual: bool
    """Set by hand; else captured from the run that made the newest version."""
    captured_at: int
    updated_at: int


@dataclasses.dataclass(frozen=True, slots=True)
class PartitionView:
    """A partition with its newest version; without any it was never produced. `marks` are those that stand."""

    partition_key: str | None
    versions: int
    latest: SnapshotView | None
    marks: Sequence[WorkflowMark]
    parameters: PartitionParameters | None

    def mark_for(self, workflow: str) -> StaleMark | None:
        """The workflow's own mark, else the newest of all."""
        own = [each for each in self.marks if each.workflow == workflow]
        return (own or self.marks)[-1].mark if self.marks else None


@dataclasses.dataclass(frozen=True, slots=True)
class PartitionsPage:
    """Some of an asset's partitions, and how many there are in all."""

    asset_id: str
    partitioning: Partitioning | None
    partitions: list[PartitionView]
    total: int


@dataclasses.dataclass(frozen=True, slots=True)
class PartitionsQuestion:
    """Which partitions of which asset (keys; `asset_id` as asked for), as of `now`."""

    workflow: str
    asset: str
    asset_id: str
    limit: int
    offset: int
    now: int
    lookback: int | None = None
    partition_key: str | None = None


async def partitions_page(tx: Transaction, documents: Documents, asked: PartitionsQuestion) -> PartitionsPage:
    """A page of the asset's partitions; NotFound when the workflow has nothing to do with it."""
    found = await workflow_asset(tx, documents, asked.workflow, asked.asset, asked.asset_id)
    partitioning = await partitioning_of(tx, found)
    keys = await _keys(tx, partitioning, asked)
    if asked.partition_key is not None:
        keys = [key for key in keys if key == asked.partition_key]
    page = await _views(tx, documents, asked.asset, keys[asked.offset : asked.offset + asked.limit])
    return PartitionsPage(found.asset_id, partitioning, page, len(keys))


async def _keys(tx: Transaction, partitioning: Partitioning | None, asked: PartitionsQuestion) -> list[str | None]:
    row = await tx.row(KEYS, {"key": asked.asset})
    stored = set(row["keys"]) if row else set()
    if isinstance(partitioning, DynamicPartitioning) and partitioning.retention_days is not None:
        row = await tx.row(RETIRED, {"key": asked.asset, "before": partitioning.kept_since(asked.now)})
        stored -= set(row["keys"]) if row else set()
    # What is in no partition: all there is of an asset without any, else left from the time before it had some.
    whole: list[str | None] = [None] if "" in stored or partitioning is None else []
    return [*listed_partitions(partitioning, stored - {""}, asked.now, asked.lookback), *whole]


async def _views(tx: Transaction, documents: Documents, asset: str, keys: Sequence[str | None]) -> list[PartitionView]:
    series = [partition_key(asset, key) for key in keys]
    newest: dict[str, Row] = {}
    for row in await tx.rows(PARTITIONS, {"keys": series}):
        known = newest.setdefault(row["key"], row)
        if row["snapshot"] is not None and known["snapshot"]["order"] < row["snapshot"]["order"]:
            newest[row["key"]] = row
    produced = [row for row in newest.values() if row["snapshot"] is not None]
    latest = {view.snapshot.series: view for view in await views(tx, documents, produced)}
    marks = await marks_by_series(tx, series)
    return [
        PartitionView(
            key,
            newest[each]["versions"] if each in newest else 0,
            latest.get(each),
            marks.get(each, ()),
            _parameters(newest.get(each)),
        )
        for key, each in zip(keys, series, strict=True)
    ]


def _parameters(row: Row | None) -> PartitionParameters | None:
    if row is None:
        return None
    if row["parameters"] is not None:
        return PartitionParameters(row["parameters"], True, row["capturedAt"], row["updatedAt"])
    if row["runParameters"] is None:
        return None
    arrived = row["snapshot"]["createdAt"]
    return PartitionParameters(row["runParameters"], False, arrived, arrived)
