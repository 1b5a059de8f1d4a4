"""What versions were made from and what came from them, against networkx on random histories."""

import asyncio
import dataclasses
import random

import networkx
import pytest

from graph.errors import NotFound
from graph.questions.levels import Direction
from graph.questions.lineage import TruncationReason
from graph.questions.provenance import Provenance, provenance
from graph.recording.commands import InputName
from graph.recording.recorder import StepMessage
from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

STEPS = 6


@dataclasses.dataclass
class History:
    """Who made each version in which run and step, what was made from what, and who read without making anything."""

    made_by: dict[str, tuple[str, str]]
    graph: "networkx.DiGraph[str]"
    readers: list[tuple[str, str, list[str]]]


async def written(service: Service, chance: random.Random, layers: int, width: int) -> History:
    """Layer after layer: each version is made from some of those before, some attempts only read."""
    steps = [step(f"s{n}", produces=[f"a{n}"]) for n in range(STEPS)]
    await service.register(workflow("w0", *steps), workflow("w1", *steps))
    history = History({}, networkx.DiGraph(), [])

    async def report(run: str, workflow_step: str, asset: str | None, inputs: list[str]) -> None:
        result = {"assets": [{"assetId": asset, "payload": 1}] if asset else []}
        names = tuple(InputName(snapshot_id=each) for each in inputs)
        status = "succeeded" if asset else chance.choice(["succeeded", "failed", "skipped"])
        outcome = await service.lineage.recorder.report_step(
            run, workflow_step.partition("/")[2], StepMessage({"result": result}, 1, status, result, inputs=names)
        )
        for made in outcome.snapshots:
            history.made_by[made.key] = (run, workflow_step)
            history.graph.add_node(made.key)
            history.graph.add_edges_from((source, made.key) for source in inputs)
        if not outcome.snapshots:
            history.readers.append((run, workflow_step, inputs))

    for _ in range(layers):
        known = sorted(history.made_by)
        reports = []
        for _ in range(width):
            slug = chance.choice(["w0", "w1"])
            run = await service.start(slug)
            inputs = chance.sample(known, min(len(known), chance.randint(0, 3)))
            name = chance.randrange(STEPS)
            asset = f"a{name}" if chance.random() < 0.8 else None
            reports.append(report(run, f"{slug}/s{name}", asset, inputs))
        await asyncio.gather(*reports)
    return history


@pytest.mark.parametrize("seed", range(2))
async def test_provenance_equals_networkx(service: Service, seed: int) -> None:
    chance = random.Random(seed)
    history = await written(service, chance, layers=6, width=8)
    for _ in range(60):
        root = chance.choice(sorted(history.made_by))
        direction = chance.choice(list(Direction))
        depth = chance.choice([None, None, 0, 1, 2, 3])
        limit = chance.choice([10_000, 10_000, chance.randint(1, 10)])
        found = await service.lineage.read(
            lambda tx, r=root, d=direction, n=depth, m=limit: provenance(tx, r, d, depth=n, limit=m)
        )
        check(history, found, root, direction, depth, limit)


def check(history: History, found: Provenance, root: str, direction: Direction, depth: int | None, limit: int) -> None:
    far = depth if depth is not None else len(history.graph)
    sides = {
        way: networkx.single_source_shortest_path_length(graph, root, cutoff=far)
        for way, graph in ((Direction.UPSTREAM, history.graph.reverse()), (Direction.DOWNSTREAM, history.graph))
        if direction in (way, Direction.BOTH)
    }
    distances = {key: min(s[key] for s in sides.values() if key in s) for side in sides.values() for key in side}
    nearest = sorted(distances, key=lambda key: (distances[key], key))
    kept, cut = nearest[:limit], nearest[limit:]
    assert [(each.id, each.distance) for each in found.snapshots] == [(key, distances[key]) for key in kept]
    assert found.total_known == len(distances)
    assert found.depth_reached == (distances[cut[0]] - 1 if cut else max(distances.values()))
    edges = set()
    for source, made in history.graph.edges:
        for way, side in sides.items():
            near, end = (made, source) if way is Direction.UPSTREAM else (source, made)
            if near in side and end in side and side[near] < far and {near, end} <= set(kept):
                edges.add((source, made))
    assert [(each.source, each.target) for each in found.edges] == sorted(edges)
    down = {key: hop for key, hop in sides.get(Direction.DOWNSTREAM, {}).items() if key in set(kept) and hop < far}
    reading = sorted(
        (min(down[key] for key in inputs if key in down) + 1, f"{run}/1/{name.partition('/')[2]}", run, name)
        for run, name, inputs in history.readers
        if any(key in down for key in inputs)
    )
    assert found.truncation_reason is (TruncationReason.LIMIT if cut or len(reading) > limit else None)
    taking = [(*history.made_by[key], distances[key]) for key in kept]
    taking += [(run, name, hop) for hop, _, run, name in reading[:limit]]
    runs: dict[str, int] = {}
    steps: dict[str, int] = {}
    for run, name, hop in taking:
        runs[run] = min(hop, runs.get(run, hop))
        steps[name] = min(hop, steps.get(name, hop))
    assert {run.id: run.distance for run in found.runs} == runs
    assert {each.key: each.distance for each in found.steps} == steps


async def test_an_unknown_snapshot_is_not_found(service: Service) -> None:
    with pytest.raises(NotFound) as refused:
        await service.lineage.read(lambda tx: provenance(tx, "sn_none", Direction.BOTH))
    assert refused.value.code == "snapshot_not_found"


async def test_the_traversal_ends_at_the_cap_and_says_so(service: Service) -> None:
    await service.register(workflow("w", step("make", produces=["a"]), step("use", consumes=["a"], produces=["b"])))
    root = await service.produce("w", "make", "a", 1)
    heirs = [(await service.produce("w", "use", "b", n))["snapshotId"] for n in range(6)]
    found = await service.lineage.read(
        lambda tx: provenance(tx, root["snapshotId"], Direction.DOWNSTREAM, limit=100, cap=3)
    )
    assert found.truncation_reason is TruncationReason.TRAVERSAL
    assert found.total_known is None
    assert [each.id for each in found.snapshots] == [root["snapshotId"], *sorted(heirs)[:2]]


async def test_more_readers_than_the_limit_are_a_cut(service: Service) -> None:
    await service.register(workflow("w", step("make", produces=["a"]), step("look", consumes=["a"])))
    root = await service.produce("w", "make", "a", 1)
    for _ in range(3):
        await service.report(await service.start("w"), "look", produced())
    found = await service.lineage.read(lambda tx: provenance(tx, root["snapshotId"], Direction.DOWNSTREAM, limit=2))
    assert (found.truncated, found.total_known, len(found.runs)) == (True, 1, 3)
    assert [each.step_id for each in found.steps] == ["look", "make"]
