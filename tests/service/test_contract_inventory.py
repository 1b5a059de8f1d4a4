"""The contract's inventory: what a workflow's assets look like, whose newest version is shown, and how fresh it is."""

import pytest

from tests.service.client import Service, produced, step, workflow
from tests.service.contract import ASSET, ROLE, SNAPSHOT, check_shape

pytestmark = pytest.mark.anyio

HOUR = 3_600_000

RICH = {
    "assetId": "Report",
    "schema": {"type": "object"},
    "freshness": {"ttlMs": HOUR},
    "autoMaterialize": {"enabled": True, "priority": None},
    "partitioning": {"type": "dynamic", "maxKeys": 10},
    "description": "The report",
    "owner": "data",
    "tags": ["a"],
    "importance": "high",
}


async def test_an_asset_shows_who_produces_and_consumes_it_and_its_newest_version(service: Service) -> None:
    await service.register(
        workflow(
            "collect",
            step("make", name="Make it", type="fanout", consumes=["raw"], produces=[RICH]),
            step("read", consumes=["report"]),
        )
    )
    run = await service.start("collect", partitionKey="eu")
    await service.report(run, "make", produced({"assetId": "report", "payload": {"pages": 1}}))
    assets = (await service.get("/workflows/collect/assets"))["data"]["assets"]
    assert [each["assetId"] for each in assets] == ["Report", "raw"]
    for each in assets:
        check_shape(each, ASSET)
    report, raw = assets
    for role in (*report["producers"], *report["consumers"], *raw["consumers"]):
        check_shape(role, ROLE)
    assert report["producers"] == [
        {"stepId": "make", "stepName": "Make it", "stepType": "fanout"}
        | {name: value for name, value in RICH.items() if name != "assetId"}
    ]
    assert report["consumers"] == [
        {"stepId": "read", "stepName": "read", "stepType": "job"}
        | dict.fromkeys(["schema", "freshness", "autoMaterialize", "partitioning"])
    ]
    assert (raw["producers"], raw["latest"], raw["available"]) == ([], None, False)
    latest = report["latest"]
    check_shape(latest, SNAPSHOT)
    assert report["available"]
    assert (latest["stepName"], latest["stepType"], latest["stepStatus"]) == ("Make it", "fanout", "succeeded")
    assert (latest["runStatus"], latest["runStartedAt"], latest["runCompletedAt"]) == (
        "running",
        "2026-01-01T00:00:00.000Z",
        None,
    )
    assert (latest["schema"], latest["freshness"]) == ({"type": "object"}, {"ttlMs": HOUR})
    assert (latest["version"], latest["partitionKey"], latest["workflowSlug"]) == (1, "eu", "collect")
    service.clock.forward(5)
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "failed"})
    latest = (await service.inventory("collect"))["Report"]["latest"]
    assert (latest["runStatus"], latest["runCompletedAt"]) == ("failed", "2026-01-01T00:00:00.005Z")


async def test_a_null_payload_is_a_payload(service: Service) -> None:
    await service.register(workflow("collect", step("scan", produces=["raw"])))
    await service.produce("collect", "scan", "raw", None)
    raw = (await service.inventory("collect"))["raw"]
    assert raw["available"]
    assert raw["latest"]["payload"] is None


async def test_the_newest_version_is_by_any_workflow_unless_the_scope_is_this_one(service: Service) -> None:
    await service.register(
        workflow("one", step("make", produces=["shared"])),
        workflow("two", step("make", produces=["Shared"])),
        workflow("reader", step("read", consumes=["SHARED"])),
    )
    await service.produce("one", "make", "shared", "first")
    service.clock.forward(1000)
    await service.produce("two", "make", "SHARED", "second")
    for slug in ("one", "two", "reader"):
        assert (await service.inventory(slug))["shared"]["latest"]["payload"] == "second"
    own = {slug: (await service.inventory(slug, scope="workflow"))["shared"] for slug in ("one", "two", "reader")}
    assert own["one"]["latest"]["payload"] == "first"
    assert own["two"]["latest"]["payload"] == "second"
    assert own["reader"]["latest"] is None
    refused = await service.get("/workflows/one/assets", 400, scope="mine")
    assert refused["error"] == "'scope' must be one of 'all', 'workflow'; 'mine' came."


async def test_what_a_workflow_once_produced_stays_in_its_inventory(service: Service) -> None:
    await service.register(workflow("collect", step("scan", produces=["old", "never"])))
    await service.produce("collect", "scan", "old", 1)
    await service.register(workflow("collect", step("scan", produces=["new"])))
    assets = await service.inventory("collect")
    assert list(assets) == ["new", "old"]
    assert (assets["old"]["producers"], assets["old"]["latest"]["payload"]) == ([], 1)


async def test_ids_are_shown_as_first_declared_in_whatever_case_they_come(service: Service) -> None:
    await service.register(workflow("collect", step("scan")))
    run = await service.start("collect")
    await service.report(run, "scan", produced({"assetId": "SIDE.effect", "payload": 1}))
    assert list(await service.inventory("collect")) == ["SIDE.effect"]
    await service.register(workflow("one", step("make", produces=["Side.Effect"])))
    await service.register(workflow("two", step("make", produces=["side.effect"], consumes=["SIDE.EFFECT"])))
    for slug in ("collect", "one", "two"):
        assert list(await service.inventory(slug)) == ["Side.Effect"]
    assert (await service.history("two", "sIdE.eFfEcT"))["assetId"] == "Side.Effect"
    [step_shown] = (await service.get(f"/workflow-runs/{run}/steps"))["data"]["steps"]
    assert step_shown["producedAssets"][0]["assetId"] == "Side.Effect"
    graph = (await service.get("/assets/graph"))["data"]["assets"]
    assert [(each["assetId"], each["normalizedAssetId"]) for each in graph] == [("Side.Effect", "side.effect")]


async def state_of(service: Service, asset: str) -> tuple[str, list[str], bool]:
    found = (await service.inventory("collect"))[asset]
    return found["freshnessState"], [reason["code"] for reason in found["freshnessReasons"]], found["stale"]


async def test_a_freshness_state_tells_its_reasons_the_gravest_first(service: Service) -> None:
    aging = {"assetId": "report", "freshness": {"ttlMs": 3 * HOUR, "cadenceMs": HOUR, "maxAgeMs": 4 * HOUR}}
    await service.register(
        workflow("collect", step("scan", produces=["raw"]), step("make", consumes=["raw"], produces=[aging]))
    )
    assert await state_of(service, "raw") == ("missing", ["never_produced"], False)
    await service.produce("collect", "scan", "raw", 1)
    await service.produce("collect", "make", "report", 1)
    assert await state_of(service, "raw") == ("unknown", [], False)
    assert await state_of(service, "report") == ("fresh", [], False)
    service.clock.forward(HOUR)
    assert await state_of(service, "report") == ("due", ["due"], False)
    await service.produce("collect", "scan", "raw", 2)
    assert await state_of(service, "report") == ("stale", ["outdated_upstream", "due"], True)
    service.clock.forward(2 * HOUR)
    assert await state_of(service, "report") == ("expired", ["expired", "outdated_upstream", "due"], True)
    service.clock.forward(HOUR + 1)
    assert (await state_of(service, "report"))[1] == ["expired", "overage", "outdated_upstream", "due"]
    found = (await service.inventory("collect"))["report"]
    assert found["freshUntil"] == "2026-01-01T01:00:00.000Z"
    assert all(reason["message"] for reason in found["freshnessReasons"])
    await service.produce("collect", "make", "report", 2, freshness={"ttlMs": 10})
    assert await state_of(service, "report") == ("fresh", [], False)
    service.clock.forward(10)
    assert await state_of(service, "report") == ("expired", ["expired"], True)


async def test_freshness_may_stand_inside_the_schema(service: Service) -> None:
    hinted = {"assetId": "raw", "schema": {"type": "object", "ttlMs": 100}}
    await service.register(workflow("collect", step("scan", produces=[hinted])))
    await service.produce("collect", "scan", "raw", {})
    raw = (await service.inventory("collect"))["raw"]
    assert (raw["freshnessState"], raw["latest"]["freshness"]) == ("fresh", {"ttlMs": 100})
    assert raw["producers"][0]["schema"] == hinted["schema"]
