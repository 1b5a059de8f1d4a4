"""The shapes of the REST contract: field → the types that it may have. Fields beyond them are ours to add."""

from typing import Any

TEXT, NUMBER, YES_NO, LIST, OBJECT, NULL = str, int, bool, list, dict, type(None)
ANY = (str, int, float, bool, list, dict, type(None))

Shape = dict[str, Any]

WORKFLOW: Shape = {
    "id": TEXT,
    "slug": TEXT,
    "name": TEXT,
    "version": NUMBER,
    "description": (TEXT, NULL),
    "steps": LIST,
    "createdAt": TEXT,
    "updatedAt": TEXT,
}
RUN: Shape = {
    "id": TEXT,
    "workflowDefinitionId": TEXT,
    "workflowSlug": TEXT,
    "status": TEXT,
    "runKey": (TEXT, NULL),
    "parameters": ANY,
    "context": ANY,
    "output": ANY,
    "errorMessage": (TEXT, NULL),
    "currentStepId": (TEXT, NULL),
    "currentStepIndex": (NUMBER, NULL),
    "metrics": ANY,
    "triggeredBy": (TEXT, NULL),
    "trigger": ANY,
    "partitionKey": (TEXT, NULL),
    "startedAt": (TEXT, NULL),
    "completedAt": (TEXT, NULL),
    "durationMs": (NUMBER, NULL),
    "createdAt": TEXT,
    "updatedAt": TEXT,
    "retrySummary": OBJECT,
    "health": TEXT,
}
RUN_STEP: Shape = {
    "id": TEXT,
    "workflowRunId": TEXT,
    "stepId": TEXT,
    "status": TEXT,
    "attempt": NUMBER,
    "startedAt": (TEXT, NULL),
    "completedAt": (TEXT, NULL),
    "errorMessage": (TEXT, NULL),
    "result": ANY,
    "parameters": ANY,
    "producedAssets": LIST,
}
PRODUCED_ASSET: Shape = {
    "id": TEXT,
    "workflowDefinitionId": TEXT,
    "workflowRunId": TEXT,
    "workflowRunStepId": TEXT,
    "stepId": TEXT,
    "assetId": TEXT,
    "payload": ANY,
    "schema": (OBJECT, NULL),
    "freshness": (OBJECT, NULL),
    "partitionKey": (TEXT, NULL),
    "producedAt": TEXT,
    "createdAt": TEXT,
    "updatedAt": TEXT,
}
ROLE: Shape = {
    "stepId": TEXT,
    "stepName": TEXT,
    "stepType": TEXT,
    "schema": (OBJECT, NULL),
    "freshness": (OBJECT, NULL),
    "autoMaterialize": (OBJECT, NULL),
    "partitioning": (OBJECT, NULL),
}
SNAPSHOT: Shape = {
    "runId": TEXT,
    "runStatus": TEXT,
    "stepId": TEXT,
    "stepName": TEXT,
    "stepType": TEXT,
    "stepStatus": TEXT,
    "producedAt": TEXT,
    "payload": ANY,
    "schema": (OBJECT, NULL),
    "freshness": (OBJECT, NULL),
    "partitionKey": (TEXT, NULL),
    "runStartedAt": (TEXT, NULL),
    "runCompletedAt": (TEXT, NULL),
    "snapshotId": TEXT,
    "version": NUMBER,
    "workflowSlug": TEXT,
    "payloadDigest": TEXT,
}
ASSET: Shape = {
    "assetId": TEXT,
    "producers": LIST,
    "consumers": LIST,
    "latest": (OBJECT, NULL),
    "available": YES_NO,
    "freshnessState": TEXT,
    "freshnessReasons": LIST,
    "stale": YES_NO,
}
HISTORY: Shape = {
    "assetId": TEXT,
    "producers": LIST,
    "consumers": LIST,
    "history": LIST,
    "limit": NUMBER,
    "partitionKey": (TEXT, NULL),
    "nextCursor": (TEXT, NULL),
}
GRAPH_ASSET: Shape = {
    "assetId": TEXT,
    "normalizedAssetId": TEXT,
    "producers": LIST,
    "consumers": LIST,
    "latestMaterializations": LIST,
    "stalePartitions": LIST,
    "hasStalePartitions": YES_NO,
    "hasOutdatedUpstreams": YES_NO,
    "outdatedUpstreamAssetIds": LIST,
}
GRAPH_ROLE: Shape = {
    "workflowId": TEXT,
    "workflowSlug": TEXT,
    "workflowName": TEXT,
    "stepId": TEXT,
    "stepName": TEXT,
    "stepType": TEXT,
}
GRAPH_MATERIALIZATION: Shape = {
    **GRAPH_ROLE,
    "runId": TEXT,
    "runStatus": TEXT,
    "stepStatus": TEXT,
    "producedAt": TEXT,
    "partitionKey": (TEXT, NULL),
    "freshness": (OBJECT, NULL),
    "runStartedAt": (TEXT, NULL),
    "runCompletedAt": (TEXT, NULL),
}
GRAPH_EDGE: Shape = {
    **GRAPH_ROLE,
    "fromAssetId": TEXT,
    "fromAssetNormalizedId": TEXT,
    "toAssetId": TEXT,
    "toAssetNormalizedId": TEXT,
}


def check_shape(value: dict[str, Any], shape: Shape) -> None:
    """Every field of the contract is there and has one of its types; a boolean is no number."""
    for field, types in shape.items():
        assert field in value, f"{field} is missing"
        allowed = types if isinstance(types, tuple) else (types,)
        assert type(value[field]) in allowed, f"{field} is {value[field]!r}"
        if field.endswith("At") and isinstance(value[field], str):
            assert len(value[field]) == len("2026-01-01T00:00:00.000Z")
            assert value[field].endswith("Z")
