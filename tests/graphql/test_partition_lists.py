"""An asset's partitions as they are declared, over GraphQL: as over REST, with the same rules."""

from typing import Any

import pytest

from tests.graphql.conftest import Graph
from tests.service.client import step, workflow

pytestmark = pytest.mark.anyio

LIST = """query ($workflow: String! = "w", $asset: String! = "sales", $limit: Int! = 50, $offset: Int! = 0) {
  partitions(workflow: $workflow, assetId: $asset, limit: $limit, offset: $offset) {
    partitioning total nodes { partitionKey versions isStale latest { payload } } } }"""

STATIC = {"type": "static", "keys": ["east", "north", "west"]}


async def test_those_that_were_never_produced_are_listed_too(graph: Graph) -> None:
    await graph.service.register(workflow("w", step("s", produces=[{"assetId": "Sales", "partitioning": STATIC}])))
    await graph.service.produce("w", "s", "sales", 7, partitionKey="north")
    found = (await graph.ask(LIST))["partitions"]
    assert (found["partitioning"], found["total"]) == (STATIC, 3)
    assert found["nodes"] == [
        {"partitionKey": "east", "versions": 0, "isStale": False, "latest": None},
        {"partitionKey": "north", "versions": 1, "isStale": False, "latest": {"payload": 7}},
        {"partitionKey": "west", "versions": 0, "isStale": False, "latest": None},
    ]
    page = (await graph.ask(LIST, limit=1, offset=2))["partitions"]
    assert (page["total"], [each["partitionKey"] for each in page["nodes"]]) == (3, ["west"])


async def test_an_asset_without_partitions_has_one_without_a_key(graph: Graph) -> None:
    await graph.service.register(workflow("w", step("s", produces=["sales"])))
    assert (await graph.ask(LIST))["partitions"] == {
        "partitioning": None,
        "total": 1,
        "nodes": [{"partitionKey": None, "versions": 0, "isStale": False, "latest": None}],
    }


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"limit": 0}, "invalid_input"),
        ({"limit": 201}, "invalid_input"),
        ({"offset": -1}, "invalid_input"),
        ({"workflow": "no one"}, "invalid_slug"),
        ({"workflow": "nobody"}, "workflow_not_found"),
        ({"asset": "-"}, "invalid_asset_id"),
        ({"asset": "other"}, "asset_not_found"),
    ],
)
async def test_refusals(graph: Graph, variables: Any, code: str) -> None:
    await graph.service.register(workflow("w", step("s", produces=["sales"])))
    assert (await graph.answer(LIST, **variables))["errors"] == [code]
