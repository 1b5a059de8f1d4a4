"""What happens in a run, as events."""

from typing import Any

from graph.events.event import Draft, EventType
from graph.records import Attempt, Pointer, Run, RunRequest, Snapshot
from graph.rules.instants import format_instant


def run_event(kind: EventType, run: Run) -> Draft:
    """A run was asked for, started or ended; `run` is as it is behind it."""
    data: dict[str, Any] = {
        "status": run.status,
        "number": run.ordinal,
        "revision": run.revision,
        "runKey": run.run_key,
        "triggeredBy": run.triggered_by,
        "startedAt": _text(run.started_at),
        "completedAt": _text(run.completed_at),
        "errorMessage": run.error_message,
        "requestId": run.request,
    }
    return Draft(
        kind,
        run.updated_at,
        {"workflowSlug": run.workflow_slug} | _said(data),
        workflow=run.workflow,
        run=run.key,
        partition=run.partition_key,
    )


def request_ended(request: RunRequest) -> Draft:
    """A request for a run ended: nothing of it is tried any more."""
    data: dict[str, Any] = {
        "requestId": request.key,
        "state": request.state,
        "attempts": request.attempts,
        "reason": request.reason,
        "lastError": request.last_error,
    }
    return Draft(
        EventType.RUN_REQUEST_ENDED,
        request.updated_at,
        {"workflowSlug": request.workflow_slug} | _said(data),
        workflow=request.workflow,
        run=request.run,
        partition=request.partition_key,
    )


def step_finished(run: Run, attempt: Attempt, now: int) -> Draft:
    """An attempt at a step was reported."""
    data: dict[str, Any] = {
        "status": attempt.status,
        "startedAt": _text(attempt.started_at),
        "completedAt": _text(attempt.completed_at),
        "errorMessage": attempt.error_message,
        "snapshots": attempt.emitted or None,
    }
    return Draft(
        EventType.STEP_FINISHED,
        now,
        {"workflowSlug": run.workflow_slug} | _said(data),
        workflow=run.workflow,
        run=run.key,
        step=attempt.step_id,
        attempt=attempt.attempt,
        partition=run.partition_key,
    )


def production(snapshot: Snapshot, newest: Pointer | None, now: int) -> list[Draft]:
    """A version was produced; `newest` is the newest one of its partition without it."""
    drafts = [_of_asset(EventType.ASSET_PRODUCED, snapshot, now, {"valid": snapshot.valid, "digest": snapshot.digest})]
    if newest and newest.order < snapshot.order and newest.digest != snapshot.digest:
        change = {"digest": snapshot.digest, "before": {"snapshotId": newest.snapshot, "digest": newest.digest}}
        drafts.append(_of_asset(EventType.ASSET_CHANGED, snapshot, now, change))
    if not snapshot.valid:
        drafts.append(_of_asset(EventType.ASSET_INVALID, snapshot, now, {"schema": snapshot.schema}))
    return drafts


def _of_asset(kind: EventType, snapshot: Snapshot, now: int, more: dict[str, Any]) -> Draft:
    data = {
        "assetId": snapshot.asset_id,
        "workflowSlug": snapshot.workflow_slug,
        "snapshotId": snapshot.key,
        "producedAt": format_instant(snapshot.produced_at),
    }
    return Draft(
        kind,
        now,
        data | more,
        workflow=snapshot.workflow,
        asset=snapshot.asset,
        run=snapshot.run,
        step=snapshot.step_id,
        attempt=snapshot.attempt,
        partition=snapshot.partition_key,
        version=snapshot.version,
        snapshot=snapshot.key,
    )


def _said(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value is not None}


def _text(instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant)
