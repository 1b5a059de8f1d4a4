"""A Neo4j that is not up yet, goes, comes back, says nothing, or does not let the service in.

Its network is a proxy that the tests cut; tests/life/test_neo4j_killed.py does the same to the server itself.
"""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from graph.address import Address
from graph.database import Database
from tests.life.conftest import Start
from tests.life.consistency import faults
from tests.life.process import Process, free_port, settings_for
from tests.life.proxy import Proxy, proxy_to
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

DEFINITION = workflow("collect", step("scan", produces=["raw"]))

BOUND = 15.0
"""Seconds within which a request has its answer while the database is away: four or five on a quiet machine, where one
that hangs takes 35 or more."""

READS = ("/workflows", "/workflows/collect", "/assets/graph", "/workflow-runs/run-1", "/workflows/collect/assets")


@pytest.fixture
async def proxy(neo4j_address: Address) -> AsyncIterator[Proxy]:
    async with proxy_to(neo4j_address.uri, free_port()) as proxy:
        yield proxy


@pytest.fixture
def settings(neo4j_address: Address, proxy: Proxy) -> dict[str, str]:
    return settings_for(dataclasses.replace(neo4j_address, uri=proxy.uri))


def is_away(answer: httpx.Response) -> bool:
    return (
        answer.status_code == 503
        and answer.json()["code"] in ("database_unavailable", "database_busy")
        and int(answer.headers["Retry-After"]) >= 1
    )


async def wait_for(service: Process, path: str, status: int) -> httpx.Response:
    return await asyncio.to_thread(service.wait_for, path, status, 30.0)


async def test_it_starts_before_its_database_and_finds_it_by_itself(
    process: Start, proxy: Proxy, settings: dict[str, str], neo4j: Database
) -> None:
    service = process(settings)
    service.start()
    assert (await wait_for(service, "/healthz", 200)).json()["data"] == {"status": "ok"}
    not_ready = service.http.get("/readyz")
    assert is_away(not_ready)
    assert "cannot be reached" in not_ready.json()["error"]
    for path in READS:
        assert is_away(service.http.get(path))
    assert is_away(service.http.put("/workflows/collect", json=DEFINITION))

    await proxy.open()
    await wait_for(service, "/readyz", 200)
    assert (await asyncio.to_thread(service.http.put, "/workflows/collect", json=DEFINITION)).status_code == 201
    assert "Traceback" not in service.output


async def test_many_requests_while_it_is_away_are_each_refused_in_time(
    process: Start, proxy: Proxy, settings: dict[str, str], neo4j: Database
) -> None:
    await proxy.open()
    service = process(settings)
    await asyncio.to_thread(service.start_ready)
    limits = httpx.Limits(max_connections=300)
    async with httpx.AsyncClient(base_url=service.url, timeout=30, limits=limits) as http:
        await http.put("/workflows/collect", json=DEFINITION)
        await http.post("/workflows/collect/runs", json={"id": "run-1"})

        async def ask(number: int) -> tuple[httpx.Response, float]:
            began = time.monotonic()
            if number % 2:
                path = "/workflow-runs/run-1/steps/scan/report"
                answer = await http.post(path, json=produced({"assetId": "raw", "payload": number}, attempt=number))
            else:
                answer = await http.get(READS[number % len(READS)])
            return answer, time.monotonic() - began

        await asyncio.gather(*(ask(number) for number in range(1, 51)))  # so that its pools are full
        before = footprint(service)
        await proxy.cut()
        for first in (101, 301):
            answers = await asyncio.gather(*(ask(number) for number in range(first, first + 200)))
            assert [answer.text for answer, _ in answers if not is_away(answer)] == []
            assert max(seconds for _, seconds in answers) < BOUND
        threads, megabytes = footprint(service)
        assert threads <= before[0] + 2
        assert megabytes < before[1] + 60

        await proxy.open()
        await wait_for(service, "/readyz", 200)
        for first in range(1, 501, 50):
            repeated = await asyncio.gather(*(ask(number) for number in range(first, first + 50)))
            assert [answer.text for answer, _ in repeated if answer.status_code != 200] == []
        newest = (await http.get("/workflows/collect/assets/raw/history", params={"limit": 1})).json()["data"][
            "history"
        ]
        assert newest[0]["version"] == 250
    assert await faults(neo4j) == []


async def test_one_that_says_nothing_is_found_out(
    process: Start, proxy: Proxy, settings: dict[str, str], neo4j: Database
) -> None:
    await proxy.open()
    service = process(settings)
    await asyncio.to_thread(service.start_ready)
    proxy.silence()
    assert await asked_for(service, "/readyz") < 10
    # Found out, so that soon nobody waits for it any more.
    until = time.monotonic() + 3 * BOUND
    while await asked_for(service, "/readyz") > 1:
        assert time.monotonic() < until
    assert await asked_for(service, "/workflows") < 1
    proxy.speak()
    await wait_for(service, "/readyz", 200)
    assert (await asyncio.to_thread(service.http.get, "/workflows")).status_code == 200


async def test_one_that_refuses_the_password_is_told_by_readyz(
    process: Start, neo4j_address: Address, neo4j: Database
) -> None:
    wrong = settings_for(dataclasses.replace(neo4j_address, password="no-such-secret"))
    service = process(wrong)
    service.start()
    not_ready = await wait_for(service, "/readyz", 503)
    assert not_ready.json()["code"] == "database_refuses_login"
    assert "NEO4J_PASSWORD" in not_ready.json()["error"]
    assert int(not_ready.headers["Retry-After"]) >= 1
    assert service.http.get("/workflows").json()["code"] == "database_refuses_login"
    assert "no-such-secret" not in service.output + not_ready.text


async def asked_for(service: Process, path: str) -> float:
    """Seconds that it took to say that the database is away."""
    began = time.monotonic()
    assert is_away(await asyncio.to_thread(service.http.get, path))
    return time.monotonic() - began


def footprint(service: Process) -> tuple[int, int]:
    """Threads and resident megabytes of the service."""
    status = Path(f"/proc/{service.pid}/status").read_text()
    values = dict(line.split(":", 1) for line in status.splitlines())
    return int(values["Threads"]), int(values["VmRSS"].split()[0]) // 1024
