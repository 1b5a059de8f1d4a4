"""1, 2, 3 … whoever writes: a reader never meets a gap, and nothing new below what it has seen."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from graph.address import Address
from graph.database import Database
from graph.events.event import Event
from graph.events.store import read_log, read_range
from tests.events.log import numbers, whole_log
from tests.life.process import Process, settings_for
from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

REPORTERS = 16
REPORTS = 12
ASSETS = 5

DEFINITION = workflow("load", *(step(f"make-{n}", produces=[f"asset-{n}"]) for n in range(ASSETS)))

EVENTS = 1 + REPORTERS * (1 + REPORTS * 3) - ASSETS
"""The registration; of each reporter a run, and of each report the step, the version and that it changed, but for the
first of each asset."""


async def report_all(clients: list[httpx.AsyncClient]) -> None:
    """Reporters on all of the services, each on the same few assets."""

    async def reporter(number: int) -> None:
        http, run = clients[number % len(clients)], f"run-{number}"
        (await http.post("/workflows/load/runs", json={"id": run})).raise_for_status()
        for count in range(REPORTS):
            asset = (number + count) % ASSETS
            made = {"assetId": f"asset-{asset}", "payload": [number, count]}
            body = produced(made, attempt=1 + count // ASSETS)
            path = f"/workflow-runs/{run}/steps/make-{asset}/report"
            while (answer := await http.post(path, json=body)).status_code == 503:
                await asyncio.sleep(0.01)
            answer.raise_for_status()

    await asyncio.gather(*(reporter(number) for number in range(REPORTERS)))


Look = Callable[[int], Awaitable[list[Event]]]


@contextlib.asynccontextmanager
async def watched(*looks: Look) -> AsyncIterator[list[Event]]:
    """What readers see who look on as fast as they can while the block runs; each must see number after number."""
    done = asyncio.Event()
    seen: list[list[Event]] = [[] for _ in looks]

    async def watch(look: Look, events: list[Event]) -> None:
        while True:
            last = done.is_set()
            found = await look(len(events))
            assert [event.seq for event in found] == list(range(len(events) + 1, len(events) + len(found) + 1))
            events += found
            if last and not found:
                return
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        for look, events in zip(looks, seen, strict=True):
            tasks.create_task(watch(look, events))
        yield seen[0]
        done.set()
    # All saw the same under the same numbers: nothing came up later below what was seen.
    assert all(events == seen[0] for events in seen)


def by_range(database: Database) -> Look:
    """As a page and a stream read: the counter, then the range."""

    async def look(after: int) -> list[Event]:
        last = (await database.read(read_log)).last
        return await database.read(lambda tx: read_range(tx, after, min(last, after + 500)))

    return look


def beyond(database: Database) -> Look:
    """Not told by the counter how far to read."""
    return lambda after: database.read(lambda tx: read_range(tx, after, after + 500))


async def test_sixteen_reporters_in_one_process(service: Service, database: Database, address: Address) -> None:
    await service.register(DEFINITION)
    async with Database(address) as other, watched(by_range(database), beyond(database), by_range(other)) as seen:
        await report_all([service.http])
    assert len(seen) == EVENTS
    events = await whole_log(service, limit=97)
    assert numbers(events) == list(range(1, EVENTS + 1))
    changed = {(event["asset"], event["version"]) for event in events if event["type"] == "asset.changed"}
    made = {(event["asset"], event["version"]) for event in events if event["type"] == "asset.produced"}
    assert changed == {(asset, version) for asset, version in made if version > 1}
    assert len(made) == REPORTERS * REPORTS
    # In the log each asset's versions come in their order.
    for asset, group in itertools.groupby(sorted(made)):
        assert len(list(group)) == 1, asset
    for number in range(ASSETS):
        versions = [e["version"] for e in events if e["type"] == "asset.produced" and e["asset"] == f"asset-{number}"]
        assert versions == sorted(versions)


@pytest.fixture
def two(tmp_path: Path, neo4j_address: Address, database: Database) -> Iterator[list[Process]]:
    """Two services on one Neo4j, which is empty."""
    services = [Process(tmp_path / name, settings_for(neo4j_address)) for name in ("one", "two")]
    try:
        for each in services:
            each.start()
        for each in services:
            each.wait_for("/readyz", 200)
        yield services
    finally:
        for each in services:
            each.end()


@pytest.mark.parametrize("address", ["neo4j"], indirect=True)
async def test_two_processes_on_one_database(two: list[Process], database: Database) -> None:
    two[0].http.put("/workflows/load", json=DEFINITION).raise_for_status()
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(httpx.AsyncClient(base_url=each.url, timeout=60)) for each in two]
        async with watched(by_range(database), beyond(database)) as seen:
            await report_all(clients)
        for client in clients:
            page = (await client.get("/events", params={"limit": 1000})).json()["data"]
            assert numbers(page["events"]) == [event.seq for event in seen]
    made = {(event.asset, event.version) for event in seen if event.type == "asset.produced"}
    assert len(made) == REPORTERS * REPORTS
    # One that comes to the lock behind one that was received later is late, and changes nothing.
    changed = {(event.asset, event.version) for event in seen if event.type == "asset.changed"}
    assert changed < made
    assert len(seen) == 1 + REPORTERS * (1 + 2 * REPORTS) + len(changed)
