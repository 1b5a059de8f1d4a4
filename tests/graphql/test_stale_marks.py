"""Stale marks: set and taken back as over REST, and seen on assets and partitions."""

from typing import Any

import pytest

from app.http.auth import Principal
from tests.graphql.conftest import Graph
from tests.service.client import step, workflow

pytestmark = pytest.mark.anyio

ANSWER = """{ ... on Failure { __typename code message field }
  ... on StaleMarkPayload { partitionKey asset { freshness { state reasons { code } }
    stalePartitions { partitionKey note requestedAt requestedBy workflow { slug } } } } }"""

MARK = (
    """mutation ($workflow: String! = "w", $asset: String! = "DAILY", $key: String, $note: String) {
  markStale(workflow: $workflow, assetId: $asset, partitionKey: $key, note: $note) %s }"""
    % ANSWER
)
CLEAR = (
    """mutation ($workflow: String! = "w", $asset: String! = "daily", $key: String) {
  clearStale(workflow: $workflow, assetId: $asset, partitionKey: $key) %s }"""
    % ANSWER
)

DAILY = {"assetId": "Daily", "partitioning": {"type": "dynamic"}}


async def done(graph: Graph, document: str, **variables: Any) -> Any:
    """What the one mutation of the document answers."""
    (answer,) = (await graph.ask(document, **variables)).values()
    return answer


async def test_a_mark_is_set_seen_and_taken_back(graph: Graph) -> None:
    service = graph.service
    await service.register(workflow("w", step("s", produces=[DAILY])), workflow("v", step("s", consumes=["daily"])))
    await service.produce("w", "s", "daily", 1, partitionKey="a")
    marked = await done(graph, MARK, key="a", note="wrong")
    mark = {
        "partitionKey": "a",
        "note": "wrong",
        "requestedAt": "2026-01-01T00:00:00.000Z",
        "requestedBy": None,
        "workflow": {"slug": "w"},
    }
    assert marked == {
        "partitionKey": "a",
        "asset": {"freshness": {"state": "STALE", "reasons": [{"code": "marked_stale"}]}, "stalePartitions": [mark]},
    }
    service.clock.forward(1)
    await done(graph, MARK, workflow="v", key="b")
    found = await graph.ask(
        """{ asset(id: "daily") { stalePartitions { partitionKey workflow { slug } }
          partitions { nodes { partitionKey versions isStale staleMarks { note workflow { slug } } } } } }"""
    )
    assert found["asset"] == {
        "stalePartitions": [
            {"partitionKey": "b", "workflow": {"slug": "v"}},
            {"partitionKey": "a", "workflow": {"slug": "w"}},
        ],
        "partitions": {
            "nodes": [
                {
                    "partitionKey": "a",
                    "versions": 1,
                    "isStale": True,
                    "staleMarks": [{"note": "wrong", "workflow": {"slug": "w"}}],
                },
                {
                    "partitionKey": "b",
                    "versions": 0,
                    "isStale": True,
                    "staleMarks": [{"note": None, "workflow": {"slug": "v"}}],
                },
            ]
        },
    }
    cleared = await done(graph, CLEAR, key="a")
    assert [each["partitionKey"] for each in cleared["asset"]["stalePartitions"]] == ["b"]
    await done(graph, CLEAR, workflow="v", key="b")
    left = await graph.ask('{ asset(id: "daily") { partitions { nodes { partitionKey isStale } } } }')
    assert left["asset"]["partitions"]["nodes"] == [{"partitionKey": "a", "isStale": False}]


@pytest.mark.parametrize(
    ("variables", "kind", "code", "field"),
    [
        ({}, "InvalidInput", "partition_key_required", "partitionKey"),
        ({"key": ""}, "InvalidInput", "invalid_input", "partitionKey"),
        ({"key": " "}, "InvalidInput", "invalid_input", "partitionKey"),
        ({"workflow": "no one"}, "InvalidInput", "invalid_slug", "workflow"),
        ({"asset": "-"}, "InvalidInput", "invalid_asset_id", "assetId"),
        ({"asset": "weekly"}, "NotFound", "asset_not_found", None),
        ({"workflow": "nobody"}, "NotFound", "workflow_not_found", None),
    ],
)
async def test_refusals_are_typed(graph: Graph, variables: Any, kind: str, code: str, field: str | None) -> None:
    await graph.service.register(workflow("w", step("s", produces=[DAILY])))
    for document in (MARK, CLEAR):
        refused = await done(graph, document, **variables)
        assert (refused["__typename"], refused["code"], refused["field"]) == (kind, code, field)


async def test_reporters_may_mark_in_their_own_name(graph: Graph) -> None:
    await graph.service.register(workflow("w", step("s", produces=[DAILY])))
    plain = 'mutation { markStale(workflow: "w", assetId: "daily", partitionKey: "a") { __typename } }'
    answer = await graph.answer(plain, Principal("job", frozenset({"report"})))
    assert answer["data"] == {"markStale": {"__typename": "StaleMarkPayload"}}
    found = await graph.ask('{ asset(id: "daily") { stalePartitions { requestedBy } } }')
    assert found["asset"]["stalePartitions"] == [{"requestedBy": "job"}]
