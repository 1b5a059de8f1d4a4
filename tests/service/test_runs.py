"""Runs and reports: idempotency, conflicts, retries, late reports, inputs."""

import asyncio

import pytest

from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

CHAIN = (
    workflow("collect", step("scan", produces=["raw"]), step("report", consumes=["raw"], produces=["report"])),
    workflow("archive", step("pack", consumes=["report"], produces=["archive"])),
)


async def test_a_chain_of_two_workflows_is_in_the_graph(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect", parameters={"directory": "/srv"})
    await service.report(run, "scan", produced({"assetId": "raw", "payload": {"files": 3}}))
    made = await service.report(run, "report", produced({"assetId": "report", "payload": {"pages": 1}}))
    finished = await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})
    assert made["data"]["producedAssets"][0]["version"] == 1
    assert made["meta"]["warnings"] == []
    assert finished["data"]["status"] == "succeeded"
    assets = await service.inventory("collect")
    assert assets["report"]["latest"]["runId"] == run
    assert assets["report"]["latest"]["runStatus"] == "succeeded"
    assert assets["report"]["latest"]["payload"] == {"pages": 1}
    assert assets["report"]["available"]
    graph = (await service.get("/assets/graph"))["data"]
    edges = [(e["fromAssetId"], e["stepId"], e["toAssetId"]) for e in graph["edges"]]
    assert edges == [("raw", "report", "report"), ("report", "pack", "archive")]


async def test_the_same_report_again_changes_nothing_and_answers_the_same(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect")
    first = await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    service.clock.forward(60_000)
    again = await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    assert again == first
    assert len((await service.history("collect", "raw"))["history"]) == 1


async def test_a_different_report_of_the_same_attempt_is_a_conflict_that_shows_both(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect")
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    refused = await service.report(run, "scan", produced({"assetId": "raw", "payload": 2}), status=409)
    assert refused["code"] == "report_conflict"
    assert refused["details"]["existing"]["result"]["assets"][0]["payload"] == 1
    assert refused["details"]["received"]["result"]["assets"][0]["payload"] == 2
    assert len((await service.history("collect", "raw"))["history"]) == 1


async def test_a_retry_is_a_new_attempt_and_a_new_version(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect")
    await service.report(run, "scan", {"status": "failed", "errorMessage": "disk full"})
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}, attempt=2))
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}, attempt=3))
    history = (await service.history("collect", "raw"))["history"]
    assert [(each["version"], each["attempt"]) for each in history] == [(2, 3), (1, 2)]
    steps = (await service.get(f"/workflow-runs/{run}/steps"))["data"]["steps"]
    assert [(each["attempt"], each["status"]) for each in steps] == [(1, "failed"), (2, "succeeded"), (3, "succeeded")]


async def test_a_late_report_never_becomes_latest(service: Service) -> None:
    await service.register(*CHAIN)
    await service.produce("collect", "scan", "raw", "new", producedAt="2026-01-01T00:00:00Z")
    await service.produce("collect", "scan", "raw", "late", producedAt="2025-06-01T00:00:00+02:00")
    await service.produce("collect", "scan", "raw", "between", producedAt="2025-12-01T00:00:00Z")
    assert (await service.inventory("collect"))["raw"]["latest"]["payload"] == "new"
    history = (await service.history("collect", "raw"))["history"]
    assert [(each["payload"], each["version"]) for each in history] == [("new", 1), ("between", 3), ("late", 2)]
    assert history[2]["producedAt"] == "2025-05-31T22:00:00.000Z"


async def test_the_newest_of_a_workflow_is_told_among_partitions_of_one_millisecond(service: Service) -> None:
    # Their orders differ in the last digits only, which an engine may lose.
    await service.register(workflow("collect", step("scan", produces=["raw"])))
    run = await service.start("collect")
    at = "2026-01-01T00:00:00Z"
    for attempt, partition in enumerate("bcade", start=1):
        made = {"assetId": "raw", "payload": partition, "partitionKey": partition, "producedAt": at}
        await service.report(run, "scan", produced(made, attempt=attempt))
    for scope in ("all", "workflow"):
        assert (await service.inventory("collect", scope=scope))["raw"]["latest"]["payload"] == "e"


async def test_inputs_are_the_newest_of_each_consumed_asset_when_the_step_began(service: Service) -> None:
    await service.register(*CHAIN)
    old = await service.produce("collect", "scan", "raw", "old", producedAt="2025-12-01T00:00:00Z")
    new = await service.produce("collect", "scan", "raw", "new", producedAt="2025-12-03T00:00:00Z")
    run = await service.start("collect")
    body = produced({"assetId": "report", "payload": 1}, startedAt="2025-12-02T00:00:00Z")
    report = (await service.report(run, "report", body))["data"]["producedAssets"][0]
    assert await sources(service, report["snapshotId"]) == [old["snapshotId"]]
    again = (await service.report(run, "report", produced({"assetId": "report", "payload": 1}, attempt=2)))["data"]
    assert await sources(service, again["producedAssets"][0]["snapshotId"]) == [new["snapshotId"]]


async def test_a_started_step_keeps_the_inputs_of_its_start(service: Service) -> None:
    await service.register(*CHAIN)
    old = await service.produce("collect", "scan", "raw", "old")
    run = await service.start("collect")
    await service.send("POST", f"/workflow-runs/{run}/steps/report/start", {})
    service.clock.forward(1000)
    await service.produce("collect", "scan", "raw", "newer")
    report = (await service.report(run, "report", produced({"assetId": "report", "payload": 1})))["data"]
    assert await sources(service, report["producedAssets"][0]["snapshotId"]) == [old["snapshotId"]]


async def test_a_report_may_name_its_inputs(service: Service) -> None:
    await service.register(*CHAIN)
    first = await service.produce("collect", "scan", "raw", 1)
    await service.produce("collect", "scan", "raw", 2)
    run = await service.start("collect")
    by_version = produced({"assetId": "report", "payload": 1}, inputs=[{"assetId": "RAW", "version": 1}])
    made = (await service.report(run, "report", by_version))["data"]["producedAssets"][0]
    assert await sources(service, made["snapshotId"]) == [first["snapshotId"]]
    by_id = produced({"assetId": "report", "payload": 1}, attempt=2, inputs=[{"snapshotId": first["snapshotId"]}])
    made = (await service.report(run, "report", by_id))["data"]["producedAssets"][0]
    assert await sources(service, made["snapshotId"]) == [first["snapshotId"]]
    unknown = produced({"assetId": "report", "payload": 1}, attempt=3, inputs=[{"assetId": "raw", "version": 9}])
    assert (await service.report(run, "report", unknown, status=404))["code"] == "input_not_found"


async def test_concurrent_reports_make_versions_without_a_hole(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect")
    bodies = [produced({"assetId": "raw", "payload": n}, attempt=n) for n in range(1, 41)]
    bad = produced({"assetId": "no such id!", "payload": 0}, attempt=99)
    answers = await asyncio.gather(
        *(service.report(run, "scan", body) for body in bodies), service.report(run, "scan", bad, status=400)
    )
    assert sorted(a["data"]["producedAssets"][0]["version"] for a in answers[:-1]) == list(range(1, 41))


async def test_an_undeclared_asset_is_recorded_with_a_warning(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect")
    answer = await service.report(run, "scan", produced({"assetId": "Side.Effect", "payload": 1}))
    assert [warning["code"] for warning in answer["meta"]["warnings"]] == ["undeclared_asset"]
    assert (await service.inventory("collect"))["Side.Effect"]["latest"]["payload"] == 1


async def sources(service: Service, snapshot: str) -> list[str]:
    """The snapshots that a snapshot was derived from."""
    query = "MATCH (:Snapshot {key: $key})-[:DERIVED_FROM]->(s:Snapshot) RETURN s.key AS key ORDER BY s.key"
    rows = await service.lineage.read(lambda tx: tx.rows(query, {"key": snapshot}))
    return [row["key"] for row in rows]


async def test_a_newer_version_in_the_same_batch_does_not_hide_the_one_that_was_there(service: Service) -> None:
    await service.register(*CHAIN)
    there = await service.produce("collect", "scan", "raw", 1, producedAt="2025-12-01T00:00:00Z")
    run = await service.start("collect")
    newer = produced({"assetId": "raw", "payload": 2, "producedAt": "2025-12-03T00:00:00Z"})
    began_before = produced({"assetId": "report", "payload": 1}, startedAt="2025-12-02T00:00:00Z")
    outcomes = await service.bulk(
        {"runId": run, "stepId": "scan", **newer}, {"runId": run, "stepId": "report", **began_before}
    )
    assert [each["warnings"] for each in outcomes] == [[], []]
    assert await sources(service, outcomes[1]["data"]["producedAssets"][0]["snapshotId"]) == [there["snapshotId"]]


async def test_the_workflows_own_newest_is_the_last_to_arrive_of_one_millisecond(service: Service) -> None:
    await service.register(*CHAIN)
    run = await service.start("collect")
    made = [{"assetId": "raw", "payload": n, "partitionKey": f"p{n}"} for n in range(5)]
    await service.report(run, "scan", produced(*made))
    # Neither the first nor the last partition, so that no order of reading finds it by luck.
    await service.report(
        run, "scan", produced({"assetId": "raw", "payload": "newest", "partitionKey": "p2"}, attempt=2)
    )
    assert (await service.inventory("collect", scope="workflow"))["raw"]["latest"]["payload"] == "newest"
