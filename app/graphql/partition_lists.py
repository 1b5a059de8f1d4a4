"""The partitions of an asset as a workflow declares them, those that were never produced too."""

from typing import Annotated

import orjson
import strawberry

from app.graphql.context import Info
from app.graphql.inputs import checked
from app.graphql.scalars import JSON, json
from app.graphql.types.asset import Partition
from app.rest.partition_requests import PartitionsQuery
from graph.rules.identifiers import asset_key, check_asset_id, check_slug, partition_key, workflow_key
from graph.store.partitions import PartitionsQuestion, partitions_page

Lookback = Annotated[
    int | None,
    strawberry.argument(
        description="Time windows that are listed, produced or not, 1 to 10,000; else as declared, else 50."
    ),
]


@strawberry.type(description="A stretch of an asset's partitions: windows newest first, else as declared or by key.")
class PartitionList:
    """Some of them."""

    partitioning: JSON | None = strawberry.field(description="As it is declared; null for an asset without any.")
    nodes: list[Partition]
    total: int = strawberry.field(description="How many there are in all.")


async def partitions(
    info: Info,
    workflow: Annotated[str, strawberry.argument(description="The slug of one that declares the asset.")],
    asset_id: str,
    limit: Annotated[int, strawberry.argument(description="How many, 1 to 200.")] = 50,
    offset: Annotated[int, strawberry.argument(description="How many are passed over.")] = 0,
    lookback: Lookback = None,
) -> PartitionList:
    """As GET /workflows/{slug}/assets/{assetId}/partitions."""
    lineage = info.context.lineage
    given = {"limit": limit, "offset": offset, "lookback": lookback}
    query = checked(PartitionsQuery, {name: value for name, value in given.items() if value is not None})
    asset = asset_key(check_asset_id(asset_id))
    asked = PartitionsQuestion(
        workflow=workflow_key(check_slug(workflow, "workflow")),
        asset=asset,
        asset_id=asset_id,
        limit=query.limit,
        offset=query.offset,
        now=lineage.clock(),
        lookback=query.lookback,
    )
    page = await lineage.read(lambda tx: partitions_page(tx, lineage.documents, asked))
    return PartitionList(
        partitioning=json(orjson.dumps(page.partitioning.as_document()).decode()) if page.partitioning else None,
        nodes=[
            Partition(
                asset_key=asset,
                series=partition_key(asset, each.partition_key),
                partition_key=each.partition_key,
                versions=each.versions,
            )
            for each in page.partitions
        ],
        total=page.total,
    )
