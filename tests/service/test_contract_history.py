"""The contract's history: order, limits, filters, cursors, and what an asset that is gone still has."""

import base64
from typing import Any

import orjson
import pytest

from tests.service.client import Service, produced, step, workflow
from tests.service.contract import HISTORY, ROLE, SNAPSHOT, check_shape

pytestmark = pytest.mark.anyio

PATH = "/workflows/collect/assets/raw/history"
COLLECT = workflow("collect", step("scan", produces=["raw"]))


async def pages(service: Service, path: str, **parameters: Any) -> list[list[Any]]:
    """The payloads of each page, followed to the end."""
    found = []
    while True:
        page = (await service.get(path, **parameters))["data"]
        found.append([each["payload"] for each in page["history"]])
        if page["nextCursor"] is None:
            return found
        parameters["before"] = page["nextCursor"]


async def test_a_page_of_history(service: Service) -> None:
    await service.register(COLLECT)
    empty = await service.history("collect", "raw")
    check_shape(empty, HISTORY)
    assert (empty["history"], empty["limit"], empty["partitionKey"], empty["nextCursor"]) == ([], 10, None, None)
    await service.produce("collect", "scan", "raw", {"n": 1})
    page = await service.history("collect", "RAW")
    check_shape(page, HISTORY)
    check_shape(page["producers"][0], ROLE)
    check_shape(page["history"][0], SNAPSHOT)
    assert page["history"] == [(await service.inventory("collect"))["raw"]["latest"]]


async def test_newest_first_ties_by_version_and_cursors_lose_and_repeat_nothing(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    # Two in each second, the seconds out of order.
    for attempt, second in enumerate((3, 1, 5, 2, 4, 3, 1, 5, 2, 4), start=1):
        made = {"assetId": "raw", "payload": attempt, "producedAt": f"2026-01-01T00:00:0{second}Z"}
        await service.report(run, "scan", produced(made, attempt=attempt))
    expected = [8, 3, 10, 5, 6, 1, 9, 4, 7, 2]
    assert await pages(service, PATH) == [expected]
    assert await pages(service, PATH, limit=3) == [expected[at : at + 3] for at in range(0, 10, 3)]
    assert await pages(service, PATH, limit=1, scope="workflow") == [[each] for each in expected]


async def test_a_cursor_keeps_its_place_while_newer_versions_arrive(service: Service) -> None:
    await service.register(COLLECT)
    for n in range(4):
        service.clock.forward(1)
        await service.produce("collect", "scan", "raw", n)
    first = await service.history("collect", "raw", limit=2)
    service.clock.forward(1)
    await service.produce("collect", "scan", "raw", "newer")
    second = await service.history("collect", "raw", limit=2, before=first["nextCursor"])
    assert [each["payload"] for each in second["history"]] == [1, 0]
    assert second["nextCursor"] is None


async def test_a_history_by_partition_and_by_workflow(service: Service) -> None:
    by_region = {"assetId": "raw", "partitioning": {"type": "dynamic"}}
    await service.register(
        workflow("collect", step("scan", produces=[by_region])), workflow("other", step("scan", produces=["raw"]))
    )
    for slug, region in (("collect", "eu"), ("collect", "us"), ("other", "eu"), ("collect", "eu")):
        service.clock.forward(1)
        await service.produce(slug, "scan", "raw", f"{slug} {region}", partitionKey=region)
    page = await service.history("collect", "raw", partitionKey="eu")
    assert page["partitionKey"] == "eu"
    assert [(each["payload"], each["version"]) for each in page["history"]] == [
        ("collect eu", 3),
        ("other eu", 2),
        ("collect eu", 1),
    ]
    assert await pages(service, PATH, partitionKey="eu", limit=1) == [["collect eu"], ["other eu"], ["collect eu"]]
    assert await pages(service, PATH, partitionKey="eu", scope="workflow", limit=1) == [["collect eu"]] * 2
    assert await pages(service, PATH, scope="workflow") == [["collect eu", "collect us", "collect eu"]]
    assert await pages(service, PATH, partitionKey="mars") == [[]]
    for blank in ("", "  "):
        page = await service.history("collect", "raw", partitionKey=blank)
        assert (page["partitionKey"], len(page["history"])) == (None, 4)


@pytest.mark.parametrize("key", ["x" * 201, "a\x1fb", "\x00"])
async def test_a_bad_partition_filter_is_refused(service: Service, key: str) -> None:
    await service.register(COLLECT)
    refused = await service.get(PATH, 400, partitionKey=key)
    assert (refused["code"], refused["details"]) == ("invalid_parameter", {"field": "partitionKey"})


@pytest.mark.parametrize("limit", ["", "abc", "0", "101", "-1", "1e1", "٣"])
async def test_a_bad_limit_is_never_clamped(service: Service, limit: str) -> None:
    await service.register(COLLECT)
    refused = await service.get(PATH, 400, limit=limit)
    assert refused["error"] == f"'limit' must be an integer from 1 to 100; {limit!r} came."


async def test_a_cursor_answers_only_the_question_that_made_it(service: Service) -> None:
    await service.register(workflow("collect", step("scan", produces=["raw", "report"])))
    for n in range(3):
        service.clock.forward(1)
        run = await service.start("collect")
        both = ({"assetId": "raw", "payload": n}, {"assetId": "report", "payload": n, "partitionKey": "eu"})
        await service.report(run, "scan", produced(*both))
    cursor = (await service.history("collect", "raw", limit=1))["nextCursor"]
    for path, parameters in (
        ("/workflows/collect/assets/report/history", {}),
        (PATH, {"partitionKey": "eu"}),
        (PATH, {"scope": "workflow"}),
    ):
        refused = await service.get(path, 400, before=cursor, **parameters)
        assert (refused["code"], refused["details"]) == ("invalid_cursor", {"field": "before"})


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode()


FORGED = {
    "empty": "",
    "text": "abc",
    "no base64": "%%%",
    "not ascii": "é",
    "no json": base64.urlsafe_b64encode(b"{").decode(),
    "no list": base64.urlsafe_b64encode(b"{}").decode(),
    "other fields": forged("history", "raw"),
    "other types": forged("history", "raw", None, "1", "raw#", 1),
    "negative": forged("history", "raw", None, -1, "raw#", 1),
    "negative version": forged("history", "raw", None, 1, "raw#", -1),
    "past 64 bits": forged("history", "raw", None, 2**64 - 1, "raw#", 1),
    "version past 64 bits": forged("history", "raw", None, 1, "raw#", 2**64 - 1),
    "long": "A" * 1001,
}


@pytest.mark.parametrize("cursor", FORGED.values(), ids=FORGED.keys())
async def test_a_forged_cursor_is_refused(service: Service, cursor: str) -> None:
    await service.register(COLLECT)
    await service.produce("collect", "scan", "raw", 1)
    refused = await service.get(PATH, 400, before=cursor)
    assert refused["code"] in ("invalid_cursor", "invalid_parameter")
    assert refused["details"] == {"field": "before"}


async def test_a_well_made_forgery_finds_what_lies_behind_it_and_no_more(service: Service) -> None:
    await service.register(COLLECT)
    await service.produce("collect", "scan", "raw", 1)
    for order, version in ((0, 1), (2**63 - 1, 2**63 - 1)):
        page = await service.history("collect", "raw", before=forged("history", "raw", None, order, "raw#", version))
        assert len(page["history"]) == (1 if order else 0)


async def test_the_workflow_is_looked_for_before_the_asset(service: Service) -> None:
    await service.register(COLLECT, workflow("other", step("make", produces=["elsewhere"])))
    for path, code in (
        ("/workflows/nobody/assets/nothing/history", "workflow_not_found"),
        ("/workflows/collect/assets/nothing/history", "asset_not_found"),
        ("/workflows/collect/assets/elsewhere/history", "asset_not_found"),
    ):
        assert (await service.get(path, 404))["code"] == code


async def test_percent_encoded_ids_are_read(service: Service) -> None:
    await service.register(workflow("collect", step("scan: all", produces=["db:Table.a"])))
    run = await service.start("collect", id="run:1")
    await service.report("run%3A1", "scan%3A%20all", produced({"assetId": "db:table.A", "payload": 1}))
    assert run == "run:1"
    page = await service.history("collect", "db%3ATable.a")
    assert (page["assetId"], page["history"][0]["runId"]) == ("db:Table.a", "run:1")
    assert (await service.get("/assets/graph?assetId=db%3Atable.a"))["data"]["assets"][0]["assetId"] == "db:Table.a"


@pytest.mark.parametrize("asset", [".raw", "-raw", "ra%20w", "r%C3%A4w", "raw%0A", "a" * 201])
async def test_an_asset_id_out_of_the_pattern_is_a_400(service: Service, asset: str) -> None:
    await service.register(COLLECT)
    refused = await service.get(f"/workflows/collect/assets/{asset}/history", 400)
    assert refused["code"] in ("invalid_asset_id", "invalid_path")
