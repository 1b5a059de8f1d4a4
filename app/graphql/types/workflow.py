"""Workflows, their revisions, steps, assets and runs."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, Long, instant
from app.graphql.types import run as runs
from app.graphql.types import walk
from app.graphql.types.enums import Statuses
from app.graphql.types.node import Node, global_id
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first, numbers_below
from graph import records
from graph.registry.apply import revision_key

if TYPE_CHECKING:
    from app.graphql.types.asset import AssetConnection
    from app.graphql.types.run import Run
    from app.graphql.types.step import Step

LazyAssetConnection = Annotated["AssetConnection", strawberry.lazy("app.graphql.types.asset")]
LazyRun = Annotated["Run", strawberry.lazy("app.graphql.types.run")]
LazyStep = Annotated["Step", strawberry.lazy("app.graphql.types.step")]


@strawberry.type(description="A workflow as it is defined now.")
class Workflow(Node):
    """A workflow."""

    key: strawberry.Private[str]
    runs_count: int = strawberry.field(description="How many runs there ever were.")
    workflow_id: str
    slug: str
    name: str
    version: Long = strawberry.field(description="As declared, else the revision.")
    description: str | None
    revision: int = strawberry.field(description="1, 2, 3 …: how often its definition was changed.")
    created_at: DateTime
    updated_at: DateTime
    deleted_at: DateTime | None

    @classmethod
    def of(cls, it: records.Workflow) -> Self:
        """The workflow as it is shown."""
        return cls(
            id=global_id("Workflow", it.key),
            key=it.key,
            runs_count=it.runs,
            workflow_id=it.id,
            slug=it.slug,
            name=it.name,
            version=Long(it.revision if it.version is None else it.version),
            description=it.description,
            revision=it.revision,
            created_at=DateTime(it.created_at),
            updated_at=DateTime(it.updated_at),
            deleted_at=instant(it.deleted_at),
        )

    @strawberry.field(description="Its newest definition, as sent.")
    async def definition(self, info: Info) -> JSON:
        """As sent."""
        found = await info.context.loaders.revisions.load(revision_key(self.key, self.revision))
        return JSON(walk.present(found).definition)

    @strawberry.field(description="Its definitions, the newest first, those before a deletion included.")
    async def revisions(self, info: Info, first: First = PAGE, after: After = None) -> Connection["Revision"]:
        """A page; revisions are numbered without gaps."""
        cursors = Cursors("revisions", self.key)
        numbers, more = numbers_below(cursors.numbers(after, 1), self.revision, first)
        keys = [revision_key(self.key, number) for number in numbers]
        found = await info.context.loaders.revisions.load_many(keys)
        page = [(Revision.of(it), cursors.seal([it.revision])) for it in map(walk.present, found)]
        return Connection.of(page, after=after, end=page[-1][1] if more else None)

    @strawberry.field(description="The steps of its newest definition, by id.")
    async def steps(
        self,
        info: Info,
        inactive: Annotated[bool, strawberry.argument(description="And those that it does not have any more.")] = False,
    ) -> list[LazyStep]:
        """By id."""
        found = await info.context.loaders.steps_of_workflow.load(self.key)
        return walk.steps_shown(step for step in found if step.active or inactive)

    @strawberry.field(description="The assets that it declares or ever produced, by key.")
    async def assets(self, info: Info, first: First = PAGE, after: After = None) -> LazyAssetConnection:
        """A page."""
        limit = check_first(first)
        cursors = Cursors("assets of", self.key)
        start = cursors.text(after)
        own = await info.context.loaders.assets_of_workflow.load(self.key)
        keys = [key for key in own if key > start]
        found = await walk.asset_list(info, keys[:limit])
        page = [(asset, cursors.seal(asset.key)) for asset in found]
        end = page[-1][1] if len(keys) > limit else None
        return walk.asset_page(page, after=after, end=end, total=len(own))

    @strawberry.field(description="Its runs, the newest first.")
    async def runs(
        self, info: Info, first: First = PAGE, after: After = None, status: Statuses = None
    ) -> Connection[LazyRun]:
        """A page; runs are numbered without gaps."""
        return await runs.runs_of_workflow(info, self.key, self.runs_count, first, after, status)


@strawberry.type(description="One definition of a workflow, and while it held.")
class Revision:
    """A revision."""

    revision: int
    definition: JSON = strawberry.field(description="As sent.")
    digest: str
    valid_from: DateTime
    valid_to: DateTime | None = strawberry.field(description="Null while it holds.")

    @classmethod
    def of(cls, it: records.Revision) -> Self:
        """The revision as it is shown."""
        return cls(
            revision=it.revision,
            definition=JSON(it.definition),
            digest=it.digest,
            valid_from=DateTime(it.valid_from),
            valid_to=instant(it.valid_to),
        )
