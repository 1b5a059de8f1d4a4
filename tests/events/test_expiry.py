"""An asset expires once for each version, whoever is there to notice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.events import expiry
from graph.lineage import Lineage
from tests.events.log import whole_log
from tests.service.client import START, Clock, Service, produced, step, workflow
from tests.trips import recorded

pytestmark = pytest.mark.anyio

MINUTE = 60_000


def declared(**limits: int) -> dict[str, Any]:
    asset = {"assetId": "raw"} | ({"freshness": limits} if limits else {})
    return workflow("collect", step("scan", produces=[asset]))


async def told(service: Service) -> list[tuple[str, int, str]]:
    """(asset, version, when it expired) of every such event, after everything that is due was told."""
    await service.lineage.expiry.look()
    return [
        (event["asset"], event["version"], event["data"]["expiredAt"][11:19])
        for event in await whole_log(service, types="asset.expired")
    ]


@pytest.fixture(autouse=True)
def unwatched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch looks when the test says so, unless it is what is tested."""
    if "watch" not in request.node.name:
        monkeypatch.setattr(expiry.ExpiryWatch, "start", lambda self: None)


@pytest.mark.parametrize(
    ("limits", "lasts"),
    [
        ({"ttlMs": MINUTE}, MINUTE),
        ({"cadenceMs": MINUTE}, MINUTE),
        ({"maxAgeMs": MINUTE}, MINUTE + 1),
        ({"ttlMs": 3 * MINUTE, "cadenceMs": 2 * MINUTE, "maxAgeMs": MINUTE}, MINUTE + 1),
    ],
)
async def test_the_first_limit_that_passes_is_told_once(service: Service, limits: dict[str, int], lasts: int) -> None:
    await service.register(declared(**limits))
    await service.produce("collect", "scan", "raw", 1)
    service.clock.forward(lasts - 1)
    assert await told(service) == []
    service.clock.forward(1)
    assert await told(service) == [("raw", 1, "00:01:00")]
    service.clock.forward(100 * MINUTE)
    assert len(await told(service)) == 1


async def test_a_new_production_cancels_it(service: Service) -> None:
    await service.register(declared(ttlMs=MINUTE))
    await service.produce("collect", "scan", "raw", 1)
    service.clock.forward(MINUTE // 2)
    await service.produce("collect", "scan", "raw", 1)
    service.clock.forward(MINUTE // 2)
    assert await told(service) == []
    service.clock.forward(MINUTE // 2)
    assert await told(service) == [("raw", 2, "00:01:30")]
    await service.produce("collect", "scan", "raw", 1)
    service.clock.forward(MINUTE)
    assert await told(service) == [("raw", 2, "00:01:30"), ("raw", 3, "00:02:30")]


async def test_own_limits_of_a_version_win_and_a_version_without_any_cancels(service: Service) -> None:
    await service.register(declared())
    await service.produce("collect", "scan", "raw", 1, freshness={"ttlMs": MINUTE})
    await service.produce("collect", "scan", "raw", 2)
    service.clock.forward(MINUTE)
    assert await told(service) == []


async def test_a_late_report(service: Service) -> None:
    await service.register(declared(ttlMs=MINUTE))
    service.clock.forward(10 * MINUTE)
    # The newest so far, and expired when it comes.
    await service.produce("collect", "scan", "raw", 1, producedAt="2026-01-01T00:05:00Z")
    assert await told(service) == [("raw", 1, "00:06:00")]
    # Newer, and fresh: it is told of in its time.
    await service.produce("collect", "scan", "raw", 2, producedAt="2026-01-01T00:09:30Z")
    # Older than the newest: its own deadline is nobody's concern.
    await service.produce("collect", "scan", "raw", 3, producedAt="2026-01-01T00:07:00Z")
    assert len(await told(service)) == 1
    service.clock.forward(MINUTE)
    assert await told(service) == [("raw", 1, "00:06:00"), ("raw", 2, "00:10:30")]


async def test_limits_declared_after_the_production(service: Service) -> None:
    await service.register(declared())
    await service.produce("collect", "scan", "raw", 1)
    service.clock.forward(5 * MINUTE)
    await service.register(declared(ttlMs=MINUTE))
    assert await told(service) == [("raw", 1, "00:01:00")]
    await service.register(declared(ttlMs=20 * MINUTE))
    service.clock.forward(60 * MINUTE)
    assert len(await told(service)) == 1, "once a version"


async def test_limits_changed_and_removed_hold_for_versions_without_own_ones(service: Service) -> None:
    await service.register(declared())
    await service.produce("collect", "scan", "raw", 1)
    await service.register(declared(ttlMs=MINUTE))
    await service.register(declared(ttlMs=2 * MINUTE))
    service.clock.forward(MINUTE)
    assert await told(service) == []
    await service.register(declared())
    service.clock.forward(10 * MINUTE)
    assert await told(service) == []
    await service.register(declared(ttlMs=30 * MINUTE))
    await service.send("DELETE", "/workflows/collect", status=204)
    service.clock.forward(60 * MINUTE)
    assert await told(service) == []


async def test_what_was_promised_for_a_version_stays_when_the_definition_changes(service: Service) -> None:
    """As with every question about freshness: the limits of a version are those under which it was made."""
    await service.register(declared(ttlMs=MINUTE))
    await service.produce("collect", "scan", "raw", 1)
    await service.register(declared(ttlMs=60 * MINUTE))
    service.clock.forward(MINUTE)
    assert (await service.inventory("collect"))["raw"]["freshnessState"] == "expired"
    assert await told(service) == [("raw", 1, "00:01:00")]


async def test_of_several_producers_the_first_that_declares_limits_counts(service: Service) -> None:
    await service.register(declared())
    run = await service.start("collect")
    other = workflow("other", step("make", produces=[{"assetId": "raw", "freshness": {"ttlMs": MINUTE}}]))
    await service.register(other)
    # A version of the workflow that declares none: what the other one declares holds for it.
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    first = workflow("a", step("make", produces=[{"assetId": "raw", "freshness": {"ttlMs": 5 * MINUTE}}]))
    await service.register(first)
    service.clock.forward(MINUTE)
    assert await told(service) == []
    await service.send("DELETE", "/workflows/a", status=204)
    assert await told(service) == [("raw", 1, "00:01:00")]


async def test_every_verdict_that_time_changes_is_told(service: Service) -> None:
    """The event and the answers about freshness go by the same limits, however they came about."""
    await service.register(declared())
    run = await service.start("collect")
    await service.register(declared(ttlMs=MINUTE))
    # The run is held against the definition without limits, the asset against the one with them.
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    service.clock.forward(MINUTE)
    assert (await service.inventory("collect"))["raw"]["freshnessState"] == "expired"
    assert await told(service) == [("raw", 1, "00:01:00")]


async def test_what_fell_due_while_the_service_was_stopped_is_told_once_after_the_start(
    service: Service, address: Address, clock: Clock
) -> None:
    await service.register(declared(ttlMs=MINUTE))
    await service.produce("collect", "scan", "raw", 1)
    clock.forward(10 * MINUTE)
    for _ in range(2):
        later = make_app(Settings(), clock=clock, source=FixedSource(address))
        async with later.router.lifespan_context(later):
            await later.state.lineage.expiry.look()
    assert await told(service) == [("raw", 1, "00:01:00")]


@pytest.fixture
async def two(service: Service, address: Address, clock: Clock) -> AsyncIterator[list[Lineage]]:
    """Two services on one database."""
    other = make_app(Settings(), clock=clock, source=FixedSource(address))
    async with other.router.lifespan_context(other):
        yield [service.lineage, other.state.lineage]


async def test_two_processes_tell_two_thousand_once_each(service: Service, two: list[Lineage]) -> None:
    names = [f"raw.{n}" for n in range(2_000)]
    assets = [{"assetId": each, "freshness": {"ttlMs": MINUTE}} for each in names]
    parts = [slice(start, start + 50) for start in range(0, 2_000, 50)]
    await service.register(workflow("many", *(step(f"s{part.start}", produces=assets[part]) for part in parts)))
    run = await service.start("many")
    made = {part.start: produced(*({"assetId": each, "payload": 1} for each in names[part])) for part in parts}
    await asyncio.gather(*(service.report(run, f"s{start}", body) for start, body in made.items()))
    service.clock.forward(MINUTE)
    pauses = [0.0]
    while min(pauses) < expiry.LONGEST:
        pauses = await asyncio.gather(*(each.expiry.look() for each in two))
    events = await whole_log(service, types="asset.expired", limit=1000)
    assert sorted(event["asset"] for event in events) == sorted(names)


async def test_clocks_that_jump(service: Service) -> None:
    await service.register(declared(ttlMs=MINUTE))
    service.clock.forward(60 * MINUTE)
    await service.produce("collect", "scan", "raw", 1)
    service.clock.forward(-50 * MINUTE)
    assert await told(service) == []
    # Produced later, by a clock that went back: not the newest, and the newest stays where it was.
    await service.produce("collect", "scan", "raw", 2)
    service.clock.forward(2 * MINUTE)
    assert await told(service) == []
    service.clock.forward(1_000 * MINUTE)
    assert await told(service) == [("raw", 1, "01:01:00")]
    service.clock.forward(-1_000 * MINUTE)
    assert len(await told(service)) == 1
    service.clock.forward(2_000 * MINUTE)
    assert len(await told(service)) == 1


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries, those of the service's start among them."""
    return recorded(monkeypatch).queries


async def soon(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_watch_is_still_while_nothing_is_due_and_wakes_for_what_will_be(
    asked: list[str], service: Service
) -> None:
    """With the watch at work: it asks once, then nothing until something sooner than its next look is noted."""
    watch = service.lineage.expiry
    await soon(lambda: _is(asked.count(expiry.NEXT) > 0))
    await asyncio.sleep(1)
    assert (asked.count(expiry.NEXT), asked.count(expiry.DUE)) == (1, 0), "nothing is due, and it asks"

    async def expired() -> list[Any]:
        return await whole_log(service, types="asset.expired")

    # Far away: no reason to look.
    await service.register(declared(ttlMs=60 * MINUTE))
    await service.produce("collect", "scan", "raw", 1)
    await asyncio.sleep(0.5)
    assert asked.count(expiry.NEXT) == 1
    # Half a second away; a clock that does not move by itself makes it a matter of the next look.
    await service.produce("collect", "scan", "raw", 2, freshness={"ttlMs": 500})
    await soon(lambda: _is(watch._next <= START + 500))
    assert await expired() == []
    service.clock.forward(500)
    await soon(lambda: _any(expired))
    # By a definition alone.
    await service.produce("collect", "scan", "raw", 3, freshness={"ttlMs": 90 * MINUTE})
    await service.register(workflow("other", step("make", produces=["other"])))
    await service.produce("other", "make", "other", 1)
    limited = {"assetId": "other", "freshness": {"ttlMs": 1}}
    service.clock.forward(1)
    await service.register(workflow("other", step("make", produces=[limited])))
    await soon(lambda: _count(expired, 2))


async def _is(value: bool) -> bool:
    return value


async def _any(look: Callable[[], Awaitable[list[Any]]]) -> bool:
    return bool(await look())


async def _count(look: Callable[[], Awaitable[list[Any]]], count: int) -> bool:
    return len(await look()) == count
