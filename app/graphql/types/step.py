"""Steps, what they declare, and their runs."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.graphql.context import Info
from app.graphql.types import walk
from app.graphql.types.enums import StepType
from app.graphql.types.node import Node, global_id
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from graph.store.steps import RunsOfStep, StepFacts

if TYPE_CHECKING:
    from app.graphql.types.asset import Declaration
    from app.graphql.types.run import StepRun
    from app.graphql.types.workflow import Workflow

LazyDeclaration = Annotated["Declaration", strawberry.lazy("app.graphql.types.asset")]
LazyStepRun = Annotated["StepRun", strawberry.lazy("app.graphql.types.run")]
LazyWorkflow = Annotated["Workflow", strawberry.lazy("app.graphql.types.workflow")]


@strawberry.type(description="A step of a workflow: consumes assets and produces others.")
class Step(Node):
    """A step."""

    key: strawberry.Private[str]
    workflow_key: strawberry.Private[str]
    step_id: str
    name: str
    type: StepType
    active: bool = strawberry.field(description="Whether the workflow's current definition has it.")

    @classmethod
    def of(cls, facts: StepFacts) -> Self:
        """The step as it is shown."""
        return cls(
            id=global_id("Step", facts.key),
            key=facts.key,
            workflow_key=facts.workflow,
            step_id=facts.step_id,
            name=facts.name,
            type=StepType(facts.type),
            active=facts.active,
        )

    @strawberry.field(description="Whose step it is.")
    async def workflow(self, info: Info) -> LazyWorkflow:
        """The workflow."""
        return await walk.workflow(info, self.workflow_key)

    @strawberry.field(description="What it declares of the assets that it produces.")
    async def produces(self, info: Info) -> list[LazyDeclaration]:
        """By asset."""
        return walk.declarations(await info.context.loaders.produced.load(self.key))

    @strawberry.field(description="What it declares of the assets that it consumes.")
    async def consumes(self, info: Info) -> list[LazyDeclaration]:
        """By asset."""
        return walk.declarations(await info.context.loaders.consumed.load(self.key))

    @strawberry.field(description="The attempts at it, those of the workflow's newest run first.")
    async def runs(self, info: Info, first: First = PAGE, after: After = None) -> Connection[LazyStepRun]:
        """A page; runs without an attempt at the step are passed over, as many as a page may look at."""
        limit = check_first(first)
        cursors = Cursors("step runs", self.key)
        place = cursors.numbers(after, 2)
        if place is None:
            workflow = walk.present(await info.context.loaders.workflows.load(self.workflow_key))
            place = [workflow.runs + 1, 0]
        ask = RunsOfStep(self.workflow_key, self.step_id, *place)
        found = await info.context.loaders.runs_of_step.load((ask, limit + 1))
        page = [
            (walk.shown_step_run(attempt), cursors.seal([ordinal, attempt.attempt]))
            for ordinal, attempt in found.found[:limit]
        ]
        if len(found.found) > limit:
            return Connection.of(page, after=after, end=page[-1][1])
        end = cursors.seal([found.scanned, 0]) if found.scanned > 1 else None
        return Connection.of(page, after=after, end=end, truncated=end is not None)
