"""Versions: one, its provenance, and what differs between two."""

from typing import cast

from app.http import Answer, Call
from app.http.auth import READ
from app.rest import answers, shapes
from app.rest.requests import ProvenanceQuery, SnapshotDiffQuery, SnapshotPath
from app.rest.table import route
from graph.lineage import Lineage
from graph.questions.levels import Direction
from graph.questions.names import LineageStep
from graph.questions.provenance import Provenance, ProvenanceSnapshot, provenance
from graph.questions.snapshot_diff import SnapshotDiff, diff
from graph.store.snapshots import SnapshotView, known_snapshot


async def get_snapshot(call: Call[SnapshotPath, None, None]) -> Answer:
    """A version of an asset."""
    lineage: Lineage = call.state.lineage
    view = await lineage.read(lambda tx: known_snapshot(tx, lineage.documents, call.path.snapshotId))
    return Answer(_snapshot(view))


async def get_snapshot_provenance(call: Call[SnapshotPath, ProvenanceQuery, None]) -> Answer:
    """Which versions it was made from, and which versions, runs and steps came from it."""
    lineage: Lineage = call.state.lineage
    query = call.query
    direction = Direction(query.direction.upper())
    cap = call.state.max_traversal
    found = await lineage.read(
        lambda tx: provenance(tx, call.path.snapshotId, direction, depth=query.depth, limit=query.limit, cap=cap)
    )
    return Answer(_provenance(found))


async def get_snapshot_diff(call: Call[SnapshotPath, SnapshotDiffQuery, None]) -> Answer:
    """What differs between two versions: payload, schema, freshness, runs, and what they were made from."""
    lineage: Lineage = call.state.lineage
    query = call.query
    found = await lineage.read(
        lambda tx: diff(tx, lineage.documents, call.path.snapshotId, query.to, depth=query.depth)
    )
    return Answer(_diff(found))


def _snapshot(view: SnapshotView) -> answers.AssetSnapshot:
    return {"assetId": view.snapshot.asset_id, **shapes.snapshot(view)}


def _version(it: ProvenanceSnapshot) -> answers.ProvenanceSnapshot:
    return {
        "snapshotId": it.id,
        "assetId": it.asset_id,
        "partitionKey": it.partition_key,
        "version": it.version,
        "producedAt": shapes.timestamp(it.produced_at),
        "valid": it.valid,
        "runId": it.run_id,
        "workflowSlug": it.workflow_slug,
        "stepId": it.step_id,
        "attempt": it.attempt,
        "distance": it.distance,
    }


def _step(it: LineageStep) -> answers.LineageStep:
    return {
        "key": it.key,
        "stepId": it.step_id,
        "name": it.name,
        "type": cast(answers.StepType, it.type),
        "workflowSlug": it.workflow_slug,
        "workflowName": it.workflow_name,
        "distance": it.distance,
    }


def _provenance(it: Provenance) -> answers.Provenance:
    return {
        "snapshots": [_version(each) for each in it.snapshots],
        "edges": [{"from": each.source, "to": each.target} for each in it.edges],
        "runs": [
            {
                "runId": each.id,
                "workflowSlug": each.workflow_slug,
                "status": cast(answers.RunStatus, each.status),
                "distance": each.distance,
            }
            for each in it.runs
        ],
        "steps": [_step(each) for each in it.steps],
        "truncated": it.truncated,
        "truncationReason": it.truncation_reason.value if it.truncation_reason else None,
        "depthReached": it.depth_reached,
        "totalKnown": it.total_known,
    }


def _diff(it: SnapshotDiff) -> answers.SnapshotDiff:
    return {
        "base": _snapshot(it.before),
        "compare": _snapshot(it.after),
        "sameAsset": it.same_asset,
        "payload": it.payload,
        "schema": it.schema,
        "freshness": it.freshness,
        "runs": {
            "sameRun": it.runs.same_run,
            "base": shapes.run(it.runs.before),
            "compare": shapes.run(it.runs.after),
            "parameters": it.runs.parameters,
        },
        "inputs": [
            {
                "assetId": each.asset_id,
                "partitionKey": each.partition_key,
                "difference": each.difference.value,
                "base": [_version(version) for version in each.before],
                "compare": [_version(version) for version in each.after],
                "distance": each.distance,
            }
            for each in it.inputs
        ],
    }


UNKNOWN = {404: ("snapshot_not_found",)}

ENDPOINTS = (
    route(
        "GET",
        "/snapshots/{snapshotId}",
        get_snapshot,
        tag="snapshots",
        scope=READ,
        path_model=SnapshotPath,
        answers={200: answers.AssetSnapshot},
        errors=UNKNOWN,
        cacheable=True,
    ),
    route(
        "GET",
        "/snapshots/{snapshotId}/provenance",
        get_snapshot_provenance,
        tag="snapshots",
        scope=READ,
        path_model=SnapshotPath,
        query=ProvenanceQuery,
        answers={200: answers.Provenance},
        errors=UNKNOWN,
        cacheable=True,
    ),
    route(
        "GET",
        "/snapshots/{snapshotId}/diff",
        get_snapshot_diff,
        tag="snapshots",
        scope=READ,
        path_model=SnapshotPath,
        query=SnapshotDiffQuery,
        answers={200: answers.SnapshotDiff},
        errors={**UNKNOWN, 422: ("traversal_too_large",)},
        cacheable=True,
    ),
)
