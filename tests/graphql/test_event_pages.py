"""What happened before, from the newest event back, held against `GET /events`."""

from typing import Any

import pytest

from graph.events import store
from tests.events.log import numbers, whole_log
from tests.graphql.conftest import Graph
from tests.service.client import step, workflow

pytestmark = pytest.mark.anyio

PAGE = """query ($after: String, $first: Int!, $types: [EventType!], $assets: [String!], $workflows: [String!],
               $upstreamOf: String) {
  events(first: $first, after: $after, types: $types, assets: $assets, workflows: $workflows, upstreamOf: $upstreamOf) {
    upTo nodes { sequence cloudEvent } pageInfo { endCursor hasNextPage truncated } } }"""

FILTERS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"types": ["ASSET_CHANGED", "RUN_STARTED"]}, {"types": ["asset.changed", "run.started"]}),
    ({"assets": ["RAW.*", "sum"]}, {"assets": ["RAW.*", "sum"]}),
    ({"workflows": ["collect"]}, {"workflows": "collect"}),
    ({"upstreamOf": "sum"}, {"upstreamOf": "sum"}),
    ({"upstreamOf": "raw.a", "types": ["ASSET_PRODUCED"]}, {"upstreamOf": "raw.a", "types": "asset.produced"}),
]


async def happen(graph: Graph) -> None:
    """Some of everything."""
    service = graph.service
    await service.register(
        workflow("collect", step("a", produces=["raw.a"]), step("b", produces=["raw.b"])),
        workflow("add", step("sum", consumes=["raw.a"], produces=["sum"])),
    )
    for number in range(3):
        await service.produce("collect", "a", "raw.a", number)
        await service.produce("collect", "b", "raw.b", 0)
        await service.produce("add", "sum", "sum", number)


async def backwards(graph: Graph, first: int, **wanted: Any) -> list[dict[str, Any]]:
    """Every event on as many pages as it takes, the newest first."""
    found: list[dict[str, Any]] = []
    after, more = None, True
    while more:
        page = (await graph.ask(PAGE, first=first, after=after, **wanted))["events"]
        info = page["pageInfo"]
        assert len(page["nodes"]) == first or info["truncated"] or not info["hasNextPage"]
        found += page["nodes"]
        after, more = info["endCursor"], info["hasNextPage"]
    return found


@pytest.mark.parametrize(("wanted", "rest"), FILTERS)
@pytest.mark.parametrize("first", [1, 4, 100])
async def test_the_past_is_what_rest_tells_from_the_beginning(
    graph: Graph, first: int, wanted: dict[str, Any], rest: dict[str, Any]
) -> None:
    await happen(graph)
    found = await backwards(graph, first, **wanted)
    assert found
    assert [each["cloudEvent"] for each in reversed(found)] == await whole_log(graph.service, **rest)


async def test_nothing_happened_yet(graph: Graph) -> None:
    page = (await graph.ask(PAGE, first=5))["events"]
    assert page == {"upTo": 0, "nodes": [], "pageInfo": {"endCursor": None, "hasNextPage": False, "truncated": False}}


async def test_a_page_that_looked_at_enough_ends_and_says_so(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await happen(graph)
    monkeypatch.setattr(store, "SCAN", 3)
    page = (await graph.ask(PAGE, first=5, types=["WORKFLOW_REGISTERED"]))["events"]
    assert page["nodes"] == []
    assert page["pageInfo"]["truncated"]
    assert page["pageInfo"]["hasNextPage"]
    found = await backwards(graph, 5, types=["WORKFLOW_REGISTERED"])
    assert [each["sequence"] for each in found] == [2, 1]


async def test_a_page_says_how_far_it_goes(graph: Graph) -> None:
    """A subscription that goes on behind it misses nothing and repeats nothing, wanted or not."""
    await happen(graph)
    last = numbers(await whole_log(graph.service))[-1]
    page = (await graph.ask(PAGE, first=1, types=["WORKFLOW_REGISTERED"]))["events"]
    assert page["upTo"] == last
    await happen(graph)
    behind = await graph.ask(PAGE, first=1, after=page["pageInfo"]["endCursor"], types=["WORKFLOW_REGISTERED"])
    assert behind["events"]["upTo"] == page["nodes"][0]["sequence"] - 1


async def test_an_event_leads_to_what_it_is_about(graph: Graph) -> None:
    await happen(graph)
    found = await graph.ask(
        '{ events(first: 1, types: [ASSET_PRODUCED], assets: ["sum"]) { nodes { type assetKey asset { assetId } '
        "workflowKey workflow { slug } runId run { runId } stepId attempt version snapshotId data } } "
        "defined: events(first: 1, types: [WORKFLOW_REGISTERED]) { nodes { workflow { slug } asset { assetId } runId } } }"
    )
    (event,), (defined,) = found["events"]["nodes"], found["defined"]["nodes"]
    assert (event["type"], event["asset"], event["workflow"]) == ("ASSET_PRODUCED", {"assetId": "sum"}, {"slug": "add"})
    assert event["run"]["runId"] == event["runId"]
    assert (event["stepId"], event["version"], event["data"]["downstream"]["assets"]) == ("sum", 3, 0)
    assert defined == {"workflow": {"slug": "add"}, "asset": None, "runId": None}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"upstreamOf": "none"}, "asset_not_found"),
        ({"assets": ["a b"]}, "invalid_asset_id"),
        ({"first": 0}, "page_size_out_of_range"),
        ({"after": "nonsense"}, "invalid_cursor"),
    ],
)
async def test_what_is_refused(graph: Graph, wanted: dict[str, Any], code: str) -> None:
    assert await graph.refused(PAGE, **{"first": 5} | wanted) == code


async def test_the_cursor_serves_its_own_filter_alone(graph: Graph) -> None:
    await happen(graph)
    cursor = (await graph.ask(PAGE, first=1, assets=["sum"]))["events"]["pageInfo"]["endCursor"]
    assert await graph.refused(PAGE, first=1, assets=["raw.a"], after=cursor) == "invalid_cursor"
