"""Events, and what they changed. Fields that lead on cost nothing unless they are asked for."""

import enum
from collections.abc import Hashable
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from app.cloud_events import cloud_event_json
from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, Long
from app.graphql.types import walk
from app.graphql.types.freshness import Freshness
from app.graphql.types.pages import Connection
from graph.events.event import Event, EventType
from graph.questions.freshness_changes import VerdictChange
from graph.rules.identifiers import attempt_key

if TYPE_CHECKING:
    from app.graphql.types.asset import Asset
    from app.graphql.types.run import Run, StepRun
    from app.graphql.types.snapshot import Snapshot
    from app.graphql.types.workflow import Workflow

LazyAsset = Annotated["Asset", strawberry.lazy("app.graphql.types.asset")]
LazyRun = Annotated["Run", strawberry.lazy("app.graphql.types.run")]
LazyStepRun = Annotated["StepRun", strawberry.lazy("app.graphql.types.run")]
LazySnapshot = Annotated["Snapshot", strawberry.lazy("app.graphql.types.snapshot")]
LazyWorkflow = Annotated["Workflow", strawberry.lazy("app.graphql.types.workflow")]


Assets = Annotated[
    list[str] | None,
    strawberry.argument(description="Of these assets; `sales.*` stands for every id that begins so."),
]
Workflows = Annotated[list[str] | None, strawberry.argument(description="Of these workflows, by slug.")]
UpstreamOf = Annotated[
    str | None,
    strawberry.argument(description="Of this asset and of every one that it depends on, as declared."),
]
Types = Annotated[list[EventType] | None, strawberry.argument(description="Of these types.")]

strawberry.enum(EventType, description="What can happen.")


@strawberry.enum(description="What happens to an asset.")
class AssetEventType(enum.Enum):
    """Of an asset."""

    PRODUCED = EventType.ASSET_PRODUCED.value
    CHANGED = EventType.ASSET_CHANGED.value
    INVALID = EventType.ASSET_INVALID.value
    EXPIRED = EventType.ASSET_EXPIRED.value
    STALE_MARKED = EventType.ASSET_STALE_MARKED.value
    STALE_CLEARED = EventType.ASSET_STALE_CLEARED.value


@strawberry.enum(description="What happens in a run.")
class RunEventType(enum.Enum):
    """Of a run."""

    REQUESTED = EventType.RUN_REQUESTED.value
    STARTED = EventType.RUN_STARTED.value
    FINISHED = EventType.RUN_FINISHED.value
    REQUEST_ENDED = EventType.RUN_REQUEST_ENDED.value
    STEP_FINISHED = EventType.STEP_FINISHED.value


NUMBER = "Its number, without gaps among all events; `after` goes on behind it."
ID = "The number as text: stable, so that a repeat can be told."
DATA = "What else there is to say, as `GET /events` has it."


@strawberry.type(name="Event", description="Something that happened, whatever it was.")
class AnyEvent:
    """An event of any type."""

    event: strawberry.Private[Event]
    source: strawberry.Private[str]
    sequence: Long = strawberry.field(description=NUMBER)
    id: str = strawberry.field(description=ID)
    type: EventType
    time: DateTime = strawberry.field(description="When it was recorded.")
    asset_key: str | None
    workflow_key: str | None
    run_id: str | None
    step_id: str | None
    attempt: int | None
    partition_key: str | None
    version: int | None
    snapshot_id: str | None
    data: JSON = strawberry.field(description=DATA)

    @classmethod
    def of(cls, it: Event, source: str) -> Self:
        """The event as it is shown; `source` is the name of the database."""
        return cls(
            event=it,
            source=source,
            sequence=Long(it.seq),
            id=str(it.seq),
            type=EventType(it.type),
            time=DateTime(it.at),
            asset_key=it.asset,
            workflow_key=it.workflow,
            run_id=it.run,
            step_id=it.step,
            attempt=it.attempt,
            partition_key=it.partition,
            version=it.version,
            snapshot_id=it.snapshot,
            data=JSON(it.data),
        )

    @property
    def identity(self) -> Hashable:
        """What tells it from others of its type."""
        return self.sequence

    @strawberry.field(description="The whole event as a CloudEvent 1.0, as `GET /events` has it.")
    def cloud_event(self) -> JSON:
        """As JSON."""
        return JSON(cloud_event_json(self.event, self.source).decode())

    @strawberry.field(description="The asset that it is about, as it is now.")
    async def asset(self, info: Info) -> LazyAsset | None:
        """None where it is about none."""
        return None if self.asset_key is None else await walk.asset(info, self.asset_key)

    @strawberry.field(description="The workflow that it is about or came from, as it is now.")
    async def workflow(self, info: Info) -> LazyWorkflow | None:
        """None where there is none."""
        return None if self.workflow_key is None else await walk.workflow(info, self.workflow_key)

    @strawberry.field(description="The run that it is about or came from, as it is now.")
    async def run(self, info: Info) -> LazyRun | None:
        """None where there is none."""
        return None if self.run_id is None else await walk.run(info, self.run_id)


@strawberry.type(description="A page of events.")
class EventConnection(Connection[AnyEvent]):
    """A page, the newest first."""

    up_to: Long = strawberry.field(
        description="Every wanted event up to this number is on this page or behind it; a subscription goes on `after`."
    )


@strawberry.type(description="Something that happened to an asset.")
class AssetEvent:
    """An event about an asset."""

    workflow_key: strawberry.Private[str | None]
    sequence: Long = strawberry.field(description=NUMBER)
    id: str = strawberry.field(description=ID)
    type: AssetEventType
    time: DateTime = strawberry.field(description="When it was recorded.")
    asset_key: str
    partition_key: str | None
    version: int | None
    snapshot_id: str | None
    run_id: str | None
    step_id: str | None
    attempt: int | None
    data: JSON = strawberry.field(description=DATA)

    @classmethod
    def of(cls, it: Event) -> Self:
        """The event as it is shown."""
        assert it.asset is not None
        return cls(
            workflow_key=it.workflow,
            sequence=Long(it.seq),
            id=str(it.seq),
            type=AssetEventType(it.type),
            time=DateTime(it.at),
            asset_key=it.asset,
            partition_key=it.partition,
            version=it.version,
            snapshot_id=it.snapshot,
            run_id=it.run,
            step_id=it.step,
            attempt=it.attempt,
            data=JSON(it.data),
        )

    @property
    def identity(self) -> Hashable:
        """What tells it from others of its type."""
        return self.sequence

    @strawberry.field(description="What it happened to, as it is now.")
    async def asset(self, info: Info) -> LazyAsset:
        """The asset."""
        return await walk.asset(info, self.asset_key)

    @strawberry.field(description="The version that it is about.")
    async def snapshot(self, info: Info) -> LazySnapshot | None:
        """None where it is about none."""
        return None if self.snapshot_id is None else (await walk.snapshot_list(info, [self.snapshot_id]))[0]

    @strawberry.field(description="The run that it came from, as it is now.")
    async def run(self, info: Info) -> LazyRun | None:
        """None where it came from none."""
        return None if self.run_id is None else await walk.run(info, self.run_id)

    @strawberry.field(description="The workflow that it came from, as it is now.")
    async def workflow(self, info: Info) -> LazyWorkflow | None:
        """None where it came from none."""
        return None if self.workflow_key is None else await walk.workflow(info, self.workflow_key)


@strawberry.type(description="Something that happened in a run.")
class RunEvent:
    """An event of a run."""

    workflow_key: strawberry.Private[str]
    sequence: Long = strawberry.field(description=NUMBER)
    id: str = strawberry.field(description=ID)
    type: RunEventType
    time: DateTime = strawberry.field(description="When it was recorded.")
    run_id: str
    partition_key: str | None
    step_id: str | None = strawberry.field(description="Of the step that finished.")
    attempt: int | None
    data: JSON = strawberry.field(description=DATA)

    @classmethod
    def of(cls, it: Event) -> Self:
        """The event as it is shown."""
        assert it.run is not None
        assert it.workflow is not None
        return cls(
            workflow_key=it.workflow,
            sequence=Long(it.seq),
            id=str(it.seq),
            type=RunEventType(it.type),
            time=DateTime(it.at),
            run_id=it.run,
            partition_key=it.partition,
            step_id=it.step,
            attempt=it.attempt,
            data=JSON(it.data),
        )

    @property
    def identity(self) -> Hashable:
        """What tells it from others of its type."""
        return self.sequence

    @strawberry.field(description="The run, as it is now.")
    async def run(self, info: Info) -> LazyRun:
        """The run."""
        return await walk.run(info, self.run_id)

    @strawberry.field(description="The attempt that finished.")
    async def step_run(self, info: Info) -> LazyStepRun | None:
        """None where the event is about the whole run."""
        if self.step_id is None or self.attempt is None:
            return None
        return await walk.step_run(info, attempt_key(self.run_id, self.step_id, self.attempt))

    @strawberry.field(description="Whose run it is, as it is now.")
    async def workflow(self, info: Info) -> LazyWorkflow:
        """The workflow."""
        return await walk.workflow(info, self.workflow_key)


@strawberry.type(description="The state of an asset's freshness became another one.")
class FreshnessChange:
    """A change of state."""

    asset_key: str
    before: Freshness = strawberry.field(
        description="The verdict a millisecond before, by the version known then; "
        "of two changes in one millisecond, the verdict after the first."
    )
    after: Freshness = strawberry.field(description="The verdict at the instant.")

    @classmethod
    def of(cls, it: VerdictChange) -> Self:
        """The change as it is shown."""
        return cls(asset_key=it.asset, before=Freshness.of(it.before), after=Freshness.of(it.after))

    @strawberry.field(description="The asset, as it is now.")
    async def asset(self, info: Info) -> LazyAsset:
        """The asset."""
        return await walk.asset(info, self.asset_key)


@strawberry.type(description="What one event changed in how fresh assets are.")
class FreshnessEvent:
    """The changes that came with an event."""

    sequence: Long = strawberry.field(description="The event's number; `after` goes on behind it.")
    id: str = strawberry.field(description=ID)
    at: DateTime = strawberry.field(
        description="When: as the version was recorded, the limit passed, or the mark came or went."
    )
    changes: list[FreshnessChange]

    @classmethod
    def of(cls, event: Event, changes: list[VerdictChange]) -> Self:
        """The changes, one at least, as they are shown."""
        return cls(
            sequence=Long(event.seq),
            id=str(event.seq),
            at=DateTime(changes[0].at),
            changes=[FreshnessChange.of(each) for each in changes],
        )

    @property
    def identity(self) -> Hashable:
        """Readers with other filters see other changes of the same event."""
        return (self.sequence, *((each.asset_key, each.before.state) for each in self.changes))
