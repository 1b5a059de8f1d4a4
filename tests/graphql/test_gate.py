"""Gates over GraphQL say what they say over REST."""

from typing import Any

import pytest

from tests.graphql.conftest import Graph
from tests.service.client import step, workflow

pytestmark = pytest.mark.anyio

GATE = """query ($assets: [String!]!, $maxAgeMs: Long, $requireValid: Boolean! = false, $upstream: Boolean! = false,
               $strict: Boolean! = false) {
  gate(assets: $assets, maxAgeMs: $maxAgeMs, requireValid: $requireValid, upstream: $upstream, strict: $strict) {
    passed checkedAt
    assets { assetId distance passed asset { key } freshness { state freshUntil } objections { code message since assetId }
      latest { snapshotId version producedAt valid } } } }"""

HOUR = 3_600_000


async def told(graph: Graph) -> None:
    """A report of two tables, one of them too old, one that breaks its schema."""
    orders = {"assetId": "Orders", "freshness": {"ttlMs": HOUR}}
    rates = {"assetId": "rates", "schema": {"type": "integer"}}
    await graph.service.register(
        workflow("tables", step("orders", produces=[orders]), step("rates", produces=[rates])),
        workflow("reports", step("report", produces=["report"], consumes=["orders", "rates"])),
    )
    await graph.service.produce("tables", "orders", "orders", 1)
    await graph.service.produce("tables", "rates", "rates", "one")
    graph.service.clock.forward(HOUR)
    await graph.service.produce("reports", "report", "report", 1)


@pytest.mark.parametrize(
    "asked",
    [
        {"assets": ["report"]},
        {"assets": ["REPORT", "rates"], "requireValid": True},
        {"assets": ["report"], "upstream": True},
        {"assets": ["report"], "upstream": True, "requireValid": True, "strict": True, "maxAgeMs": HOUR - 1},
    ],
)
async def test_it_says_what_rest_says(graph: Graph, asked: dict[str, Any]) -> None:
    await told(graph)
    found = (await graph.ask(GATE, **asked))["gate"]
    flags = {name: str(value).lower() for name, value in asked.items() if name != "assets"}
    rest = (await graph.service.get("/gates/check", asset=asked["assets"], **flags))["data"]
    assert (found["passed"], found["checkedAt"]) == (rest["passed"], rest["checkedAt"])
    assert [
        {
            **{name: each[name] for name in ("assetId", "distance", "passed", "objections")},
            "state": each["freshness"]["state"].lower(),
            "freshUntil": each["freshness"]["freshUntil"],
            "latest": each["latest"]["snapshotId"],
        }
        for each in found["assets"]
    ] == [{**each, "latest": each["latest"]["snapshotId"]} for each in rest["assets"]]
    assert [each["asset"]["key"] for each in found["assets"]] == [each["assetId"].lower() for each in rest["assets"]]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"assets": []}, "invalid_input"),
        ({"assets": ["a"] * 101}, "invalid_input"),
        ({"assets": ["-"]}, "invalid_asset_id"),
        ({"assets": ["nobody"]}, "asset_not_found"),
        ({"assets": ["report"], "maxAgeMs": 0}, "invalid_input"),
    ],
)
async def test_refusals(graph: Graph, variables: dict[str, Any], code: str) -> None:
    await told(graph)
    assert (await graph.answer(GATE, **variables))["errors"] == [code]
