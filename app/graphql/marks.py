"""Setting stale marks and taking them back: as over REST, with the same rules and errors."""

from typing import Annotated

import strawberry

from app.graphql.context import Info
from app.graphql.inputs import checked
from app.graphql.types import walk
from app.graphql.types.asset import Asset
from app.graphql.types.failures import Conflict, InvalidInput, NotFound, TooLarge, Unprocessable
from app.graphql.written import written
from app.http.auth import REPORT
from app.rest.partition_requests import StaleRequest
from graph.rules.identifiers import asset_key, check_asset_id, check_slug

PartitionKey = Annotated[str | None, strawberry.argument(description="Required for a partitioned asset.")]
Note = Annotated[str | None, strawberry.argument(description="Why, in up to 500 characters.")]


@strawberry.type(description="An asset after a mark was set on it or taken back.")
class StaleMarkPayload:
    """What a write about a mark answers."""

    asset_key: strawberry.Private[str]
    partition_key: str | None

    @strawberry.field(description="The asset, with the marks that stand now.")
    async def asset(self, info: Info) -> Asset:
        """The asset."""
        return await walk.asset(info, self.asset_key)


StaleMarkResult = Annotated[
    StaleMarkPayload | InvalidInput | NotFound | Conflict | TooLarge | Unprocessable,
    strawberry.union("StaleMarkResult"),
]


async def mark_stale(
    info: Info, workflow: str, asset_id: str, partition_key: PartitionKey = None, note: Note = None
) -> StaleMarkResult:
    """As POST /workflows/{slug}/assets/{assetId}/stale."""

    async def write() -> StaleMarkPayload:
        slug, asset = check_slug(workflow, "workflow"), check_asset_id(asset_id)
        body = checked(StaleRequest, {"partitionKey": partition_key, "note": note})
        await info.context.lineage.curator.mark_stale(
            slug, asset, body.partitionKey, requested_by=info.context.principal.token_name, note=body.note
        )
        return StaleMarkPayload(asset_key=asset_key(asset), partition_key=body.partitionKey)

    return await written(info, REPORT, write)


async def clear_stale(info: Info, workflow: str, asset_id: str, partition_key: PartitionKey = None) -> StaleMarkResult:
    """As DELETE /workflows/{slug}/assets/{assetId}/stale."""

    async def write() -> StaleMarkPayload:
        slug, asset = check_slug(workflow, "workflow"), check_asset_id(asset_id)
        body = checked(StaleRequest, {"partitionKey": partition_key})
        await info.context.lineage.curator.clear_stale(
            slug, asset, body.partitionKey, cleared_by=info.context.principal.token_name
        )
        return StaleMarkPayload(asset_key=asset_key(asset), partition_key=body.partitionKey)

    return await written(info, REPORT, write)
