"""May a step begin: `GET …/readiness` and `requireFresh`, on both engines."""

from typing import Any

import pytest

from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

HOUR = 3_600_000


@pytest.fixture(autouse=True)
async def chain(service: Service) -> None:
    """raw → table (good for an hour) → report, each in a workflow of its own; `mystery` is made by nobody."""
    table = {"assetId": "table", "freshness": {"ttlMs": HOUR}}
    await service.register(
        workflow("ingest", step("fetch", produces=["raw"])),
        workflow("build", step("load", consumes=["raw"], produces=[table])),
        workflow("publish", step("sum", consumes=["table"], produces=["report"]), step("odd", consumes=["mystery"])),
    )


async def readiness(service: Service, run: str, step: str = "sum") -> dict[str, Any]:
    found: dict[str, Any] = (await service.get(f"/workflow-runs/{run}/steps/{step}/readiness"))["data"]
    assert found["ready"] == all(each["ready"] for each in found["inputs"])
    return found


def needed(found: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (each["assetId"], [f"{one['workflowSlug']}/{one['stepId']}" for one in each["producers"]])
        for each in found["needed"]
    ]


async def test_what_is_missing_is_made_from_the_beginning(service: Service) -> None:
    run = await service.start("publish")
    found = await readiness(service, run)
    (table,) = found["inputs"]
    assert (table["assetId"], table["state"], table["latest"]) == ("table", "missing", None)
    assert needed(found) == [("raw", ["ingest/fetch"]), ("table", ["build/load"])]
    assert found["possible"]
    await service.produce("ingest", "fetch", "raw", 1)
    assert needed(await readiness(service, run)) == [("table", ["build/load"])]
    await service.produce("build", "load", "table", 1)
    found = await readiness(service, run)
    assert (found["ready"], found["needed"]) == (True, [])
    assert found["inputs"][0]["latest"]["version"] == 1


async def test_what_expired_must_be_made_again(service: Service) -> None:
    await service.produce("ingest", "fetch", "raw", 1)
    await service.produce("build", "load", "table", 1)
    run = await service.start("publish")
    service.clock.forward(HOUR + 1)
    found = await readiness(service, run)
    assert found["inputs"][0]["objections"][0]["code"] == "expired"
    assert needed(found) == [("table", ["build/load"])]


async def test_what_nobody_makes_is_impossible(service: Service) -> None:
    found = await readiness(service, await service.start("publish"), "odd")
    assert (found["ready"], found["possible"], needed(found)) == (False, False, [("mystery", [])])


async def test_a_step_that_consumes_nothing_is_ready(service: Service) -> None:
    found = await readiness(service, await service.start("ingest"), "fetch")
    assert found == {**found, "ready": True, "possible": True, "inputs": [], "needed": []}


async def test_the_partition_of_the_run_counts(service: Service) -> None:
    daily = {"assetId": "daily", "partitioning": {"type": "static", "keys": ["mon", "tue"]}}
    await service.register(
        workflow("days", step("make", produces=[daily])), workflow("reader", step("read", consumes=["daily"]))
    )
    monday = await service.start("days", partitionKey="mon")
    await service.report(monday, "make", produced({"assetId": "daily", "payload": 1}))
    for partition, state in (("mon", "unknown"), ("tue", "missing")):
        run = await service.start("reader", partitionKey=partition)
        (shown,) = (await readiness(service, run, "read"))["inputs"]
        assert (shown["partitionKey"], shown["state"]) == (partition, state)
    anyhow = await service.start("reader")
    (shown,) = (await readiness(service, anyhow, "read"))["inputs"]
    assert (shown["partitionKey"], shown["state"]) == (None, "unknown")


async def test_a_step_that_must_be_fresh_does_not_begin_otherwise(service: Service) -> None:
    run = await service.start("publish")
    path = f"/workflow-runs/{run}/steps/sum/start"
    refused = await service.send("POST", path, {"requireFresh": True}, 409)
    assert refused["code"] == "inputs_not_ready"
    assert refused["details"]["needed"] == ["raw", "table"]
    (against,) = refused["details"]["inputs"]
    assert (against["assetId"], against["state"]) == ("table", "missing")
    assert (await service.get(f"/workflow-runs/{run}/steps"))["data"]["steps"] == []

    await service.produce("build", "load", "table", 1)
    begun = await service.send("POST", path, {"requireFresh": True})
    service.clock.forward(HOUR + 1)
    # The same again is answered as before: it began when all was well.
    assert (await service.send("POST", path, {"requireFresh": True}))["data"] == begun["data"]
    await service.send("POST", path, {"requireFresh": True, "attempt": 2}, 409)
    await service.send("POST", path, {"attempt": 2})


async def test_what_does_not_exist_is_said(service: Service) -> None:
    assert (await service.get("/workflow-runs/none/steps/sum/readiness", 404))["code"] == "run_not_found"
    run = await service.start("publish")
    assert (await service.get(f"/workflow-runs/{run}/steps/none/readiness", 404))["code"] == "step_not_found"
