"""Assets, what steps declare of them, and their partitions."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, json
from app.graphql.types import walk
from app.graphql.types.enums import Importance
from app.graphql.types.freshness import Freshness
from app.graphql.types.node import Node, global_id
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from app.graphql.types.snapshot import Snapshot, history_of
from app.graphql.types.stale_mark import StaleMark
from graph.rules.identifiers import partition_key as series_key
from graph.store.assets import AssetFacts, Declared, PartitionFacts, said_of

if TYPE_CHECKING:
    from app.graphql.types.step import Step

LazyStep = Annotated["Step", strawberry.lazy("app.graphql.types.step")]


@strawberry.type(description="What workflows leave behind: a table, a file, a report, known by its id.")
class Asset(Node):
    """An asset."""

    key: str = strawberry.field(description="The id without case, by which assets are told apart.")
    asset_id: str = strawberry.field(description="The id as first declared.")
    productions: int = strawberry.field(description="How many versions there are, over all partitions.")

    @classmethod
    def of(cls, facts: AssetFacts) -> Self:
        """The asset as it is shown."""
        return cls(
            id=global_id("Asset", facts.key), key=facts.key, asset_id=facts.asset_id, productions=facts.productions
        )

    @strawberry.field(description="Which steps declare to produce it, of any workflow.")
    async def producers(self, info: Info) -> list["Declaration"]:
        """By step."""
        return [Declaration.of(each) for each in await info.context.loaders.producers.load(self.key)]

    @strawberry.field(description="Which steps declare to consume it, of any workflow.")
    async def consumers(self, info: Info) -> list["Declaration"]:
        """By step."""
        return [Declaration.of(each) for each in await info.context.loaders.consumers.load(self.key)]

    @strawberry.field(description="What a producer declares of it.")
    async def description(self, info: Info) -> str | None:
        """The first producer's that says something."""
        said = [each.said.get("description") for each in await info.context.loaders.producers.load(self.key)]
        return next(filter(None, said), None)

    @strawberry.field(description="The owners that its producers declare.")
    async def owners(self, info: Info) -> list[str]:
        """Sorted."""
        said = [each.said.get("owner") for each in await info.context.loaders.producers.load(self.key)]
        return sorted({*filter(None, said)})

    @strawberry.field(description="The tags that its producers declare.")
    async def tags(self, info: Info) -> list[str]:
        """Sorted."""
        producers = await info.context.loaders.producers.load(self.key)
        return sorted({tag for each in producers for tag in each.said.get("tags", ())})

    @strawberry.field(description="The greatest importance that a producer declares.")
    async def importance(self, info: Info) -> Importance | None:
        """The greatest."""
        order = list(Importance)
        producers = await info.context.loaders.producers.load(self.key)
        said = [Importance(each.said["importance"]) for each in producers if "importance" in each.said]
        return max(said, key=order.index, default=None)

    @strawberry.field(description="The newest version by `producedAt`, by whichever workflow.")
    async def latest(self, info: Info) -> Snapshot | None:
        """None when it was never produced."""
        found = await info.context.loaders.latest.load(self.key)
        return Snapshot.of(found) if found else None

    @strawberry.field(
        description="Its versions, newest `producedAt` first; with a partition key those of one partition."
    )
    async def history(
        self, info: Info, first: First = PAGE, after: After = None, partition_key: str | None = None
    ) -> Connection[Snapshot]:
        """A page."""
        series = None if partition_key is None else series_key(self.key, partition_key)
        return await history_of(info, self.key, series, first, after)

    @strawberry.field(description="Its partitions by key; an asset without partitions has one without a key.")
    async def partitions(self, info: Info, first: First = PAGE, after: After = None) -> Connection["Partition"]:
        """A page."""
        cursors = Cursors("partitions", self.key)
        ask = (self.key, check_first(first) + 1, cursors.text(after))
        found = await info.context.loaders.partitions.load(ask)
        page = [(Partition.of(each), cursors.seal(each.key)) for each in found[:first]]
        return Connection.of(page, after=after, end=page[-1][1] if len(found) > first else None)

    @strawberry.field(description="The stale marks on it or on partitions of it, the newest first; 1,000 at the most.")
    async def stale_partitions(self, info: Info) -> list[StaleMark]:
        """Of any workflow."""
        found = await info.context.loaders.marks_of_asset.load(self.key)
        return [StaleMark.of(mark, partition) for partition, mark in found]

    @strawberry.field(description="The verdict on its newest version.")
    async def freshness(self, info: Info) -> Freshness:
        """As of now."""
        verdict = await info.context.loaders.verdicts.load(self.key)
        assert verdict is not None
        return Freshness.of(verdict)


@strawberry.type(description="A page of assets.")
class AssetConnection(Connection[Asset]):
    """A page; `count` counts them all when that is asked for."""

    count: strawberry.Private[Callable[[], Awaitable[int | None]]]

    @strawberry.field(description="How many there are on all pages; null where that would take too long to find out.")
    async def total_count(self) -> int | None:
        """All."""
        return await self.count()


@strawberry.type(description="What a step declares of an asset that it produces or consumes.")
class Declaration:
    """A declared edge."""

    step_key: strawberry.Private[str]
    asset_key: strawberry.Private[str]
    since: DateTime
    schema: JSON | None
    freshness: JSON | None
    auto_materialize: JSON | None
    partitioning: JSON | None
    description: str | None
    owner: str | None
    tags: list[str]
    importance: Importance | None

    @classmethod
    def of(cls, declared: Declared) -> Self:
        """The declaration as it is shown."""
        said = declared.said
        return cls(
            step_key=declared.step,
            asset_key=declared.asset,
            since=DateTime(declared.since),
            schema=json(said_of(declared, "schema")),
            freshness=json(said_of(declared, "freshness")),
            auto_materialize=json(said_of(declared, "autoMaterialize")),
            partitioning=json(said_of(declared, "partitioning")),
            description=said.get("description"),
            owner=said.get("owner"),
            tags=list(said.get("tags", ())),
            importance=Importance(said["importance"]) if "importance" in said else None,
        )

    @strawberry.field(description="The step that declares it.")
    async def step(self, info: Info) -> LazyStep:
        """The step."""
        return await walk.step(info, self.step_key)

    @strawberry.field(description="The asset that it is about.")
    async def asset(self, info: Info) -> Asset:
        """The asset."""
        return await walk.asset(info, self.asset_key)


@strawberry.type(description="One series of versions of an asset.")
class Partition:
    """A partition."""

    asset_key: strawberry.Private[str]
    series: strawberry.Private[str]
    partition_key: str | None = strawberry.field(description="Null for what is in no partition.")
    versions: int = strawberry.field(description="How many versions there are.")

    @classmethod
    def of(cls, facts: PartitionFacts) -> Self:
        """The partition as it is shown."""
        return cls(asset_key=facts.asset, series=facts.key, partition_key=facts.partition_key, versions=facts.versions)

    @strawberry.field(description="Its newest version by `producedAt`.")
    async def latest(self, info: Info) -> Snapshot | None:
        """None when all that is known of it is its key."""
        found = await info.context.loaders.latest_of_partition.load(self.series)
        return Snapshot.of(found) if found else None

    @strawberry.field(description="Its versions, newest `producedAt` first.")
    async def history(self, info: Info, first: First = PAGE, after: After = None) -> Connection[Snapshot]:
        """A page."""
        return await history_of(info, self.asset_key, self.series, first, after)

    @strawberry.field(description="Whether a stale mark stands on it.")
    async def is_stale(self, info: Info) -> bool:
        """Of any workflow."""
        return bool(await info.context.loaders.marks_of_partition.load(self.series))

    @strawberry.field(description="The stale marks on it, one for each workflow, the oldest first.")
    async def stale_marks(self, info: Info) -> list[StaleMark]:
        """Of any workflow."""
        found = await info.context.loaders.marks_of_partition.load(self.series)
        return [StaleMark.of(mark, self.partition_key) for mark in found]
