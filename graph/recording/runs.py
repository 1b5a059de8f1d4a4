"""The rules of a run's life: pending → running → succeeded, failed or canceled."""

import dataclasses
from typing import Any, TypeVar

import orjson

from graph.errors import Conflict, NotFound, no_workflow
from graph.events.event import EventType
from graph.recording.commands import BeginRun, FinishRun, StartRun
from graph.recording.happenings import run_event
from graph.recording.request_life import open_request, run_began, run_ended
from graph.recording.state import Changes, RunOutcome, State, save_run
from graph.records import ACTIVE, Json, Run
from graph.rules.instants import format_instant

T = TypeVar("T")


def start_run(state: State, changes: Changes, command: StartRun) -> RunOutcome:
    """Start a run, or ask for one; the same again answers with the run that is there."""
    existing = state.runs.get(command.run_id)
    if existing:
        if existing.digest == command.digest:
            return RunOutcome(existing, created=False)
        raise Conflict(
            "run_conflict",
            f"Run '{command.run_id}' exists already and was started with something else; use another id.",
            details={"existing": _start_facts(existing), "received": _start_facts(command)},
            data=existing,
        )
    workflow = state.workflows.get(command.workflow)
    if workflow is None or workflow.deleted_at is not None:
        raise no_workflow(command.workflow)
    active_key = f"{workflow.key}/{command.run_key}" if command.run_key else None
    if active_key and active_key in state.active:
        other = state.runs[state.active[active_key]]
        raise key_in_use(other)
    ordinal = changes.run_counts.get(workflow.key, workflow.runs) + 1
    run = Run(
        key=command.run_id,
        workflow=workflow.key,
        workflow_id=workflow.id,
        workflow_slug=workflow.slug,
        revision=workflow.revision,
        ordinal=ordinal,
        status="pending" if command.ask else "running",
        digest=command.digest,
        created_at=command.now,
        updated_at=command.now,
        run_key=command.run_key,
        active_key=active_key,
        parameters=command.parameters,
        context=command.context,
        trigger=command.trigger,
        triggered_by=command.triggered_by,
        partition_key=command.partition_key,
        started_at=None if command.ask else either(command.started_at, command.now),
        request=command.ask.request if command.ask else None,
    )
    changes.run_counts[workflow.key] = ordinal
    changes.new_runs[run.key] = state.runs[run.key] = run
    if active_key:
        state.active[active_key] = run.key
    changes.events.append(run_event(EventType.RUN_REQUESTED if command.ask else EventType.RUN_STARTED, run))
    if command.ask:
        open_request(state, changes, run, command.ask)
    return RunOutcome(run, created=True)


def begin_run(state: State, changes: Changes, command: BeginRun) -> RunOutcome:
    """A requested run starts; a running one stays as it is."""
    run = known_run(state, command.run_id)
    check_lease(run)
    if run.status == "running":
        return RunOutcome(run, created=False)
    if run.status != "pending":
        raise Conflict("run_finished", f"Run '{run.key}' is {run.status} already and cannot be started.", data=run)
    run = begin(state, changes, run, command.now, command.started_at)
    run_began(state, changes, run, command.now)
    return RunOutcome(run, created=True)


def begin(state: State, changes: Changes, run: Run, now: int, started_at: int | None = None) -> Run:
    """A pending run runs, held against the definition that is current now."""
    workflow = state.workflows.get(run.workflow)
    if workflow is None or workflow.deleted_at is not None:
        raise no_workflow(run.workflow_slug)
    run = dataclasses.replace(
        run, status="running", revision=workflow.revision, started_at=either(started_at, now), updated_at=now
    )
    save_run(state, changes, run)
    changes.events.append(run_event(EventType.RUN_STARTED, run))
    return run


def finish_run(state: State, changes: Changes, command: FinishRun) -> RunOutcome:
    """End a run; a pending one can only be canceled."""
    run = known_run(state, command.run_id)
    check_lease(run)
    if run.finish_digest == command.digest:
        return RunOutcome(run, created=False)
    if run.status not in ACTIVE:
        raise Conflict(
            "run_conflict",
            f"Run '{run.key}' has been finished as {run.status} already.",
            details={"existing": _finish_facts(run), "received": _finish_facts(command)},
            data=run,
        )
    if run.status == "pending" and command.status != "canceled":
        raise not_started(run)
    if run.active_key:
        state.active.pop(run.active_key, None)
    run = dataclasses.replace(
        run,
        status=command.status,
        finish_digest=command.digest,
        completed_at=either(command.completed_at, command.now),
        updated_at=command.now,
        active_key=None,
        output=command.output,
        metrics=command.metrics,
        context=either(command.context, run.context),
        error_message=command.error_message,
    )
    save_run(state, changes, run)
    changes.events.append(run_event(EventType.RUN_FINISHED, run))
    run_ended(state, changes, run, command.roll, command.now)
    return RunOutcome(run, created=True)


def known_run(state: State, run_id: str) -> Run:
    """The run, or NotFound."""
    run = state.runs.get(run_id)
    if run is None:
        raise NotFound("run_not_found", f"No run '{run_id}' is known; start it first.")
    return run


def check_lease(run: Run) -> None:
    """Raise Conflict `lease_lost` when the lease under which it ran was lost."""
    if run.fenced:
        raise Conflict(
            "lease_lost",
            f"Run '{run.key}' was taken away: its lease expired or was given up, or its request was canceled. Report "
            f"nothing more of it; who wants to go on claims anew, and reports to the run that is answered with.",
            data=run,
        )


def key_in_use(other: Run) -> Conflict:
    """What is said when a run with the same run key still goes on."""
    return Conflict(
        "run_key_active",
        f"Run '{other.key}' with the run key '{other.run_key}' is {other.status}; wait, or use another key.",
        data=other,
    )


def not_started(run: Run) -> Conflict:
    """What is said to a report of a run that was only asked for."""
    return Conflict(
        "run_not_started", f"Run '{run.key}' is pending; start it before anything of it is reported.", data=run
    )


def either(value: T | None, fallback: T) -> T:
    """`value` unless it is None: zero and the empty text count."""
    return fallback if value is None else value


def _start_facts(command: StartRun | Run) -> dict[str, Any]:
    return {
        "runKey": command.run_key,
        "parameters": _json(command.parameters),
        "context": _json(command.context),
        "trigger": _json(command.trigger),
        "triggeredBy": command.triggered_by,
        "partitionKey": command.partition_key,
        "startedAt": _instant(command.started_at),
    }


def _finish_facts(command: FinishRun | Run) -> dict[str, Any]:
    return {
        "status": command.status,
        "completedAt": _instant(command.completed_at),
        "output": _json(command.output),
        "metrics": _json(command.metrics),
        "context": _json(command.context),
        "errorMessage": command.error_message,
    }


def _json(text: Json | None) -> orjson.Fragment | None:
    return None if text is None else orjson.Fragment(text)


def _instant(instant: int | None) -> str | None:
    return None if instant is None else format_instant(instant)
