"""Old events go, oldest first, and a cursor that would skip some is told so."""

import asyncio
from typing import Any

import pytest

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database, Transaction
from graph.events import store
from graph.events.retention import DAY
from graph.events.store import read_log
from tests.events.log import numbers, page, whole_log
from tests.service.client import Clock, Service, step, workflow

pytestmark = pytest.mark.anyio

DEFINITION = workflow("collect", step("scan", produces=["raw"]))


async def starts(service: Service, count: int) -> None:
    """So many events, now."""
    await asyncio.gather(*(service.start("collect") for _ in range(count)))


async def test_what_is_older_than_the_setting_is_removed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "REMOVED", 10)
    await service.register(DEFINITION)
    await starts(service, 24)
    service.clock.forward(DAY)
    await starts(service, 5)
    service.clock.forward(29 * DAY)
    await service.lineage.retention.clear()
    assert numbers(await whole_log(service)) == list(range(1, 31)), "not one that is exactly as old as may be"
    service.clock.forward(1)
    await service.lineage.retention.clear()
    assert numbers(await whole_log(service, after=25)) == list(range(26, 31))
    assert (await service.lineage.read(read_log)).first == 26
    await starts(service, 1)
    assert numbers(await whole_log(service, after=29)) == [30, 31], "the numbers go on"

    gone = await service.get("/events", 410, after=24)
    assert gone["code"] == "events_gone"
    assert gone["details"] == {"oldest": 26, "after": 25}
    assert (await service.get("/events/stream", 410, after=0))["code"] == "events_gone"
    headers = {"Last-Event-ID": "3"}
    assert (await service.http.get("/events/stream", headers=headers)).status_code == 410

    service.clock.forward(100 * DAY)
    await service.lineage.retention.clear()
    log = await service.lineage.read(read_log)
    assert (log.first, log.last) == (32, 31)
    assert (await page(service, after=31)) == {"events": [], "nextCursor": 31, "more": False}
    await starts(service, 1)
    assert numbers(await whole_log(service, after=31)) == [32]


async def test_a_young_event_keeps_what_is_behind_it(service: Service) -> None:
    """A clock that went back: the beginning of the log is removed up to the first that is young enough."""
    await service.register(DEFINITION)
    service.clock.forward(DAY)
    await starts(service, 1)
    service.clock.forward(-DAY)
    await starts(service, 1)
    service.clock.forward(30 * DAY + 1)
    await service.lineage.retention.clear()
    assert numbers(await whole_log(service, after=1)) == [2, 3]
    service.clock.forward(DAY)
    await service.lineage.retention.clear()
    assert (await service.lineage.read(read_log)).first == 4


async def test_two_processes_that_write_and_remove_at_once(
    service: Service, address: Address, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "REMOVED", 7)
    await service.register(DEFINITION)
    await starts(service, 59)
    clock.forward(31 * DAY)
    other = make_app(Settings(), clock=clock, source=FixedSource(address))
    async with other.router.lifespan_context(other):
        lineage = other.state.lineage
        await asyncio.gather(service.lineage.retention.clear(), lineage.retention.clear(), starts(service, 20))
    log = await service.lineage.read(read_log)
    assert (log.first, log.last) == (61, 80)
    assert numbers(await whole_log(service, after=60)) == list(range(61, 81))
    rows = await service.lineage.read(all_numbers)
    assert rows == list(range(61, 81))


ALL = "MATCH (e:Event) RETURN e.seq AS seq ORDER BY e.seq"


async def all_numbers(tx: Transaction) -> list[int]:
    return [row["seq"] for row in await tx.rows(ALL)]


async def test_it_is_done_at_the_start(service: Service, address: Address, clock: Clock, database: Database) -> None:
    await service.register(DEFINITION)
    clock.forward(3 * DAY)
    later = make_app(Settings(LINEAGE_EVENT_RETENTION_DAYS=2), clock=clock, source=FixedSource(address))
    async with later.router.lifespan_context(later), asyncio.timeout(20):
        while (await database.read(read_log)).first == 1:
            await asyncio.sleep(0.02)
    assert await database.read(all_numbers) == []


async def test_nothing_is_written_when_nothing_is_old(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await service.register(DEFINITION)

    async def refused(*_: Any) -> None:
        raise AssertionError("a write")

    monkeypatch.setattr(Database, "write", refused)
    await service.lineage.retention.clear()
