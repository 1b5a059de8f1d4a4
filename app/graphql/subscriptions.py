"""What is told as it happens: events by `graph.events.hub`, and what they changed."""

import contextlib
import dataclasses
from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry

from app.event_filters import LARGEST_NUMBER, wanted_events
from app.graphql.context import Info
from app.graphql.execution.streams import Interrupted
from app.graphql.scalars import Long
from app.graphql.types.event import (
    AnyEvent,
    AssetEvent,
    AssetEventType,
    Assets,
    FreshnessEvent,
    RunEvent,
    RunEventType,
    Types,
    UpstreamOf,
    Workflows,
)
from graph.errors import invalid
from graph.events.event import Event
from graph.events.filter import EventFilter
from graph.events.hub import DEFINITIONS
from graph.events.store import read_log
from graph.events.wanted import Wanted
from graph.questions.freshness_changes import TELLING, Told

After = Annotated[
    Long | None,
    strawberry.argument(description="Go on behind the event of this `sequence`; 0 is the beginning, null is now."),
]


@strawberry.type
class Subscription:
    """Every stream."""

    @strawberry.subscription(description="Whatever happens, in order; all filters must hold.")
    async def events(
        self,
        info: Info,
        types: Types = None,
        assets: Assets = None,
        workflows: Workflows = None,
        upstream_of: UpstreamOf = None,
        after: After = None,
    ) -> AsyncGenerator[AnyEvent, None]:
        """As they come."""
        wanted = wanted_events(
            types=[each.value for each in types or ()],
            assets=assets or (),
            workflows=workflows or (),
            upstream_of=upstream_of,
            cap=info.context.traversal,
        )
        source = (await info.context.lineage.read(read_log)).source
        async with contextlib.aclosing(_events(info, wanted, after)) as events:
            async for event in events:
                yield AnyEvent.of(event, source)

    @strawberry.subscription(description="What happens to assets, in order; all filters must hold.")
    async def asset_events(
        self,
        info: Info,
        types: list[AssetEventType] | None = None,
        assets: Assets = None,
        workflows: Workflows = None,
        upstream_of: UpstreamOf = None,
        after: After = None,
    ) -> AsyncGenerator[AssetEvent, None]:
        """As they come."""
        wanted = wanted_events(
            types=[each.value for each in types or AssetEventType],
            assets=assets or (),
            workflows=workflows or (),
            upstream_of=upstream_of,
            cap=info.context.traversal,
        )
        async with contextlib.aclosing(_events(info, wanted, after)) as events:
            async for event in events:
                yield AssetEvent.of(event)

    @strawberry.subscription(description="What happens in runs, in order; all filters must hold.")
    async def run_events(
        self,
        info: Info,
        types: list[RunEventType] | None = None,
        workflows: Workflows = None,
        after: After = None,
    ) -> AsyncGenerator[RunEvent, None]:
        """As they come."""
        wanted = wanted_events(
            types=[each.value for each in types or RunEventType],
            workflows=workflows or (),
            cap=info.context.traversal,
        )
        async with contextlib.aclosing(_events(info, wanted, after)) as events:
            async for event in events:
                yield RunEvent.of(event)

    @strawberry.subscription(
        description="The state of an asset's freshness became another one: with a production of it, with one of an "
        "asset right upstream (which may put it out of date; looked for in 1,000 assets at most), or because the first "
        "of its limits passed. What only a new definition or a later limit changes is not told. `workflows` are those "
        "whose production, or whose version that expired, changed it."
    )
    async def freshness_changes(
        self,
        info: Info,
        assets: Assets = None,
        workflows: Workflows = None,
        upstream_of: UpstreamOf = None,
        after: After = None,
    ) -> AsyncGenerator[FreshnessEvent, None]:
        """As they come."""
        lineage, told = info.context.lineage, Told()
        wanted = wanted_events(
            assets=assets or (), workflows=workflows or (), upstream_of=upstream_of, cap=info.context.traversal
        )
        chosen = await lineage.events.work_out(wanted)
        # The asset that changed may be another one than the event's, so the filter comes behind the verdicts.
        telling = Wanted(EventFilter(types=TELLING | DEFINITIONS))
        async with contextlib.aclosing(_events(info, telling, after)) as events:
            async for event in events:
                if event.type in DEFINITIONS:
                    chosen = await lineage.events.work_out(wanted)
                    continue
                changes = [
                    new
                    for change in await lineage.verdict_changes(event)
                    if chosen.matches(dataclasses.replace(event, asset=change.asset)) and (new := told.of(change))
                ]
                if changes:
                    yield FreshnessEvent.of(event, changes)


async def _events(info: Info, wanted: Wanted, after: int | None) -> AsyncGenerator[Event, None]:
    """The events one by one, until the service stops."""
    context = info.context
    if after is not None and not 0 <= after <= LARGEST_NUMBER:
        raise invalid("after", f"'after' is the number of an event, or 0; {after} came.")
    # A browser that comes back asks the same, and says besides how far it got.
    start = after if context.resumed is None else context.resumed
    async with contextlib.aclosing(context.lineage.events.follow(wanted, start)) as batches:
        async for events in batches:
            for event in events:
                yield event
    raise Interrupted
