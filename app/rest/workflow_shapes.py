"""Workflows, their revisions and the graph over all of them, as the contract shows them."""

from typing import Any, cast

import orjson

from app.rest import answers
from app.rest.shapes import json_value, timestamp
from graph.questions.asset_graph import AssetGraph, DeclaredEdge, GraphAsset, MarkedPartition, Materialization
from graph.records import Json, Revision, Workflow

SHOWN_HINTS = ("partitioning", "autoMaterialize", "freshness")


def workflow(it: Workflow, definition: Json) -> answers.Workflow:
    """The definition as sent, what it falls back to, and the facts beside it."""
    document: dict[str, Any] = orjson.loads(definition)
    shown = {
        **document,
        "id": it.id,
        "slug": it.slug,
        "name": it.name,
        "version": it.version if it.version is not None else it.revision,
        "description": it.description,
        "steps": [
            {**step, "name": step.get("name") or step["id"], "type": step.get("type") or "job"}
            for step in document["steps"]
        ],
        "createdAt": timestamp(it.created_at),
        "updatedAt": timestamp(it.updated_at),
        "revision": it.revision,
    }
    return cast(answers.Workflow, shown)


def revision(it: Revision) -> answers.WorkflowRevision:
    """One definition and while it held."""
    return {
        "revision": it.revision,
        "definition": json_value(it.definition),
        "digest": it.digest,
        "validFrom": timestamp(it.valid_from),
        "validTo": timestamp(it.valid_to),
    }


def graph(it: AssetGraph) -> answers.Graph:
    """The graph over all workflows."""
    return {
        "assets": [_asset(each) for each in it.assets],
        "edges": [
            {
                "fromAssetId": each.source.asset_id,
                "fromAssetNormalizedId": each.source.key,
                "toAssetId": each.target.asset_id,
                "toAssetNormalizedId": each.target.key,
                "workflowId": each.edge.workflow.id,
                "workflowSlug": each.edge.workflow.slug,
                "workflowName": each.edge.workflow.name,
                "stepId": each.edge.step_id,
                "stepName": each.edge.declaration["stepName"],
                "stepType": each.edge.declaration["stepType"],
            }
            for each in it.transfers
        ],
    }


def _asset(it: GraphAsset) -> answers.GraphAsset:
    outdated = it.outdated_upstreams
    return {
        "assetId": it.asset_id,
        "normalizedAssetId": it.key,
        "producers": [_role(edge) for edge in it.producers],
        "consumers": [_role(edge) for edge in it.consumers],
        "latestMaterializations": [_materialization(made) for made in it.materializations],
        "stalePartitions": [_mark(each) for each in it.marks],
        "hasStalePartitions": bool(it.marks),
        "hasOutdatedUpstreams": bool(outdated),
        "outdatedUpstreamAssetIds": outdated,
    }


def _role(edge: DeclaredEdge) -> answers.GraphRole:
    shown = {
        "workflowId": edge.workflow.id,
        "workflowSlug": edge.workflow.slug,
        "workflowName": edge.workflow.name,
        "stepId": edge.step_id,
        "stepName": edge.declaration["stepName"],
        "stepType": edge.declaration["stepType"],
    }
    shown |= {name: edge.declaration[name] for name in SHOWN_HINTS if edge.declaration.get(name) is not None}
    return cast(answers.GraphRole, shown)


def _mark(it: MarkedPartition) -> answers.StalePartition:
    return {
        "workflowId": it.workflow.id,
        "workflowSlug": it.workflow.slug,
        "workflowName": it.workflow.name,
        "partitionKey": it.partition_key,
        "requestedAt": timestamp(it.mark.requested_at),
        "requestedBy": it.mark.requested_by,
        "note": it.mark.note,
    }


def _materialization(it: Materialization) -> answers.GraphMaterialization:
    return {
        "workflowId": it.workflow.id,
        "workflowSlug": it.workflow.slug,
        "workflowName": it.workflow.name,
        "runId": it.run,
        "stepId": it.step_id,
        "stepName": it.step_name,
        "stepType": cast(answers.StepType, it.step_type),
        "runStatus": cast(answers.RunStatus, it.run_status),
        "stepStatus": cast(answers.StepStatus, it.step_status),
        "producedAt": timestamp(it.produced_at),
        "partitionKey": it.partition_key,
        "freshness": json_value(it.freshness),
        "runStartedAt": timestamp(it.run_started_at),
        "runCompletedAt": timestamp(it.run_completed_at),
    }
