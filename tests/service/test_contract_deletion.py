"""A deleted workflow stops bridging the graph at once; its history stays."""

import pytest

from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

CHAIN = (
    workflow("collect", step("scan", produces=["raw"])),
    workflow("make", step("make", consumes=["raw"], produces=["report", "extra"])),
    workflow("pack", step("pack", consumes=["report"], produces=["archive"])),
)


async def edges(service: Service) -> list[tuple[str, str]]:
    found = (await service.get("/assets/graph"))["data"]["edges"]
    return [(edge["fromAssetId"], edge["toAssetId"]) for edge in found]


async def test_the_edges_are_gone_at_once_and_the_versions_stay(service: Service) -> None:
    await service.register(*CHAIN)
    made = await service.produce("make", "make", "report", {"pages": 1})
    await service.send("DELETE", "/workflows/make", status=204)
    assert await edges(service) == [("report", "archive")]
    around = (await service.get("/assets/graph", assetId="raw"))["data"]["assets"]
    assert [each["assetId"] for each in around] == ["raw"]
    for path in ("/workflows/make", "/workflows/make/assets", "/workflows/make/assets/report/history"):
        assert (await service.get(path, 404))["code"] == "workflow_not_found"
    assert [each["slug"] for each in (await service.get("/workflows"))["data"]] == ["collect", "pack"]
    through_another = await service.history("pack", "report")
    assert [each["snapshotId"] for each in through_another["history"]] == [made["snapshotId"]]
    assert through_another["history"][0]["workflowSlug"] == "make"
    report = next(
        each for each in (await service.get("/assets/graph"))["data"]["assets"] if each["assetId"] == "report"
    )
    assert (report["producers"], [each["workflowSlug"] for each in report["latestMaterializations"]]) == ([], ["make"])
    assert (await service.send("DELETE", "/workflows/make", status=404))["code"] == "workflow_not_found"


async def test_what_nobody_declares_or_ever_produced_leaves_the_graph(service: Service) -> None:
    await service.register(*CHAIN)
    await service.send("DELETE", "/workflows/make", status=204)
    assets = (await service.get("/assets/graph"))["data"]["assets"]
    assert [each["assetId"] for each in assets] == ["archive", "raw", "report"]
    assert (await service.get("/assets/graph", 404, assetId="extra"))["code"] == "asset_not_found"


async def test_registered_again_it_has_its_history_back(service: Service) -> None:
    await service.register(*CHAIN)
    first = await service.produce("make", "make", "report", 1)
    before = (await service.get("/workflows/make"))["data"]["workflow"]
    await service.send("DELETE", "/workflows/make", status=204)
    service.clock.forward(1000)
    again = await service.send("POST", "/workflows", workflow("make", step("other", produces=["extra"])), 201)
    assert again["data"]["id"] == before["id"]
    assert again["data"]["revision"] == 2
    page = await service.history("make", "report")
    assert [each["snapshotId"] for each in page["history"]] == [first["snapshotId"]]
    assert page["producers"] == []
    assert sorted(await service.inventory("make")) == ["extra", "report"]
    assert await edges(service) == [("report", "archive")]
    await service.register(CHAIN[1])
    assert await edges(service) == [("raw", "extra"), ("raw", "report"), ("report", "archive")]
    second = await service.produce("make", "make", "report", 2)
    assert second["version"] == 2


async def test_revisions_tell_when_it_was_gone(service: Service) -> None:
    await service.register(CHAIN[0])
    service.clock.forward(1000)
    await service.send("DELETE", "/workflows/collect", status=204)
    service.clock.forward(1000)
    await service.register(CHAIN[0])
    revisions = (await service.get("/workflows/collect/revisions"))["data"]["revisions"]
    assert [(each["validFrom"][17:19], each["validTo"] and each["validTo"][17:19]) for each in revisions] == [
        ("02", None),
        ("00", "01"),
    ]


async def test_a_run_that_is_under_way_is_still_recorded(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("make")
    await service.send("DELETE", "/workflows/make", status=204)
    await service.report(run, "make", produced({"assetId": "report", "payload": 1}))
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})
    assert (await service.get(f"/workflow-runs/{run}"))["data"]["status"] == "succeeded"
    assert len((await service.history("pack", "report"))["history"]) == 1
    assert await edges(service) == [("report", "archive")]
    assert (await service.send("POST", "/workflows/make/runs", {}, 404))["code"] == "workflow_not_found"


async def test_a_step_that_is_gone_bridges_no_more(service: Service) -> None:
    await service.register(*CHAIN)
    await service.produce("make", "make", "report", 1)
    await service.register(workflow("make", step("make", produces=["report"]), step("new", consumes=["raw"])))
    assert await edges(service) == [("report", "archive")]
    assert len((await service.history("make", "report"))["history"]) == 1
