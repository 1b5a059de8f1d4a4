"""Many who claim, several processes, long queues."""

import asyncio
import collections
from collections.abc import AsyncIterator

import httpx
import pytest

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from graph.lineage import Lineage
from tests.conftest import Processes, Serve
from tests.life.process import settings_for
from tests.requests.queue import MINUTE, ask, claim, register
from tests.service.client import Clock, Service
from tests.trips import Trips, recorded

pytestmark = pytest.mark.anyio


@pytest.fixture
async def two(service: Service, address: Address, clock: Clock) -> AsyncIterator[list[Lineage]]:
    """Two services on one database."""
    other = make_app(Settings(), clock=clock, source=FixedSource(address))
    async with other.router.lifespan_context(other):
        yield [service.lineage, other.state.lineage]


async def test_two_services_hand_each_request_out_once(service: Service, two: list[Lineage]) -> None:
    slugs = [f"w{n}" for n in range(5)]
    await register(service, *slugs)
    asked = await asyncio.gather(*(ask(service, slug, partitionKey=str(n % 4)) for slug in slugs for n in range(20)))
    handed: collections.Counter[str] = collections.Counter()
    busy: collections.Counter[str] = collections.Counter()

    async def work(lineage: Lineage, owner: str) -> None:
        while handed.total() < len(asked):
            for each in await lineage.requests.claim(owner, limit=3, lease=MINUTE, wait=0.2):
                handed[each.request.key] += 1
                busy[each.request.lane] += 1
                assert busy[each.request.lane] == 1, "two of one lane"
                await asyncio.sleep(0)
                busy[each.request.lane] -= 1
                await lineage.requests.complete(each.request.key, each.request.fence, {}, status="succeeded")

    async with asyncio.timeout(120):
        await asyncio.gather(*(work(two[n % 2], f"worker {n}") for n in range(8)))
    assert handed == collections.Counter(asked)


async def test_two_services_take_each_expired_lease_once(service: Service, two: list[Lineage]) -> None:
    await register(service)
    asked = await asyncio.gather(*(ask(service, partitionKey=str(n), maxAttempts=2) for n in range(60)))
    assert len(await claim(service, limit=100)) == 60
    service.clock.forward(MINUTE)
    await asyncio.gather(*(each.requests.watch.look() for each in two))
    again = await asyncio.gather(*(each.requests.claim("b", limit=100, lease=MINUTE) for each in two))
    found = [each for claimed in again for each in claimed]
    assert sorted(each.request.key for each in found) == sorted(asked)
    assert {each.request.attempts for each in found} == {2}


@pytest.mark.parametrize("address", ["neo4j"], indirect=True)
async def test_two_processes_hand_each_request_out_once(
    service: Service, address: Address, processes: Processes
) -> None:
    services = [await asyncio.to_thread(processes, settings_for(address)) for _ in range(2)]
    await register(service)
    asked = await asyncio.gather(*(ask(service, partitionKey=str(n % 20)) for n in range(60)))
    handed: list[str] = []

    async def work(n: int) -> None:
        async with httpx.AsyncClient(base_url=services[n % 2].url, timeout=60) as http:
            while len(handed) < len(asked):
                answer = await http.post("/run-requests/claim?wait=1", json={"owner": f"worker {n}", "limit": 2})
                for each in answer.raise_for_status().json()["data"]:
                    handed.append(each["request"]["id"])
                    done = {"fence": each["request"]["fence"], "status": "succeeded"}
                    path = f"/run-requests/{each['request']['id']}/complete"
                    (await http.post(path, json=done)).raise_for_status()

    async with asyncio.timeout(120):
        await asyncio.gather(*(work(n) for n in range(8)))
    assert sorted(handed) == sorted(asked)


async def test_a_client_that_went_away_is_handed_nothing(
    database: Database, address: Address, clock: Clock, serve: Serve
) -> None:
    app = make_app(Settings(), clock=clock, source=FixedSource(address))
    async with app.router.lifespan_context(app), serve(app) as url, httpx.AsyncClient(base_url=url) as http:
        service = Service(http, clock, app.state.lineage)
        await register(service)
        with pytest.raises(httpx.ReadTimeout):
            await http.post("/run-requests/claim?wait=30", json={"owner": "gone"}, timeout=0.5)
        id = await ask(service)
        assert [(each.id, each.fence) for each in await claim(service)] == [(id, 1)]


FEW, MANY = 20, 10_000

FILL = """
UNWIND range(1, $count) AS n
CREATE (:RunRequest {key: 'rq_' + n, lane: $lane, state: 'waiting', place: $lane + $end + $behind + n})
CREATE (:RunRequest {key: 'rq_free_' + n, lane: 'l' + n, state: 'waiting', head: $behind + n, headLane: 'l' + n})
"""
"""So many more in one lane, and so many first ones of free lanes; all of them behind the others."""


@pytest.fixture
async def trips(service: Service, monkeypatch: pytest.MonkeyPatch) -> Trips:
    await service.quiet()
    return recorded(monkeypatch)


async def cost(service: Service, trips: Trips) -> tuple[list[str], int]:
    """The queries of a claim and its end, and the rows that they brought."""
    trips.clear()
    [held] = await claim(service)
    await service.lineage.requests.complete(held.id, held.fence, {}, status="succeeded")
    return list(trips.queries), sum(trips.rows)


async def test_a_claim_costs_the_same_before_a_long_queue(service: Service, trips: Trips) -> None:
    await register(service, "w", "x")
    for _ in range(FEW):
        await ask(service)
    await ask(service, "x")
    few = await cost(service, trips)
    behind = {"lane": "w#", "end": "\x1f", "behind": "9999999/", "count": MANY}
    await service.lineage.connection.database().write(lambda tx: tx.run(FILL, behind))
    await asyncio.gather(*(ask(service, "x") for _ in range(500)))
    assert await cost(service, trips) == few
    assert len(few[0]) <= 40
    assert few[1] <= 40
