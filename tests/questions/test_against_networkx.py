"""Lineage, what lies between, impact and induced graphs equal networkx's answers on random worlds, on both engines.

LINEAGE_TEST_WORLDS is how many worlds there are (24); a seed that fails names the world.
"""

import dataclasses
import os
import random
import sys
from typing import Any

import networkx
import pytest

from graph.questions.between import Between, between
from graph.questions.impact import impact
from graph.questions.levels import NOW, Direction, EdgeSource, Scope
from graph.questions.lineage import LineageGraph, LineageQuestion, TruncationReason, lineage
from graph.questions.neighbours import neighbour_counts, producing_steps
from graph.questions.subgraph import subgraph
from tests.questions.world import Hop, Sides, World, asset_graph, hops
from tests.service.client import Service

pytestmark = pytest.mark.anyio

WORLDS = int(os.environ.get("LINEAGE_TEST_WORLDS", "24"))
QUESTIONS = 40


@pytest.mark.parametrize("seed", range(WORLDS))
async def test_answers_equal_networkx(service: Service, seed: int) -> None:
    world = World(seed)
    await world.build(service)
    chance = random.Random(seed)
    for number in range(QUESTIONS):
        question = some_question(world, chance)
        found = await service.lineage.read(lambda tx, asked=question: lineage(tx, asked))
        wanted = expected(world, question)
        if found.truncated and found.total_known is None:
            # The count may end at the cap; where the last level went past it, it is known all the same.
            assert wanted.total is not None
            assert wanted.total > question.cap
            wanted.total = None
        got = facts(found)
        for field in dataclasses.fields(Facts):
            assert getattr(got, field.name) == getattr(wanted, field.name), (field.name, number, question)
        check_names(world, question, found)
    for _ in range(QUESTIONS // 3):
        await check_between(service, world, chance)
        await check_impact(service, world, chance)
        await check_subgraph(service, world, chance)


def some_question(world: World, chance: random.Random) -> LineageQuestion:
    roots = chance.sample(sorted(world.known), min(chance.choice([1, 1, 1, 2, 4]), len(world.known)))
    workflows: tuple[str, ...] = ()
    if chance.random() < 0.2:
        workflows = tuple(f"w{n}" for n in chance.sample(range(world.shape.workflows), 2))
    # The cap is the looser one, the tighter one, and one that the count of the rest runs into.
    limit, cap = chance.choice([(10_000, 100_000)] * 3 + [(chance.randint(1, 12), 100_000)] * 3 + [(10_000, 5), (3, 6)])
    return LineageQuestion(
        {root: world.ids[root] for root in roots},
        chance.choice(list(Direction)),
        chance.choice([None, None, 0, 1, 2, 3]),
        Scope(chance.choice(list(EdgeSource)), some_instant(world, chance), workflows),
        limit,
        cap,
    )


def some_instant(world: World, chance: random.Random) -> int:
    """Now, a change's own instant, the millisecond before it, or some time after it."""
    return chance.choice([NOW, chance.choice(world.instants) + chance.choice([-1, 0, 0, 4_000])])


@dataclasses.dataclass
class Facts:
    """An answer as plain values."""

    assets: list[tuple[str, str, int]]
    steps: dict[str, int]
    edges: dict[Hop, int]
    reason: TruncationReason | None
    depth_reached: int
    total: int | None


def facts(found: LineageGraph) -> Facts:
    assert found.truncated == (found.truncation_reason is not None)
    assert [step.key for step in found.steps] == sorted(step.key for step in found.steps)
    return Facts(
        [(asset.key, asset.asset_id, asset.distance) for asset in found.assets],
        {step.key: step.distance for step in found.steps},
        {(edge.source, edge.step, edge.target): edge.distance for edge in found.edges},
        found.truncation_reason,
        found.depth_reached,
        found.total_known,
    )


def expected(world: World, question: LineageQuestion) -> Facts:
    scope = question.scope
    steps = world.steps_at(scope.at, scope.source, frozenset(scope.workflows))
    sides = [
        side(steps, question, direction)
        for direction in (Direction.UPSTREAM, Direction.DOWNSTREAM)
        if question.direction in (direction, Direction.BOTH)
    ]
    distances = least(each[0] for each in sides)
    nearest = sorted(distances, key=lambda key: (distances[key], key))
    most = min(question.limit, question.cap)
    kept, cut = set(nearest[:most]), nearest[most:]
    # Uncut, a hop may be farther than any asset: what is far on the one side may be near on the other.
    last_hop = distances[cut[0]] if cut else sys.maxsize
    edges = {
        hop: at for hop, at in least(each[1] for each in sides).items() if at <= last_hop and {hop[0], hop[2]} <= kept
    }
    met = least([*(each[2] for each in sides), {}])
    met = {step: at for step, at in met.items() if at <= last_hop}
    for (_, step, _), at in edges.items():
        met[step] = min(at, met.get(step, at))
    return Facts(
        [(key, world.ids[key], distances[key]) for key in nearest[:most]],
        met,
        edges,
        (TruncationReason.LIMIT if question.limit <= question.cap else TruncationReason.TRAVERSAL) if cut else None,
        max(0, last_hop - 1) if cut else max(distances.values()),
        len(distances),
    )


def side(
    steps: dict[str, Sides], question: LineageQuestion, direction: Direction
) -> tuple[dict[str, int], dict[Hop, int], dict[str, int]]:
    """Distances, the hops that were gone, and the steps that end the way, in one direction."""
    down = direction is Direction.DOWNSTREAM
    graph = asset_graph(steps) if down else asset_graph(steps).reverse()
    graph.add_nodes_from(question.roots)
    depth = question.depth if question.depth is not None else len(graph) + 1
    distances: dict[str, int] = {}
    for root in question.roots:
        for key, distance in networkx.single_source_shortest_path_length(graph, root, cutoff=depth).items():
            distances[key] = min(distance, distances.get(key, distance))
    gone = {}
    for hop in hops(steps):
        near = hop[0] if down else hop[2]
        if distances.get(near, depth) < depth:
            gone[hop] = distances[near] + 1
    ends: dict[str, int] = {}
    for step, sides in steps.items():
        near_side, far_side = (sides.ins, sides.outs) if down else (sides.outs, sides.ins)
        reached = [distances[key] for key in near_side if distances.get(key, depth) < depth]
        if reached and not far_side:
            ends[step] = min(reached) + 1
    return distances, gone, ends


def least(maps: Any) -> dict[Any, int]:
    """The maps in one, the least value of each key."""
    merged: dict[Any, int] = {}
    for each in maps:
        for key, value in each.items():
            merged[key] = min(value, merged.get(key, value))
    return merged


def check_names(world: World, question: LineageQuestion, found: LineageGraph) -> None:
    for step in found.steps:
        assert step.name == world.name_at(step.key, question.scope.at)
        assert step.key == f"{step.workflow}/{step.step_id}"


async def check_between(service: Service, world: World, chance: random.Random) -> None:
    start, end = (chance.choice(sorted(world.known)) for _ in range(2))
    scope = Scope(chance.choice(list(EdgeSource)), some_instant(world, chance))
    names = {start: world.ids[start], end: world.ids[end]}
    found: Between = await service.lineage.read(lambda tx: between(tx, start, end, names, scope, 100_000))
    steps = world.steps_at(scope.at, scope.source)
    graph = asset_graph(steps)
    graph.add_nodes_from((start, end))
    assert found.connected == networkx.has_path(graph, start, end)
    if not found.connected:
        assert (found.path, found.assets, found.steps, found.edges) == ([], [], [], [])
        return
    way = ({start} | networkx.descendants(graph, start)) & ({end} | networkx.ancestors(graph, end))
    distances = networkx.single_source_shortest_path_length(graph, start)
    assert {asset.key: asset.distance for asset in found.assets} == {key: distances[key] for key in way}
    edges = {hop for hop in hops(steps) if hop[0] in way and hop[2] in way}
    assert {(edge.source, edge.step, edge.target) for edge in found.edges} == edges
    assert {step.key for step in found.steps} == {hop[1] for hop in edges}
    assert len(found.path) == distances[end]
    walked = [start, *(edge.target for edge in found.path)]
    assert walked[-1] == end
    assert [edge.source for edge in found.path] == walked[:-1]
    assert {(edge.source, edge.step, edge.target) for edge in found.path} <= edges


async def check_impact(service: Service, world: World, chance: random.Random) -> None:
    question = dataclasses.replace(some_question(world, chance), limit=10_000, cap=100_000)
    found = await service.lineage.read(lambda tx: impact(tx, question, service.clock.now))
    wanted = expected(world, dataclasses.replace(question, direction=Direction.DOWNSTREAM))
    affected = [asset for asset in wanted.assets if asset[2] > 0]
    shown = [(each.key, each.asset_id, group.distance) for group in found.by_distance for each in group.assets]
    assert shown == affected
    assert [group.distance for group in found.by_distance] == sorted({asset[2] for asset in affected})
    assert [group.asset_count for group in found.by_distance] == [len(group.assets) for group in found.by_distance]
    assert {step.key: step.distance for step in found.steps} == wanted.steps
    assert (found.asset_count, found.step_count) == (len(affected), len(wanted.steps))
    by_workflow: dict[str, int] = {}
    for step, distance in wanted.steps.items():
        workflow = step.partition("/")[0]
        by_workflow[workflow] = min(distance, by_workflow.get(workflow, distance))
    assert [(each.key, each.distance) for each in found.by_workflow] == sorted(
        by_workflow.items(), key=lambda each: (each[1], each[0])
    )
    assert found.workflow_count == len(by_workflow)
    assert (found.depth_reached, found.total_known) == (wanted.depth_reached, len(affected))


async def check_subgraph(service: Service, world: World, chance: random.Random) -> None:
    question = some_question(world, chance)
    known = sorted(world.known)
    some = set(chance.sample(known, chance.randint(1, len(known))))
    found = await service.lineage.read(lambda tx: subgraph(tx, [*some, "never-seen"], question.scope))
    steps = world.steps_at(question.scope.at, question.scope.source, frozenset(question.scope.workflows))
    assert [(each.key, each.asset_id, each.distance) for each in found.assets] == [
        (key, world.ids[key], 0) for key in sorted(some)
    ]
    edges = {hop for hop in hops(steps) if {hop[0], hop[2]} <= some}
    assert [(each.source, each.step, each.target) for each in found.edges] == sorted(edges)
    assert {(each.source, each.target) for each in found.edges} == set(asset_graph(steps).subgraph(some).edges)
    assert [step.key for step in found.steps] == sorted({hop[1] for hop in edges})
    assert {each.distance for each in (*found.steps, *found.edges)} <= {1}
    assert (found.truncated, found.total_known, found.depth_reached) == (False, len(some), 0)
    check_names(world, question, found)
    await check_neighbours(service, world, question.scope, sorted(some))


async def check_neighbours(service: Service, world: World, scope: Scope, keys: list[str]) -> None:
    steps = world.steps_at(scope.at, scope.source, frozenset(scope.workflows))
    graph = asset_graph(steps)
    graph.add_nodes_from(keys)
    for direction, neighbours in ((Direction.UPSTREAM, graph.pred), (Direction.DOWNSTREAM, graph.succ)):
        counts = await service.lineage.read(lambda tx, way=direction: neighbour_counts(tx, keys, way, scope))
        assert counts == {key: n for key in keys if (n := len(neighbours[key].keys() - {key}))}, direction
    made = await service.lineage.read(lambda tx: producing_steps(tx, keys, scope))
    assert {key: [step.key for step in found] for key, found in made.items()} == {
        key: producers
        for key in keys
        if (producers := sorted(step for step, sides in steps.items() if key in sides.outs))
    }
    assert {step.name for found in made.values() for step in found} == {
        world.name_at(step.key, scope.at) for found in made.values() for step in found
    }
