"""Domain types as the contract shows them. JSON values go through as text, never parsed on the way."""

from typing import Any, cast

import orjson

from app.rest import answers
from graph.recording.state import StepOutcome
from graph.records import Attempt, Json, Run, Snapshot
from graph.rules.freshness import Verdict
from graph.rules.instants import format_instant
from graph.store.freshness import judge
from graph.store.inventory import InventoryItem, Role
from graph.store.runs import RunSteps
from graph.store.snapshots import SnapshotView

HEALTHY = "healthy"
UNHEALTHY = "unhealthy"


def json_value(text: Json | None) -> Any:
    """JSON text as it goes into an answer; None stays null."""
    return None if text is None else orjson.Fragment(text)


def timestamp(instant: int | None) -> Any:
    """An instant as text; None stays null."""
    return None if instant is None else format_instant(instant)


def role(each: Role) -> answers.Role:
    """A producing or consuming step."""
    declared = each.declaration.as_document()
    shown = {
        "stepId": each.step.id,
        "stepName": each.step.name,
        "stepType": each.step.type,
        "schema": declared.get("schema"),
        "freshness": declared.get("freshness"),
        "autoMaterialize": declared.get("autoMaterialize"),
        "partitioning": declared.get("partitioning"),
    }
    shown |= {name: declared[name] for name in ("description", "owner", "tags", "importance") if name in declared}
    return cast(answers.Role, shown)


def snapshot(view: SnapshotView) -> answers.Snapshot:
    """A version with its run's state."""
    it = view.snapshot
    return {
        "snapshotId": it.key,
        "version": it.version,
        "workflowSlug": it.workflow_slug,
        "runId": it.run,
        "runStatus": cast(answers.RunStatus, view.run_status),
        "stepId": it.step_id,
        "stepName": it.step_name,
        "stepType": cast(answers.StepType, it.step_type),
        "stepStatus": cast(answers.StepStatus, it.step_status),
        "attempt": it.attempt,
        "producedAt": timestamp(it.produced_at),
        "payload": json_value(it.payload),
        "payloadDigest": it.digest,
        "valid": it.valid,
        "violations": json_value(it.violations or "[]"),
        "schema": json_value(view.schema),
        "freshness": json_value(it.freshness),
        "partitionKey": it.partition_key,
        "runStartedAt": timestamp(view.run_started_at),
        "runCompletedAt": timestamp(view.run_completed_at),
    }


def asset(item: InventoryItem, now: int) -> answers.Asset:
    """An asset of an inventory, with its verdict at `now`."""
    found = freshness_of(item, now)
    return {
        "assetId": item.asset_id,
        "producers": [role(each) for each in item.producers],
        "consumers": [role(each) for each in item.consumers],
        "latest": snapshot(item.latest) if item.latest else None,
        "available": item.latest is not None,
        "freshnessState": found.state,
        "freshnessReasons": [{"code": reason.code, "message": reason.message} for reason in found.reasons],
        "freshUntil": timestamp(found.deadline),
        "stale": found.state in ("stale", "expired"),
    }


def freshness_of(item: InventoryItem, now: int) -> Verdict:
    """The verdict by the newest version's own hints, else the declared ones, by the direct upstreams and the marks."""
    newest = item.latest.snapshot if item.latest else None
    declared = next((each.declaration.freshness for each in item.producers if each.declaration.freshness), None)
    return judge(
        newest.produced_at if newest else None,
        newest.freshness if newest else None,
        declared.as_document() if declared else None,
        item.upstreams,
        [each.mark for each in item.marks],
        now,
    )


def run(it: Run) -> answers.Run:
    """A run."""
    ended = it.completed_at
    return {
        "id": it.key,
        "workflowDefinitionId": it.workflow_id,
        "workflowSlug": it.workflow_slug,
        "workflowRevision": it.revision,
        "status": cast(answers.RunStatus, it.status),
        "runKey": it.run_key,
        "parameters": json_value(it.parameters),
        "context": json_value(it.context),
        "output": json_value(it.output),
        "errorMessage": it.error_message,
        "currentStepId": it.current_step_id,
        "currentStepIndex": it.current_step_index,
        "metrics": json_value(it.metrics),
        "triggeredBy": it.triggered_by,
        "trigger": json_value(it.trigger),
        "partitionKey": it.partition_key,
        "startedAt": timestamp(it.started_at),
        "completedAt": timestamp(ended),
        # The two instants may come from two clocks.
        "durationMs": max(0, ended - it.started_at) if ended is not None and it.started_at is not None else None,
        "createdAt": timestamp(it.created_at),
        "updatedAt": timestamp(it.updated_at),
        "requestId": it.request,
        "retrySummary": {"pendingSteps": 0, "nextAttemptAt": None, "overdueSteps": 0},
        "health": UNHEALTHY if it.status == "failed" else HEALTHY,
    }


def produced_asset(it: Snapshot, attempt_key: str, schemas: dict[str, Json]) -> answers.ProducedAsset:
    """A version as a step's production."""
    return {
        "id": it.key,
        "snapshotId": it.key,
        "version": it.version,
        "workflowDefinitionId": it.workflow_id,
        "workflowRunId": it.run,
        "workflowRunStepId": attempt_key,
        "stepId": it.step_id,
        "assetId": it.asset_id,
        "payload": json_value(it.payload),
        "payloadDigest": it.digest,
        "valid": it.valid,
        "violations": json_value(it.violations or "[]"),
        "schema": json_value(schemas[it.schema]) if it.schema else None,
        "freshness": json_value(it.freshness),
        "partitionKey": it.partition_key,
        "producedAt": timestamp(it.produced_at),
        "createdAt": timestamp(it.created_at),
        "updatedAt": timestamp(it.created_at),
    }


def run_step(it: Attempt, produced: list[Snapshot], schemas: dict[str, Json]) -> answers.RunStep:
    """An attempt with what it produced."""
    return {
        "id": it.key,
        "workflowRunId": it.run,
        "stepId": it.step_id,
        "status": cast(answers.StepStatus, it.status),
        "attempt": it.attempt,
        "startedAt": timestamp(it.started_at),
        "completedAt": timestamp(it.completed_at),
        "errorMessage": it.error_message,
        "result": orjson.loads(it.report).get("result") if it.report else None,
        "parameters": json_value(it.parameters),
        "producedAssets": [produced_asset(each, it.key, schemas) for each in produced],
    }


def step_outcome(outcome: StepOutcome) -> answers.RunStep:
    """An attempt after a command."""
    return run_step(outcome.attempt, list(outcome.snapshots), outcome.schemas)


def run_steps(found: RunSteps) -> answers.RunAndSteps:
    """A run with its attempts."""
    return {
        "run": run(found.run),
        "steps": [
            run_step(each, [found.snapshots[key] for key in each.emitted or ()], found.schemas)
            for each in found.attempts
        ],
    }
