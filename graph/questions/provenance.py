"""The provenance of one version: what it was made from, what was made from it, and which runs and steps took part.

Level by level over DERIVED_FROM, keys alone, one query a level; then one query each for the facts, the edges, the
readers and the runs. Distance, depth and cut mean what they mean for assets
(docs/decisions/0002-questions-and-graphql.md).
Downstream, an attempt that read an affected version and left nothing behind has no version to be found by: it is
found by what it TOOK, one hop behind what it read.
"""

import dataclasses

from graph.database import Transaction
from graph.errors import NotFound
from graph.questions.levels import Direction
from graph.questions.lineage import TruncationReason
from graph.questions.names import LineageStep, named_steps
from graph.rules.identifiers import step_key

EXISTING = """
MATCH (s:Snapshot {key: $key})
RETURN s.key AS key
"""

MADE_FROM = """
UNWIND $keys AS key
MATCH (:Snapshot {key: key})-[:DERIVED_FROM]->(s:Snapshot)
WITH DISTINCT s.key AS found ORDER BY found LIMIT $most
RETURN collect(found) AS keys
"""

MADE_OF_IT = """
UNWIND $keys AS key
MATCH (:Snapshot {key: key})<-[:DERIVED_FROM]-(s:Snapshot)
WITH DISTINCT s.key AS found ORDER BY found LIMIT $most
RETURN collect(found) AS keys
"""

FACTS = """
UNWIND $keys AS key
MATCH (s:Snapshot {key: key})
RETURN collect(s.key) AS keys, collect(s.asset) AS assets, collect(s.assetId) AS assetIds,
       collect(coalesce(s.partitionKey, '')) AS partitions, collect(s.version) AS versions,
       collect(s.producedAt) AS instants, collect(s.valid) AS valid, collect(s.run) AS runs,
       collect(s.workflow) AS workflows, collect(s.workflowSlug) AS slugs, collect(s.stepId) AS steps,
       collect(s.attempt) AS attempts
"""

EDGES = """
UNWIND $keys AS key
MATCH (made:Snapshot {key: key})-[:DERIVED_FROM]->(source:Snapshot)
RETURN collect(source.key) AS sources, collect(made.key) AS made
"""

READERS = """
UNWIND $rows AS row
MATCH (:Snapshot {key: row.key})<-[:TOOK]-(t:Attempt)
WHERE size(coalesce(t.emitted, [])) = 0
WITH t.key AS attempt, t.run AS run, t.stepId AS step, min(row.hop) AS hop
ORDER BY hop, attempt LIMIT $most
RETURN collect(run) AS runs, collect(step) AS steps, collect(hop) AS hops
"""

RUNS = """
UNWIND $keys AS key
MATCH (r:Run {key: key})
RETURN collect(r.key) AS keys, collect(r.workflow) AS workflows, collect(r.workflowSlug) AS slugs,
       collect(r.status) AS statuses
"""

_LEVELS = {Direction.UPSTREAM: MADE_FROM, Direction.DOWNSTREAM: MADE_OF_IT}


@dataclasses.dataclass(slots=True)
class ProvenanceSnapshot:
    """A version and its hops from the one that was asked for; `produced_at` in epoch milliseconds."""

    id: str
    asset: str
    asset_id: str
    partition_key: str | None
    version: int
    produced_at: int
    valid: bool
    run_id: str
    workflow: str
    workflow_slug: str
    step_id: str
    attempt: int
    distance: int


@dataclasses.dataclass(slots=True)
class ProvenanceEdge:
    """`target` was made from `source`; both are snapshot ids."""

    source: str
    target: str


@dataclasses.dataclass(slots=True)
class ProvenanceRun:
    """A run that emitted one of the versions or, downstream, read one; `status` is its state now."""

    id: str
    workflow: str
    workflow_slug: str
    status: str
    distance: int


@dataclasses.dataclass(slots=True)
class Provenance:
    """Snapshots and runs by distance and id, edges by both ends, steps by key.

    `total_known` counts all versions within the depth, None where it is not known.
    """

    snapshots: list[ProvenanceSnapshot]
    edges: list[ProvenanceEdge]
    runs: list[ProvenanceRun]
    steps: list[LineageStep]
    truncated: bool
    truncation_reason: TruncationReason | None
    depth_reached: int
    total_known: int | None


async def provenance(
    tx: Transaction,
    snapshot_id: str,
    direction: Direction,
    *,
    depth: int | None = None,
    limit: int = 10_000,
    cap: int = 100_000,
) -> Provenance:
    """The answer; NotFound `snapshot_not_found`.

    `depth` None goes to the end. `limit` is how many versions, and how many readers, the answer may hold, `cap` how
    many versions the traversal may look at to count the rest.
    """
    if await tx.row(EXISTING, {"key": snapshot_id}) is None:
        raise NotFound("snapshot_not_found", f"No snapshot '{snapshot_id}' is known.")
    walk = _Walk(snapshot_id, direction, depth, min(limit, cap), cap)
    await walk.run(tx)
    if walk.truncated:
        walk.reason = TruncationReason.LIMIT if limit <= cap else TruncationReason.TRAVERSAL
    snapshots = await _snapshots(tx, walk.kept)
    runs = {each.run_id: each.distance for each in reversed(snapshots)}
    steps = {step_key(each.workflow, each.step_id): each.distance for each in reversed(snapshots)}
    readers = await _readers(tx, walk)
    if len(readers) > walk.limit:
        del readers[walk.limit :]
        walk.reason = walk.reason or TruncationReason.LIMIT
    for run, _, hop in readers:
        runs[run] = min(hop, runs.get(run, hop))
    known = await _runs(tx, runs)
    workflows = {run.id: run.workflow for run in known}
    for run, step_id, hop in readers:
        key = step_key(workflows[run], step_id)
        steps[key] = min(hop, steps.get(key, hop))
    return Provenance(
        snapshots=snapshots,
        edges=await _edges(tx, walk),
        runs=known,
        steps=await named_steps(tx, steps),
        truncated=walk.reason is not None,
        truncation_reason=walk.reason,
        depth_reached=walk.depth_reached,
        total_known=walk.total,
    )


async def versions_upstream(
    tx: Transaction, snapshot_id: str, depth: int, limit: int
) -> tuple[list[ProvenanceSnapshot], bool]:
    """What an existing version was made from within the depth, itself left out, and whether the limit held all."""
    walk = _Walk(snapshot_id, Direction.UPSTREAM, depth, limit + 1, limit + 1)
    await walk.run(tx)
    return (await _snapshots(tx, walk.kept))[1:], not walk.truncated


class _Side:
    """One direction of a walk: snapshot → distance of all that was met, and the last level."""

    def __init__(self, direction: Direction, root: str) -> None:
        self._query = _LEVELS[direction]
        self.direction = direction
        self.distances = {root: 0}
        self.level = [root]
        self.complete = True

    async def advance(self, tx: Transaction, hop: int, cap: int) -> list[str]:
        """The keys of the next level that this side had not met, sorted; `complete` tells whether these are all."""
        if not self.level:
            return []
        row = await tx.row(self._query, {"keys": self.level, "most": cap + 1})
        found = row["keys"] if row else []
        self.complete &= len(found) <= cap
        self.level = [key for key in found if key not in self.distances]
        self.distances |= dict.fromkeys(self.level, hop)
        return self.level


class _Walk:
    """A traversal from one version; `kept` is what the answer holds: snapshot → distance, nearest first."""

    def __init__(self, root: str, direction: Direction, depth: int | None, limit: int, cap: int) -> None:
        chosen = [each for each in _LEVELS if direction in (each, Direction.BOTH)]
        self.sides = [_Side(each, root) for each in chosen]
        self.depth = depth
        self.limit = limit
        self.cap = cap
        self.kept = {root: 0}
        self.depth_reached = 0
        self.total: int | None = None
        self.truncated = False
        self.reason: TruncationReason | None = None

    async def run(self, tx: Transaction) -> None:
        """Go on to the end or the depth; past the limit only to count, until the cap."""
        seen = set(self.kept)
        hop = 0
        while any(side.level for side in self.sides) and (self.depth is None or hop < self.depth):
            hop += 1
            met = {key for side in self.sides for key in await side.advance(tx, hop, self.cap)} - seen
            seen |= met
            if not self.truncated:
                room = self.limit - len(self.kept)
                self.kept |= dict.fromkeys(sorted(met)[:room], hop)
                self.truncated = len(met) > room
                if met and not self.truncated:
                    self.depth_reached = hop
            if len(seen) > self.cap or not all(side.complete for side in self.sides):
                return
        self.total = len(seen)

    def within(self, hop: int) -> bool:
        """Whether the depth lets what happens at this hop into the answer."""
        return self.depth is None or hop <= self.depth


async def _snapshots(tx: Transaction, distances: dict[str, int]) -> list[ProvenanceSnapshot]:
    row = await tx.row(FACTS, {"keys": list(distances)})
    if row is None:
        return []
    found = [
        ProvenanceSnapshot(
            id=key,
            asset=row["assets"][index],
            asset_id=row["assetIds"][index],
            partition_key=row["partitions"][index] or None,
            version=row["versions"][index],
            produced_at=row["instants"][index],
            valid=row["valid"][index],
            run_id=row["runs"][index],
            workflow=row["workflows"][index],
            workflow_slug=row["slugs"][index],
            step_id=row["steps"][index],
            attempt=row["attempts"][index],
            distance=distances[key],
        )
        for index, key in enumerate(row["keys"])
    ]
    return sorted(found, key=lambda each: (each.distance, each.id))


async def _edges(tx: Transaction, walk: _Walk) -> list[ProvenanceEdge]:
    """Those that the walk went along: asked from the made side, since a version has few inputs but endless heirs."""
    row = await tx.row(EDGES, {"keys": list(walk.kept)})
    pairs = zip(row["sources"], row["made"], strict=True) if row else ()
    taken = {pair for pair in pairs if pair[0] in walk.kept and any(_along(walk, side, *pair) for side in walk.sides)}
    return [ProvenanceEdge(*pair) for pair in sorted(taken)]


def _along(walk: _Walk, side: _Side, source: str, made: str) -> bool:
    near, far = (made, source) if side.direction is Direction.UPSTREAM else (source, made)
    return near in side.distances and far in side.distances and walk.within(side.distances[near] + 1)


async def _readers(tx: Transaction, walk: _Walk) -> list[tuple[str, str, int]]:
    """(run, step id, hop) of the attempts that took an affected version and emitted none, nearest first.

    One more than the limit, so that a cut shows. What the others emitted is affected itself, and tells of them.
    """
    side = next((each for each in walk.sides if each.direction is Direction.DOWNSTREAM), None)
    if side is None:
        return []
    hops = {key: side.distances[key] + 1 for key in walk.kept if key in side.distances}
    rows = [{"key": key, "hop": hop} for key, hop in hops.items() if walk.within(hop)]
    row = await tx.row(READERS, {"rows": rows, "most": walk.limit + 1}) if rows else None
    return list(zip(row["runs"], row["steps"], row["hops"], strict=True)) if row else []


async def _runs(tx: Transaction, distances: dict[str, int]) -> list[ProvenanceRun]:
    row = await tx.row(RUNS, {"keys": list(distances)})
    columns = zip(row["keys"], row["workflows"], row["slugs"], row["statuses"], strict=True) if row else ()
    found = [ProvenanceRun(*values, distance=distances[values[0]]) for values in columns]
    return sorted(found, key=lambda each: (each.distance, each.id))
