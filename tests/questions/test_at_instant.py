"""Newest versions and freshness as of past instants, against plain lists of what arrived when."""

import asyncio
import dataclasses
import random

import pytest

from graph.database import Database
from graph.questions import at_instant
from graph.questions.at_instant import latest_at, verdicts_at
from graph.recording.recorder import StepMessage
from graph.rules.freshness import Verdict, verdict
from graph.rules.instants import format_instant
from graph.rules.order import ORDINAL_MASK, order_of, ordinals_of
from graph.store.assets import latest_by_asset
from graph.store.freshness import verdicts
from tests.service.client import START, Service, step, workflow

pytestmark = pytest.mark.anyio

ASSETS = [f"a{n}" for n in range(6)]
LIMITS = ({}, {"ttlMs": 40_000}, {"maxAgeMs": 30_000}, {"cadenceMs": 20_000, "ttlMs": 60_000})


@dataclasses.dataclass(frozen=True)
class Arrival:
    """A version as it came in."""

    snapshot: str
    created_at: int
    produced_at: int
    limits: dict[str, int]
    """Those that it was produced under: the report's own, else the declared ones."""


@dataclasses.dataclass(frozen=True)
class Declaration:
    """What the asset's step declared since the instant."""

    since: int
    limits: dict[str, int]
    upstreams: tuple[str, ...]


class Past:
    """What the service was told, and in which order."""

    def __init__(self, service: Service, seed: int) -> None:
        self.service = service
        self.chance = random.Random(seed)
        self.arrivals: dict[str, list[Arrival]] = {asset: [] for asset in ASSETS}
        self.declared: dict[str, list[Declaration]] = {asset: [] for asset in ASSETS}

    async def build(self, rounds: int) -> None:
        """Declarations change between versions, of which a third are late or ahead of time."""
        await self._declare()
        for turn in range(rounds):
            self.service.clock.forward(self.chance.choice([0, 1, 7_000, 15_000]))
            if turn % 8 == 7:
                self.service.clock.forward(1)
                await self._declare()
            run = await self.service.start("w")
            for asset in self.chance.sample(ASSETS[:-1], 2):
                await self._report(run, asset)

    async def _declare(self) -> None:
        now = self.service.clock.now
        steps = []
        for asset in ASSETS:
            limits = self.chance.choice(LIMITS)
            upstreams = tuple(sorted(self.chance.sample(ASSETS, self.chance.randint(0, 2))))
            self.declared[asset].append(Declaration(now, limits, upstreams))
            made = {"assetId": asset, "partitioning": {"type": "dynamic"}} | ({"freshness": limits} if limits else {})
            steps.append(step(asset, consumes=upstreams, produces=[made]))
        await self.service.register(workflow("w", *steps))

    async def _report(self, run: str, asset: str) -> None:
        now = self.service.clock.now
        late = self.chance.choice([0, 0, 0, 0, 30_000, -5_000])
        produced_at = now - late
        limits = self.chance.choice([None, None, {"ttlMs": 10_000}])
        made = {"assetId": asset, "payload": 1, "producedAt": format_instant(produced_at)}
        made["partitionKey"] = self.chance.choice("xyz")
        if limits:
            made["freshness"] = limits
        result = {"assets": [made]}
        outcome = await self.service.lineage.recorder.report_step(
            run, asset, StepMessage({"result": result}, 1, "succeeded", result)
        )
        (snapshot,) = outcome.snapshots
        under = limits or self.declared[asset][-1].limits
        self.arrivals[asset].append(Arrival(snapshot.key, now, produced_at, under))

    def instants(self) -> list[int]:
        """Each arrival's own instant, the millisecond before it, and the ends."""
        seen = {each.created_at for arrived in self.arrivals.values() for each in arrived}
        return sorted({START, self.service.clock.now} | seen | {at - 1 for at in seen if at > START})

    def latest(self, asset: str, at: int) -> Arrival | None:
        """By `producedAt`, the later arrival among equals."""
        known = [each for each in self.arrivals[asset] if each.created_at <= at]
        return max(enumerate(known), key=lambda each: (each[1].produced_at, each[0]))[1] if known else None

    def verdict(self, asset: str, at: int) -> Verdict:
        """The rules' verdict on what was known and declared."""
        declared = [each for each in self.declared[asset] if each.since <= at][-1]
        newest = self.latest(asset, at)
        limits = (newest.limits if newest else {}) or declared.limits
        upstreams = {each: self.latest(each, at) for each in declared.upstreams if each != asset}
        return verdict(
            latest_produced_at=newest.produced_at if newest else None,
            ttl_ms=limits.get("ttlMs"),
            cadence_ms=limits.get("cadenceMs"),
            max_age_ms=limits.get("maxAgeMs"),
            marked=[],
            outdated_upstreams=[
                key for key, its in sorted(upstreams.items()) if newest and its and its.produced_at > newest.produced_at
            ],
            now=at,
        )


@pytest.mark.parametrize("seed", range(2))
async def test_what_was_known_at_an_instant(service: Service, seed: int) -> None:
    past = Past(service, seed)
    await past.build(40)
    read = service.lineage.read
    for at in past.instants():
        found = await read(lambda tx, at=at: latest_at(tx, [*ASSETS, "never-seen"], at))
        wanted = {asset: newest.snapshot for asset in ASSETS if (newest := past.latest(asset, at))}
        assert {key: each.key for key, each in found.items()} == wanted, at
        judged = await read(lambda tx, at=at: verdicts_at(tx, ASSETS, at))
        assert judged == {asset: past.verdict(asset, at) for asset in ASSETS}, at
    now = service.clock.now
    assert await read(lambda tx: latest_at(tx, ASSETS, now)) == await read(lambda tx: latest_by_asset(tx, ASSETS))
    assert await read(lambda tx: verdicts_at(tx, ASSETS, now)) == await read(lambda tx: verdicts(tx, ASSETS, now))


async def test_instants_of_arrival_never_fall(service: Service, database: Database) -> None:
    await service.register(workflow("w", step("s", produces=["a"])))
    for minutes in (0, 5, -3, -1, 9):
        service.clock.now = START + minutes * 60_000
        await service.produce("w", "s", "a", minutes)
    rows = await database.rows(at_instant.ARRIVALS, {"places": [["a", n] for n in range(1, 6)]})
    created = [each[2] for each in sorted(rows[0]["arrivals"], key=lambda each: each[1])]
    assert created == [START + minutes * 60_000 for minutes in (0, 5, 5, 5, 9)]


async def test_a_slow_report_arrives_after_those_that_overtook_it(service: Service) -> None:
    await service.register(workflow("w", step("s", produces=["a"])))
    recorder, prepared = service.lineage.recorder, []
    for number in range(3):
        run = await service.start("w")
        result = {"assets": [{"assetId": "a", "payload": number}]}
        message = StepMessage({"result": result}, 1, "succeeded", result)
        prepared.append(await recorder.prepare_report(run, "s", message))
        service.clock.forward(1_000)
    outcomes = await asyncio.gather(*(recorder.record(each) for each in reversed(prepared)))
    assert [each.snapshots[0].created_at - START for each in outcomes] == [2_000, 2_000, 2_000]


def test_an_order_tells_its_number() -> None:
    for last in (1, 7, ORDINAL_MASK, ORDINAL_MASK + 1, 3 * ORDINAL_MASK):
        for ordinal in {1, last // 2, last} - {0}:
            numbers = ordinals_of(order_of(START, ordinal), last)
            assert ordinal in numbers
            assert len(numbers) <= last // ORDINAL_MASK + 1
            assert all(1 <= number <= last for number in numbers)
