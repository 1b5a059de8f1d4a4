"""Runs: ask for one, start it, report its steps, finish it, look at it, compare two."""

from typing import Any

from app.http import Answer, Call
from app.http.auth import READ, REPORT
from app.rest import answers, shapes
from app.rest.requests import (
    DiffQuery,
    RunBegin,
    RunFinish,
    RunPath,
    RunRequest,
    RunStart,
    StepPath,
    StepReport,
    StepStart,
    WorkflowPath,
)
from app.rest.run_diff import run_diff
from app.rest.table import route
from graph.database import Transaction
from graph.errors import Conflict
from graph.lineage import Lineage
from graph.recording.commands import Ask
from graph.recording.recorder import StepMessage
from graph.recording.state import RunOutcome, StepOutcome
from graph.records import Run
from graph.store.runs import RunSteps, known_run, run_steps


async def request_run(call: Call[WorkflowPath, None, RunRequest]) -> Answer:
    """Ask for a run of a workflow; it is pending until an orchestrator starts it."""
    lineage: Lineage = call.state.lineage
    body = call.body
    try:
        outcome = await lineage.recorder.start_run(
            call.path.slug,
            call.document,
            ask=Ask(priority=body.priority, max_attempts=body.maxAttempts),
            run_key=body.runKey,
            parameters=body.parameters,
            trigger=body.trigger,
            triggered_by=body.triggeredBy,
            partition_key=body.partitionKey,
        )
    except Conflict as error:
        raise shown_conflict(error) from None
    return Answer(shapes.run(outcome.run), status=202)


async def start_run(call: Call[WorkflowPath, None, RunStart]) -> Answer:
    """Start a run; the same request with the same id again answers with the same run."""
    outcome = await start(call.state.lineage, call.path.slug, call.body, call.document)
    return Answer(shapes.run(outcome.run), status=201 if outcome.created else 200)


async def begin_run(call: Call[RunPath, None, RunBegin]) -> Answer:
    """Start a run that was asked for; one that runs already stays as it is."""
    lineage: Lineage = call.state.lineage
    try:
        outcome = await lineage.recorder.begin_run(call.path.runId, started_at=call.body.startedAt)
    except Conflict as error:
        raise shown_conflict(error) from None
    return Answer(shapes.run(outcome.run))


async def finish_run(call: Call[RunPath, None, RunFinish]) -> Answer:
    """End a run."""
    outcome = await finish(call.state.lineage, call.path.runId, call.body, call.document)
    return Answer(shapes.run(outcome.run))


async def start_step(call: Call[StepPath, None, StepStart]) -> Answer:
    """Begin an attempt at a step: the newest version of each consumed asset becomes its input."""
    lineage: Lineage = call.state.lineage
    body, run, step = call.body, call.path.runId, call.path.stepId
    if body.requireFresh:
        await lineage.require_ready(run, step, body.attempt)
    try:
        outcome = await lineage.recorder.start_step(
            run,
            step,
            call.document,
            attempt=body.attempt,
            started_at=body.startedAt,
            parameters=body.parameters,
        )
    except Conflict as error:
        raise shown_conflict(error) from None
    return step_answer(outcome)


async def report_step(call: Call[StepPath, None, StepReport]) -> Answer:
    """Report what a step's handler returned; every asset in it becomes a version."""
    return step_answer(await report(call.state.lineage, call.path.runId, call.path.stepId, call.body, call.document))


async def get_run(call: Call[RunPath, None, None]) -> Answer:
    """A run."""
    lineage: Lineage = call.state.lineage
    return Answer(shapes.run(await lineage.read(lambda tx: known_run(tx, call.path.runId))))


async def get_run_steps(call: Call[RunPath, None, None]) -> Answer:
    """A run with its steps and what each produced."""
    lineage: Lineage = call.state.lineage
    found = await lineage.read(lambda tx: run_steps(tx, lineage.documents, call.path.runId))
    return Answer(shapes.run_steps(found))


async def get_run_diff(call: Call[RunPath, DiffQuery, None]) -> Answer:
    """What differs between two runs: parameters, status, assets."""
    lineage: Lineage = call.state.lineage

    async def work(tx: Transaction) -> tuple[RunSteps, RunSteps]:
        base = await run_steps(tx, lineage.documents, call.path.runId)
        return base, await run_steps(tx, lineage.documents, call.query.compareTo)

    return Answer(run_diff(*await lineage.read(work)))


# What one request of its own and one line of a bulk request have in common.


async def start(lineage: Lineage, slug: str, body: RunStart, document: dict[str, Any]) -> RunOutcome:
    """Start a run as the body says; `document` is the request by which it is known again."""
    try:
        return await lineage.recorder.start_run(
            slug,
            document,
            run_id=body.id,
            run_key=body.runKey,
            parameters=body.parameters,
            context=body.context,
            trigger=body.trigger,
            triggered_by=body.triggeredBy,
            partition_key=body.partitionKey,
            started_at=body.startedAt,
        )
    except Conflict as error:
        raise shown_conflict(error) from None


async def report(
    lineage: Lineage, run_id: str, step_id: str, body: StepReport, document: dict[str, Any]
) -> StepOutcome:
    """Report a step as the body says; `document` is kept as the report."""
    try:
        return await lineage.recorder.report_step(run_id, step_id, step_message(body, document))
    except Conflict as error:
        raise shown_conflict(error) from None


def step_message(body: StepReport, document: dict[str, Any]) -> StepMessage:
    """The report as the recorder takes it."""
    return StepMessage(
        document=document,
        attempt=body.attempt,
        status=body.status,
        result=body.result,
        started_at=body.startedAt,
        completed_at=body.completedAt,
        error_message=body.errorMessage,
        parameters=body.parameters,
        inputs=tuple(each.name() for each in body.inputs) if body.inputs is not None else None,
    )


async def finish(lineage: Lineage, run_id: str, body: RunFinish, document: dict[str, Any]) -> RunOutcome:
    """Finish a run as the body says."""
    try:
        return await lineage.recorder.finish_run(
            run_id,
            document,
            status=body.status,
            completed_at=body.completedAt,
            output=body.output,
            metrics=body.metrics,
            context=body.context,
            error_message=body.errorMessage,
        )
    except Conflict as error:
        raise shown_conflict(error) from None


def step_answer(outcome: StepOutcome) -> Answer:
    """An attempt, with the warnings that it was answered with the first time."""
    return Answer(shapes.step_outcome(outcome), meta={"warnings": shapes.json_value(outcome.attempt.warnings or "[]")})


def shown_conflict(error: Conflict) -> Conflict:
    """The conflict with the existing run as the contract shows it."""
    if isinstance(error.data, Run):
        error.data = shapes.run(error.data)
    return error


INVALID_RESULT = (
    "duplicate_asset",
    "empty_freshness",
    "invalid_asset_id",
    "invalid_definition",
    "invalid_produced_at",
    "invalid_schema",
    "partition_key_required",
    "remote_reference",
    "schema_too_large",
    "too_many_assets",
    "unknown_partition",
)
NO_RUN = {404: ("run_not_found",)}

ENDPOINTS = (
    route(
        "POST",
        "/workflows/{slug}/run",
        request_run,
        tag="runs",
        scope=REPORT,
        path_model=WorkflowPath,
        body=RunRequest,
        body_optional=True,
        answers={202: answers.Run},
        errors={404: ("workflow_not_found",), 409: ("run_key_active",)},
    ),
    route(
        "POST",
        "/workflows/{slug}/runs",
        start_run,
        tag="runs",
        scope=REPORT,
        path_model=WorkflowPath,
        body=RunStart,
        body_optional=True,
        answers={200: answers.Run, 201: answers.Run},
        errors={400: ("invalid_run_id",), 404: ("workflow_not_found",), 409: ("run_conflict", "run_key_active")},
    ),
    route(
        "GET",
        "/workflow-runs/{runId}",
        get_run,
        tag="runs",
        scope=READ,
        path_model=RunPath,
        answers={200: answers.Run},
        errors=NO_RUN,
        cacheable=True,
    ),
    route(
        "POST",
        "/workflow-runs/{runId}/start",
        begin_run,
        tag="runs",
        scope=REPORT,
        path_model=RunPath,
        body=RunBegin,
        body_optional=True,
        answers={200: answers.Run},
        errors={404: ("run_not_found", "workflow_not_found"), 409: ("lease_lost", "run_finished")},
    ),
    route(
        "POST",
        "/workflow-runs/{runId}/finish",
        finish_run,
        tag="runs",
        scope=REPORT,
        path_model=RunPath,
        body=RunFinish,
        answers={200: answers.Run},
        errors={**NO_RUN, 409: ("lease_lost", "run_conflict", "run_not_started")},
    ),
    route(
        "GET",
        "/workflow-runs/{runId}/steps",
        get_run_steps,
        tag="runs",
        scope=READ,
        path_model=RunPath,
        answers={200: answers.RunAndSteps},
        errors=NO_RUN,
        cacheable=True,
    ),
    route(
        "POST",
        "/workflow-runs/{runId}/steps/{stepId}/start",
        start_step,
        tag="runs",
        scope=REPORT,
        path_model=StepPath,
        body=StepStart,
        body_optional=True,
        answers={200: answers.RunStep},
        meta=answers.Warnings,
        errors={
            404: ("run_not_found", "step_not_found"),
            409: ("inputs_not_ready", "lease_lost", "run_finished", "run_not_started", "step_conflict"),
            422: ("traversal_too_large",),
        },
    ),
    route(
        "POST",
        "/workflow-runs/{runId}/steps/{stepId}/report",
        report_step,
        tag="runs",
        scope=REPORT,
        path_model=StepPath,
        body=StepReport,
        answers={200: answers.RunStep},
        meta=answers.Warnings,
        errors={
            400: INVALID_RESULT,
            404: ("input_not_found", "run_not_found", "step_not_found"),
            409: ("lease_lost", "report_conflict", "run_not_started", "too_many_partitions"),
            413: ("payload_too_large",),
            422: ("payload_invalid", "validation_too_slow"),
        },
    ),
    route(
        "GET",
        "/workflow-runs/{runId}/diff",
        get_run_diff,
        tag="runs",
        scope=READ,
        path_model=RunPath,
        query=DiffQuery,
        answers={200: answers.RunDiff},
        errors={400: ("invalid_run_id",), **NO_RUN},
        cacheable=True,
    ),
)
