"""Partitions: which there are, the parameters to make them with, and how many there may be."""

from typing import Any

import pytest

from graph.rules.instants import format_instant
from tests.service.client import START, Service, produced, step, workflow
from tests.service.contract import SNAPSHOT, check_shape

pytestmark = pytest.mark.anyio

DAY = 86_400_000
HOURLY = {"type": "timeWindow", "granularity": "hour", "timezone": "Europe/Berlin", "lookbackWindows": 3}
STATIC = {"type": "static", "keys": ["north", "east", "south"]}


async def declare(service: Service, partitioning: Any) -> None:
    asset = {"assetId": "Sales"} | ({"partitioning": partitioning} if partitioning else {})
    await service.register(
        workflow("shop", step("sell", produces=[asset])), workflow("desk", step("s", consumes=[asset]))
    )


async def page(service: Service, *, slug: str = "shop", **query: Any) -> Any:
    return (await service.get(f"/workflows/{slug}/assets/SALES/partitions", **query))["data"]


async def keys(service: Service, **query: Any) -> list[str | None]:
    return [each["partitionKey"] for each in (await page(service, **query))["partitions"]]


async def mark(service: Service, key: str | None, **query: Any) -> None:
    await service.send("POST", "/workflows/shop/assets/sales/stale", {"partitionKey": key, **query}, 204)


async def put(service: Service, body: Any, status: int = 200) -> Any:
    return await service.send("PUT", "/workflows/shop/assets/sales/partition-parameters", body, status)


async def test_windows_are_listed_newest_first_produced_or_not(service: Service) -> None:
    await declare(service, HOURLY)
    await service.produce("shop", "sell", "sales", 1, partitionKey="2026-01-01T00")
    await service.produce("shop", "sell", "sales", 2, partitionKey="2026-01-01T00")
    await service.produce("shop", "sell", "sales", 3, partitionKey="2025-06-01T00")
    await mark(service, "2025-12-31T23", note="why")
    await mark(service, "2025-01-01T00")
    found = await page(service)
    assert (found["assetId"], found["partitioning"], found["partitionKey"]) == ("Sales", HOURLY, None)
    assert found["pagination"] == {"limit": 50, "offset": 0, "total": 5, "nextOffset": None}
    assert [(each["partitionKey"], each["materializations"], each["isStale"]) for each in found["partitions"]] == [
        ("2026-01-01T01", 0, False),
        ("2026-01-01T00", 2, False),
        ("2025-12-31T23", 0, True),
        ("2025-06-01T00", 1, False),
        ("2025-01-01T00", 0, True),
    ]
    never, made, marked, *_ = found["partitions"]
    nothing = {
        "staleMetadata": None,
        "parameters": None,
        "parametersSource": None,
        "parametersCapturedAt": None,
        "parametersUpdatedAt": None,
    }
    assert never == {
        "assetId": "Sales",
        "partitionKey": "2026-01-01T01",
        "materializations": 0,
        "latest": None,
        "isStale": False,
        **nothing,
    }
    check_shape(made["latest"], SNAPSHOT)
    assert (made["latest"]["payload"], made["latest"]["version"]) == (2, 2)
    assert marked["staleMetadata"] == {"requestedAt": format_instant(START), "requestedBy": None, "note": "why"}
    assert len(await keys(service, lookback=10)) == 12
    assert await keys(service, slug="desk") == await keys(service), "consumers see them too"


async def test_pages_hold_each_partition_once(service: Service) -> None:
    await declare(service, {"type": "dynamic"})
    for key in "dacb":
        await service.produce("shop", "sell", "sales", key, partitionKey=key)
    first = await page(service, limit=3)
    assert first["pagination"] == {"limit": 3, "offset": 0, "total": 4, "nextOffset": 3}
    rest = await page(service, limit=3, offset=3)
    assert rest["pagination"] == {"limit": 3, "offset": 3, "total": 4, "nextOffset": None}
    assert [each["partitionKey"] for each in first["partitions"] + rest["partitions"]] == ["a", "b", "c", "d"]
    assert (await page(service, offset=9))["pagination"]["nextOffset"] is None
    one = await page(service, partitionKey="b")
    assert ([each["partitionKey"] for each in one["partitions"]], one["partitionKey"]) == (["b"], "b")
    assert await keys(service, partitionKey="e") == []
    for parameter, value in (("limit", 0), ("limit", 201), ("offset", -1), ("lookback", 0), ("lookback", 10_001)):
        refused = await service.get("/workflows/shop/assets/sales/partitions", 400, **{parameter: value})
        assert refused["code"] == "invalid_parameter"
    assert (await service.get("/workflows/shop/assets/bread/partitions", 404))["code"] == "asset_not_found"
    assert (await service.get("/workflows/none/assets/sales/partitions", 404))["code"] == "workflow_not_found"


async def test_static_keys_come_as_declared_and_others_behind_them(service: Service) -> None:
    await declare(service, None)
    assert await keys(service) == [None]
    await service.produce("shop", "sell", "sales", 1)
    await service.produce("shop", "sell", "sales", 1, partitionKey="west")
    assert await keys(service) == ["west", None]
    await declare(service, STATIC)
    await service.produce("shop", "sell", "sales", 1, partitionKey="south")
    assert await keys(service) == ["north", "east", "south", "west", None]


async def test_what_is_marked_no_more_and_was_never_produced_is_not_listed(service: Service) -> None:
    await declare(service, {"type": "dynamic"})
    await mark(service, "a")
    await put(service, {"parameters": {}, "partitionKey": "b"})
    assert await keys(service) == ["a", "b"]
    found = await service.send("POST", "/graphql", {"query": "{ assets(partitioned: true) { nodes { assetId } } }"})
    assert found["data"]["assets"]["nodes"] == [], "what is partitioned was produced so"
    await service.send("DELETE", "/workflows/shop/assets/sales/stale", status=204, partitionKey="a")
    await service.send("DELETE", "/workflows/shop/assets/sales/partition-parameters", status=204, partitionKey="b")
    assert await keys(service) == []


async def test_own_marks_are_shown_before_those_of_others(service: Service) -> None:
    await declare(service, None)
    await mark(service, None, note="mine")
    service.clock.forward(1)
    await service.send("POST", "/workflows/desk/assets/sales/stale", {"note": "theirs"}, 204)
    for slug, note in (("shop", "mine"), ("desk", "theirs")):
        (it,) = (await page(service, slug=slug))["partitions"]
        assert it["staleMetadata"]["note"] == note


async def test_parameters_are_those_of_the_run_until_others_are_set(service: Service) -> None:
    await declare(service, {"type": "dynamic"})

    async def produce(parameters: Any) -> None:
        service.clock.forward(1_000)
        run = await service.start("shop", partitionKey="a", parameters=parameters)
        await service.report(run, "sell", produced({"assetId": "sales", "payload": 1}))

    async def shown() -> tuple[Any, ...]:
        (it,) = (await page(service))["partitions"]
        return tuple(
            it[name] for name in ("parameters", "parametersSource", "parametersCapturedAt", "parametersUpdatedAt")
        )

    def at(seconds: int) -> str:
        return format_instant(START + seconds * 1_000)

    await produce({"depth": 1})
    assert await shown() == ({"depth": 1}, "workflow-run", at(1), at(1))
    service.clock.forward(1_000)
    answer = await put(service, {"parameters": [1, None], "partitionKey": "a"})
    assert answer["data"] == {
        "assetId": "Sales",
        "partitionKey": "a",
        "parameters": [1, None],
        "source": "manual",
        "capturedAt": at(2),
        "updatedAt": at(2),
    }
    await produce({"depth": 2})
    assert await shown() == ([1, None], "manual", at(2), at(2)), "set by hand they stand"
    await put(service, {"parameters": None, "partitionKey": "a"})
    assert await shown() == (None, "manual", at(2), at(3))
    for _ in range(2):
        await service.send("DELETE", "/workflows/shop/assets/sales/partition-parameters", status=204, partitionKey="a")
    assert await shown() == ({"depth": 2}, "workflow-run", at(3), at(3))
    await produce(None)
    assert await shown() == (None, None, None, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"parameters": 1}, "partition_key_required"),
        ({"parameters": 1, "partitionKey": None}, "partition_key_required"),
        ({"parameters": 1, "partitionKey": "west"}, "unknown_partition"),
        ({"partitionKey": "north"}, "invalid_input"),
        ({"parameters": 1, "key": "north"}, "unknown_field"),
    ],
)
async def test_parameters_of_no_partition_are_refused(service: Service, body: Any, code: str) -> None:
    await declare(service, STATIC)
    assert (await put(service, body, 400))["code"] == code
    path = "/workflows/shop/assets/sales/partition-parameters"
    assert (await service.send("DELETE", path, status=400))["code"] == "partition_key_required"


async def test_no_more_partitions_than_declared_are_made(service: Service) -> None:
    await declare(service, {"type": "dynamic", "maxKeys": 2})
    run = await service.start("shop")
    both = [{"assetId": "sales", "partitionKey": key} for key in "ab"]
    await service.report(run, "sell", produced(*both))
    refused = await service.report(run, "sell", produced({"assetId": "sales", "partitionKey": "c"}, attempt=2), 409)
    assert refused["code"] == "too_many_partitions"
    assert refused["details"] == {"assetId": "sales", "partitionKey": "c", "maxKeys": 2}
    assert await keys(service) == ["a", "b"]
    again = await service.report(run, "sell", produced({"assetId": "sales", "partitionKey": "b"}, attempt=2))
    assert again["data"]["producedAssets"][0]["version"] == 2
    await mark(service, "c")
    await declare(service, {"type": "dynamic", "maxKeys": 3})
    later = await service.start("shop")
    await service.report(later, "sell", produced({"assetId": "sales", "partitionKey": "c"}))
    assert await keys(service) == ["a", "b", "c"]


async def test_a_batch_is_counted_as_its_reports_come(service: Service) -> None:
    await declare(service, {"type": "dynamic", "maxKeys": 2})
    run = await service.start("shop")
    lines = [
        {"runId": run, "stepId": "sell", "attempt": n + 1, **produced({"assetId": "sales", "partitionKey": key})}
        for n, key in enumerate("abacb")
    ]
    outcomes = await service.bulk(*lines)
    assert [each["status"] for each in outcomes] == [200, 200, 200, 409, 200]
    whole = produced(*({"assetId": "sales", "partitionKey": key} for key in "abc"), attempt=9)
    assert (await service.report(run, "sell", whole, 409))["code"] == "too_many_partitions"


async def test_what_was_not_produced_for_long_leaves_and_makes_room(service: Service) -> None:
    await declare(service, {"type": "dynamic", "maxKeys": 2, "retentionDays": 10})
    for key in "ab":
        await service.produce("shop", "sell", "sales", key, partitionKey=key)
    service.clock.forward(9 * DAY)
    await service.produce("shop", "sell", "sales", 2, partitionKey="b")
    service.clock.forward(DAY)
    assert await keys(service) == ["a", "b"]
    service.clock.forward(1)
    assert await keys(service) == ["b"]
    await service.produce("shop", "sell", "sales", 1, partitionKey="c")
    run = await service.start("shop")
    await service.report(run, "sell", produced({"assetId": "sales", "partitionKey": "d"}), 409)
    assert await keys(service) == ["b", "c"]
    assert len((await service.history("shop", "sales", partitionKey="a"))["history"]) == 1
