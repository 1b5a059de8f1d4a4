"""What lies between two assets: a shortest path, and everything on any way from the one to the other.

One traversal downstream from the first asset fetches every hop that can matter; the rest is worked out on it.
"""

import collections
import dataclasses
from collections.abc import Iterable

from graph.database import Transaction
from graph.errors import Unprocessable
from graph.questions.levels import Direction, Hop, Scope
from graph.questions.lineage import LineageAsset, LineageEdge, LineageQuestion, check_roots, traverse
from graph.questions.names import LineageStep, asset_ids, named_steps


@dataclasses.dataclass(slots=True)
class Between:
    """`path` is a shortest one, empty when there is none or the assets are the same; distances count from the first."""

    connected: bool
    path: list[LineageEdge]
    assets: list[LineageAsset]
    steps: list[LineageStep]
    edges: list[LineageEdge]


async def between(tx: Transaction, start: str, end: str, names: dict[str, str], scope: Scope, cap: int) -> Between:
    """Everything on any way downstream from `start` to `end` (keys; `names` their ids as asked for).

    Raises NotFound for an unknown asset, Unprocessable `traversal_too_large` with more than `cap` assets downstream.
    """
    await check_roots(tx, names)
    question = LineageQuestion({start: names[start]}, Direction.DOWNSTREAM, None, scope, limit=cap, cap=cap)
    walk = await traverse(tx, question)
    if walk.reason is not None:
        raise Unprocessable(
            "traversal_too_large",
            f"More than {cap} assets lie downstream of '{names[start]}'; ask for its lineage with a depth instead.",
        )
    if end not in walk.distances:
        return Between(False, [], [], [], [])
    on_the_way = _leading_to(end, walk.edges)
    hops = {hop: distance for hop, distance in walk.edges.items() if hop[0] in on_the_way and hop[2] in on_the_way}
    ids = await asset_ids(tx, on_the_way)
    assets = [LineageAsset(key, ids[key], walk.distances[key], scope) for key in on_the_way]
    steps: dict[str, int] = {}
    for (_, step, _), distance in hops.items():
        steps[step] = min(distance, steps.get(step, distance))
    return Between(
        connected=True,
        path=[LineageEdge(*hop, hops[hop]) for hop in shortest_path(start, end, hops)],
        assets=sorted(assets, key=lambda asset: (asset.distance, asset.key)),
        steps=await named_steps(tx, steps, scope.at),
        edges=[LineageEdge(*hop, distance) for hop, distance in sorted(hops.items())],
    )


def shortest_path(start: str, end: str, hops: Iterable[Hop]) -> list[Hop]:
    """A shortest way, the first by key among equals; empty when there is none, or none is needed."""
    leaving: dict[str, list[Hop]] = {}
    for hop in sorted(hops):
        leaving.setdefault(hop[0], []).append(hop)
    came_by: dict[str, Hop] = {}
    waiting = collections.deque([start])
    while waiting and end not in came_by and start != end:
        for hop in leaving.get(waiting.popleft(), ()):
            if hop[2] not in came_by and hop[2] != start:
                came_by[hop[2]] = hop
                waiting.append(hop[2])
    path: list[Hop] = []
    while end in came_by and (not path or path[-1][0] != start):
        path.append(came_by[path[-1][0] if path else end])
    return path[::-1]


def _leading_to(end: str, hops: Iterable[Hop]) -> set[str]:
    """The assets from which the hops lead to the end, itself included."""
    entering: dict[str, list[str]] = {}
    for source, _, target in hops:
        entering.setdefault(target, []).append(source)
    found = {end}
    waiting = [end]
    while waiting:
        for source in entering.get(waiting.pop(), ()):
            if source not in found:
                found.add(source)
                waiting.append(source)
    return found
