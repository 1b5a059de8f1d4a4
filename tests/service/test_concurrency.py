"""Many callers at once: nothing is lost, nothing is mixed, no version is given twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Any

import httpx
import pytest

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from graph.schema import ensure_schema
from tests.conftest import wipe
from tests.service.client import Clock, Service, produced, step, workflow

pytestmark = pytest.mark.anyio

REPORTERS = 16
ASSETS = 10
REPORTS = 200

DECLARED = """
MATCH (s:Step)-[e:PRODUCES|CONSUMES]->(a:Asset)
WHERE e.to IS NULL
RETURN type(e) AS kind, s.key AS step, a.key AS asset
"""

VERSIONS = """
MATCH (s:Snapshot)-[:VERSION_OF]->(p:Partition)
RETURN p.key AS series, p.versions AS counted, s.version AS version
"""

LATEST = """
MATCH (a:Asset)-[:LATEST]->(s:Snapshot)
RETURN a.key AS asset, a.productions AS productions, s.version AS version
"""


async def test_sixteen_reporters_on_ten_assets_lose_nothing(service: Service) -> None:
    await service.register(workflow("load", *(step(f"make-{n}", produces=[f"asset-{n}"]) for n in range(ASSETS))))

    async def reporter(number: int) -> None:
        run = await service.start("load")
        for count in range(REPORTS):
            # Each begins elsewhere, so that all assets are written to at any time.
            asset = (number + count) % ASSETS
            body = produced({"assetId": f"asset-{asset}", "payload": [number, count]}, attempt=1 + count // ASSETS)
            await service.report(run, f"make-{asset}", body)
        await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})

    await asyncio.gather(*(reporter(number) for number in range(REPORTERS)))
    await without_holes(service, {f"asset-{n}": REPORTERS * REPORTS // ASSETS for n in range(ASSETS)})
    payloads = [each["payload"] for n in range(ASSETS) for each in await whole_history(service, "load", f"asset-{n}")]
    assert sorted(payloads) == [[number, count] for number in range(REPORTERS) for count in range(REPORTS)]


async def test_registrations_of_one_workflow_never_mix(service: Service) -> None:
    definitions = [
        workflow(
            "one",
            step("first", consumes=[f"in-{n % 3}"], produces=[f"out-{n}", "shared"], name=f"First {n}"),
            step(f"second-{n % 4}", consumes=["shared"], produces=[f"end-{n % 2}"]),
        )
        for n in range(8)
    ]
    answers = await asyncio.gather(
        *(service.http.put("/workflows/one", json=definitions[n % 8]) for n in range(48)),
        *(service.http.patch("/workflows/one", json={"name": f"Name {n}"}) for n in range(8)),
    )
    # A PATCH may come before the first PUT, or lose its race against the others five times over.
    assert {answer.status_code for answer in answers[:48]} <= {200, 201}
    assert {answer.status_code for answer in answers[48:]} <= {200, 404, 409}
    assert [answer.status_code for answer in answers].count(201) == 1
    await held_together(service, "one", definitions)


async def test_workflows_that_share_new_assets_register_at_once(service: Service) -> None:
    shared = [f"Shared.{n}" for n in range(5)]
    definitions = [
        workflow(
            f"flow-{n}",
            step("make", produces=[asset.upper() if n % 2 else asset for asset in shared]),
            step("use", consumes=shared[n % 5 :], produces=[f"own-{n}"]),
        )
        for n in range(40)
    ]
    await asyncio.gather(*(service.register(definition) for definition in definitions))
    assert await declared(service) == sorted(edge for each in definitions for edge in edges(each))
    known = await service.lineage.read(lambda tx: tx.rows("MATCH (a:Asset) RETURN a.key AS key"))
    assert sorted(row["key"] for row in known) == sorted({asset for each in definitions for *_, asset in edges(each)})


async def test_two_services_on_one_database_lose_no_version(
    neo4j_service: Service, other_neo4j_service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """Both write to all assets at once, and read what the other one makes, without waiting for each other in a ring."""
    services = (neo4j_service, other_neo4j_service)
    await neo4j_service.register(
        workflow(
            "load", *(step(f"make-{n}", consumes=[f"asset-{(n + 1) % 4}"], produces=[f"asset-{n}"]) for n in range(4))
        )
    )

    async def reporter(service: Service, number: int) -> None:
        run = await service.start("load")
        for count in range(20):
            asset = (number + count) % 4
            body = produced({"assetId": f"asset-{asset}", "payload": [number, count]}, attempt=1 + count // 4)
            await service.report(run, f"make-{asset}", body)

    await asyncio.gather(*(reporter(services[number % 2], number) for number in range(8)))
    await without_holes(neo4j_service, {f"asset-{n}": 40 for n in range(4)})
    assert [each for each in caplog.messages if "DeadlockDetected" in each] == []


async def test_two_services_register_and_observe_the_same_new_names_at_once(
    neo4j_service: Service, other_neo4j_service: Service
) -> None:
    services = (neo4j_service, other_neo4j_service)
    await neo4j_service.register(workflow("watch", step("look")))
    definitions = [workflow("one", step("make", produces=[f"new-{n}", "all"]), step(f"s-{n}")) for n in range(6)]

    async def observe(service: Service, number: int) -> None:
        run = await service.start("watch", id=f"watch-{number}")
        await service.report(run, "look", produced({"assetId": f"new-{number % 6}"}, {"assetId": "ALL"}))

    await asyncio.gather(
        *(services[n % 2].register(definitions[n % 6]) for n in range(24)),
        *(observe(services[n % 2], n) for n in range(24)),
        # The same run, started through both.
        *(services[n % 2].http.post("/workflows/watch/runs", json={"id": "same"}) for n in range(4)),
    )
    await held_together(other_neo4j_service, "one", definitions)
    await without_holes(neo4j_service, {"all": 24} | {f"new-{n}": 4 for n in range(6)})


@contextlib.asynccontextmanager
async def serving(address: Address, clock: Clock) -> AsyncIterator[Service]:
    app = make_app(Settings(), clock=clock, source=FixedSource(address))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
    async with app.router.lifespan_context(app), client:
        yield Service(client, clock, app.state.lineage)


@pytest.fixture
async def neo4j_service(neo4j_address: Address, clock: Clock) -> AsyncIterator[Service]:
    """The embedded engine serves one service alone, so what is about several is shown on Neo4j."""
    async with Database(neo4j_address) as database:
        await ensure_schema(database)
        await wipe(database)
    async with serving(neo4j_address, clock) as service:
        yield service


@pytest.fixture
async def other_neo4j_service(neo4j_service: Service, neo4j_address: Address, clock: Clock) -> AsyncIterator[Service]:
    async with serving(neo4j_address, clock) as service:
        yield service


async def without_holes(service: Service, expected: dict[str, int]) -> None:
    """Each asset has exactly the versions 1, 2, 3 … n, and its counters say so."""
    found: dict[str, list[int]] = {}
    for row in await service.lineage.read(lambda tx: tx.rows(VERSIONS)):
        found.setdefault(row["series"], []).append(row["version"])
        assert row["counted"] == expected[row["series"].removesuffix("#")]
    assert {series: sorted(versions) for series, versions in found.items()} == {
        f"{asset}#": list(range(1, count + 1)) for asset, count in expected.items()
    }
    # The clock stands still: the newest is the last to arrive.
    for row in await service.lineage.read(lambda tx: tx.rows(LATEST)):
        assert (row["productions"], row["version"]) == (expected[row["asset"]],) * 2


async def whole_history(service: Service, slug: str, asset: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = await service.history(slug, asset, limit=100)
    while True:
        found += page["history"]
        if page["nextCursor"] is None:
            return found
        page = await service.history(slug, asset, limit=100, before=page["nextCursor"])


async def held_together(service: Service, slug: str, definitions: Iterable[dict[str, Any]]) -> None:
    """The declared edges are those of the current definition, which was sent; the revisions follow each other."""
    revisions = (await service.get(f"/workflows/{slug}/revisions"))["data"]["revisions"]
    assert [each["revision"] for each in revisions] == list(range(len(revisions), 0, -1))
    assert [each["validTo"] for each in revisions] == [None, *(each["validFrom"] for each in revisions[:-1])]
    current = revisions[0]["definition"]
    assert current["steps"] in [each["steps"] for each in definitions]
    assert [edge for edge in await declared(service) if edge[1].startswith(f"{slug}/")] == sorted(edges(current))


async def declared(service: Service) -> list[tuple[str, str, str]]:
    rows = await service.lineage.read(lambda tx: tx.rows(DECLARED))
    return sorted((row["kind"], row["step"], row["asset"]) for row in rows)


def edges(definition: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (kind, f"{definition['slug']}/{each['id']}", asset["assetId"].lower())
        for each in definition["steps"]
        for kind, side in (("PRODUCES", "produces"), ("CONSUMES", "consumes"))
        for asset in each[side]
    ]
