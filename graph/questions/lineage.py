"""The lineage of assets: everything upstream, downstream or both, with distances, and an exact word when it was cut.

What hop, distance, depth, both, cut and as-of mean: docs/decisions/0002-questions-and-graphql.md.
"""

import dataclasses
import enum
from collections.abc import Iterable

from graph.database import Transaction
from graph.errors import InvalidInput, NotFound
from graph.questions.levels import Direction, Hop, Scope, one_hop
from graph.questions.names import LineageStep, asset_ids, named_steps

EXISTING = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
RETURN collect(a.key) AS keys
"""

FIRST_DEFINITION = """
MATCH (v:Revision)
WHERE v.validFrom <= $at
RETURN v.key AS key LIMIT 1
"""


class TruncationReason(enum.Enum):
    """Why an answer holds less than there is."""

    LIMIT = "LIMIT"
    """The question's own limit of assets."""
    TRAVERSAL = "TRAVERSAL"
    """The service's setting of how far one question may go."""


@dataclasses.dataclass(frozen=True, slots=True)
class LineageQuestion:
    """`roots` maps asset keys to the ids that were asked for; `depth` None goes to the end.

    `limit` is how many assets the answer may hold, `cap` how many the traversal may look at to count the rest.
    """

    roots: dict[str, str]
    direction: Direction = Direction.BOTH
    depth: int | None = None
    scope: Scope = dataclasses.field(default_factory=Scope)
    limit: int = 10_000
    cap: int = 100_000


@dataclasses.dataclass(slots=True)
class LineageAsset:
    """An asset and its hops from the nearest root; `scope` is what was asked, for what is asked of the asset next."""

    key: str
    asset_id: str
    distance: int
    scope: Scope = dataclasses.field(default_factory=Scope)


@dataclasses.dataclass(slots=True)
class LineageEdge:
    """A step that consumes one asset and produces another, and the hop at which it was met."""

    source: str
    step: str
    target: str
    distance: int


@dataclasses.dataclass(slots=True)
class LineageGraph:
    """Assets by distance and key, steps and edges by key. `total_known` counts all assets, None where unknown."""

    assets: list[LineageAsset]
    steps: list[LineageStep]
    edges: list[LineageEdge]
    truncated: bool
    truncation_reason: TruncationReason | None
    depth_reached: int
    total_known: int | None


async def lineage(tx: Transaction, question: LineageQuestion) -> LineageGraph:
    """The answer; NotFound `asset_not_found` when a root does not exist."""
    await check_roots(tx, question.roots)
    walk = await traverse(tx, question)
    ids = await asset_ids(tx, walk.distances)
    assets = [LineageAsset(key, ids[key], distance, question.scope) for key, distance in walk.distances.items()]
    assets.sort(key=lambda asset: (asset.distance, asset.key))
    return LineageGraph(
        assets=assets,
        steps=await named_steps(tx, walk.steps, question.scope.at),
        edges=[LineageEdge(*hop, distance) for hop, distance in sorted(walk.edges.items())],
        truncated=walk.reason is not None,
        truncation_reason=walk.reason,
        depth_reached=walk.depth_reached,
        total_known=walk.total,
    )


async def check_roots(tx: Transaction, roots: dict[str, str]) -> None:
    """NotFound for the first root that no one has declared or produced."""
    row = await tx.row(EXISTING, {"keys": sorted(roots)})
    known = set(row["keys"]) if row else set()
    for key, asset_id in roots.items():
        if key not in known:
            raise NotFound("asset_not_found", f"No asset '{asset_id}' is known.", details={"assetId": asset_id})


async def check_instant(tx: Transaction, at: int, now: int) -> None:
    """InvalidInput when nothing is known of the instant: it is still to come, or before the first definition."""
    if at > now:
        raise InvalidInput(
            "as_of_in_future", "'asOf' lies in the future; ask for a past instant.", details={"field": "asOf"}
        )
    if await tx.row(FIRST_DEFINITION, {"at": at}) is None:
        raise InvalidInput(
            "as_of_before_beginning",
            "'asOf' lies before the first definition that the service knows.",
            details={"field": "asOf"},
        )


@dataclasses.dataclass(slots=True)
class Walk:
    """A traversal: asset → distance, edge → hop, step → hop; `total` counts what was cut away too, where known."""

    distances: dict[str, int]
    edges: dict[Hop, int] = dataclasses.field(default_factory=dict)
    steps: dict[str, int] = dataclasses.field(default_factory=dict)
    depth_reached: int = 0
    total: int | None = None
    reason: TruncationReason | None = None


async def traverse(tx: Transaction, question: LineageQuestion) -> Walk:
    """Go from the roots level by level: one query a level and direction."""
    both = question.direction is Direction.BOTH
    sides = [_Side(d, dict.fromkeys(question.roots, 0)) for d in Direction if d is question.direction or both]
    sides = [side for side in sides if side.direction is not Direction.BOTH]
    walk = Walk(dict.fromkeys(sorted(question.roots)[: question.limit], 0))
    if len(question.roots) > question.limit:
        walk.reason = TruncationReason.LIMIT
        return await _counted(tx, question, walk, sides, 1)
    hop = 1
    while any(side.level for side in sides) and (question.depth is None or hop <= question.depth):
        hops = [found for side in sides for found in await side.advance(tx, question.scope, hop)]
        reached = {key for side in sides for key in side.level if key not in walk.distances}
        room = min(question.limit, question.cap) - len(walk.distances)
        kept = sorted(reached)[:room]
        walk.distances |= dict.fromkeys(kept, hop)
        _take(walk, hops, hop)
        if len(kept) < len(reached):
            walk.reason = TruncationReason.LIMIT if question.limit <= question.cap else TruncationReason.TRAVERSAL
            return await _counted(tx, question, walk, sides, hop + 1)
        if reached:
            walk.depth_reached = hop
        hop += 1
    walk.total = len(walk.distances)
    return walk


@dataclasses.dataclass(slots=True)
class _Side:
    """One direction of a traversal. An asset may be met on both sides, at different distances."""

    direction: Direction
    distances: dict[str, int]
    level: list[str] = dataclasses.field(init=False)

    def __post_init__(self) -> None:
        self.level = sorted(self.distances)

    async def advance(self, tx: Transaction, scope: Scope, hop: int) -> list[Hop]:
        """Go one hop on; the hops that were met."""
        if not self.level:
            return []
        hops = await one_hop(tx, self.direction, scope, self.level)
        far = 2 if self.direction is Direction.DOWNSTREAM else 0
        self.level = sorted({met[far] for met in hops if met[far] and met[far] not in self.distances})
        self.distances |= dict.fromkeys(self.level, hop)
        return hops


def _take(walk: Walk, hops: Iterable[Hop], hop: int) -> None:
    """The edges whose two ends are shown, and the steps that have one or that end the way there."""
    for met in hops:
        source, step, target = met
        if source and target:
            if source not in walk.distances or target not in walk.distances:
                continue
            walk.edges.setdefault(met, hop)
        walk.steps.setdefault(step, hop)


async def _counted(tx: Transaction, question: LineageQuestion, walk: Walk, sides: list[_Side], hop: int) -> Walk:
    """Count what the cut left out: on in the same way, keeping nothing but keys, until the end or the cap."""
    seen = {key for side in sides for key in side.distances}
    while any(side.level for side in sides) and (question.depth is None or hop <= question.depth):
        if len(seen) > question.cap:
            return walk
        for side in sides:
            await side.advance(tx, question.scope, hop)
            seen |= set(side.level)
        hop += 1
    walk.total = len(seen)
    return walk
