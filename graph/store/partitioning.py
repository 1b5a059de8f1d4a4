"""How an asset is partitioned, by what is declared of it now."""

from pydantic import TypeAdapter

from graph.database import Transaction
from graph.declarations.partitioning import Partitioning
from graph.store.assets import PRODUCERS, declarations_by_asset
from graph.store.inventory import WorkflowAsset

_PARTITIONING: TypeAdapter[Partitioning] = TypeAdapter(Partitioning)


async def partitioning_of(tx: Transaction, asset: WorkflowAsset) -> Partitioning | None:
    """What the workflow's own producers declare, else those of any workflow, else its consumers; None: no partitions.

    Assets are shared: a workflow that only consumes one need not repeat how it is partitioned.
    """
    own = next((each.declaration.partitioning for each in asset.producers if each.declaration.partitioning), None)
    if own is not None:
        return own
    for each in (await declarations_by_asset(tx, PRODUCERS, [asset.key])).get(asset.key, ()):
        if "partitioning" in each.said:
            return _PARTITIONING.validate_python(each.said["partitioning"])
    return next((each.declaration.partitioning for each in asset.consumers if each.declaration.partitioning), None)
