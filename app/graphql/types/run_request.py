"""Requests for runs: how they stand in the queue. Orchestrators claim and end them over REST."""

import enum
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, instant, json
from app.graphql.types import walk
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from graph import records
from graph.rules.identifiers import workflow_key
from graph.rules.requests import RequestState, recency_of
from graph.store.run_requests import request_page

if TYPE_CHECKING:
    from app.graphql.types.run import Run
    from app.graphql.types.workflow import Workflow

LazyRun = Annotated["Run", strawberry.lazy("app.graphql.types.run")]
LazyWorkflow = Annotated["Workflow", strawberry.lazy("app.graphql.types.workflow")]


@strawberry.enum(description="How a request for a run stands.")
class RunRequestState(enum.Enum):
    """Of a request."""

    WAITING = RequestState.WAITING.value
    CLAIMED = RequestState.CLAIMED.value
    SUCCEEDED = RequestState.SUCCEEDED.value
    FAILED = RequestState.FAILED.value
    CANCELED = RequestState.CANCELED.value


@strawberry.type(description="A request for a run. Each attempt is a run of its own.")
class RunRequest:
    """A request."""

    workflow_key: strawberry.Private[str]
    request_id: str
    workflow_slug: str
    partition_key: str | None
    state: RunRequestState
    priority: int = strawberry.field(description="Higher ones are handed out first, then older ones.")
    reason: str = strawberry.field(description="Why a run is asked for, such as `manual`.")
    causes: JSON | None
    run_id: str = strawberry.field(description="The newest of its runs.")
    attempts: int
    max_attempts: int
    owner: str | None = strawberry.field(
        description="Who holds the lease; a claimed one without was started by its run's id."
    )
    lease_until: DateTime | None
    due_at: DateTime = strawberry.field(description="While it waits, it is not handed out before.")
    last_error: str | None = strawberry.field(description="Why the last attempt came to nothing.")
    created_at: DateTime
    updated_at: DateTime
    ended_at: DateTime | None

    @classmethod
    def of(cls, it: records.RunRequest) -> Self:
        """The request as it is shown."""
        return cls(
            workflow_key=it.workflow,
            request_id=it.key,
            workflow_slug=it.workflow_slug,
            partition_key=it.partition_key,
            state=RunRequestState(it.state),
            priority=it.priority,
            reason=it.reason,
            causes=json(it.causes),
            run_id=it.run,
            attempts=it.attempts,
            max_attempts=it.max_attempts,
            owner=it.owner,
            lease_until=instant(it.lease_until),
            due_at=DateTime(it.due_at),
            last_error=it.last_error,
            created_at=DateTime(it.created_at),
            updated_at=DateTime(it.updated_at),
            ended_at=instant(it.ended_at),
        )

    @strawberry.field(description="The newest of its runs.")
    async def run(self, info: Info) -> LazyRun:
        """The run."""
        return await walk.run(info, self.run_id)

    @strawberry.field(description="Whose run is asked for.")
    async def workflow(self, info: Info) -> LazyWorkflow:
        """The workflow."""
        return await walk.workflow(info, self.workflow_key)


async def run_requests(
    info: Info,
    first: First = PAGE,
    after: After = None,
    state: RunRequestState | None = None,
    workflow: Annotated[str | None, strawberry.argument(description="By its slug.")] = None,
) -> Connection[RunRequest]:
    """As GET /run-requests."""
    limit = check_first(first)
    key = None if workflow is None else workflow_key(workflow)
    wanted = None if state is None else RequestState(state.value)
    cursors = Cursors("run requests", key, wanted)
    start = cursors.text(after)
    page = await info.context.lineage.read(lambda tx: request_page(tx, limit, workflow=key, state=wanted, after=start))
    return Connection.of(
        [(RunRequest.of(each), cursors.seal(recency_of(each.created_at, each.key))) for each in page.requests],
        after=after,
        end=None if page.end is None else cursors.seal(page.end),
    )
