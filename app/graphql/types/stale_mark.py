"""Stale marks."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import DateTime
from app.graphql.types import walk
from graph.store.marks import WorkflowMark

if TYPE_CHECKING:
    from app.graphql.types.workflow import Workflow

LazyWorkflow = Annotated["Workflow", strawberry.lazy("app.graphql.types.workflow")]


@strawberry.type(description="A workflow's word that a partition is not to be relied on, until it is produced again.")
class StaleMark:
    """A mark that stands."""

    workflow_key: strawberry.Private[str]
    partition_key: str | None = strawberry.field(description="Null for what is in no partition.")
    requested_at: DateTime
    requested_by: str | None = strawberry.field(description="The name of the token; null without.")
    note: str | None

    @classmethod
    def of(cls, it: WorkflowMark, partition_key: str | None) -> Self:
        """The mark as it is shown."""
        return cls(
            workflow_key=it.workflow,
            partition_key=partition_key,
            requested_at=DateTime(it.mark.requested_at),
            requested_by=it.mark.requested_by,
            note=it.mark.note,
        )

    @strawberry.field(description="In whose name it stands; only there it can be taken back.")
    async def workflow(self, info: Info) -> LazyWorkflow:
        """The workflow."""
        return await walk.workflow(info, self.workflow_key)
