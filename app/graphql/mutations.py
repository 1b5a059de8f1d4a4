"""Writes: the same as over REST, with the same rules, errors and idempotency."""

from typing import Annotated

import orjson
import strawberry

from app.graphql.context import Info
from app.graphql.inputs import (
    BeginRunInput,
    FinishRunInput,
    ReportStepInput,
    RequestRunInput,
    StartRunInput,
    StartStepInput,
    checked,
    document_of,
)
from app.graphql.marks import StaleMarkResult, clear_stale, mark_stale
from app.graphql.run_requests import RunRequestResult, cancel_run_request, retry_run_request
from app.graphql.scalars import JSON
from app.graphql.types.failures import (
    Conflict,
    InvalidInput,
    NotFound,
    TooLarge,
    Unprocessable,
)
from app.graphql.types.run import Run, StepRun
from app.graphql.types.workflow import Workflow
from app.graphql.webhooks import RedeliverResult, TestWebhookResult, WebhookResult, redeliver, set_paused, test_webhook
from app.graphql.written import written
from app.http.auth import REPORT, WRITE
from app.rest import requests
from app.rest.runs import step_message
from graph.declarations.warnings import InputWarning
from graph.errors import invalid
from graph.recording.commands import Ask
from graph.recording.state import RunOutcome, StepOutcome
from graph.registry.registrar import Registered
from graph.rules.identifiers import check_run_id, check_slug, check_text


@strawberry.type(description="Something that was accepted and may not be what was meant.")
class Warning:
    """A warning."""

    code: str
    message: str
    field: str | None


@strawberry.type(description="A workflow after a write.")
class WorkflowPayload:
    """What a registration answers."""

    workflow: Workflow
    created: bool
    changed: bool = strawberry.field(description="False when the definition had been so before.")
    warnings: list[Warning]


@strawberry.type(description="A workflow that stopped to bridge the graph; its history stays.")
class DeletedWorkflow:
    """What a deletion answers."""

    slug: str


@strawberry.type(description="A run after a write.")
class RunPayload:
    """What a write about a run answers."""

    run: Run
    changed: bool = strawberry.field(description="False when the same had been carried out before.")


@strawberry.type(description="An attempt at a step after a write.")
class StepRunPayload:
    """What a write about an attempt answers."""

    step_run: StepRun
    run: Run
    warnings: list[Warning]


Failures = InvalidInput | NotFound | Conflict | TooLarge | Unprocessable
WorkflowResult = Annotated[WorkflowPayload | Failures, strawberry.union("WorkflowResult")]
DeleteWorkflowResult = Annotated[DeletedWorkflow | Failures, strawberry.union("DeleteWorkflowResult")]
RunResult = Annotated[RunPayload | Failures, strawberry.union("RunResult")]
StepRunResult = Annotated[StepRunPayload | Failures, strawberry.union("StepRunResult")]


@strawberry.type
class Mutation:
    """Every write."""

    set_webhook_paused: WebhookResult = strawberry.mutation(
        resolver=set_paused, description="Pause a webhook, or resume it: what waits is then sent, the oldest first."
    )
    redeliver: RedeliverResult = strawberry.mutation(
        resolver=redeliver, description="Send a delivery again, now and out of its turn, with the same id."
    )
    test_webhook: TestWebhookResult = strawberry.mutation(
        resolver=test_webhook, description="Send an event of the type `webhook.test` now, once."
    )
    cancel_run_request: RunRequestResult = strawberry.mutation(
        resolver=cancel_run_request, description="Nobody wants the run any more; what is under way of it is canceled."
    )
    retry_run_request: RunRequestResult = strawberry.mutation(
        resolver=retry_run_request, description="Let a failed request wait again, with all its attempts before it."
    )
    mark_stale: StaleMarkResult = strawberry.mutation(
        resolver=mark_stale, description="Mark an asset or a partition stale, until it is produced again."
    )
    clear_stale: StaleMarkResult = strawberry.mutation(
        resolver=clear_stale, description="Take the workflow's stale mark back, if there is one."
    )

    @strawberry.mutation(description="Make the definition its workflow's; one that it has already changes nothing.")
    async def register_workflow(
        self,
        info: Info,
        definition: JSON,
        slug: Annotated[
            str | None, strawberry.argument(description="The definition may then leave its own out.")
        ] = None,
        only_new: Annotated[bool, strawberry.argument(description="Refuse a workflow that exists.")] = False,
    ) -> WorkflowResult:
        """As PUT /workflows/{slug}, or POST /workflows."""

        async def write() -> WorkflowPayload:
            known = None if slug is None else check_slug(slug)
            document = _object(definition, "definition")
            return _registered(await info.context.lineage.registrar.register(document, slug=known, only_new=only_new))

        return await written(info, WRITE, write)

    @strawberry.mutation(description="Replace some keys of the definition; null removes one.")
    async def patch_workflow(self, info: Info, slug: str, changes: JSON) -> WorkflowResult:
        """As PATCH /workflows/{slug}."""

        async def write() -> WorkflowPayload:
            document = _object(changes, "changes")
            return _registered(await info.context.lineage.registrar.patch(check_slug(slug), document))

        return await written(info, WRITE, write)

    @strawberry.mutation(description="The workflow stops to bridge the graph; its history stays.")
    async def delete_workflow(self, info: Info, slug: str) -> DeleteWorkflowResult:
        """As DELETE /workflows/{slug}."""

        async def write() -> DeletedWorkflow:
            await info.context.lineage.registrar.delete(check_slug(slug))
            return DeletedWorkflow(slug=slug)

        return await written(info, WRITE, write)

    @strawberry.mutation(description="Ask for a run; it is pending until an orchestrator starts it.")
    async def request_run(self, info: Info, workflow: str, input: RequestRunInput | None = None) -> RunResult:
        """As POST /workflows/{slug}/run."""

        async def write() -> RunPayload:
            document = document_of(input or RequestRunInput())
            body = checked(requests.RunRequest, document)
            return _run(
                await info.context.lineage.recorder.start_run(
                    check_slug(workflow, "workflow"),
                    document,
                    ask=Ask(priority=body.priority, max_attempts=body.maxAttempts),
                    run_key=body.runKey,
                    parameters=body.parameters,
                    trigger=body.trigger,
                    triggered_by=body.triggeredBy,
                    partition_key=body.partitionKey,
                )
            )

        return await written(info, REPORT, write)

    @strawberry.mutation(description="Start a run.")
    async def start_run(self, info: Info, workflow: str, input: StartRunInput | None = None) -> RunResult:
        """As POST /workflows/{slug}/runs."""

        async def write() -> RunPayload:
            document = document_of(input or StartRunInput())
            body = checked(requests.RunStart, document)
            return _run(
                await info.context.lineage.recorder.start_run(
                    check_slug(workflow, "workflow"),
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
            )

        return await written(info, REPORT, write)

    @strawberry.mutation(description="Start a run that was asked for; one that runs already stays as it is.")
    async def begin_run(self, info: Info, run_id: str, input: BeginRunInput | None = None) -> RunResult:
        """As POST /workflow-runs/{runId}/start."""

        async def write() -> RunPayload:
            body = checked(requests.RunBegin, document_of(input or BeginRunInput()))
            recorder = info.context.lineage.recorder
            return _run(await recorder.begin_run(check_run_id(run_id), started_at=body.startedAt))

        return await written(info, REPORT, write)

    @strawberry.mutation(description="End a run.")
    async def finish_run(self, info: Info, run_id: str, input: FinishRunInput) -> RunResult:
        """As POST /workflow-runs/{runId}/finish."""

        async def write() -> RunPayload:
            document = document_of(input)
            body = checked(requests.RunFinish, document)
            return _run(
                await info.context.lineage.recorder.finish_run(
                    check_run_id(run_id),
                    document,
                    status=body.status,
                    completed_at=body.completedAt,
                    output=body.output,
                    metrics=body.metrics,
                    context=body.context,
                    error_message=body.errorMessage,
                )
            )

        return await written(info, REPORT, write)

    @strawberry.mutation(description="Begin an attempt at a step: the newest of what it consumes becomes its input.")
    async def start_step(
        self, info: Info, run_id: str, step_id: str, input: StartStepInput | None = None
    ) -> StepRunResult:
        """As POST /workflow-runs/{runId}/steps/{stepId}/start."""

        async def write() -> StepRunPayload:
            document = document_of(input or StartStepInput())
            body = checked(requests.StepStart, document)
            lineage, run, step = info.context.lineage, check_run_id(run_id), check_text(step_id, "stepId", 200)
            if body.requireFresh:
                await lineage.require_ready(run, step, body.attempt)
            return _step_run(
                await lineage.recorder.start_step(
                    run,
                    step,
                    document,
                    attempt=body.attempt,
                    started_at=body.startedAt,
                    parameters=body.parameters,
                )
            )

        return await written(info, REPORT, write)

    @strawberry.mutation(description="Report what a step's handler returned; every asset in it becomes a version.")
    async def report_step(self, info: Info, run_id: str, step_id: str, input: ReportStepInput) -> StepRunResult:
        """As POST /workflow-runs/{runId}/steps/{stepId}/report."""

        async def write() -> StepRunPayload:
            document = document_of(input)
            message = step_message(checked(requests.StepReport, document), document)
            recorder = info.context.lineage.recorder
            return _step_run(
                await recorder.report_step(check_run_id(run_id), check_text(step_id, "stepId", 200), message)
            )

        return await written(info, REPORT, write)


def _object(value: object, field: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise invalid(field, f"'{field}' must be an object.")
    return value


def _registered(registered: Registered) -> WorkflowPayload:
    outcome = registered.outcome
    return WorkflowPayload(
        workflow=Workflow.of(outcome.workflow),
        created=outcome.created,
        changed=outcome.changed,
        warnings=[_warning(warning) for warning in registered.warnings],
    )


def _warning(warning: InputWarning) -> Warning:
    return Warning(code=warning.code, message=warning.message, field=warning.field)


def _run(outcome: RunOutcome) -> RunPayload:
    return RunPayload(run=Run.of(outcome.run), changed=outcome.created)


def _step_run(outcome: StepOutcome) -> StepRunPayload:
    warnings = orjson.loads(outcome.attempt.warnings or "[]")
    return StepRunPayload(
        step_run=StepRun.of(outcome.attempt),
        run=Run.of(outcome.run),
        warnings=[Warning(code=each["code"], message=each["message"], field=each.get("field")) for each in warnings],
    )
