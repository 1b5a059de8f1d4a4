"""kill -9 of the service and of its database while reports come in: what was acknowledged is there, nothing twice,
nothing by half; the log tells all of it, and so do the webhooks.
"""

import asyncio
import os
import random
import signal
from typing import Any

import pytest

from graph.database import Database
from tests.life.conftest import Start
from tests.life.consistency import faults
from tests.life.follower import Follower
from tests.life.listeners import SETTINGS, Listeners
from tests.life.process import Process, wait_gone
from tests.life.reporters import Reporters

pytestmark = pytest.mark.anyio

ROUNDS = int(os.environ.get("LINEAGE_TEST_ROUNDS", "2"))
"""So many a test; more of them show more."""


async def test_the_service_and_its_engine_are_killed_while_reports_come_in(process: Start, told: Listeners) -> None:
    service = process(SETTINGS)
    service.start_ready()
    reporters = Reporters(service)
    follower = Follower(service)
    await told.listen(service)
    async with follower.following(), reporters.reporting():
        for _ in range(ROUNDS):
            await reporters.more(random.randint(1, 40))
            engine = service.engine_pid
            os.kill(engine, signal.SIGKILL)
            await asyncio.to_thread(service.wait_for, "/readyz", 503)
            await reporters.more(random.randint(1, 40))
            assert service.engine_pid != engine

            engine = service.engine_pid
            service.send(signal.SIGKILL)
            service.wait()
            await asyncio.to_thread(wait_gone, engine, 15)
            await asyncio.to_thread(service.start_ready)
        await reporters.more()
    async with Database(service.address) as database:
        await everything_is_there(service, reporters, follower, told, database)


async def test_the_service_is_killed_while_reports_go_to_neo4j(
    process: Start, neo4j: Database, neo4j_settings: dict[str, str], told: Listeners
) -> None:
    service = process({**neo4j_settings, **SETTINGS})
    service.start_ready()
    reporters = Reporters(service)
    follower = Follower(service)
    await told.listen(service)
    async with follower.following(), reporters.reporting():
        for _ in range(ROUNDS):
            await reporters.more(random.randint(1, 40))
            service.send(signal.SIGKILL)
            service.wait()
            await asyncio.to_thread(service.start_ready)
        await reporters.more()
    await everything_is_there(service, reporters, follower, told, neo4j)


async def everything_is_there(
    service: Process, reporters: Reporters, follower: Follower, told: Listeners, database: Database
) -> None:
    """Exactly what was acknowledged is there: every report was sent until it was. The log tells all of it, once."""
    assert reporters.refused == follower.refused == []
    for postponed in reporters.postponed:
        assert int(postponed.headers["Retry-After"]) >= 1
    for asset, acknowledged in reporters.acknowledged.items():
        history = whole_history(service, asset)
        assert {each["snapshotId"]: each["payload"] for each in history} == acknowledged
        assert sorted(each["version"] for each in history) == list(range(1, len(acknowledged) + 1))
    produced = [event for event in follower.events if event["type"] == "asset.produced"]
    for asset, acknowledged in reporters.acknowledged.items():
        snapshots = [event["snapshot"] for event in produced if event["asset"] == asset]
        assert sorted(snapshots) == sorted(acknowledged)
    # A reader that looked on all the time saw number after number, and what it saw under a number stayed.
    assert [int(event["id"]) for event in follower.events] == list(range(1, len(follower.events) + 1))
    log = whole_log(service)
    assert log[: len(follower.events)] == follower.events
    await told.check(log)
    assert await faults(database) == []


def whole_log(service: Process) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"nextCursor": 0, "more": True}
    while page["more"]:
        page = service.http.get("/events", params={"after": page["nextCursor"], "limit": 1000}).json()["data"]
        found += page["events"]
    return found


def whole_history(service: Process, asset: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    parameters = {"limit": "100"}
    while True:
        page = service.http.get(f"/workflows/collect/assets/{asset}/history", params=parameters).json()["data"]
        found += page["history"]
        if page["nextCursor"] is None:
            return found
        parameters["before"] = page["nextCursor"]
