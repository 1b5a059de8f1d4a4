"""Snapshots: the versions of an asset."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, json
from app.graphql.types import walk
from app.graphql.types.enums import StepStatus
from app.graphql.types.node import Node, global_id
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from graph import records
from graph.rules.identifiers import attempt_key, partition_key, step_key
from graph.store.history import Position, Selection, history

if TYPE_CHECKING:
    from app.graphql.types.asset import Asset
    from app.graphql.types.run import Run, StepRun
    from app.graphql.types.step import Step

LazyAsset = Annotated["Asset", strawberry.lazy("app.graphql.types.asset")]
LazyRun = Annotated["Run", strawberry.lazy("app.graphql.types.run")]
LazyStepRun = Annotated["StepRun", strawberry.lazy("app.graphql.types.run")]
LazyStep = Annotated["Step", strawberry.lazy("app.graphql.types.step")]


@strawberry.type(description="One version of an asset: what one attempt at a step left behind.")
class Snapshot(Node):
    """A version."""

    asset_key: strawberry.Private[str]
    workflow_key: strawberry.Private[str]
    schema_digest: strawberry.Private[str | None]
    snapshot_id: str
    asset_id: str
    partition_key: str | None
    version: int = strawberry.field(description="1, 2, 3 … by arrival, per asset and partition.")
    produced_at: DateTime
    created_at: DateTime = strawberry.field(description="When it was reported.")
    payload: JSON
    payload_digest: str
    valid: bool = strawberry.field(description="Whether the payload fits its schema.")
    violations: JSON = strawberry.field(description="Where it does not: a list of `path`, `message` and `keyword`.")
    freshness: JSON | None = strawberry.field(description="The limits that it was produced under.")
    run_id: str
    workflow_slug: str
    step_id: str
    step_name: str
    step_status: StepStatus
    attempt: int

    @classmethod
    def of(cls, it: records.Snapshot) -> Self:
        """The version as it is shown."""
        return cls(
            id=global_id("Snapshot", it.key),
            asset_key=it.asset,
            workflow_key=it.workflow,
            schema_digest=it.schema,
            snapshot_id=it.key,
            asset_id=it.asset_id,
            partition_key=it.partition_key,
            version=it.version,
            produced_at=DateTime(it.produced_at),
            created_at=DateTime(it.created_at),
            payload=JSON(it.payload),
            payload_digest=it.digest,
            valid=it.valid,
            violations=JSON(it.violations or "[]"),
            freshness=json(it.freshness),
            run_id=it.run,
            workflow_slug=it.workflow_slug,
            step_id=it.step_id,
            step_name=it.step_name,
            step_status=StepStatus(it.step_status),
            attempt=it.attempt,
        )

    @strawberry.field(description="The JSON Schema that the payload was held against.")
    async def schema(self, info: Info) -> JSON | None:
        """None without one."""
        if self.schema_digest is None:
            return None
        return json(walk.present(await info.context.loaders.schemas.load(self.schema_digest)))

    @strawberry.field(description="What it is a version of.")
    async def asset(self, info: Info) -> LazyAsset:
        """The asset."""
        return await walk.asset(info, self.asset_key)

    @strawberry.field(description="The run that emitted it.")
    async def run(self, info: Info) -> LazyRun:
        """The run."""
        return await walk.run(info, self.run_id)

    @strawberry.field(description="The step that emitted it.")
    async def step(self, info: Info) -> LazyStep:
        """The step."""
        return await walk.step(info, step_key(self.workflow_key, self.step_id))

    @strawberry.field(description="The attempt at the step that emitted it.")
    async def step_run(self, info: Info) -> LazyStepRun:
        """The attempt."""
        return await walk.step_run(info, attempt_key(self.run_id, self.step_id, self.attempt))

    @strawberry.field(description="The versions that it was made from, by id; one hop.")
    async def derived_from(self, info: Info) -> list["Snapshot"]:
        """By id."""
        return await walk.snapshot_list(info, await info.context.loaders.sources.load(self.snapshot_id))

    @strawberry.field(description="The versions that were made from it, by id; one hop.")
    async def derivatives(self, info: Info, first: First = PAGE, after: After = None) -> Connection["Snapshot"]:
        """A page."""
        cursors = Cursors("derivatives", self.snapshot_id)
        ask = (self.snapshot_id, check_first(first) + 1, cursors.text(after))
        keys = await info.context.loaders.derivatives.load(ask)
        found = await walk.snapshot_list(info, keys[:first])
        page = [(each, cursors.seal(each.snapshot_id)) for each in found]
        return Connection.of(page, after=after, end=page[-1][1] if len(keys) > first else None)


async def history_of(info: Info, asset: str, series: str | None, first: int, after: str | None) -> Connection[Snapshot]:
    """A page of an asset's versions, or of one partition's (`series`).

    First pages of many are read at once; a page behind a cursor is one asset's alone.
    """
    limit = check_first(first)
    cursors = Cursors("history", asset, series)
    place = cursors.numbers(after, 2)
    if place is not None:
        whole = partition_key(asset, None)
        position = Position(place[0], series or (whole if place[1] else ""), place[1])
        selection = Selection(asset, series)
        lineage = info.context.lineage
        views, more = await lineage.read(lambda tx: history(tx, lineage.documents, selection, limit, position))
        found = [view.snapshot for view in views]
    else:
        newest = info.context.loaders.newest_of_asset if series is None else info.context.loaders.newest_of_partition
        found = await newest.load((series or asset, limit + 1))
        more = len(found) > limit
    page = [
        # The version number helps to begin the next page where all versions stand in one series.
        (Snapshot.of(it), cursors.seal([it.order, it.version if series or it.partition_key is None else 0]))
        for it in found[:limit]
    ]
    return Connection.of(page, after=after, end=page[-1][1] if more else None)
