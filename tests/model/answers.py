"""What the service should answer about workflows, runs and assets, looked for in all that the reference knows."""

from typing import Any

from tests.model.declared import declarations, digest, freshness, instant, steps
from tests.model.graph import newest_of_upstreams
from tests.model.log import Attempt, Run, Snapshot, Workflow
from tests.model.reference import Reference

HINTS = ("schema", "freshness", "autoMaterialize", "partitioning")


# ---- workflows


def workflow(it: Workflow) -> dict[str, Any]:
    document = it.current.document
    return {
        **document,
        "id": it.id,
        "slug": it.key,
        "name": it.name,
        "version": document.get("version", it.current.number),
        "description": document.get("description"),
        "steps": steps(document),
        "createdAt": instant(it.created_at),
        "updatedAt": instant(it.updated_at),
        "revision": it.current.number,
    }


def revisions(it: Workflow) -> list[dict[str, Any]]:
    return [
        {
            "revision": each.number,
            "definition": each.document,
            "digest": digest(each.document),
            "validFrom": instant(each.valid_from),
            "validTo": instant(each.valid_to),
        }
        for each in reversed(it.revisions)
    ]


# ---- runs


def run(it: Run) -> dict[str, Any]:
    finish = it.finish or {}
    ids = [step["id"] for step in it.revision.document["steps"]]
    ended = it.completed_at is not None and it.started_at is not None
    return {
        "id": it.id,
        "workflowDefinitionId": it.workflow.id,
        "workflowSlug": it.workflow.key,
        "workflowRevision": it.revision.number,
        "status": it.status,
        "runKey": it.request.get("runKey"),
        "parameters": it.request.get("parameters"),
        "context": None,
        "output": finish.get("output"),
        "errorMessage": finish.get("errorMessage"),
        "currentStepId": it.step,
        "currentStepIndex": ids.index(it.step) if it.step else None,
        "metrics": None,
        "triggeredBy": it.request.get("triggeredBy"),
        "trigger": None,
        "partitionKey": it.request.get("partitionKey"),
        "startedAt": instant(it.started_at),
        "completedAt": instant(it.completed_at),
        "durationMs": max(0, it.completed_at - it.started_at) if ended else None,  # type: ignore[operator]
        "createdAt": instant(it.created_at),
        "updatedAt": instant(it.updated_at),
        "requestId": it.request_id,
        "retrySummary": {"pendingSteps": 0, "nextAttemptAt": None, "overdueSteps": 0},
        "health": "unhealthy" if it.status == "failed" else "healthy",
    }


def attempt(it: Attempt) -> dict[str, Any]:
    report = it.report or {}
    key = f"{it.run.id}/{it.number}/{it.step['id']}"
    return {
        "id": key,
        "workflowRunId": it.run.id,
        "stepId": it.step["id"],
        "status": it.status,
        "attempt": it.number,
        "startedAt": instant(it.started_at),
        "completedAt": instant(it.completed_at),
        "errorMessage": report.get("errorMessage"),
        "result": report.get("result"),
        "parameters": report.get("parameters", (it.start or {}).get("parameters")),
        "producedAssets": [_produced(each, key) for each in it.snapshots],
    }


def run_steps(reference: Reference, it: Run) -> list[dict[str, Any]]:
    found = [each for each in reference.attempts if each.run is it]
    return [attempt(each) for each in sorted(found, key=lambda a: (a.created_at, a.step["id"], a.number))]


def _produced(it: Snapshot, attempt_id: str) -> dict[str, Any]:
    return {
        "id": it.id,
        "snapshotId": it.id,
        "version": it.version,
        "workflowDefinitionId": it.run.workflow.id,
        "workflowRunId": it.run.id,
        "workflowRunStepId": attempt_id,
        "stepId": it.step["id"],
        "assetId": it.asset_id,
        "payload": it.payload,
        "payloadDigest": digest(it.payload),
        "valid": it.valid,
        "schema": it.schema,
        "freshness": it.freshness,
        "partitionKey": it.partition,
        "producedAt": instant(it.produced_at),
        "createdAt": instant(it.created_at),
        "updatedAt": instant(it.created_at),
    }


# ---- assets


def assets_of(reference: Reference, it: Workflow) -> set[str]:
    """What a workflow declares now or ever produced."""
    produced = {each.asset for each in reference.snapshots if each.run.workflow is it}
    return produced | {each.key for each in declarations(it.current.document)}


def roles(it: Workflow, kind: str, asset: str) -> list[dict[str, Any]]:
    return [
        {
            "stepId": each.step["id"],
            "stepName": each.step.get("name", each.step["id"]),
            "stepType": each.step.get("type", "job"),
            **{hint: each.asset.get(hint) for hint in HINTS},
            "freshness": freshness(each.asset),
        }
        for each in declarations(it.current.document)
        if (each.kind, each.key) == (kind, asset)
    ]


def snapshot(it: Snapshot) -> dict[str, Any]:
    return {
        "snapshotId": it.id,
        "version": it.version,
        "workflowSlug": it.run.workflow.key,
        "runId": it.run.id,
        "runStatus": it.run.status,
        "stepId": it.step["id"],
        "stepName": it.step["name"],
        "stepType": it.step["type"],
        "stepStatus": it.attempt.status,
        "attempt": it.attempt.number,
        "producedAt": instant(it.produced_at),
        "payload": it.payload,
        "payloadDigest": digest(it.payload),
        "valid": it.valid,
        "schema": it.schema,
        "freshness": it.freshness,
        "partitionKey": it.partition,
        "runStartedAt": instant(it.run.started_at),
        "runCompletedAt": instant(it.run.completed_at),
    }


def inventory(reference: Reference, it: Workflow, *, own_only: bool) -> list[dict[str, Any]]:
    shown = []
    for asset in assets_of(reference, it):
        made = [s for s in reference.snapshots if s.asset == asset and (s.run.workflow is it or not own_only)]
        latest = reference.newest(made)
        producing = roles(it, "PRODUCES", asset)
        state = _freshness_state(reference, asset, latest, producing)
        shown.append(
            {
                "assetId": reference.asset_ids[asset],
                "producers": producing,
                "consumers": roles(it, "CONSUMES", asset),
                "latest": snapshot(latest) if latest else None,
                "available": latest is not None,
                "freshnessState": state,
                "stale": state in ("stale", "expired"),
            }
        )
    return sorted(shown, key=lambda each: str(each["assetId"]))


def _freshness_state(reference: Reference, asset: str, latest: Snapshot | None, producing: list[dict[str, Any]]) -> str:
    if latest is None:
        return "missing"
    declared = next((each["freshness"] for each in producing if each["freshness"]), {})
    hints = latest.freshness or declared
    age = reference.now - latest.produced_at
    if age >= hints.get("ttlMs", age + 1):
        return "expired"
    newer = [s for s in newest_of_upstreams(reference, asset) if s.produced_at > latest.produced_at]
    if age > hints.get("maxAgeMs", age) or newer:
        return "stale"
    if age >= hints.get("cadenceMs", age + 1):
        return "due"
    return "fresh" if hints else "unknown"


def history(
    reference: Reference, asset: str, *, partition: str | None, workflow: Workflow | None
) -> list[dict[str, Any]]:
    found = [
        each
        for each in reference.snapshots
        if each.asset == asset and partition in (None, each.partition) and workflow in (None, each.run.workflow)
    ]
    return [snapshot(each) for each in sorted(found, key=lambda s: (s.produced_at, s.arrival), reverse=True)]
