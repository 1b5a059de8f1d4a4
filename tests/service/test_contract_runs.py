"""The contract's runs: asked for, begun, reported, finished, looked at."""

import asyncio
from typing import Any

import pytest

from tests.service.client import Service, produced, step, workflow
from tests.service.contract import PRODUCED_ASSET, RUN, RUN_STEP, check_shape

pytestmark = pytest.mark.anyio

COLLECT = workflow(
    "collect",
    step("scan", produces=["raw"]),
    step("report", type="service", name="The report", produces=[{"assetId": "report", "schema": {"type": "object"}}]),
)
REQUEST = {
    "parameters": {"directory": "/srv"},
    "triggeredBy": "somebody",
    "trigger": {"type": "manual"},
    "partitionKey": "2026-01",
    "runKey": "nightly",
}


async def test_a_requested_run_is_pending_until_it_is_started(service: Service) -> None:
    await service.register(COLLECT)
    run = (await service.send("POST", "/workflows/collect/run", REQUEST, 202))["data"]
    check_shape(run, RUN)
    assert {name: run[name] for name in REQUEST} == REQUEST
    assert (run["status"], run["startedAt"], run["durationMs"], run["currentStepId"]) == ("pending", None, None, None)
    assert run["retrySummary"] == {"pendingSteps": 0, "nextAttemptAt": None, "overdueSteps": 0}
    early = await service.report(run["id"], "scan", produced({"assetId": "raw"}), status=409)
    assert (early["code"], early["data"]["id"]) == ("run_not_started", run["id"])
    service.clock.forward(500)
    begun = (await service.send("POST", f"/workflow-runs/{run['id']}/start"))["data"]
    assert (begun["status"], begun["startedAt"]) == ("running", "2026-01-01T00:00:00.500Z")
    service.clock.forward(500)
    assert (await service.send("POST", f"/workflow-runs/{run['id']}/start", {}))["data"] == begun
    assert (await service.get(f"/workflow-runs/{run['id']}"))["data"] == begun


async def test_a_run_may_be_asked_for_without_a_body(service: Service) -> None:
    await service.register(COLLECT)
    run = (await service.send("POST", "/workflows/collect/run", status=202))["data"]
    assert (run["parameters"], run["runKey"], run["trigger"]) == (None, None, None)


async def test_a_begun_run_is_held_against_the_definition_of_that_time(service: Service) -> None:
    await service.register(workflow("collect", step("old")))
    run = (await service.send("POST", "/workflows/collect/run", status=202))["data"]["id"]
    await service.register(COLLECT)
    await service.send("POST", f"/workflow-runs/{run}/start")
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    assert (await service.report(run, "old", {"status": "succeeded"}, status=404))["code"] == "step_not_found"


async def test_an_active_run_key_is_refused_with_the_run_that_holds_it(service: Service) -> None:
    await service.register(COLLECT, workflow("other", step("only")))
    first = (await service.send("POST", "/workflows/collect/run", {"runKey": "nightly"}, 202))["data"]
    for path in ("run", "runs"):
        refused = await service.send("POST", f"/workflows/collect/{path}", {"runKey": "nightly"}, 409)
        assert (refused["code"], refused["data"]) == ("run_key_active", first)
    await service.send("POST", "/workflows/other/run", {"runKey": "nightly"}, 202)
    await service.send("POST", f"/workflow-runs/{first['id']}/finish", {"status": "canceled"})
    await service.send("POST", "/workflows/collect/run", {"runKey": "nightly"}, 202)


async def test_one_of_many_concurrent_requests_gets_the_run_key(service: Service) -> None:
    await service.register(COLLECT)
    answers = await asyncio.gather(
        *(service.http.post("/workflows/collect/run", json={"runKey": "nightly"}) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [202] + [409] * 7


async def test_a_pending_run_can_be_canceled_and_nothing_else(service: Service) -> None:
    await service.register(COLLECT)
    run = (await service.send("POST", "/workflows/collect/run", status=202))["data"]["id"]
    refused = await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"}, 409)
    assert refused["code"] == "run_not_started"
    canceled = (await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "canceled"}))["data"]
    assert (canceled["status"], canceled["startedAt"], canceled["durationMs"]) == ("canceled", None, None)
    refused = await service.send("POST", f"/workflow-runs/{run}/start", status=409)
    assert (refused["code"], refused["data"]["status"]) == ("run_finished", "canceled")


async def test_starting_with_an_id_is_idempotent_and_contradiction_shows_both(service: Service) -> None:
    await service.register(COLLECT)
    body = {"id": "my-run", "parameters": {"n": 1}, "startedAt": "2026-01-01T02:00:00+02:00"}
    first = await service.send("POST", "/workflows/collect/runs", body, 201)
    service.clock.forward(1000)
    again = await service.send("POST", "/workflows/collect/runs", body, 200)
    assert again == first
    assert first["data"]["startedAt"] == "2026-01-01T00:00:00.000Z"
    refused = await service.send("POST", "/workflows/collect/runs", {**body, "parameters": {"n": 2}}, 409)
    assert refused["code"] == "run_conflict"
    assert refused["details"]["existing"]["parameters"] == {"n": 1}
    assert refused["details"]["received"]["parameters"] == {"n": 2}
    assert refused["data"] == first["data"]


async def test_finishing_is_idempotent_and_contradiction_shows_both(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    path = f"/workflow-runs/{run}/finish"
    service.clock.forward(1500)
    body = {"status": "failed", "errorMessage": "disk full", "output": {"n": 1}, "metrics": [1.5]}
    finished = await service.send("POST", path, body)
    assert (finished["data"]["durationMs"], finished["data"]["errorMessage"]) == (1500, "disk full")
    assert (finished["data"]["output"], finished["data"]["metrics"]) == ({"n": 1}, [1.5])
    service.clock.forward(1500)
    assert await service.send("POST", path, body) == finished
    refused = await service.send("POST", path, {"status": "succeeded"}, 409)
    assert (refused["code"], refused["data"]) == ("run_conflict", finished["data"])
    assert refused["details"]["existing"]["status"] == "failed"
    assert refused["details"]["received"]["status"] == "succeeded"


async def test_a_report_after_the_end_is_recorded_with_a_warning(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})
    late = await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    assert [warning["code"] for warning in late["meta"]["warnings"]] == ["run_finished"]
    assert (await service.get(f"/workflow-runs/{run}"))["data"]["status"] == "succeeded"
    assert (await service.inventory("collect"))["raw"]["latest"]["payload"] == 1


async def test_the_steps_of_a_run_show_what_each_attempt_produced(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect", partitionKey="eu")
    assert (await service.get(f"/workflow-runs/{run}/steps"))["data"]["steps"] == []
    await service.report(run, "scan", {"status": "failed", "errorMessage": "disk full", "result": {"code": 5}})
    service.clock.forward(10)
    started = await service.send("POST", f"/workflow-runs/{run}/steps/report/start", {"parameters": {"pages": 3}})
    assert (started["data"]["status"], started["data"]["result"]) == ("running", None)
    service.clock.forward(10)
    body = produced({"assetId": "Report", "payload": {"pages": 3}, "freshness": {"ttlMs": 1000}})
    reported = (await service.report(run, "report", body))["data"]
    found = (await service.get(f"/workflow-runs/{run}/steps"))["data"]
    check_shape(found["run"], RUN)
    assert (found["run"]["currentStepId"], found["run"]["currentStepIndex"]) == ("report", 1)
    for each in found["steps"]:
        check_shape(each, RUN_STEP)
        assert each["workflowRunId"] == run
    failed, succeeded = found["steps"]
    assert (failed["stepId"], failed["status"], failed["attempt"]) == ("scan", "failed", 1)
    assert (failed["errorMessage"], failed["result"], failed["producedAssets"]) == ("disk full", {"code": 5}, [])
    assert succeeded == reported
    assert succeeded["parameters"] == {"pages": 3}
    assert (succeeded["startedAt"], succeeded["completedAt"]) == (
        "2026-01-01T00:00:00.010Z",
        "2026-01-01T00:00:00.020Z",
    )
    [made] = succeeded["producedAssets"]
    check_shape(made, PRODUCED_ASSET)
    assert (made["assetId"], made["workflowRunStepId"]) == ("report", succeeded["id"])
    assert (made["schema"], made["freshness"]) == ({"type": "object"}, {"ttlMs": 1000})
    assert made["partitionKey"] is None


@pytest.mark.parametrize(
    "assets",
    [
        [{"assetId": "raw", "payload": {"n": 1}}],
        {"assetId": "raw", "payload": {"n": 1}},
        {"raw": {"payload": {"n": 1}}},
        {"raw": {"n": 1}},
        [{"assetId": "RAW", "n": 1}],
    ],
)
async def test_the_forms_of_a_result_mean_the_same(service: Service, assets: Any) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    answer = await service.report(run, "scan", {"status": "succeeded", "result": {"assets": assets}})
    [made] = answer["data"]["producedAssets"]
    assert (made["assetId"], made["payload"]) == ("raw", {"n": 1})


async def test_an_invalid_payload_is_recorded_with_its_violations_or_refused(service: Service) -> None:
    declared = [{"assetId": "report", "schema": {"properties": {"pages": {"type": "integer"}}}}]
    await service.register(
        workflow("lenient", step("make", produces=declared)),
        workflow("strict", step("make", produces=declared), onInvalidPayload="reject"),
    )
    made = await service.produce("lenient", "make", "report", {"pages": "three"})
    assert not made["valid"]
    assert [(each["path"], each["keyword"]) for each in made["violations"]] == [("/pages", "type")]
    run = await service.start("strict")
    refused = await service.report(run, "make", produced({"assetId": "report", "payload": {"pages": "three"}}), 422)
    assert refused["code"] == "payload_invalid"
    assert refused["details"]["assets"][0]["assetId"] == "report"
    assert refused["details"]["assets"][0]["violations"][0]["path"] == "/pages"
    assert len((await service.history("strict", "report"))["history"]) == 1


async def test_partition_keys_come_from_the_asset_else_the_run_else_are_refused(service: Service) -> None:
    by_region = {"assetId": "raw", "partitioning": {"type": "static", "keys": ["eu", "us"]}}
    await service.register(workflow("collect", step("scan", produces=[by_region])))
    run = await service.start("collect", partitionKey="eu")
    answer = await service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    assert answer["data"]["producedAssets"][0]["partitionKey"] == "eu"
    own = produced({"assetId": "raw", "payload": 1, "partitionKey": "us"}, attempt=2)
    answer = await service.report(run, "scan", own)
    assert answer["data"]["producedAssets"][0]["partitionKey"] == "us"
    unknown = produced({"assetId": "raw", "payload": 1, "partitionKey": "mars"}, attempt=3)
    refused = await service.report(run, "scan", unknown, status=400)
    assert (refused["code"], refused["details"]["field"]) == ("unknown_partition", "result.assets[0].partitionKey")
    bare = await service.start("collect")
    refused = await service.report(bare, "scan", produced({"assetId": "raw", "payload": 1}), status=400)
    assert refused["code"] == "partition_key_required"
    twice = [{"assetId": "raw", "payload": 1, "partitionKey": "us"}, {"assetId": "RAW", "partitionKey": "us"}]
    refused = await service.report(bare, "scan", produced(*twice), status=400)
    assert (refused["code"], refused["details"]["field"]) == ("duplicate_asset", "result.assets[1]")


async def test_an_unknown_run_or_step_is_a_404(service: Service) -> None:
    await service.register(COLLECT)
    for method, path, body in (
        ("GET", "/workflow-runs/none", None),
        ("GET", "/workflow-runs/none/steps", None),
        ("POST", "/workflow-runs/none/start", {}),
        ("POST", "/workflow-runs/none/finish", {"status": "failed"}),
        ("POST", "/workflow-runs/none/steps/scan/start", {}),
        ("POST", "/workflow-runs/none/steps/scan/report", {"status": "failed"}),
    ):
        assert (await service.send(method, path, body, 404))["code"] == "run_not_found", path
    run = await service.start("collect")
    for action, body in (("start", {}), ("report", {"status": "failed"})):
        refused = await service.send("POST", f"/workflow-runs/{run}/steps/none/{action}", body, 404)
        assert refused["code"] == "step_not_found"
