"""Runs, and attempts at steps in them."""

from typing import TYPE_CHECKING, Annotated, Self

import orjson
import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, Long, instant, json
from app.graphql.types import walk
from app.graphql.types.enums import RunStatus, StepStatus
from app.graphql.types.node import Node, global_id
from app.graphql.types.pages import Connection, Cursors, check_first, numbers_below
from graph import records
from graph.rules.identifiers import step_key

if TYPE_CHECKING:
    from app.graphql.types.run_request import RunRequest
    from app.graphql.types.snapshot import Snapshot
    from app.graphql.types.step import Step
    from app.graphql.types.workflow import Workflow

LazyRunRequest = Annotated["RunRequest", strawberry.lazy("app.graphql.types.run_request")]
LazySnapshot = Annotated["Snapshot", strawberry.lazy("app.graphql.types.snapshot")]
LazyStep = Annotated["Step", strawberry.lazy("app.graphql.types.step")]
LazyWorkflow = Annotated["Workflow", strawberry.lazy("app.graphql.types.workflow")]


@strawberry.type(description="A run of a workflow.")
class Run(Node):
    """A run."""

    workflow_key: strawberry.Private[str]
    request_id: strawberry.Private[str | None]
    run_id: str
    workflow_slug: str
    workflow_revision: int = strawberry.field(description="The definition that the run is held against.")
    number: int = strawberry.field(description="1, 2, 3 … among the workflow's runs.")
    status: RunStatus
    run_key: str | None
    partition_key: str | None
    parameters: JSON | None
    context: JSON | None
    output: JSON | None
    metrics: JSON | None
    trigger: JSON | None
    triggered_by: str | None
    error_message: str | None
    current_step_id: str | None
    started_at: DateTime | None
    completed_at: DateTime | None
    duration_ms: Long | None
    created_at: DateTime
    updated_at: DateTime

    @classmethod
    def of(cls, it: records.Run) -> Self:
        """The run as it is shown."""
        known = it.started_at is not None and it.completed_at is not None
        return cls(
            id=global_id("Run", it.key),
            workflow_key=it.workflow,
            request_id=it.request,
            run_id=it.key,
            workflow_slug=it.workflow_slug,
            workflow_revision=it.revision,
            number=it.ordinal,
            status=RunStatus(it.status),
            run_key=it.run_key,
            partition_key=it.partition_key,
            parameters=json(it.parameters),
            context=json(it.context),
            output=json(it.output),
            metrics=json(it.metrics),
            trigger=json(it.trigger),
            triggered_by=it.triggered_by,
            error_message=it.error_message,
            current_step_id=it.current_step_id,
            started_at=instant(it.started_at),
            completed_at=instant(it.completed_at),
            # The two instants may come from two clocks.
            duration_ms=Long(max(0, (it.completed_at or 0) - (it.started_at or 0))) if known else None,
            created_at=DateTime(it.created_at),
            updated_at=DateTime(it.updated_at),
        )

    @strawberry.field(description="Whose run it is.")
    async def workflow(self, info: Info) -> LazyWorkflow:
        """The workflow."""
        return await walk.workflow(info, self.workflow_key)

    @strawberry.field(description="The request that it is an attempt of; null when nobody asked.")
    async def request(self, info: Info) -> LazyRunRequest | None:
        """The request."""
        return None if self.request_id is None else await walk.run_request(info, self.request_id)

    @strawberry.field(description="The attempts at its steps, by the time of their first word.")
    async def steps(self, info: Info) -> list["StepRun"]:
        """All of them."""
        return [StepRun.of(each) for each in await info.context.loaders.attempts_of_run.load(self.run_id)]


@strawberry.type(description="One attempt at a step in a run.")
class StepRun(Node):
    """An attempt."""

    key: strawberry.Private[str]
    emitted: strawberry.Private[list[str]]
    report: strawberry.Private[str | None]
    run_id: str
    step_id: str
    attempt: int
    status: StepStatus
    parameters: JSON | None
    warnings: JSON = strawberry.field(description="What was accepted and may not be what was meant.")
    error_message: str | None
    started_at: DateTime | None
    completed_at: DateTime | None
    created_at: DateTime
    updated_at: DateTime

    @classmethod
    def of(cls, it: records.Attempt) -> Self:
        """The attempt as it is shown."""
        return cls(
            id=global_id("StepRun", it.key),
            key=it.key,
            emitted=it.emitted or [],
            report=it.report,
            run_id=it.run,
            step_id=it.step_id,
            attempt=it.attempt,
            status=StepStatus(it.status),
            parameters=json(it.parameters),
            warnings=JSON(it.warnings or "[]"),
            error_message=it.error_message,
            started_at=instant(it.started_at),
            completed_at=instant(it.completed_at),
            created_at=DateTime(it.created_at),
            updated_at=DateTime(it.updated_at),
        )

    @strawberry.field(description="What the job handler returned as its result.")
    def result(self) -> JSON | None:
        """Taken out of the report, only when it is asked for."""
        result = orjson.loads(self.report).get("result") if self.report else None
        return None if result is None else JSON(orjson.dumps(result).decode())

    @strawberry.field(description="The run that it is an attempt in.")
    async def run(self, info: Info) -> Run:
        """The run."""
        return await walk.run(info, self.run_id)

    @strawberry.field(description="The step that it is an attempt at.")
    async def step(self, info: Info) -> LazyStep:
        """The step."""
        run = walk.present(await info.context.loaders.runs.load(self.run_id))
        return await walk.step(info, step_key(run.workflow, self.step_id))

    @strawberry.field(description="The versions that it left behind, as reported.")
    async def snapshots(self, info: Info) -> list[LazySnapshot]:
        """In the report's order."""
        return await walk.snapshot_list(info, self.emitted)

    @strawberry.field(description="The versions that it read, by id.")
    async def inputs(self, info: Info) -> list[LazySnapshot]:
        """By id."""
        return await walk.snapshot_list(info, await info.context.loaders.inputs_of_attempt.load(self.key))


def status_words(status: list[RunStatus] | None) -> tuple[str, ...]:
    """The statuses as the graph has them, sorted; none means all."""
    return tuple(sorted({each.value for each in status or ()}))


async def runs_of_workflow(
    info: Info, workflow: str, count: int, first: int, after: str | None, status: list[RunStatus] | None
) -> Connection[Run]:
    """A page of the runs of a workflow that has had `count`, the newest first; they are numbered without gaps."""
    statuses = status_words(status)
    cursors = Cursors("runs of", workflow, *statuses)
    place = cursors.numbers(after, 1)
    truncated = False
    if statuses:
        limit, below = check_first(first), count + 1 if place is None else min(count + 1, place[0])
        page = await info.context.loaders.runs_with_status.load(((workflow, below), statuses, limit))
        numbers, more = page.ordinals[:limit], page.scanned > 1 or len(page.ordinals) > limit
        truncated = more and len(page.ordinals) <= limit
        last = page.scanned if truncated else min(numbers, default=0)
    else:
        numbers, more = numbers_below(place, count, first)
        last = min(numbers, default=0)
    found = await info.context.loaders.runs_by_place.load_many([(workflow, number) for number in numbers])
    return Connection.of(
        [(Run.of(it), cursors.seal([it.ordinal])) for it in map(walk.present, found)],
        after=after,
        end=cursors.seal([last]) if more else None,
        truncated=truncated,
    )
