"""The partitions of an asset as a workflow declares them, those that were never produced too."""

from typing import Annotated

import orjson
import strawberry

from app.graphql.context import Info
from app.graphql.inputs import checked
from app.graphql.scalars import JSON, json
from app.graphql.types.asset import Partition
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from app.rest.partition_requests import PartitionsQuery
from graph.rules.identifiers import asset_key, check_asset_id, check_slug, partition_key, workflow_key
from graph.store.partitions import PartitionsQuestion, partitions_page

DeclaringWorkflow = Annotated[str, strawberry.argument(description="The slug of one that declares the asset.")]
Lookback = Annotated[
    int | None,
    strawberry.argument(
        description="Time windows that are listed, produced or not, 1 to 10,000; else as declared, else 50."
    ),
]


@strawberry.type(description="A page of an asset's partitions: windows newest first, else as declared or by key.")
class DeclaredPartitions(Connection[Partition]):
    """A page."""

    partitioning: JSON | None = strawberry.field(description="As it is declared; null for an asset without any.")
    total_count: int = strawberry.field(description="How many there are on all pages.")


async def partitions(
    info: Info,
    workflow: DeclaringWorkflow,
    asset_id: str,
    first: First = PAGE,
    after: After = None,
    lookback: Lookback = None,
) -> DeclaredPartitions:
    """As GET /workflows/{slug}/assets/{assetId}/partitions."""
    lineage = info.context.lineage
    slug, asset = workflow_key(check_slug(workflow, "workflow")), asset_key(check_asset_id(asset_id))
    query = checked(PartitionsQuery, {"limit": check_first(first), "lookback": lookback})
    cursors = Cursors("declared partitions", slug, asset, query.lookback)
    (offset,) = cursors.numbers(after, 1) or [0]
    asked = PartitionsQuestion(
        workflow=slug,
        asset=asset,
        asset_id=asset_id,
        limit=query.limit,
        offset=offset,
        now=info.context.now,
        lookback=query.lookback,
    )
    page = await lineage.read(lambda tx: partitions_page(tx, lineage.documents, asked))
    nodes = [
        Partition(
            asset_key=asset,
            series=partition_key(asset, each.partition_key),
            partition_key=each.partition_key,
            versions=each.versions,
        )
        for each in page.partitions
    ]
    end = offset + len(nodes)
    return DeclaredPartitions.of(
        [(node, cursors.seal([offset + place])) for place, node in enumerate(nodes, start=1)],
        after=after,
        end=cursors.seal([end]) if nodes and end < page.total else None,
        partitioning=json(orjson.dumps(page.partitioning.as_document()).decode()) if page.partitioning else None,
        total_count=page.total,
    )
