"""An asset's partitions as they are declared, over GraphQL: as over REST, with the same rules."""

from typing import Any

import pytest

from tests.graphql.conftest import Graph
from tests.service.client import step, workflow

pytestmark = pytest.mark.anyio

LIST = """query ($workflow: String! = "w", $asset: String! = "sales", $first: Int! = 20, $after: String, $lookback: Int) {
  partitions(workflow: $workflow, assetId: $asset, first: $first, after: $after, lookback: $lookback) {
    partitioning totalCount pageInfo { hasNextPage endCursor } nodes { partitionKey versions isStale latest { payload } } } }"""

STATIC = {"type": "static", "keys": ["east", "north", "west"]}


async def test_those_that_were_never_produced_are_listed_too(graph: Graph) -> None:
    await graph.service.register(workflow("w", step("s", produces=[{"assetId": "Sales", "partitioning": STATIC}])))
    await graph.service.produce("w", "s", "sales", 7, partitionKey="north")
    found = (await graph.ask(LIST))["partitions"]
    assert (found["partitioning"], found["totalCount"]) == (STATIC, 3)
    assert found["nodes"] == [
        {"partitionKey": "east", "versions": 0, "isStale": False, "latest": None},
        {"partitionKey": "north", "versions": 1, "isStale": False, "latest": {"payload": 7}},
        {"partitionKey": "west", "versions": 0, "isStale": False, "latest": None},
    ]
    page = (await graph.ask(LIST, first=2))["partitions"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    rest = (await graph.ask(LIST, first=2, after=page["pageInfo"]["endCursor"]))["partitions"]
    assert rest["pageInfo"]["hasNextPage"] is False
    assert page["nodes"] + rest["nodes"] == found["nodes"]


async def test_an_asset_without_partitions_has_one_without_a_key(graph: Graph) -> None:
    await graph.service.register(workflow("w", step("s", produces=["sales"])))
    found = (await graph.ask(LIST))["partitions"]
    assert (found["partitioning"], found["totalCount"]) == (None, 1)
    assert found["nodes"] == [{"partitionKey": None, "versions": 0, "isStale": False, "latest": None}]


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "page_size_out_of_range"),
        ({"lookback": 0}, "invalid_input"),
        ({"after": "x"}, "invalid_cursor"),
        ({"workflow": "no one"}, "invalid_slug"),
        ({"workflow": "nobody"}, "workflow_not_found"),
        ({"asset": "-"}, "invalid_asset_id"),
        ({"asset": "other"}, "asset_not_found"),
    ],
)
async def test_refusals(graph: Graph, variables: Any, code: str) -> None:
    await graph.service.register(workflow("w", step("s", produces=["sales"])))
    assert (await graph.answer(LIST, **variables))["errors"] == [code]
