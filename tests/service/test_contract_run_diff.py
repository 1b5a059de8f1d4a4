"""The contract's difference between two runs: parameters, status, assets."""

import pytest

from tests.service.client import Service, produced, step, workflow
from tests.service.contract import RUN, check_shape

pytestmark = pytest.mark.anyio

COLLECT = workflow("collect", step("scan", produces=["same", "other", "gone", "new"]), step("after"))


async def test_two_runs_differ_in_parameters_status_and_assets(service: Service) -> None:
    await service.register(COLLECT)
    base = await service.start("collect", parameters={"a": 1, "b": {"x": [1]}, "c": None})
    compare = await service.start("collect", parameters={"b": {"x": [2]}, "c": None, "d": 4})
    await service.report(
        base,
        "scan",
        produced(
            {"assetId": "same", "payload": {"a": 1, "b": 2}},
            {"assetId": "other", "payload": 1},
            {"assetId": "gone", "payload": 1, "partitionKey": "eu"},
        ),
    )
    await service.report(base, "after", {"status": "succeeded"})
    await service.report(compare, "scan", {"status": "failed"})
    await service.report(
        compare,
        "scan",
        produced(
            {"assetId": "SAME", "payload": {"b": 2, "a": 1}},
            {"assetId": "other", "payload": 2},
            {"assetId": "gone", "payload": 1, "partitionKey": "us"},
            attempt=2,
        ),
    )
    await service.send("POST", f"/workflow-runs/{compare}/finish", {"status": "failed"})
    found = (await service.get(f"/workflow-runs/{base}/diff", compareTo=compare))["data"]
    check_shape(found["base"], RUN)
    assert (found["base"]["id"], found["compare"]["id"]) == (base, compare)
    assert found["parameters"] == {
        "baseOnly": [{"key": "a", "value": 1}],
        "compareOnly": [{"key": "d", "value": 4}],
        "changed": [{"key": "b", "base": {"x": [1]}, "compare": {"x": [2]}}],
    }
    assert found["status"] == {
        "run": {"base": "running", "compare": "failed"},
        "steps": [{"stepId": "after", "base": "succeeded", "compare": None}],
    }
    assets = found["assets"]
    assert [(each["assetId"], each["partitionKey"]) for each in assets["baseOnly"]] == [("gone", "eu")]
    assert [(each["assetId"], each["partitionKey"]) for each in assets["compareOnly"]] == [("gone", "us")]
    [changed] = assets["changed"]
    assert (changed["assetId"], changed["base"]["version"], changed["compare"]["version"]) == ("other", 1, 2)


async def test_a_run_differs_in_nothing_from_itself(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect", parameters=[1, 2])
    await service.report(run, "scan", produced({"assetId": "same", "payload": 1}))
    found = (await service.get(f"/workflow-runs/{run}/diff", compareTo=run))["data"]
    nothing = {"baseOnly": [], "compareOnly": [], "changed": []}
    assert found["parameters"] == found["assets"] == nothing
    assert found["status"] == {"run": {"base": "running", "compare": "running"}, "steps": []}


async def test_the_last_attempt_and_its_versions_count(service: Service) -> None:
    await service.register(COLLECT)
    base, compare = await service.start("collect"), await service.start("collect")
    await service.report(base, "scan", produced({"assetId": "same", "payload": "first"}))
    await service.report(base, "scan", produced({"assetId": "same", "payload": "second"}, attempt=2))
    await service.report(compare, "scan", produced({"assetId": "same", "payload": "second"}))
    found = (await service.get(f"/workflow-runs/{base}/diff", compareTo=compare))["data"]
    assert found["assets"]["changed"] == []


async def test_the_other_run_must_be_named_and_exist(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    missing = await service.get(f"/workflow-runs/{run}/diff", 400)
    assert missing["details"] == {"field": "compareTo"}
    assert (await service.get(f"/workflow-runs/{run}/diff", 404, compareTo="none"))["code"] == "run_not_found"
    assert (await service.get("/workflow-runs/none/diff", 404, compareTo=run))["code"] == "run_not_found"
