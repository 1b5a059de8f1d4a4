"""GET /lineage: every format holds the same graph, a cut is told, bad questions are refused."""

from typing import Any

import httpx
import pytest

from tests.export.test_formats import READERS
from tests.service.client import START, Service, step, workflow

pytestmark = pytest.mark.anyio

FORMATS = {
    "json": ("application/json", 'inline; filename="lineage.json"'),
    "csv": ("text/csv; charset=utf-8; header=present", 'attachment; filename="lineage.csv"'),
    "mermaid": ("text/vnd.mermaid; charset=utf-8", 'attachment; filename="lineage.mmd"'),
    "dot": ("text/vnd.graphviz; charset=utf-8", 'attachment; filename="lineage.gv"'),
    "graphml": ("application/graphml+xml", 'attachment; filename="lineage.graphml"'),
}


async def build(service: Service) -> None:
    await service.register(
        workflow("in", step('=load "x", <b>', produces=["Raw"]), step("clean", consumes=["raw"], produces=["clean"])),
        workflow("out", step("join", consumes=["clean"], produces=["a", "b"]), step("send", consumes=["b"])),
    )


async def ask(service: Service, status: int = 200, **parameters: Any) -> httpx.Response:
    answer = await service.http.get("/lineage", params=parameters)
    assert answer.status_code == status, answer.text
    return answer


@pytest.mark.parametrize("name", FORMATS)
async def test_every_format_holds_the_whole_graph(service: Service, name: str) -> None:
    await build(service)
    answer = await ask(service, asset="clean", format=name)
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == FORMATS[name]
    assert "x-lineage-truncated" not in answer.headers
    text = answer.text.removeprefix('{"data":').removesuffix("}") if name == "json" else answer.text
    assets, edges, steps = READERS[name](text)
    assert assets == {"Raw", "clean", "a", "b"}
    assert edges == {
        ("Raw", "in", "clean", "clean"),
        ("clean", "out", "join", "a"),
        ("clean", "out", "join", "b"),
    }
    assert steps == {("in", '=load "x", <b>'), ("out", "send")}


@pytest.mark.parametrize("name", FORMATS)
async def test_a_cut_is_told_in_every_format(service: Service, name: str) -> None:
    await build(service)
    answer = await ask(service, asset="raw", format=name, limit=3, direction="downstream")
    assert answer.headers["x-lineage-truncated"] == "LIMIT; assets=3; total=4; depth=1"
    if name != "csv":
        assert "LIMIT" in answer.text


async def test_the_question_is_the_one_that_was_asked(service: Service) -> None:
    await build(service)

    async def found(**parameters: Any) -> set[str]:
        answer = (await ask(service, **parameters)).json()["data"]
        return {asset["assetId"] for asset in answer["assets"]}

    assert await found(asset="b", direction="upstream") == {"b", "clean", "Raw"}
    assert await found(asset="b", direction="upstream", depth=1) == {"b", "clean"}
    assert await found(asset=["a", "B"], depth=0) == {"a", "b"}
    assert await found(asset="clean", workflow=["IN"]) == {"Raw", "clean"}
    assert await found(asset="clean", source="observed") == {"clean"}
    service.clock.forward(60_000)
    run = await service.start("in")
    service.clock.forward(60_000)
    await service.register(workflow("out", step("join", consumes=["clean"], produces=["c"])))
    assert await found(asset="clean", direction="downstream") == {"clean", "c"}
    assert await found(asset="clean", direction="downstream", asOf=run) == {"clean", "a", "b"}
    assert await found(asset="clean", direction="downstream", asOf="2026-01-01T00:01:30Z") == {"clean", "a", "b"}


@pytest.mark.parametrize(
    ("parameters", "status", "code", "word"),
    [
        ({}, 400, "invalid_parameter", "asset"),
        ({"asset": "unknown"}, 404, "asset_not_found", "unknown"),
        ({"asset": "no such id!"}, 400, "invalid_asset_id", "asset"),
        ({"asset": [f"a{n}" for n in range(1_001)]}, 400, "invalid_parameter", "1000"),
        ({"asset": "raw", "depth": -1}, 400, "invalid_parameter", "depth"),
        ({"asset": "raw", "limit": 0}, 400, "invalid_parameter", "limit"),
        ({"asset": "raw", "format": "png"}, 400, "invalid_parameter", "format"),
        ({"asset": "raw", "asOf": "2026-01-01T00:00:01Z"}, 400, "as_of_in_future", "asOf"),
        ({"asset": "raw", "asOf": "1980-01-01T00:00:00Z"}, 400, "as_of_before_beginning", "asOf"),
        ({"asset": "raw", "asOf": "no-such-run"}, 404, "run_not_found", "no-such-run"),
        ({"asset": "raw", "asOf": "not a run"}, 400, "invalid_parameter", "asOf"),
        ({"asset": "raw", "dept": 1}, 400, "unknown_parameter", "depth"),
    ],
)
async def test_bad_questions(service: Service, parameters: dict[str, Any], status: int, code: str, word: str) -> None:
    assert service.clock.now == START
    await build(service)
    refused = (await ask(service, status, **parameters)).json()
    assert refused["code"] == code
    assert word in refused["error"]


async def test_a_run_that_has_not_started_stands_for_the_instant_of_its_request(service: Service) -> None:
    await build(service)
    service.clock.forward(1_000)
    run = (await service.send("POST", "/workflows/in/run", {}, 202))["data"]["id"]
    service.clock.forward(1_000)
    await service.register(workflow("out", step("join", consumes=["clean"], produces=["c"])))
    found = (await ask(service, asset="clean", direction="downstream", asOf=run)).json()["data"]
    assert [asset["assetId"] for asset in found["assets"]] == ["clean", "a", "b"]


async def test_a_thousand_roots_are_one_question(service: Service) -> None:
    names = [f"a{n}" for n in range(1_000)]
    steps = [step(f"s{n}", produces=names[n * 50 : n * 50 + 50]) for n in range(20)]
    await service.register(workflow("wide", *steps))
    answer = (await ask(service, asset=names)).json()["data"]
    assert len(answer["assets"]) == 1_000
    assert len(answer["steps"]) == 20
