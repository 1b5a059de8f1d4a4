"""What a workflow declares and ever produced, each asset with its newest version and how fresh it is."""

import dataclasses
from collections.abc import Sequence

from graph.database import Transaction
from graph.declarations.definition import AssetDeclaration, StepDeclaration, WorkflowDefinition
from graph.errors import NotFound
from graph.records import Workflow
from graph.store.documents import Documents
from graph.store.marks import WorkflowMark, judged_series, marks_by_series
from graph.store.snapshots import SnapshotView, views
from graph.store.workflows import definition_of, known_workflow

OBSERVED_ASSETS = """
MATCH (:Workflow {key: $key})-[:HAS_STEP]->(:Step)-[:WROTE]->(a:Asset)
RETURN DISTINCT a.key AS key
"""

NEWEST = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
OPTIONAL MATCH (a)-[:LATEST]->(s:Snapshot)<-[:EMITTED]-(r:Run)
RETURN a.key AS key, a.assetId AS assetId, properties(s) AS snapshot,
       r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
"""

NEWEST_OF_WORKFLOW = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
OPTIONAL MATCH (a)<-[:PARTITION_OF]-(:Partition)-[:LATEST {workflow: $workflow}]->(n:Snapshot)
WITH a, max(n.rank) AS newest
OPTIONAL MATCH (a)<-[:PARTITION_OF]-(:Partition)-[:LATEST {workflow: $workflow}]->(s:Snapshot)<-[:EMITTED]-(r:Run)
WHERE s.rank = newest
RETURN a.key AS key, a.assetId AS assetId, properties(s) AS snapshot,
       r.status AS runStatus, r.startedAt AS runStartedAt, r.completedAt AS runCompletedAt
"""
"""By rank, not by order: the embedded engine's `max` compares integers as floating-point numbers, of 53 bits."""

UPSTREAMS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES]-(:Step)-[c:CONSUMES]->(u:Asset)-[:LATEST]->(s:Snapshot)
WHERE p.to IS NULL AND c.to IS NULL AND u.key <> a.key
RETURN DISTINCT key AS key, u.assetId AS upstream, s.producedAt AS producedAt
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Role:
    """A step of the workflow that produces or consumes the asset, and what it declares of it."""

    step: StepDeclaration
    declaration: AssetDeclaration


@dataclasses.dataclass(frozen=True, slots=True)
class InventoryItem:
    """One asset of a workflow; `upstreams` are its direct upstreams' ids and their newest `producedAt`, `marks` the
    stale marks on the partition of `latest`.
    """

    key: str
    asset_id: str
    producers: tuple[Role, ...]
    consumers: tuple[Role, ...]
    latest: SnapshotView | None
    upstreams: dict[str, int]
    marks: Sequence[WorkflowMark]


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowAsset:
    """What a workflow has to do with one asset."""

    workflow: Workflow
    key: str
    asset_id: str
    producers: tuple[Role, ...]
    consumers: tuple[Role, ...]


async def inventory(
    tx: Transaction, documents: Documents, workflow_key: str, *, own_only: bool = False
) -> list[InventoryItem]:
    """Every asset that the workflow declares or ever produced, by id; NotFound for an unknown workflow.

    The newest version is the one by any workflow, or with `own_only` this workflow's own.
    """
    workflow = await known_workflow(tx, workflow_key)
    definition = await definition_of(tx, documents, workflow.key, workflow.revision)
    observed = [row["key"] for row in await tx.rows(OBSERVED_ASSETS, {"key": workflow.key})]
    keys = sorted(_declared(definition) | set(observed))
    query = NEWEST_OF_WORKFLOW if own_only else NEWEST
    rows = await tx.rows(query, {"keys": keys, "workflow": workflow.key})
    produced = [row for row in rows if row["snapshot"] is not None]
    latest = {view.snapshot.asset: view for view in await views(tx, documents, produced)}
    upstreams: dict[str, dict[str, int]] = {}
    for row in await tx.rows(UPSTREAMS, {"keys": keys}):
        upstreams.setdefault(row["key"], {})[row["upstream"]] = row["producedAt"]
    series = judged_series(keys, {key: view.snapshot for key, view in latest.items()})
    marks = await marks_by_series(tx, series.values())
    items = [
        InventoryItem(
            row["key"],
            row["assetId"],
            producers(definition, row["key"]),
            consumers(definition, row["key"]),
            latest.get(row["key"]),
            upstreams.get(row["key"], {}),
            marks.get(series[row["key"]], ()),
        )
        for row in rows
    ]
    return sorted(items, key=lambda item: item.asset_id)


async def workflow_asset(
    tx: Transaction, documents: Documents, workflow_key: str, asset_key: str, asset_id: str
) -> WorkflowAsset:
    """The workflow's part in one asset; NotFound when it neither declares it nor ever produced it."""
    workflow = await known_workflow(tx, workflow_key)
    definition = await definition_of(tx, documents, workflow.key, workflow.revision)
    rows = await tx.rows(NEWEST, {"keys": [asset_key]})
    if asset_key not in _declared(definition):
        observed = {row["key"] for row in await tx.rows(OBSERVED_ASSETS, {"key": workflow.key})}
        if asset_key not in observed:
            raise NotFound(
                "asset_not_found",
                f"Workflow '{workflow.slug}' neither declares nor ever produced an asset '{asset_id}'.",
            )
    return WorkflowAsset(
        workflow, asset_key, rows[0]["assetId"], producers(definition, asset_key), consumers(definition, asset_key)
    )


def producers(definition: WorkflowDefinition, asset_key: str) -> tuple[Role, ...]:
    """The steps that declare to produce the asset, in the definition's order."""
    return tuple(Role(step, found) for step in definition.steps if (found := step.produced(asset_key)))


def consumers(definition: WorkflowDefinition, asset_key: str) -> tuple[Role, ...]:
    """The steps that declare to consume the asset, in the definition's order."""
    return tuple(Role(step, found) for step in definition.steps if (found := step.consumed(asset_key)))


def _declared(definition: WorkflowDefinition) -> set[str]:
    return {asset.key for step in definition.steps for asset in (*step.produces, *step.consumes)}
