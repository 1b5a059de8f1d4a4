"""Partitions: which there are, which are marked stale, and the parameters to make them with."""

from app.http import Answer, Call
from app.http.auth import READ, REPORT
from app.rest import answers, shapes
from app.rest.partition_requests import PartitionParametersRequest, PartitionQuery, PartitionsQuery, StaleRequest
from app.rest.requests import AssetPath
from app.rest.table import route
from graph.lineage import Lineage
from graph.rules.identifiers import asset_key, workflow_key
from graph.store.partitions import PartitionsPage, PartitionsQuestion, PartitionView, partitions_page


async def mark_stale(call: Call[AssetPath, None, StaleRequest]) -> Answer:
    """Mark an asset, or a partition of it, as not to be relied on, until it is produced again."""
    lineage: Lineage = call.state.lineage
    await lineage.curator.mark_stale(
        call.path.slug,
        call.path.assetId,
        call.body.partitionKey,
        requested_by=call.principal.token_name,
        note=call.body.note,
    )
    return Answer(status=204)


async def clear_stale(call: Call[AssetPath, PartitionQuery, None]) -> Answer:
    """Take the workflow's stale mark back, if there is one."""
    lineage: Lineage = call.state.lineage
    await lineage.curator.clear_stale(
        call.path.slug, call.path.assetId, call.query.partitionKey, cleared_by=call.principal.token_name
    )
    return Answer(status=204)


async def list_partitions(call: Call[AssetPath, PartitionsQuery, None]) -> Answer:
    """An asset's partitions, produced or known by declaration: windows newest first, else as declared or by key."""
    lineage: Lineage = call.state.lineage
    query = call.query
    asked = PartitionsQuestion(
        workflow_key(call.path.slug),
        asset_key(call.path.assetId),
        call.path.assetId,
        query.limit,
        query.offset,
        lineage.clock(),
        query.lookback,
        query.partitionKey,
    )
    return Answer(_page(await lineage.read(lambda tx: partitions_page(tx, lineage.documents, asked)), asked))


async def put_partition_parameters(call: Call[AssetPath, None, PartitionParametersRequest]) -> Answer:
    """Set the parameters to make a partition with; they win over those of the run that made it."""
    lineage: Lineage = call.state.lineage
    asset_id, kept = await lineage.curator.set_parameters(
        call.path.slug, call.path.assetId, call.body.partitionKey, call.body.parameters
    )
    shown: answers.PartitionParameters = {
        "assetId": asset_id,
        "partitionKey": call.body.partitionKey,
        "parameters": shapes.json_value(kept.parameters),
        "source": "manual",
        "capturedAt": shapes.timestamp(kept.captured_at),
        "updatedAt": shapes.timestamp(kept.updated_at),
    }
    return Answer(shown)


async def delete_partition_parameters(call: Call[AssetPath, PartitionQuery, None]) -> Answer:
    """Take back the parameters that were set by hand."""
    lineage: Lineage = call.state.lineage
    await lineage.curator.drop_parameters(call.path.slug, call.path.assetId, call.query.partitionKey)
    return Answer(status=204)


def _page(found: PartitionsPage, asked: PartitionsQuestion) -> answers.Partitions:
    end = asked.offset + len(found.partitions)
    return {
        "assetId": found.asset_id,
        "partitioning": found.partitioning.as_document() if found.partitioning else None,
        "partitions": [_partition(each, found.asset_id, asked.workflow) for each in found.partitions],
        "partitionKey": asked.partition_key,
        "pagination": {
            "limit": asked.limit,
            "offset": asked.offset,
            "total": found.total,
            "nextOffset": end if found.partitions and end < found.total else None,
        },
    }


def _partition(it: PartitionView, asset_id: str, workflow: str) -> answers.Partition:
    mark, said = it.mark_for(workflow), it.parameters
    return {
        "assetId": asset_id,
        "partitionKey": it.partition_key,
        "materializations": it.versions,
        "latest": shapes.snapshot(it.latest) if it.latest else None,
        "isStale": mark is not None,
        "staleMetadata": {
            "requestedAt": shapes.timestamp(mark.requested_at),
            "requestedBy": mark.requested_by,
            "note": mark.note,
        }
        if mark
        else None,
        "parameters": shapes.json_value(said.parameters) if said else None,
        "parametersSource": ("manual" if said.manual else "workflow-run") if said else None,
        "parametersCapturedAt": shapes.timestamp(said.captured_at) if said else None,
        "parametersUpdatedAt": shapes.timestamp(said.updated_at) if said else None,
    }


NO_ASSET = {404: ("asset_not_found", "workflow_not_found")}
KEY_NEEDED = ("partition_key_required",)
NEW_KEY = ("partition_key_required", "unknown_partition")

ENDPOINTS = (
    route(
        "POST",
        "/workflows/{slug}/assets/{assetId}/stale",
        mark_stale,
        tag="partitions",
        scope=REPORT,
        path_model=AssetPath,
        body=StaleRequest,
        body_optional=True,
        answers={204: None},
        errors={400: NEW_KEY, **NO_ASSET},
    ),
    route(
        "DELETE",
        "/workflows/{slug}/assets/{assetId}/stale",
        clear_stale,
        tag="partitions",
        scope=REPORT,
        path_model=AssetPath,
        query=PartitionQuery,
        answers={204: None},
        errors={400: KEY_NEEDED, **NO_ASSET},
    ),
    route(
        "GET",
        "/workflows/{slug}/assets/{assetId}/partitions",
        list_partitions,
        tag="partitions",
        scope=READ,
        path_model=AssetPath,
        query=PartitionsQuery,
        answers={200: answers.Partitions},
        errors=NO_ASSET,
        cacheable=True,
    ),
    route(
        "PUT",
        "/workflows/{slug}/assets/{assetId}/partition-parameters",
        put_partition_parameters,
        tag="partitions",
        scope=REPORT,
        path_model=AssetPath,
        body=PartitionParametersRequest,
        answers={200: answers.PartitionParameters},
        errors={400: NEW_KEY, **NO_ASSET},
    ),
    route(
        "DELETE",
        "/workflows/{slug}/assets/{assetId}/partition-parameters",
        delete_partition_parameters,
        tag="partitions",
        scope=REPORT,
        path_model=AssetPath,
        query=PartitionQuery,
        answers={204: None},
        errors={400: KEY_NEEDED, **NO_ASSET},
    ),
)
