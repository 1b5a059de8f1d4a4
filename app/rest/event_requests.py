"""Which events a reader wants, as it is asked."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from app.rest.fields import RootAssetId, Slug
from graph.events.event import EventType
from graph.events.hub import MakeFilter
from graph.events.wanted import Wanted
from graph.rules.identifiers import ASSET_ID, check_asset_id

PATTERN = f"^{ASSET_ID.pattern}[*]?$"


def _asset_pattern(text: str) -> str:
    check_asset_id(text.removesuffix("*"), field="assets")
    return text


AssetPattern = Annotated[str, AfterValidator(_asset_pattern), WithJsonSchema({"type": "string", "pattern": PATTERN})]


class EventFilterQuery(BaseModel):
    """Which events; all that is given must hold."""

    types: Annotated[
        list[EventType], Field(max_length=50, description="Of these types; may be given several times.")
    ] = []
    assets: Annotated[
        list[AssetPattern],
        Field(max_length=100, description="Of these assets; `sales.*` stands for every id that begins so."),
    ] = []
    workflows: Annotated[list[Slug], Field(max_length=100, description="Of these workflows.")] = []
    upstreamOf: Annotated[
        RootAssetId | None, Field(description="Of this asset and of every one that it depends on, as declared.")
    ] = None

    def maker(self, cap: int) -> MakeFilter:
        """What makes the filter from the graph; `cap` is how many assets the way upstream may look at."""
        wanted = Wanted(
            types=tuple(each.value for each in self.types),
            assets=tuple(self.assets),
            workflows=tuple(self.workflows),
            upstream_of=self.upstreamOf,
        )
        return lambda tx: wanted.filter(tx, cap)


class EventsQuery(EventFilterQuery):
    """A page of events."""

    after: Annotated[int, Field(ge=0, le=2**53, description="`nextCursor` of the page before; 0 is the beginning.")] = 0
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100


class StreamQuery(EventFilterQuery):
    """Events as they come."""

    after: Annotated[
        int | None,
        Field(
            ge=0, le=2**53, description="Go on behind this number; `Last-Event-ID` says the same. Without: from now."
        ),
    ] = None
