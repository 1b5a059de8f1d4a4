"""The downstream summary, against networkx: as declared, at the state of the definitions that an event belongs to."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import networkx as nx
import pytest

from graph.database import Database, Transaction
from graph.events import reach
from graph.events.reach import Reaches
from tests.events.log import types, whole_log
from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

ASSETS = [f"a{number}" for number in range(14)]


def random_definitions(chance: random.Random, workflows: int) -> list[dict[str, Any]]:
    """Workflows whose steps read and make any assets, cycles included."""
    return [
        workflow(
            f"w{number}",
            *(
                step(
                    f"s{each}",
                    consumes=chance.sample(ASSETS, chance.randint(0, 2)),
                    produces=chance.sample(ASSETS, chance.randint(0, 2)),
                )
                for each in range(3)
            ),
        )
        for number in range(workflows)
    ]


def expected(definitions: list[dict[str, Any]], asset: str) -> dict[str, Any]:
    """What networkx counts behind the asset: other assets, and the workflows of the steps on the way."""
    graph = nx.DiGraph()
    graph.add_nodes_from(("asset", each) for each in ASSETS)
    for definition in definitions:
        for each in definition["steps"]:
            node = ("step", definition["slug"], each["id"])
            graph.add_edges_from((("asset", a["assetId"]), node) for a in each["consumes"])
            graph.add_edges_from((node, ("asset", a["assetId"])) for a in each["produces"])
    behind = nx.descendants(graph, ("asset", asset))
    return {
        "assets": sum(node[0] == "asset" for node in behind),
        "workflows": len({node[1] for node in behind if node[0] == "step"}),
        "complete": True,
    }


@contextlib.asynccontextmanager
async def together(service: Service, count: int) -> AsyncIterator[list[Coroutine[Any, Any, Any]]]:
    """What the block puts into the list, `count` commands, is committed in one transaction."""
    writer, gate = service.lineage.writer, asyncio.Event()
    commit, sizes = writer._commit, []

    async def gated(batch: Any) -> None:
        await gate.wait()
        sizes.append(len(batch))
        await commit(batch)

    calls: list[Coroutine[Any, Any, Any]] = []
    yield calls
    writer._commit = gated  # type: ignore[method-assign]
    first = asyncio.create_task(service.start("maker"))
    while not writer._waiting:
        await asyncio.sleep(0)
    while writer._waiting:
        await asyncio.sleep(0)
    tasks = asyncio.gather(*calls)
    while len(writer._waiting) < count:
        await asyncio.sleep(0.001)
    gate.set()
    await asyncio.gather(first, tasks)
    writer._commit = commit  # type: ignore[method-assign]
    assert sizes == [1, count]


async def produce_all(service: Service) -> dict[str, Any]:
    """One version of every asset, a few in one transaction; asset → the summary in its event."""
    run = await service.start("maker")
    last = len(await whole_log(service))
    for start in range(0, len(ASSETS), 5):
        part = [{"assetId": each, "payload": run} for each in ASSETS[start : start + 5]]
        await service.report(run, "make", produced(*part, attempt=start + 1))
    told = await whole_log(service, after=last, types="asset.produced")
    return {event["asset"]: event["data"]["downstream"] for event in told}


@pytest.mark.parametrize("seed", range(3))
async def test_it_is_what_networkx_counts_after_every_change(service: Service, seed: int) -> None:
    chance = random.Random(seed)
    maker = workflow("maker", step("make", produces=ASSETS))
    definitions = random_definitions(chance, 4)
    await service.register(maker, *definitions)
    assert await produce_all(service) == {each: expected(definitions, each) for each in ASSETS}

    changed = [random_definitions(chance, 1)[0], *definitions[1:]]
    await service.register(changed[0])
    assert await produce_all(service) == {each: expected(changed, each) for each in ASSETS}

    await service.send("DELETE", f"/workflows/{changed[1]['slug']}", status=204)
    del changed[1]
    assert await produce_all(service) == {each: expected(changed, each) for each in ASSETS}


async def test_a_transaction_that_defines_and_produces_counts_what_it_defines(service: Service) -> None:
    await service.register(workflow("maker", step("make", produces=["raw"])))
    run = await service.start("maker")
    reader = workflow("reader", step("read", consumes=["raw"], produces=["out"]))
    async with together(service, 2) as tasks:
        tasks += [
            service.register(reader),
            service.report(run, "make", produced({"assetId": "raw", "payload": 1})),
        ]
    last = (await whole_log(service))[-3:]
    assert sorted(types(last)) == ["asset.produced", "step.finished", "workflow.registered"]
    told = next(event for event in last if event["type"] == "asset.produced")
    assert told["data"]["downstream"] == {"assets": 1, "workflows": 1, "complete": True}
    # And what is counted next is not taken from before.
    await service.register(workflow("other", step("read", consumes=["out"])))
    await service.report(run, "make", produced({"assetId": "raw", "payload": 1}, attempt=2))
    told = (await whole_log(service, types="asset.produced"))[-1]
    assert told["data"]["downstream"] == {"assets": 1, "workflows": 2, "complete": True}


async def test_what_failed_to_be_defined_is_not_counted(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await service.register(workflow("maker", step("make", produces=["raw"])))
    inner = Database.write

    async def failing(self: Database, work: Any) -> Any:
        async def undone(tx: Transaction) -> Any:
            await work(tx)
            raise ValueError("at the very end")

        return await inner(self, undone)

    with monkeypatch.context() as patched:
        patched.setattr(Database, "write", failing)
        answer = await service.http.put("/workflows/reader", json=workflow("reader", step("read", consumes=["raw"])))
        assert answer.status_code == 500
    await service.produce("maker", "make", "raw", 1)
    event = (await whole_log(service, types="asset.produced"))[0]
    assert event["data"]["downstream"] == {"assets": 0, "workflows": 0, "complete": True}
    await service.register(workflow("reader", step("read", consumes=["raw"])))
    await service.produce("maker", "make", "raw", 2)
    event = (await whole_log(service, types="asset.produced"))[1]
    assert event["data"]["downstream"] == {"assets": 0, "workflows": 1, "complete": True}


async def test_beyond_the_cap_it_says_at_least(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MOST", 20)
    monkeypatch.setattr(reach, "LEVELS", 8)
    wide = [step(f"w{n}", consumes=["wide"], produces=[f"wide.{n}"]) for n in range(20)]
    beyond = [step("beyond", consumes=["wide.0"], produces=["wide.20"])]
    deep = [step(f"d{n}", consumes=[f"deep.{n}"], produces=[f"deep.{n + 1}"]) for n in range(12)]
    near = [step("n", consumes=["near"], produces=["near.1"])]
    make = step("make", produces=["wide", "wide.1", "deep.0", "deep.5", "near"])
    await service.register(workflow("all", make, *wide, *beyond, *deep, *near))
    run = await service.start("all")
    names = ["wide", "wide.1", "deep.0", "deep.5", "near"]
    # Together and alone they are counted alike: what one reaches takes nothing from another.
    await service.report(run, "make", produced(*({"assetId": each, "payload": 1} for each in names)))
    told = {e["asset"]: e["data"]["downstream"] for e in await whole_log(service, types="asset.produced")}
    assert told == {
        "wide": {"assets": 20, "workflows": 1, "complete": False},
        "wide.1": {"assets": 0, "workflows": 0, "complete": True},
        "deep.0": {"assets": 8, "workflows": 1, "complete": False},
        "deep.5": {"assets": 7, "workflows": 1, "complete": True},
        "near": {"assets": 1, "workflows": 1, "complete": True},
    }

    async def alone(tx: Transaction) -> dict[str, Any]:
        return {name: (await Reaches().of(tx, [name], 0))[name].as_document() for name in names}

    assert await service.lineage.read(alone) == told
