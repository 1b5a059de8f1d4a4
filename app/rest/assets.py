"""Assets: a workflow's inventory, an asset's history, the graph over all workflows."""

from app.http import Answer, Call
from app.http.auth import READ
from app.rest import answers, shapes, workflow_shapes
from app.rest.cursors import history_cursor, history_position
from app.rest.requests import AssetPath, GraphQuery, HistoryQuery, InventoryQuery, WorkflowPath
from app.rest.table import route
from graph.database import Transaction
from graph.lineage import Lineage
from graph.questions.asset_graph import AssetGraph, Part, asset_graph
from graph.questions.levels import Direction
from graph.rules.identifiers import asset_key, partition_key, workflow_key
from graph.store.history import Position, Selection, history
from graph.store.inventory import WorkflowAsset, inventory, workflow_asset
from graph.store.snapshots import SnapshotView
from graph.store.workflows import known_workflow


async def list_assets(call: Call[WorkflowPath, InventoryQuery, None]) -> Answer:
    """Every asset that a workflow declares or ever produced, with its newest version."""
    lineage: Lineage = call.state.lineage
    items = await lineage.read(
        lambda tx: inventory(
            tx, lineage.documents, workflow_key(call.path.slug), own_only=call.query.scope == "workflow"
        )
    )
    now = lineage.clock()
    shown: answers.Inventory = {"assets": [shapes.asset(item, now) for item in items]}
    return Answer(shown)


async def get_asset_history(call: Call[AssetPath, HistoryQuery, None]) -> Answer:
    """An asset's versions, newest first."""
    lineage: Lineage = call.state.lineage
    query = call.query
    asset, workflow = asset_key(call.path.assetId), workflow_key(call.path.slug)
    selection = Selection(
        asset,
        series=partition_key(asset, query.partitionKey) if query.partitionKey is not None else None,
        workflow=workflow if query.scope == "workflow" else None,
    )
    after = history_position(query.before, selection) if query.before is not None else None

    async def work(tx: Transaction) -> tuple[WorkflowAsset, list[SnapshotView], bool]:
        found = await workflow_asset(tx, lineage.documents, workflow, asset, call.path.assetId)
        return found, *await history(tx, lineage.documents, selection, query.limit, after)

    found, page, more = await lineage.read(work)
    shown: answers.History = {
        "assetId": found.asset_id,
        "producers": [shapes.role(each) for each in found.producers],
        "consumers": [shapes.role(each) for each in found.consumers],
        "history": [shapes.snapshot(view) for view in page],
        "limit": query.limit,
        "partitionKey": query.partitionKey,
        "nextCursor": history_cursor(selection, _position(page[-1])) if more else None,
    }
    return Answer(shown)


async def get_asset_graph(call: Call[None, GraphQuery, None]) -> Answer:
    """The graph over all workflows, or a part of it."""
    lineage: Lineage = call.state.lineage
    query = call.query
    part = Part(
        workflow=workflow_key(query.workflow) if query.workflow is not None else None,
        asset=asset_key(query.assetId) if query.assetId is not None else None,
        asset_id=query.assetId,
        direction=Direction(query.direction.upper()),
        depth=query.depth,
        limit=query.limit,
    )

    async def work(tx: Transaction) -> AssetGraph:
        if part.workflow is not None:
            await known_workflow(tx, part.workflow)
        return await asset_graph(tx, part)

    found = await lineage.read(work)
    meta: answers.GraphMeta = {"truncated": found.truncated, "reason": found.reason, "total": found.total}
    return Answer(workflow_shapes.graph(found), meta=meta)


def _position(view: SnapshotView) -> Position:
    return Position(view.snapshot.order, view.snapshot.series, view.snapshot.version)


ENDPOINTS = (
    route(
        "GET",
        "/workflows/{slug}/assets",
        list_assets,
        tag="assets",
        scope=READ,
        path_model=WorkflowPath,
        query=InventoryQuery,
        answers={200: answers.Inventory},
        errors={404: ("workflow_not_found",)},
        cacheable=True,
    ),
    route(
        "GET",
        "/workflows/{slug}/assets/{assetId}/history",
        get_asset_history,
        tag="assets",
        scope=READ,
        path_model=AssetPath,
        query=HistoryQuery,
        answers={200: answers.History},
        errors={400: ("invalid_cursor",), 404: ("asset_not_found", "workflow_not_found")},
        cacheable=True,
    ),
    route(
        "GET",
        "/assets/graph",
        get_asset_graph,
        tag="assets",
        scope=READ,
        query=GraphQuery,
        answers={200: answers.Graph},
        meta=answers.GraphMeta,
        errors={400: ("invalid_asset_id", "invalid_slug"), 404: ("asset_not_found", "workflow_not_found")},
        cacheable=True,
    ),
)
