"""The graph induced on a set of assets: every edge whose two ends are in it, those between siblings too."""

from collections.abc import Iterable

from graph.database import Transaction
from graph.questions.levels import Direction, Scope, one_hop
from graph.questions.lineage import LineageAsset, LineageEdge, LineageGraph
from graph.questions.names import asset_ids, named_steps


async def subgraph(tx: Transaction, keys: Iterable[str], scope: Scope) -> LineageGraph:
    """Those of the assets that exist, at distance 0, and the edges among them with their steps, at hop 1."""
    ids = await asset_ids(tx, keys)
    # From the produced side: a step names its inputs, but what it makes may have endless consumers.
    hops = await one_hop(tx, Direction.UPSTREAM, scope, sorted(ids))
    inner = sorted(hop for hop in hops if hop[0] in ids)
    return LineageGraph(
        assets=[LineageAsset(key, ids[key], 0, scope) for key in sorted(ids)],
        steps=await named_steps(tx, {step: 1 for _, step, _ in inner}, scope.at),
        edges=[LineageEdge(*hop, 1) for hop in inner],
        truncated=False,
        truncation_reason=None,
        depth_reached=0,
        total_known=len(ids),
    )
