"""The contract's workflows: register, replace, patch, delete, list, and what is shown of them."""

import asyncio

import pytest

from tests.service.client import Service, step, workflow
from tests.service.contract import RUN, WORKFLOW, check_shape

pytestmark = pytest.mark.anyio

SENT = {
    "slug": "collect",
    "name": "Collect it all",
    "description": "Everything",
    "parameters": {"directory": "/srv"},
    "triggers": [{"type": "schedule"}],
    "steps": [
        {"id": "scan", "jobSlug": "scan-directory", "produces": [{"assetId": "raw", "color": "red"}]},
        {"id": "report", "name": "Report", "type": "service", "dependsOn": ["scan"], "timeoutMs": 1000},
    ],
}


async def test_a_definition_is_kept_as_sent_with_what_it_falls_back_to(service: Service) -> None:
    made = await service.send("POST", "/workflows", SENT, 201)
    shown = (await service.get("/workflows/collect"))["data"]["workflow"]
    assert made["data"] == shown
    check_shape(shown, WORKFLOW)
    assert shown | SENT == shown | {"steps": SENT["steps"]}
    assert shown["steps"] == [
        SENT["steps"][0] | {"name": "scan", "type": "job"},
        SENT["steps"][1],
    ]
    assert shown["version"] == 1
    assert shown["createdAt"] == "2026-01-01T00:00:00.000Z"


async def test_nulls_fall_back_like_what_was_left_out(service: Service) -> None:
    sent = workflow("collect", {"id": "scan", "name": None, "type": None, "produces": None}, name=None)
    shown = (await service.send("POST", "/workflows", sent, 201))["data"]
    assert (shown["name"], shown["description"]) == ("collect", None)
    assert (shown["steps"][0]["name"], shown["steps"][0]["type"]) == ("scan", "job")


async def test_posting_a_slug_that_exists_shows_the_existing_workflow(service: Service) -> None:
    first = await service.send("POST", "/workflows", SENT, 201)
    refused = await service.send("POST", "/workflows", workflow("collect", step("other")), 409)
    assert refused["code"] == "workflow_exists"
    assert refused["data"] == first["data"]


async def test_one_of_many_concurrent_posts_of_a_slug_wins(service: Service) -> None:
    answers = await asyncio.gather(
        *(service.http.post("/workflows", json=workflow("collect", step(f"step-{n}"))) for n in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    [won] = [answer for answer in answers if answer.status_code == 201]
    shown = (await service.get("/workflows/collect"))["data"]["workflow"]
    assert shown["steps"] == won.json()["data"]["steps"]


async def test_put_registers_then_replaces_and_is_idempotent(service: Service) -> None:
    path = "/workflows/collect"
    await service.send("PUT", path, SENT, 201)
    service.clock.forward(1000)
    replaced = await service.send("PUT", path, {**SENT, "name": "New"}, 200)
    service.clock.forward(1000)
    again = await service.send("PUT", path, {**SENT, "name": "New"}, 200)
    assert replaced["data"] == again["data"]
    assert again["data"]["createdAt"] == "2026-01-01T00:00:00.000Z"
    assert again["data"]["updatedAt"] == "2026-01-01T00:00:01.000Z"
    revisions = (await service.get(f"{path}/revisions"))["data"]["revisions"]
    assert [(each["revision"], each["validFrom"], each["validTo"]) for each in revisions] == [
        (2, "2026-01-01T00:00:01.000Z", None),
        (1, "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z"),
    ]
    assert revisions[1]["definition"] == SENT


async def test_put_takes_the_slug_from_the_path(service: Service) -> None:
    unnamed = {"steps": [step("scan")]}
    assert (await service.send("PUT", "/workflows/collect", unnamed, 201))["data"]["slug"] == "collect"
    refused = await service.send("PUT", "/workflows/collect", workflow("other", step("scan")), 400)
    assert (refused["code"], refused["details"]["field"]) == ("slug_mismatch", "slug")


async def test_patch_replaces_top_level_keys_and_null_removes_one(service: Service) -> None:
    await service.send("POST", "/workflows", SENT, 201)
    patched = (await service.send("PATCH", "/workflows/collect", {"name": "New", "triggers": None}))["data"]
    assert patched["name"] == "New"
    assert "triggers" not in patched
    assert patched["parameters"] == SENT["parameters"]
    assert [each["id"] for each in patched["steps"]] == ["scan", "report"]
    unchanged = (await service.send("PATCH", "/workflows/collect", {}))["data"]
    assert unchanged == patched


async def test_a_patch_that_breaks_the_definition_changes_nothing(service: Service) -> None:
    made = await service.send("POST", "/workflows", SENT, 201)
    for changes in ({"steps": None}, {"slug": "other"}, {"slug": None}, {"version": 0}, {"steps": []}):
        refused = await service.send("PATCH", "/workflows/collect", changes, 400)
        assert refused["details"]["field"] == next(iter(changes))
    assert (await service.get("/workflows/collect"))["data"]["workflow"] == made["data"]


async def test_concurrent_patches_of_different_keys_are_all_there(service: Service) -> None:
    await service.send("POST", "/workflows", SENT, 201)
    keys = [f"key{n}" for n in range(4)]
    await asyncio.gather(*(service.send("PATCH", "/workflows/collect", {key: 1}) for key in keys))
    shown = (await service.get("/workflows/collect"))["data"]["workflow"]
    assert all(shown[key] == 1 for key in keys)


async def test_every_workflow_is_listed_by_slug(service: Service) -> None:
    await service.register(*(workflow(slug, step("only")) for slug in ("b", "a-2", "a")))
    listed = (await service.get("/workflows"))["data"]
    assert [each["slug"] for each in listed] == ["a", "a-2", "b"]
    for each in listed:
        check_shape(each, WORKFLOW)


async def test_a_workflow_comes_with_its_newest_runs_first(service: Service) -> None:
    await service.register(workflow("collect", step("scan")))
    assert (await service.get("/workflows/collect"))["data"]["runs"] == []
    runs = [await service.start("collect") for _ in range(4)]
    shown = (await service.get("/workflows/collect", limit="3"))["data"]["runs"]
    assert [run["id"] for run in shown] == runs[:0:-1]
    for run in shown:
        check_shape(run, RUN)


@pytest.mark.parametrize("limit", ["", "abc", "0", "51", "1.0", "+1", " 1"])
async def test_a_bad_limit_is_refused_with_its_name_range_and_what_came(service: Service, limit: str) -> None:
    await service.register(workflow("collect", step("scan")))
    refused = await service.get("/workflows/collect", 400, limit=limit)
    assert refused["code"] == "invalid_parameter"
    assert refused["details"] == {"field": "limit"}
    assert refused["error"] == f"'limit' must be an integer from 1 to 50; {limit!r} came."


async def test_slugs_are_compared_without_case_and_shown_as_declared(service: Service) -> None:
    await service.register(workflow("collect", step("scan", produces=["raw"])))
    assert (await service.get("/workflows/COLLECT"))["data"]["workflow"]["slug"] == "collect"
    assert list(await service.inventory("Collect")) == ["raw"]
    run = await service.start("COLLECT")
    assert (await service.get(f"/workflow-runs/{run}"))["data"]["workflowSlug"] == "collect"
    await service.send("DELETE", "/workflows/CoLLect", status=204)
    await service.get("/workflows/collect", 404)


async def test_near_misses_come_back_as_warnings(service: Service) -> None:
    sent = workflow("collect", {"id": "scan", "produce": [], "consumes": [{"assetId": "raw", "freshnes": {}}]})
    answer = await service.send("POST", "/workflows", sent, 201)
    warnings = {warning["field"]: warning for warning in answer["meta"]["warnings"]}
    assert "'produces'" in warnings["steps[0].produce"]["message"]
    assert "'freshness'" in warnings["steps[0].consumes[0].freshnes"]["message"]


async def test_an_unknown_workflow_is_a_404_everywhere(service: Service) -> None:
    for method, path, body in (
        ("GET", "/workflows/nobody", None),
        ("GET", "/workflows/nobody/revisions", None),
        ("GET", "/workflows/nobody/assets", None),
        ("GET", "/workflows/nobody/assets/raw/history", None),
        ("GET", "/assets/graph?workflow=nobody", None),
        ("PATCH", "/workflows/nobody", {"name": "x"}),
        ("DELETE", "/workflows/nobody", None),
        ("POST", "/workflows/nobody/run", {}),
        ("POST", "/workflows/nobody/runs", {}),
    ):
        answer = await service.http.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (404, "workflow_not_found"), path
