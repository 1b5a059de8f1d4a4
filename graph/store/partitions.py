"""An asset's partitions, a page at a time: those that were produced, marked or given parameters, and those that are
known by declaration alone.

Where partitions come by key, the page is a range of the index. Where the declaration tells the order, the keys of what
is stored are read as one list. All else is read of the page's partitions only.
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
from graph.store.listing import END, keys_behind
from graph.store.listing import PARTITIONS as PARTITIONS_BY_KEY
from graph.store.marks import WorkflowMark, marks_by_series
from graph.store.partitioning import partitioning_of
from graph.store.snapshots import SnapshotView, views

COUNTS = """
MATCH (a:Asset {key: $key})
RETURN COUNT { (a)<-[:PARTITION_OF]-(:Partition) } AS partitions, COUNT { MATCH (:Partition {key: $whole}) } AS whole
"""

KEYS = """
MATCH (:Asset {key: $key})<-[:PARTITION_OF]-(p:Partition)
RETURN collect(p.key) AS series
"""

KNOWN = """
MATCH (p:Partition {key: $series})
RETURN collect(p.key) AS series
"""

RETIRED = """
MATCH (:Asset {key: $key})<-[:PARTITION_OF]-(p:Partition)-[:LATEST]->(s:Snapshot)
WITH p.key AS series, max(s.producedAt) AS producedAt
WHERE producedAt < $before
RETURN collect(series) AS series
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
    by_key = partitioning is None or isinstance(partitioning, DynamicPartitioning)
    if by_key and asked.partition_key is None and _kept_since(partitioning, asked.now) == 0:
        keys, total = await _page_by_key(tx, asked, always_whole=partitioning is None)
    else:
        found_keys = await _keys(tx, partitioning, asked)
        keys, total = found_keys[asked.offset : asked.offset + asked.limit], len(found_keys)
    return PartitionsPage(found.asset_id, partitioning, await _views(tx, documents, asked.asset, keys), total)


def _kept_since(partitioning: Partitioning | None, now: int) -> int:
    return partitioning.kept_since(now) if isinstance(partitioning, DynamicPartitioning) else 0


async def _page_by_key(
    tx: Transaction, asked: PartitionsQuestion, *, always_whole: bool
) -> tuple[list[str | None], int]:
    """The keys of the page, in the order of the index, and how many there are. What is in no partition comes last;
    with `always_whole` it is there whether or not anything is known of it.
    """
    whole = partition_key(asked.asset, None)
    row = await tx.row(COUNTS, {"key": asked.asset, "whole": whole})
    assert row is not None, "the asset was found before"
    keyed = row["partitions"] - row["whole"]
    total = keyed + max(row["whole"], always_whole)
    behind = await keys_behind(tx, PARTITIONS_BY_KEY, asked.offset + asked.limit, whole, whole + END)
    keys: list[str | None] = [key.removeprefix(whole) for key in behind[asked.offset :]]
    if asked.offset <= keyed < min(total, asked.offset + asked.limit):
        keys.append(None)
    return keys, total


async def _keys(tx: Transaction, partitioning: Partitioning | None, asked: PartitionsQuestion) -> list[str | None]:
    """All keys, or of all the one that is wanted."""
    if asked.partition_key is None:
        row = await tx.row(KEYS, {"key": asked.asset})
    else:
        row = await tx.row(KNOWN, {"series": partition_key(asked.asset, asked.partition_key)})
    stored = set(row["series"]) if row else set()
    if before := _kept_since(partitioning, asked.now):
        row = await tx.row(RETIRED, {"key": asked.asset, "before": before})
        stored -= set(row["series"]) if row else set()
    whole = partition_key(asked.asset, None)
    known = {series.removeprefix(whole) for series in stored - {whole}}
    keys: list[str | None] = [*listed_partitions(partitioning, known, asked.now, asked.lookback)]
    if whole in stored:
        keys.append(None)  # left from the time before the asset had partitions
    return [key for key in keys if asked.partition_key in (None, key)]


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
