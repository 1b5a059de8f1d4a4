"""An asset's versions, newest first, in pages whose cost does not grow with the history.

A page is a bounded range of one of the rank indexes (graph.rules.ranks). Where the range should begin is told by the
version number: the one that stands a page's length before the newest begins it. Late reports make that a little wrong,
so a page that is not full yet goes on with ranges that widen.
"""

import dataclasses

from graph.database import Row, Transaction
from graph.records import Snapshot, record_from
from graph.rules.identifiers import partition_key
from graph.rules.ranks import HIGHEST, rank, workflow_prefix
from graph.store.documents import Documents
from graph.store.snapshots import SnapshotView, views

PAGE_OF_ASSET = """
MATCH (s:Snapshot)<-[:EMITTED]-(r:Run)
WHERE s.rank >= $low AND s.rank < $high
RETURN properties(s) AS snapshot, r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
ORDER BY s.rank DESC LIMIT $limit
"""

PAGE_OF_PARTITION = """
MATCH (s:Snapshot)<-[:EMITTED]-(r:Run)
WHERE s.partitionRank >= $low AND s.partitionRank < $high
RETURN properties(s) AS snapshot, r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
ORDER BY s.partitionRank DESC LIMIT $limit
"""

PAGE_OF_WORKFLOW = """
MATCH (s:Snapshot)<-[:EMITTED]-(r:Run)
WHERE s.workflowRank >= $low AND s.workflowRank < $high AND s.series = coalesce($series, s.series)
RETURN properties(s) AS snapshot, r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
ORDER BY s.workflowRank DESC LIMIT $limit
"""

PARTITION = """
MATCH (p:Partition {key: $key})
RETURN p.versions AS versions
"""

ORDER_OF_VERSION = """
MATCH (s:Snapshot {series: $series, version: $version})
RETURN s.order AS order
"""

NEXT_OF_PARTITION = """
MATCH (s:Snapshot)
WHERE s.partitionRank > $low AND s.partitionRank < $high
RETURN properties(s) AS snapshot
ORDER BY s.partitionRank LIMIT 1
"""

NEWEST_ORDER = """
MATCH (:Asset {key: $key})-[:LATEST]->(s:Snapshot)
RETURN s.order AS order
"""

SLACK = 4
"""Versions that the first range holds beyond the page, so that a few late reports do not cost another query."""

FIRST_WIDTH = 60_000 << 21
"""A minute, as a difference of orders: the first range where no version number tells a better one."""

WIDENING = 8


@dataclasses.dataclass(frozen=True, slots=True)
class Selection:
    """Whose versions: an asset's, one partition's (`series`), one workflow's share, or both."""

    asset: str
    series: str | None = None
    workflow: str | None = None

    @property
    def query(self) -> str:
        """The query whose index serves the selection."""
        if self.workflow is not None:
            return PAGE_OF_WORKFLOW
        return PAGE_OF_ASSET if self.series is None else PAGE_OF_PARTITION

    @property
    def prefix(self) -> str:
        """The prefix of the ranks that the query ranges over."""
        if self.workflow is not None:
            return workflow_prefix(self.asset, self.workflow)
        return self.asset if self.series is None else self.series


@dataclasses.dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the order, series and version of its last snapshot."""

    order: int
    series: str
    version: int


async def history(
    tx: Transaction, documents: Documents, selection: Selection, limit: int, after: Position | None = None
) -> tuple[list[SnapshotView], bool]:
    """Up to `limit` versions behind the position, newest `producedAt` first, and whether there are more."""
    high = HIGHEST if after is None else after.order
    low = await _first_low(tx, selection, limit, after)
    rows: list[Row] = []
    width = FIRST_WIDTH
    while True:
        rows += await tx.rows(
            selection.query,
            {
                "low": rank(selection.prefix, low),
                "high": rank(selection.prefix, high),
                "limit": limit + 1 - len(rows),
                "series": selection.series,
            },
        )
        if len(rows) > limit or low == 0:
            break
        high, low, width = low, max(0, low - width), width * WIDENING
    return await views(tx, documents, rows[:limit]), len(rows) > limit


async def adjacent(
    tx: Transaction, documents: Documents, snapshot: Snapshot
) -> tuple[Snapshot | None, Snapshot | None]:
    """The versions next before and next after it in its partition, by `producedAt`; None at an end."""
    position = Position(snapshot.order, snapshot.series, snapshot.version)
    older, _ = await history(tx, documents, Selection(snapshot.asset, snapshot.series), 1, position)
    return older[0].snapshot if older else None, await _next(tx, snapshot)


async def _next(tx: Transaction, snapshot: Snapshot) -> Snapshot | None:
    row = await tx.row(NEWEST_ORDER, {"key": snapshot.asset})
    end = row["order"] + 1 if row else 0
    pivot = await tx.row(ORDER_OF_VERSION, {"series": snapshot.series, "version": snapshot.version + 1})
    low, width = snapshot.order, FIRST_WIDTH
    # The version that arrived next is the next one, or ends the range in which that is, unless it was late.
    high = pivot["order"] + 1 if pivot and pivot["order"] > low else low + width
    while low < end - 1:
        ends = {"low": rank(snapshot.series, low), "high": rank(snapshot.series, high)}
        row = await tx.row(NEXT_OF_PARTITION, ends)
        if row is not None:
            return record_from(Snapshot, row["snapshot"])
        low, high, width = high - 1, min(end, high + width), width * WIDENING
    return None


async def _first_low(tx: Transaction, selection: Selection, limit: int, after: Position | None) -> int:
    """Where the first range begins: a page of versions before the newest, or before the position."""
    series = selection.series or partition_key(selection.asset, None)
    row = await tx.row(PARTITION, {"key": series})
    if row is not None:
        version = after.version if after and after.series == series else row["versions"] + 1
        first = version - limit - SLACK
        if first <= 1:
            return 0
        pivot = await tx.row(ORDER_OF_VERSION, {"series": series, "version": first})
        if pivot and (after is None or pivot["order"] < after.order):
            return int(pivot["order"])
    newest = after.order if after else ((await tx.row(NEWEST_ORDER, {"key": selection.asset})) or {"order": 0})["order"]
    return max(0, int(newest) - FIRST_WIDTH)
