"""Which events a reader wants, as it is asked."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema

from app.rest.fields import RootAssetId, Slug
from graph.database import Transaction
from graph.events.event import EventType
from graph.events.filter import EventFilter
from graph.events.hub import MakeFilter
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, check_roots, traverse
from graph.rules.identifiers import ASSET_ID, asset_key, check_asset_id, workflow_key

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
        plain = EventFilter(
            types=frozenset(each.value for each in self.types),
            assets=tuple(asset.lower() for asset in self.assets),
            workflows=frozenset(workflow_key(slug) for slug in self.workflows),
        )

        async def make(tx: Transaction) -> EventFilter:
            if self.upstreamOf is None:
                return plain
            roots = {asset_key(self.upstreamOf): self.upstreamOf}
            await check_roots(tx, roots)
            walk = await traverse(tx, LineageQuestion(roots, Direction.UPSTREAM, limit=cap, cap=cap))
            return EventFilter(plain.types, plain.assets, plain.workflows, frozenset(walk.distances))

        return make


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
