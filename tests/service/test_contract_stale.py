"""Stale marks: POST and DELETE /workflows/{slug}/assets/{assetId}/stale, and where they are seen."""

import asyncio
from typing import Any

import httpx
import pytest

from app.http.auth import create_token
from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from graph.questions.at_instant import verdicts_at
from graph.rules.instants import format_instant
from tests.events.log import whole_log
from tests.life.consistency import faults
from tests.service.client import START, Clock, Service, produced, step, workflow

pytestmark = pytest.mark.anyio

DAILY = {"assetId": "Daily", "partitioning": {"type": "timeWindow", "granularity": "day"}}


@pytest.fixture
async def mill(service: Service) -> None:
    """A workflow of an asset without partitions and of one with; another one that reads and remakes the first."""
    await service.register(
        workflow("mill", step("grind", produces=["Flour"]), step("daily", consumes=["Flour"], produces=[DAILY])),
        workflow("bakery", step("bake", consumes=["flour", "daily"]), step("again", produces=["flour"])),
    )


async def mark(service: Service, asset: str, body: Any = None, *, slug: str = "mill", status: int = 204) -> Any:
    return await service.send("POST", f"/workflows/{slug}/assets/{asset}/stale", body, status)


async def clear(service: Service, asset: str, *, slug: str = "mill", status: int = 204, **query: Any) -> Any:
    return await service.send("DELETE", f"/workflows/{slug}/assets/{asset}/stale", None, status, **query)


async def seen(service: Service, asset: str) -> list[tuple[str, str | None, str | None]]:
    """(workflow, partition, note) of each mark in the graph."""
    found = (await service.get("/assets/graph", assetId=asset))["data"]["assets"]
    (it,) = (each for each in found if each["normalizedAssetId"] == asset)
    assert it["hasStalePartitions"] == bool(it["stalePartitions"])
    return [(each["workflowSlug"], each["partitionKey"], each["note"]) for each in it["stalePartitions"]]


async def state(service: Service, asset: str) -> tuple[str, list[str], bool]:
    found = (await service.inventory("mill"))[asset]
    return found["freshnessState"], [reason["code"] for reason in found["freshnessReasons"]], found["stale"]


async def told(service: Service) -> list[tuple[str, str, str | None, dict[str, Any]]]:
    """(type, asset, partition, data) of each event about a mark."""
    events = await whole_log(service, types="asset.stale-marked") + await whole_log(
        service, types="asset.stale-cleared"
    )
    for event in events:
        event["data"].pop("downstream")
    return [
        (each["type"].partition("-")[2], each["asset"], each.get("partition"), each["data"])
        for each in sorted(events, key=lambda event: event["sequence"])
    ]


@pytest.mark.usefixtures("mill")
async def test_a_mark_makes_an_asset_stale_until_somebody_produces_it(service: Service) -> None:
    await service.produce("mill", "grind", "Flour", 1)
    assert await state(service, "Flour") == ("unknown", [], False)
    service.clock.forward(1_000)
    await mark(service, "FLOUR", {"note": "weevils"})
    assert await state(service, "Flour") == ("stale", ["marked_stale"], True)
    assert await seen(service, "flour") == [("mill", None, "weevils")]
    found = (await service.get("/assets/graph", assetId="flour"))["data"]["assets"]
    (it,) = next(each for each in found if each["assetId"] == "Flour")["stalePartitions"]
    workflow_of = (await service.get("/workflows/mill"))["data"]["workflow"]
    assert it == {
        "workflowId": workflow_of["id"],
        "workflowSlug": "mill",
        "workflowName": "mill",
        "partitionKey": None,
        "requestedAt": format_instant(START + 1_000),
        "requestedBy": None,
        "note": "weevils",
    }
    service.clock.forward(1_000)
    made = await service.produce("bakery", "again", "fLOUR", 2)
    assert await state(service, "Flour") == ("unknown", [], False)
    assert await seen(service, "flour") == []
    said = {"assetId": "Flour", "workflowSlug": "mill", "requestedAt": it["requestedAt"], "note": "weevils"}
    assert await told(service) == [
        ("marked", "flour", None, said),
        ("cleared", "flour", None, said | {"cause": "produced"}),
    ]
    (event,) = await whole_log(service, types="asset.stale-cleared")
    assert (event["snapshot"], event["workflow"]) == (made["id"], "mill")


@pytest.mark.usefixtures("mill")
async def test_a_mark_is_replaced_and_taken_back_by_its_workflow_alone(service: Service) -> None:
    await mark(service, "flour")
    await mark(service, "flour", {})
    service.clock.forward(1_000)
    await mark(service, "flour", {"note": "old"}, slug="bakery")
    await mark(service, "flour", {"note": "wet"})
    assert await seen(service, "flour") == [("bakery", None, "old"), ("mill", None, "wet")]
    await clear(service, "FLOUR")
    await clear(service, "flour")
    assert await seen(service, "flour") == [("bakery", None, "old")]
    assert [(kind, data["workflowSlug"], data.get("cause")) for kind, _, _, data in await told(service)] == [
        ("marked", "mill", None),
        ("marked", "bakery", None),
        ("marked", "mill", None),
        ("cleared", "mill", "cleared"),
    ]
    assert await state(service, "Flour") == ("missing", ["never_produced", "marked_stale"], False)


@pytest.mark.usefixtures("mill")
async def test_partitions_are_marked_and_cleared_one_by_one(service: Service) -> None:
    for key in ("2026-01-01", "2026-01-02"):
        await service.produce("mill", "daily", "daily", key, partitionKey=key)
        service.clock.forward(1_000)
    await mark(service, "daily", {"partitionKey": "2026-01-01"})
    assert await state(service, "Daily") == ("unknown", [], False), "the newest version is of another partition"
    await mark(service, "daily", {"partitionKey": "2026-01-02", "note": "late"})
    await mark(service, "daily", {"partitionKey": "2026-01-03"})
    assert await state(service, "Daily") == ("stale", ["marked_stale"], True)
    await service.produce("mill", "daily", "daily", 2, partitionKey="2026-01-02")
    assert await state(service, "Daily") == ("unknown", [], False)
    await clear(service, "daily", partitionKey="2026-01-03")
    assert await seen(service, "daily") == [("mill", "2026-01-01", None)]


@pytest.mark.usefixtures("mill")
@pytest.mark.parametrize(
    ("asset", "body", "code", "status"),
    [
        ("daily", None, "partition_key_required", 400),
        ("daily", {"partitionKey": "today"}, "unknown_partition", 400),
        ("daily", {"partitionKey": " "}, "invalid_input", 400),
        ("flour", {"partitionKey": ""}, "invalid_input", 400),
        ("flour", {"partitionKey": "k" * 201}, "invalid_input", 400),
        ("flour", {"note": ""}, "invalid_input", 400),
        ("flour", {"note": "n" * 501}, "invalid_input", 400),
        ("flour", {"reason": "wet"}, "unknown_field", 400),
        ("bread", None, "asset_not_found", 404),
    ],
)
async def test_what_cannot_be_marked_is_refused(
    service: Service, asset: str, body: Any, code: str, status: int
) -> None:
    assert (await mark(service, asset, body, status=status))["code"] == code
    assert await told(service) == []


@pytest.mark.usefixtures("mill")
async def test_consumers_know_that_an_asset_is_partitioned(service: Service) -> None:
    refused = await mark(service, "daily", slug="bakery", status=400)
    assert refused["code"] == "partition_key_required"
    await mark(service, "daily", {"partitionKey": "2026-01-01"}, slug="bakery")


@pytest.mark.usefixtures("mill")
async def test_what_cannot_be_cleared_is_refused(service: Service) -> None:
    assert (await clear(service, "flour", slug="nobody", status=404))["code"] == "workflow_not_found"
    assert (await clear(service, "bread", status=404))["code"] == "asset_not_found"
    assert (await clear(service, "daily", status=400))["code"] == "partition_key_required"
    await clear(service, "daily", partitionKey="never heard of")


@pytest.mark.usefixtures("mill")
async def test_what_was_marked_can_be_cleared_when_definitions_have_changed(service: Service) -> None:
    await mark(service, "flour")
    await service.register(workflow("mill", step("rest")), workflow("other", step("s", produces=[DAILY])))
    await clear(service, "flour")
    assert await seen(service, "flour") == []
    assert (await clear(service, "flour", status=404))["code"] == "asset_not_found"


@pytest.mark.usefixtures("mill")
async def test_the_marks_of_a_workflow_go_with_it_and_do_not_come_back(service: Service) -> None:
    await mark(service, "flour")
    await mark(service, "flour", slug="bakery")
    await service.send("DELETE", "/workflows/bakery", status=204)
    assert await seen(service, "flour") == [("mill", None, None)]
    await service.register(workflow("bakery", step("bake", consumes=["flour"])))
    assert await seen(service, "flour") == [("mill", None, None)]
    assert [(kind, data["workflowSlug"], data.get("cause")) for kind, _, _, data in await told(service)][2:] == [
        ("cleared", "bakery", "workflow_deleted")
    ]


@pytest.mark.usefixtures("mill")
async def test_verdicts_of_past_instants_stay_true(service: Service) -> None:
    await service.produce("mill", "grind", "flour", 1)
    notes: dict[int, list[str]] = {START: []}
    for note in ("a", "b", None, "c"):
        service.clock.forward(10)
        await (mark(service, "flour", {"note": note}) if note else clear(service, "flour"))
        notes[service.clock.now] = [f"it was marked stale: {note}"] if note else []
    service.clock.forward(10)
    await service.produce("mill", "grind", "flour", 2)
    notes[service.clock.now] = []
    for at, reasons in notes.items():
        for instant in (at, at + 9):
            judged = await service.lineage.read(lambda tx, t=instant: verdicts_at(tx, ["flour"], t))
            assert [reason.message for reason in judged["flour"].reasons] == reasons, instant - START


@pytest.mark.usefixtures("mill")
async def test_a_clock_that_goes_back_leaves_no_mark_before_what_it_is_about(service: Service) -> None:
    await service.produce("mill", "grind", "flour", 1)
    service.clock.forward(-5_000)
    await mark(service, "flour")
    ((_, _, _, data),) = await told(service)
    assert data["requestedAt"] == format_instant(START)


async def test_no_mark_is_left_that_is_older_than_a_production(service: Service, database: Database) -> None:
    await service.register(workflow("mill", *(step(f"s{n}", produces=["flour"]) for n in range(20))))
    left = 0
    for turn in range(5):
        run = await service.start("mill")
        writes = [mark(service, "flour", {"note": f"{turn}.{n}"}) for n in range(20)]
        writes += [service.report(run, f"s{n}", produced({"assetId": "flour", "payload": n})) for n in range(20)]
        # In another order each time, the last one a report or a mark in turn.
        await asyncio.gather(*(writes if turn % 2 else reversed(writes)))
        assert await faults(database) == []
        left += len(await seen(service, "flour"))
        service.clock.forward(1)
        await service.produce("mill", "s0", "flour", turn)
        assert await seen(service, "flour") == []
    changes = [kind for kind, *_ in await told(service)]
    assert changes.count("marked") > changes.count("cleared") >= left


@pytest.mark.usefixtures("database")
async def test_whose_token_it_was_is_kept(address: Address, clock: Clock) -> None:
    secret, line = create_token("ann", ["report", "write"])
    app = make_app(Settings(tokens=line), clock=clock, source=FixedSource(address))
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://127.0.0.1",
        headers={"authorization": f"Bearer {secret}"},
    )
    async with app.router.lifespan_context(app), client:
        service = Service(client, clock, app.state.lineage)
        await service.register(workflow("mill", step("grind", produces=["flour"])))
        await mark(service, "flour")
        (it,) = (await service.get("/workflows/mill/assets/flour/partitions"))["data"]["partitions"]
        assert it["staleMetadata"]["requestedBy"] == "ann"
        await clear(service, "flour")
        assert [data.get("clearedBy") for *_, data in await told(service)] == [None, "ann"]


async def test_a_partition_that_is_forgotten_and_produced_at_once_is_there(service: Service) -> None:
    await service.register(
        workflow("mill", step("s", produces=[{"assetId": "d", "partitioning": {"type": "dynamic"}}]))
    )
    for turn in range(8):
        run, key = await service.start("mill"), f"k{turn}"
        await mark(service, "d", {"partitionKey": key})
        report = produced({"assetId": "d", "partitionKey": key})
        writes = [clear(service, "d", partitionKey=key), service.report(run, "s", report)]
        await asyncio.gather(*(writes if turn % 2 else reversed(writes)))
    found = (await service.get("/workflows/mill/assets/d/partitions"))["data"]["partitions"]
    assert [(each["materializations"], each["isStale"]) for each in found] == [(1, False)] * 8
