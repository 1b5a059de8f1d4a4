"""Runs by how they stand, of all workflows and of one, against a plain list of them; workflows by a text."""

import random
from typing import Any

import pytest

from graph.store import run_listing, workflows
from tests.graphql.conftest import Graph
from tests.service.client import step, workflow

pytestmark = pytest.mark.anyio

PAGE = "nodes { runId } pageInfo { hasNextPage endCursor truncated }"
ALL = """query ($after: String, $status: [RunStatus!], $of: String) {
  runs(first: 3, after: $after, status: $status, workflow: $of) { %s } }"""
OF_ONE = """query ($after: String, $status: [RunStatus!], $of: String!) {
  workflow(slug: $of) { runs(first: 3, after: $after, status: $status) { %s } } }"""

STATUSES = [["FAILED"], ["RUNNING", "PENDING"], ["CANCELED"], ["SUCCEEDED", "FAILED", "FAILED"], [], None]


@pytest.fixture
async def runs(graph: Graph) -> list[tuple[str, str, str]]:
    """(workflow, id, status) of many runs, the newest first."""
    service, chance, made = graph.service, random.Random(1), []
    await service.register(*(workflow(slug, step("s")) for slug in ("a", "b", "c")))
    for _ in range(24):
        service.clock.forward(1)
        slug, status = chance.choice("aab"), chance.choice(["running", "pending", "succeeded", "failed", "failed"])
        if status == "pending":
            run = (await service.send("POST", f"/workflows/{slug}/run", {}, 202))["data"]["id"]
        else:
            run = await service.start(slug)
        if status in ("succeeded", "failed"):
            await service.send("POST", f"/workflow-runs/{run}/finish", {"status": status})
        made.append((slug, run, status))
    return made[::-1]


async def pages(graph: Graph, document: str, *path: str, **variables: Any) -> tuple[list[str], int]:
    """The runs on all pages, and how many of these were truncated."""
    found: list[str] = []
    after, truncated = None, 0
    for _ in range(60):
        page = await graph.ask(document % PAGE, after=after, **variables)
        for name in path:
            page = page[name]
        assert len(page["nodes"]) <= 3
        found += [each["runId"] for each in page["nodes"]]
        truncated += page["pageInfo"]["truncated"]
        if not page["pageInfo"]["hasNextPage"]:
            return found, truncated
        after = page["pageInfo"]["endCursor"]
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("scan", [2_000, 4])
async def test_runs_by_status_and_workflow(
    graph: Graph, runs: list[tuple[str, str, str]], scan: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_listing, "SCAN", scan)
    monkeypatch.setattr(run_listing, "CHUNK", min(scan, 2))
    cut = 0
    for status in STATUSES:
        for slug in (None, "a", "B", "c", "none"):
            wanted = [
                run
                for of, run, stands in runs
                if (slug is None or of == slug.lower()) and (not status or stands.upper() in status)
            ]
            found, truncated = await pages(graph, ALL, "runs", status=status, of=slug)
            assert found == wanted, (status, slug)
            cut += truncated
            if slug not in (None, "none"):
                of_one = await pages(graph, OF_ONE, "workflow", "runs", status=status, of=slug)
                assert of_one == (found, truncated), (status, slug)
    assert (cut > 0) == (scan == 4)


@pytest.mark.usefixtures("runs")
async def test_the_runs_of_many_workflows_cost_as_much_as_those_of_one(graph: Graph) -> None:
    document = "{ %s { nodes { runs(status: FAILED, first: 50) { nodes { runId } } } } }"
    await graph.ask(document % 'workflows(text: "a")')
    one = sorted(graph.queries)
    await graph.ask(document % "workflows")
    assert len(graph.queries) == len(one)


@pytest.mark.usefixtures("runs")
async def test_a_cursor_belongs_to_its_statuses(graph: Graph) -> None:
    for document, variables in ((ALL, {"of": None}), (ALL, {"of": "a"}), (OF_ONE, {"of": "a"})):
        first = await graph.ask(document % "pageInfo { endCursor }", status=["FAILED"], **variables)
        cursor = (first.get("runs") or first["workflow"]["runs"])["pageInfo"]["endCursor"]
        assert await graph.refused(document % PAGE, after=cursor, **variables) == "invalid_cursor"


@pytest.mark.parametrize("short", [False, True])
async def test_workflows_by_a_text(graph: Graph, short: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if short:
        monkeypatch.setattr(workflows, "SCAN", 1)
        monkeypatch.setattr(workflows, "CHUNK", 1)
    await graph.service.register(
        workflow("shop", step("s"), description="The till"),
        workflow("till-2", step("s")),
        workflow("web", step("s"), name="Untilled"),
        workflow("gone", step("s"), name="till"),
        workflow("other", step("s")),
    )
    await graph.service.send("DELETE", "/workflows/gone", status=204)
    document = """query ($after: String) { workflows(text: " TILL ", after: $after, first: 2) {
      nodes { slug } pageInfo { hasNextPage endCursor truncated } } }"""
    found, after, truncated = [], None, False
    for _ in range(10):
        page = (await graph.ask(document, after=after))["workflows"]
        found += [each["slug"] for each in page["nodes"]]
        truncated |= page["pageInfo"]["truncated"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == ["shop", "till-2", "web"]
    assert truncated == short
    assert await graph.refused('{ workflows(text: " ") { nodes { slug } } }') == "invalid_input"
