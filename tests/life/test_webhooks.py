"""kill -9 in the middle of sending: every event comes, in order for each asset, with an id to tell repeats by."""

import asyncio
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph.database import Database
from tests.life.conftest import Start
from tests.life.process import Process
from tests.service.client import produced, step, workflow
from tests.webhooks.receiver import Received, Receiver, answering, receiving

pytestmark = pytest.mark.anyio

ALLOWED = {"LINEAGE_WEBHOOK_ALLOWED": "127.0.0.1"}
ASSETS = 6
TAKE_OVER = 20.0
"""Seconds for another process to go on; it needs five to be sure, and the machine may be busy."""


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as made:
        made.behave = taking_its_time
        yield made


async def taking_its_time(request: Received, writer: asyncio.StreamWriter) -> None:
    """Long enough that a process dies while requests are under way."""
    await asyncio.sleep(0.02)
    await answering(204)(request, writer)


class Reporter:
    """Reports productions of some assets, one after the other for each, until each is acknowledged."""

    def __init__(self, service: Process) -> None:
        self.http = httpx.AsyncClient(base_url=service.url, timeout=20)
        self.reported = 0

    async def define(self) -> None:
        steps = [step(f"s{n}", produces=[f"a{n}"]) for n in range(ASSETS)]
        (await self.http.put("/workflows/w", json=workflow("w", *steps))).raise_for_status()
        (await self.http.post("/workflows/w/runs", json={"id": "run"})).raise_for_status()

    async def report(self, rounds: int) -> None:
        """So many productions of each asset."""
        first = self.reported + 1
        self.reported += rounds
        await asyncio.gather(*(self._report(n, range(first, first + rounds)) for n in range(ASSETS)))

    async def _report(self, asset: int, attempts: range) -> None:
        for attempt in attempts:
            body = produced({"assetId": f"a{asset}", "payload": attempt}, attempt=attempt)
            while True:
                try:
                    answer = await self.http.post(f"/workflow-runs/run/steps/s{asset}/report", json=body)
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
                    continue
                if answer.status_code != 503:
                    answer.raise_for_status()
                    break
                await asyncio.sleep(0.1)


def hook(service: Process, receiver: Receiver) -> dict[str, Any]:
    """A webhook for productions."""
    body = {"url": receiver.url, "filter": {"types": ["asset.produced"]}}
    made: dict[str, Any] = service.http.post("/webhooks", json=body).raise_for_status().json()["data"]
    return made


async def everything_came(service: Process, receiver: Receiver, made: dict[str, Any], versions: int) -> None:
    """Each production once or more, in order, and nothing else."""
    expected = {f"a{n}": list(range(1, versions + 1)) for n in range(ASSETS)}

    def came() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for request in receiver.requests:
            seen = found.setdefault(request.event["asset"], [])
            if request.event["version"] not in seen:
                seen.append(request.event["version"])
        return found

    await receiver.until(lambda: sum(map(len, came().values())) == ASSETS * versions, 60)
    assert came() == expected
    ids = {request.id: request.event["id"] for request in receiver.requests}
    assert len(ids) == ASSETS * versions
    assert ids == {f"{made['id']}-{event}": event for event in ids.values()}
    async with asyncio.timeout(30):
        while service.http.get(f"/webhooks/{made['id']}").json()["data"]["pendingDeliveries"]:
            await asyncio.sleep(0.1)


async def test_a_service_that_is_killed_goes_on_where_it_was(process: Start, receiver: Receiver) -> None:
    service = process(ALLOWED)
    await asyncio.to_thread(service.start_ready)
    made = await asyncio.to_thread(hook, service, receiver)
    reporter = Reporter(service)
    await reporter.define()
    for round in range(1, 3):
        reporting = asyncio.create_task(reporter.report(20))
        before = len(receiver.requests)
        await receiver.until(lambda before=before: len(receiver.requests) > before + 10)
        service.send(signal.SIGKILL)
        await asyncio.to_thread(service.wait)
        await asyncio.to_thread(service.start_ready)
        await reporting
        assert reporter.reported == 20 * round
    await everything_came(service, receiver, made, reporter.reported)
    await reporter.http.aclose()


async def test_of_two_processes_one_sends_and_the_other_takes_over(
    process: Start, neo4j: Database, neo4j_settings: dict[str, str], receiver: Receiver
) -> None:
    services = [process({**neo4j_settings, **ALLOWED}, home=home) for home in ("one", "two")]
    for service in services:
        await asyncio.to_thread(service.start_ready)
    made = await asyncio.to_thread(hook, services[0], receiver)
    # Both write, and whoever writes an event, one process sends it.
    reporters = [Reporter(service) for service in services]
    await reporters[1].define()
    await reporters[1].report(10)
    await everything_came(services[1], receiver, made, 10)
    assert len(receiver.requests) == 10 * ASSETS, "nobody sends beside the holder"
    fence = "MATCH (d:Meta {key: 'dispatcher'}) RETURN d.fence AS fence"
    before = await neo4j.row(fence)

    senders = [service for service in services if "this process sends the webhooks" in service.output]
    assert len(senders) == 1
    heir = next(service for service in services if service is not senders[0])
    reporter = reporters[services.index(heir)]
    reporter.reported = 10
    reporting = asyncio.create_task(reporter.report(20))
    sent = len(receiver.requests)
    await receiver.until(lambda: len(receiver.requests) > sent + 10)
    senders[0].send(signal.SIGKILL)
    await asyncio.to_thread(senders[0].wait)
    sent = len(receiver.requests)
    await receiver.until(lambda: len(receiver.requests) > sent, TAKE_OVER)
    await reporting
    await everything_came(heir, receiver, made, 30)
    after = await neo4j.row(fence)
    assert before is not None
    assert after == {"fence": before["fence"] + 1}
    for each in reporters:
        await each.http.aclose()
