"""Pages: whole lists in pieces, in order, with cursors that serve one question alone."""

import random
from typing import Any

import pytest

from graph.rules.instants import format_instant
from tests.graphql.conftest import Graph
from tests.service.client import START, produced, step, workflow

pytestmark = pytest.mark.anyio

PAGE = "nodes { %s } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor truncated }"


async def pages(graph: Graph, document: str, *path: str, **variables: Any) -> list[list[dict[str, Any]]]:
    """Every page of a connection, by going on behind `endCursor`; the document takes `$after`."""
    found: list[list[dict[str, Any]]] = []
    after = None
    while not found or after is not None:
        page = await graph.ask(document, after=after, **variables)
        for name in path:
            page = page[name]
        assert [edge["cursor"] for edge in page["edges"]][-1:] in ([], [page["pageInfo"]["endCursor"]])
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        found.append(page["nodes"])
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        assert len(found) < 50
    return found


async def test_assets_workflows_and_runs_in_pages(graph: Graph) -> None:
    service = graph.service
    ids = [f"a.{number}" for number in range(7)]
    runs = []
    for asset in ids:
        await service.register(workflow(f"w-{asset[2:]}", step("s", produces=[asset])))
        service.clock.forward(1)
        runs.append(await service.start(f"w-{asset[2:]}"))
    await service.send("DELETE", "/workflows/w-2", status=204)
    assets = await pages(
        graph, "query ($after: String) { assets(first: 3, after: $after) { %s } }" % (PAGE % "assetId"), "assets"
    )
    # Nobody declares or produced what the deleted workflow alone had declared.
    assert [[each["assetId"] for each in page] for page in assets] == [["a.0", "a.1", "a.3"], ["a.4", "a.5", "a.6"]]
    workflows = await pages(
        graph, "query ($after: String) { workflows(first: 2, after: $after) { %s } }" % (PAGE % "slug"), "workflows"
    )
    assert [[each["slug"] for each in page] for page in workflows] == [["w-0", "w-1"], ["w-3", "w-4"], ["w-5", "w-6"]]
    newest = await pages(
        graph, "query ($after: String) { runs(first: 3, after: $after) { %s } }" % (PAGE % "runId"), "runs"
    )
    assert [[each["runId"] for each in page] for page in newest] == [runs[:3:-1], runs[3:0:-1], runs[0:1]]


async def test_runs_of_the_same_millisecond_are_all_there_once(graph: Graph) -> None:
    await graph.service.register(workflow("w", step("s")))
    runs = {await graph.service.start("w") for _ in range(7)}
    found = await pages(
        graph, "query ($after: String) { runs(first: 2, after: $after) { %s } }" % (PAGE % "runId"), "runs"
    )
    assert sorted(each["runId"] for page in found for each in page) == sorted(runs)


async def test_runs_of_a_workflow_and_of_a_step(graph: Graph) -> None:
    service = graph.service
    await service.register(workflow("w", step("always"), step("seldom")))
    runs = []
    for number in range(14):
        runs.append(await service.start("w"))
        await service.report(runs[-1], "always", produced())
        if number % 6 == 0:
            await service.report(runs[-1], "seldom", produced(status="failed"))
            await service.report(runs[-1], "seldom", produced(attempt=2))
    found = await pages(
        graph,
        'query ($after: String) { workflow(slug: "w") { runs(first: 8, after: $after) { %s } } }' % (PAGE % "runId"),
        "workflow",
        "runs",
    )
    assert [len(page) for page in found] == [8, 6]
    assert [each["runId"] for page in found for each in page] == runs[::-1]
    of_step = 'query ($after: String) { step(workflow: "w", id: "%s") { runs(first: 4, after: $after) { %s } } }'
    found = await pages(graph, of_step % ("always", PAGE % "runId"), "step", "runs")
    assert [each["runId"] for page in found for each in page] == runs[::-1]
    found = await pages(graph, of_step % ("seldom", PAGE % "runId attempt"), "step", "runs")
    attempts = [(each["runId"], each["attempt"]) for page in found for each in page]
    assert attempts == [(runs[at], attempt) for at in (12, 6, 0) for attempt in (2, 1)]


@pytest.mark.parametrize("late", [0, 9, 14])
async def test_history_is_the_same_as_over_rest_whatever_the_order_of_arrival(graph: Graph, late: int) -> None:
    service = graph.service
    await service.register(workflow("w", step("s", produces=["a"])))
    order = random.Random(late)
    times = [START + 60_000 * number for number in range(14)]
    # The last to arrive are the oldest: more of them than a first look reads beyond its page.
    times = times[late:] + times[:late] if late < 14 else order.sample(times, len(times))
    run = await service.start("w")
    for attempt, at in enumerate(times, 1):
        report = produced({"assetId": "a", "payload": at, "producedAt": format_instant(at)}, attempt=attempt)
        await service.report(run, "s", report)
    rest = [each["version"] for each in (await service.history("w", "a", limit=100))["history"]]
    found = await pages(
        graph,
        'query ($after: String) { asset(id: "a") { history(first: 3, after: $after) { %s } } }'
        % (PAGE % "version payload"),
        "asset",
        "history",
    )
    assert [each["version"] for page in found for each in page] == rest
    assert [each["payload"] for page in found for each in page] == sorted(times, reverse=True)
    one = await graph.ask('{ asset(id: "a") { partitions { nodes { history(first: 2) { nodes { version } } } } } }')
    assert [each["version"] for each in one["asset"]["partitions"]["nodes"][0]["history"]["nodes"]] == rest[:2]


@pytest.mark.parametrize("late", [0, 9, 14])
async def test_versions_stand_next_to_each_other_by_their_time_within_a_partition(graph: Graph, late: int) -> None:
    service = graph.service
    await service.register(workflow("w", step("s", produces=["a"])))
    order = random.Random(late)
    # Hours apart from one another, and now and then a month.
    times = [START + 3_600_000 * number + (30 * 86_400_000 if number > 10 else 0) for number in range(14)]
    times = times[late:] + times[:late] if late < 14 else order.sample(times, len(times))
    run = await service.start("w")
    for attempt, at in enumerate(times, 1):
        keys = [{"partitionKey": key} for key in ("p", "q")] if attempt % 3 else [{}]
        assets = [{"assetId": "a", "payload": at, "producedAt": format_instant(at), **key} for key in keys]
        await service.report(run, "s", produced(*assets, attempt=attempt))
    everything = await graph.ask(
        '{ asset(id: "a") { history(first: 100) { nodes { snapshotId partitionKey payload } } } }'
    )
    ask = "query ($id: String!) { adjacentVersions(snapshot: $id) { older { snapshotId } newer { snapshotId } } }"
    for key in (None, "p", "q"):
        line = [each for each in everything["asset"]["history"]["nodes"] if each["partitionKey"] == key]
        ids = [each["snapshotId"] for each in sorted(line, key=lambda each: each["payload"])]
        assert len(ids) == (4 if key is None else 10)
        for before, own, after in zip([None, *ids], ids, [*ids[1:], None], strict=False):
            found = (await graph.ask(ask, id=own))["adjacentVersions"]
            assert [each and each["snapshotId"] for each in (found["older"], found["newer"])] == [before, after]
    assert await graph.refused(ask, id="nowhere") == "snapshot_not_found"


async def test_a_cursor_serves_its_own_question_alone(graph: Graph) -> None:
    await graph.service.register(workflow("w", *(step(f"s{n}", produces=[f"a{n}"]) for n in range(3))))
    for asset in ("a0", "a0", "a1"):
        await graph.service.produce("w", f"s{asset[1]}", asset, 1)
    page = await graph.ask(
        """{ assets(first: 1) { pageInfo { endCursor } }
             a: asset(id: "a0") { history(first: 1) { pageInfo { endCursor } } } }"""
    )
    assets, history = page["assets"]["pageInfo"]["endCursor"], page["a"]["history"]["pageInfo"]["endCursor"]
    for document, after in (
        ("query ($after: String) { workflows(after: $after) { nodes { id } } }", assets),
        ('query ($after: String) { assets(after: $after, text: "a") { nodes { id } } }', assets),
        ("query ($after: String) { assets(after: $after) { nodes { id } } }", history),
        ('query ($after: String) { asset(id: "a1") { history(after: $after) { nodes { id } } } }', history),
        ("query ($after: String) { runs(after: $after) { nodes { id } } }", "nonsense"),
        ('query ($after: String) { search(text: "a", after: $after) { nodes { __typename } } }', "bnVsbA"),
        (
            'query ($after: String) { asset(id: "a0") { history(after: $after) { nodes { id } } } }',
            "WyJoaXN0b3J5IiwiYTAiLG51bGwsWzFdXQ",
        ),
        ('query ($after: String) { asset(id: "a0") { history(after: $after) { nodes { id } } } }', "é"),
    ):
        assert await graph.refused(document, after=after) == "invalid_cursor", document


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_has_1_to_100_items(graph: Graph, first: int) -> None:
    document = "query ($first: Int!) { assets(first: $first) { nodes { id } } }"
    assert await graph.refused(document, first=first) == "page_size_out_of_range"


async def test_a_global_id_that_is_none_is_refused(graph: Graph) -> None:
    for text in ("", "x", "é", "QXNzZXQ"):
        assert await graph.refused("query ($id: ID!) { node(id: $id) { id } }", id=text) == "invalid_id"
