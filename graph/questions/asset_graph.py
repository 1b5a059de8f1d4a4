"""The graph over all workflows, or a part of it: assets, who produces and consumes them, and their newest versions.

Columns: each query answers with one row of lists, so that ten thousand assets cost a handful of rows.
"""

import dataclasses
from collections.abc import Iterable
from typing import Any

import orjson

from graph.database import Row, Transaction
from graph.errors import NotFound
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, traverse
from graph.records import Json
from graph.rules.freshness import StaleMark

ALL_ASSETS = """
MATCH (a:Asset)
WHERE a.productions > 0 OR EXISTS { MATCH (a)<-[e:PRODUCES|CONSUMES]-(:Step) WHERE e.to IS NULL }
RETURN collect(a.key) AS keys
"""

ASSET_IN_GRAPH = """
MATCH (a:Asset {key: $key})
WHERE a.productions > 0 OR EXISTS { MATCH (a)<-[e:PRODUCES|CONSUMES]-(:Step) WHERE e.to IS NULL }
RETURN a.key AS key
"""

ASSETS_OF_WORKFLOW = """
MATCH (:Workflow {key: $key})-[:HAS_STEP]->(:Step)-[e:PRODUCES|CONSUMES|WROTE]->(a:Asset)
WHERE e.to IS NULL
RETURN collect(DISTINCT a.key) AS keys
"""

ASSETS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
RETURN collect([a.key, a.assetId]) AS assets
"""

PRODUCERS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[e:PRODUCES]-(s:Step)<-[:HAS_STEP]-(w:Workflow)
WHERE e.to IS NULL
RETURN collect([a.key, s.key, s.stepId, w.key, e.declaration]) AS edges
"""

CONSUMERS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[e:CONSUMES]-(s:Step)<-[:HAS_STEP]-(w:Workflow)
WHERE e.to IS NULL
RETURN collect([a.key, s.key, s.stepId, w.key, e.declaration]) AS edges
"""

WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})
RETURN collect([w.key, w.id, w.slug, w.name]) AS workflows
"""

UPSTREAMS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES]-(:Step)-[c:CONSUMES]->(u:Asset)-[:LATEST]->(s:Snapshot)
WHERE p.to IS NULL AND c.to IS NULL AND u.key <> a.key
RETURN collect(DISTINCT [a.key, u.assetId, s.producedAt]) AS upstreams
"""

MATERIALIZATIONS = """
UNWIND $keys AS key
MATCH (:Asset {key: key})<-[:PARTITION_OF]-(:Partition)-[:LATEST]->(s:Snapshot)<-[:EMITTED]-(r:Run)
RETURN collect([key, s.workflow, r.key, s.stepId, s.stepName, s.stepType, r.status, s.stepStatus,
                s.producedAt, coalesce(s.partitionKey, ''), coalesce(s.freshness, ''), s.order,
                coalesce(r.startedAt, -1), coalesce(r.completedAt, -1)]) AS materializations
"""

MARKS = """
UNWIND $keys AS key
MATCH (:Asset {key: key})<-[:PARTITION_OF]-(p:Partition)<-[m:MARKED_STALE]-(w:Workflow)
RETURN collect([key, w.key, coalesce(p.partitionKey, ''), m.from, coalesce(m.requestedBy, ''),
                coalesce(m.note, '')]) AS marks
"""

UNLIMITED = 1 << 62


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowName:
    """How a workflow is called."""

    id: str
    slug: str
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class DeclaredEdge:
    """A step's declared edge to an asset; `declaration` holds stepName, stepType and what was declared."""

    asset: str
    step: str
    step_id: str
    workflow: WorkflowName
    declaration: Row


@dataclasses.dataclass(frozen=True, slots=True)
class Materialization:
    """The newest version that one workflow made of one asset's partition."""

    workflow: WorkflowName
    run: str
    step_id: str
    step_name: str
    step_type: str
    run_status: str
    step_status: str
    produced_at: int
    partition_key: str | None
    freshness: Json | None
    order: int
    run_started_at: int | None
    run_completed_at: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class MarkedPartition:
    """A stale mark of a workflow on one of an asset's partitions."""

    workflow: WorkflowName
    partition_key: str | None
    mark: StaleMark


@dataclasses.dataclass(slots=True)
class GraphAsset:
    """An asset with its declared edges, its newest versions, newest first, and the marks on it by workflow and
    partition.
    """

    key: str
    asset_id: str
    producers: list[DeclaredEdge] = dataclasses.field(default_factory=list)
    consumers: list[DeclaredEdge] = dataclasses.field(default_factory=list)
    materializations: list[Materialization] = dataclasses.field(default_factory=list)
    marks: list[MarkedPartition] = dataclasses.field(default_factory=list)
    upstreams: dict[str, int] = dataclasses.field(default_factory=dict)
    """id → newest `producedAt` of its direct upstreams, also of those outside of the part"""

    @property
    def produced_at(self) -> int | None:
        """When its newest version was produced, by whomever."""
        return self.materializations[0].produced_at if self.materializations else None

    @property
    def outdated_upstreams(self) -> list[str]:
        """The ids of its direct upstreams whose newest version is later than its own newest."""
        own = self.produced_at
        return sorted(asset_id for asset_id, at in self.upstreams.items() if own is not None and at > own)


@dataclasses.dataclass(frozen=True, slots=True)
class Transfer:
    """A step that consumes one asset and produces another."""

    source: GraphAsset
    target: GraphAsset
    edge: DeclaredEdge


@dataclasses.dataclass(frozen=True, slots=True)
class AssetGraph:
    """Assets by id; transfers by source, target and workflow; `total` counts what a limit cut away too, where known."""

    assets: list[GraphAsset]
    transfers: list[Transfer]
    total: int | None
    reason: str | None

    @property
    def truncated(self) -> bool:
        """Whether something was left out."""
        return self.reason is not None


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """Which part of the graph: of a workflow, around an asset, at most so many assets. Empty means the whole."""

    workflow: str | None = None
    asset: str | None = None
    asset_id: str | None = None
    direction: Direction = Direction.BOTH
    depth: int | None = None
    limit: int | None = None


async def asset_graph(tx: Transaction, part: Part) -> AssetGraph:
    """The graph, or the part of it; NotFound for a workflow or asset that is not there."""
    keys, total, reason = await _keys(tx, part)
    assets = {key: GraphAsset(key, asset_id) for key, asset_id in await _column(tx, ASSETS, keys, "assets")}
    produces = await _column(tx, PRODUCERS, keys, "edges")
    consumes = await _column(tx, CONSUMERS, keys, "edges")
    newest = await _column(tx, MATERIALIZATIONS, keys, "materializations")
    marks = await _column(tx, MARKS, keys, "marks")
    workflows = {edge[3] for edge in (*produces, *consumes)} | {each[1] for each in (*newest, *marks)}
    names = {
        key: WorkflowName(uid, slug, name)
        for key, uid, slug, name in await _column(tx, WORKFLOWS, sorted(workflows), "workflows")
    }
    for key, step, step_id, workflow, declaration in produces:
        assets[key].producers.append(DeclaredEdge(key, step, step_id, names[workflow], orjson.loads(declaration)))
    for key, step, step_id, workflow, declaration in consumes:
        assets[key].consumers.append(DeclaredEdge(key, step, step_id, names[workflow], orjson.loads(declaration)))
    for key, workflow, *rest in newest:
        assets[key].materializations.append(_materialization(names[workflow], rest))
    for key, workflow, partition, since, by, note in sorted(marks):
        mark = StaleMark(since, by or None, note or None)
        assets[key].marks.append(MarkedPartition(names[workflow], partition or None, mark))
    for key, upstream, produced_at in await _column(tx, UPSTREAMS, keys, "upstreams"):
        assets[key].upstreams[upstream] = produced_at
    shown = [each for each in assets.values() if each.producers or each.consumers or each.materializations]
    for each in shown:
        each.producers.sort(key=lambda edge: edge.step)
        each.consumers.sort(key=lambda edge: edge.step)
        each.materializations.sort(key=lambda made: made.order, reverse=True)
    shown.sort(key=lambda each: each.key)
    return AssetGraph(shown, _transfers(assets), total if reason else len(shown), reason)


async def _keys(tx: Transaction, part: Part) -> tuple[list[str], int | None, str | None]:
    """The assets of the part by key, how many there are, and why some were left out."""
    if part.asset is not None:
        return await _around(tx, part)
    if part.workflow is not None:
        keys = await _one_list(tx, ASSETS_OF_WORKFLOW, {"key": part.workflow})
    else:
        keys = await _one_list(tx, ALL_ASSETS, {})
    keys.sort()
    if part.limit is not None and len(keys) > part.limit:
        return keys[: part.limit], len(keys), "limit"
    return keys, len(keys), None


async def _around(tx: Transaction, part: Part) -> tuple[list[str], int | None, str | None]:
    """What lies upstream, downstream or both of the asset: never siblings in between."""
    roots = {part.asset or "": part.asset_id or ""}
    if await tx.row(ASSET_IN_GRAPH, {"key": part.asset}) is None:
        raise NotFound("asset_not_found", f"No asset '{part.asset_id}' is known.")
    # Within a workflow the limit counts its assets alone, so nothing may be cut before they are picked out.
    limit = part.limit if part.limit is not None and part.workflow is None else UNLIMITED
    walk = await traverse(tx, LineageQuestion(roots, part.direction, part.depth, limit=limit, cap=UNLIMITED))
    nearest = sorted(walk.distances, key=lambda key: (walk.distances[key], key))
    if part.workflow is None:
        return sorted(nearest), walk.total, "limit" if walk.reason else None
    own = set(await _one_list(tx, ASSETS_OF_WORKFLOW, {"key": part.workflow}))
    nearest = [key for key in nearest if key in own]
    if part.limit is not None and len(nearest) > part.limit:
        return sorted(nearest[: part.limit]), len(nearest), "limit"
    return sorted(nearest), len(nearest), None


async def _one_list(tx: Transaction, query: str, parameters: Row) -> list[str]:
    row = await tx.row(query, parameters)
    return list(row["keys"]) if row else []


async def _column(tx: Transaction, query: str, keys: Iterable[str], name: str) -> list[list[Any]]:
    row = await tx.row(query, {"keys": list(keys)})
    return list(row[name]) if row else []


def _materialization(workflow: WorkflowName, values: list[Any]) -> Materialization:
    (
        run,
        step_id,
        step_name,
        step_type,
        run_status,
        step_status,
        produced_at,
        partition,
        freshness,
        order,
        began,
        ended,
    ) = values
    return Materialization(
        workflow,
        run,
        step_id,
        step_name,
        step_type,
        run_status,
        step_status,
        produced_at,
        partition or None,
        freshness or None,
        order,
        None if began == -1 else began,
        None if ended == -1 else ended,
    )


def _transfers(assets: dict[str, GraphAsset]) -> list[Transfer]:
    """One for each (consumed, produced) pair of a step, no self-pair, both ends within the part."""
    by_step: dict[str, list[DeclaredEdge]] = {}
    for asset in assets.values():
        for edge in asset.producers:
            by_step.setdefault(edge.step, []).append(edge)
    transfers = [
        Transfer(assets[consumed.asset], assets[produced.asset], consumed)
        for asset in assets.values()
        for consumed in asset.consumers
        for produced in by_step.get(consumed.step, ())
        if consumed.asset != produced.asset
    ]
    return sorted(transfers, key=lambda t: (t.source.key, t.target.key, t.edge.workflow.slug, t.edge.step))
