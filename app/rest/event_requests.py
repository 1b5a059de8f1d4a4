"""Which events a reader wants, as it is asked."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from app.event_filters import LARGEST_NUMBER, MOST_NAMES, MOST_TYPES, check_asset_pattern, wanted_events
from app.rest.fields import RootAssetId, Slug
from graph.events.event import EventType
from graph.events.wanted import Wanted
from graph.rules.identifiers import ASSET_ID

PATTERN = f"^{ASSET_ID.pattern}[*]?$"

AssetPattern = Annotated[
    str, AfterValidator(check_asset_pattern), WithJsonSchema({"type": "string", "pattern": PATTERN})
]


class EventFilterQuery(BaseModel):
    """Which events; all that is given must hold."""

    types: Annotated[
        list[EventType], Field(max_length=MOST_TYPES, description="Of these types; may be given several times.")
    ] = []
    assets: Annotated[
        list[AssetPattern],
        Field(max_length=MOST_NAMES, description="Of these assets; `sales.*` stands for every id that begins so."),
    ] = []
    workflows: Annotated[list[Slug], Field(max_length=MOST_NAMES, description="Of these workflows.")] = []
    upstreamOf: Annotated[
        RootAssetId | None, Field(description="Of this asset and of every one that it depends on, as declared.")
    ] = None

    def wanted(self, cap: int) -> Wanted:
        """What the graph makes a filter of; `cap` is how many assets the way upstream may look at."""
        return wanted_events(
            types=(each.value for each in self.types),
            assets=self.assets,
            workflows=self.workflows,
            upstream_of=self.upstreamOf,
            cap=cap,
        )


class EventsQuery(EventFilterQuery):
    """A page of events."""

    after: Annotated[
        int, Field(ge=0, le=LARGEST_NUMBER, description="`nextCursor` of the page before; 0 is the beginning.")
    ] = 0
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100


class StreamQuery(EventFilterQuery):
    """Events as they come."""

    after: Annotated[
        int | None,
        Field(
            ge=0,
            le=LARGEST_NUMBER,
            description="Go on behind this number; `Last-Event-ID` says the same and wins. Without: from now.",
        ),
    ] = None
