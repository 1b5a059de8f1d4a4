"""Which assets, and what a text is found in."""

import pytest

from graph.store import asset_listing, search
from tests.graphql.conftest import Graph
from tests.service.client import START, step, workflow

pytestmark = pytest.mark.anyio


@pytest.fixture
async def full(graph: Graph) -> Graph:
    """Five assets of two workflows, in different states."""
    service = graph.service
    sales = {"assetId": "Sales.Daily", "owner": "Finance", "tags": ["Money"], "freshness": {"ttlMs": 10_000}}
    await service.register(
        workflow("shop", step("sum", name="Sum of sales", produces=[sales, "sales.raw"]), description="The till"),
        workflow("web", step("log", produces=["clicks"]), step("join", consumes=["clicks"], produces=["visits"])),
    )
    await service.produce("shop", "sum", "sales.daily", 1)
    await service.produce("web", "join", "visits", 1)
    service.clock.forward(20_000)
    await service.produce("web", "log", "clicks", 1)
    return graph


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("", ["clicks", "Sales.Daily", "sales.raw", "visits"]),
        ('workflow: "SHOP"', ["Sales.Daily", "sales.raw"]),
        ('workflow: "none"', []),
        ('idPrefix: "SALES"', ["Sales.Daily", "sales.raw"]),
        ('idPrefix: "clicks"', ["clicks"]),
        ('text: "ALE"', ["Sales.Daily", "sales.raw"]),
        ('text: "finance"', ["Sales.Daily"]),
        ('text: "money"', ["Sales.Daily"]),
        ("state: EXPIRED", ["Sales.Daily"]),
        ("state: MISSING", ["sales.raw"]),
        ("state: STALE", ["visits"]),
        ("state: UNKNOWN", ["clicks"]),
        ('producedSince: "2026-01-01T00:00:20Z"', ["clicks"]),
        ('workflow: "web", text: "i", state: STALE', ["visits"]),
        ('workflow: "web", idPrefix: "v"', ["visits"]),
        ('idPrefix: "sales", text: "raw"', ["sales.raw"]),
    ],
)
async def test_all_filters_must_hold(full: Graph, filters: str, expected: list[str]) -> None:
    assert full.service.clock.now == START + 20_000
    arguments = f"(first: 50, {filters})"
    found = await full.ask("{ assets%s { nodes { assetId } pageInfo { hasNextPage truncated } } }" % arguments)
    assert [each["assetId"] for each in found["assets"]["nodes"]] == expected
    assert found["assets"]["pageInfo"] == {"hasNextPage": False, "truncated": False}


@pytest.fixture
async def mixed(graph: Graph) -> Graph:
    """Assets with and without partitions and versions, valid and not, a minute apart."""
    service = graph.service
    number = {"type": "number"}
    parts = {"partitioning": {"type": "dynamic"}}
    assets = [
        {"assetId": "parts", **parts},
        {"assetId": "odd", **parts},
        {"assetId": "whole", "schema": number},
        {"assetId": "wrong", "schema": number},
        {"assetId": "never", **parts},
    ]
    await service.register(workflow("w", step("s", produces=assets), step("t", consumes=["bought"])))
    for asset, payload, more in (
        ("parts", 1, {"partitionKey": "x"}),
        ("parts", 1, {"partitionKey": "y"}),
        ("odd", 1, {"partitionKey": "y"}),
        ("whole", "text", {}),
        ("whole", 1, {}),
        ("wrong", 1, {}),
        ("wrong", "text", {}),
    ):
        await service.produce("w", "s", asset, payload, **more)
        service.clock.forward(60_000)
    return graph


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("partitioned: true", ["odd", "parts"]),
        ("partitioned: false", ["bought", "never", "whole", "wrong"]),
        ('partitionKey: "y"', ["odd", "parts"]),
        ('partitionKey: "x"', ["parts"]),
        ('partitionKey: "X"', []),
        ("valid: true", ["odd", "parts", "whole"]),
        ("valid: false", ["wrong"]),
        ('producedBefore: "2026-01-01T00:02:00Z"', ["parts"]),
        ('producedBefore: "2026-01-01T00:02:00.001Z"', ["odd", "parts"]),
        ('producedSince: "2026-01-01T00:02:00Z", producedBefore: "2026-01-01T00:06:00Z"', ["odd", "whole"]),
        ('valid: true, partitioned: true, text: "od"', ["odd"]),
        ('workflow: "w", partitioned: false, valid: false', ["wrong"]),
    ],
)
async def test_filters_by_partitions_and_the_newest_version(mixed: Graph, filters: str, expected: list[str]) -> None:
    found = await mixed.ask("{ assets(first: 50, %s) { totalCount nodes { assetId } } }" % filters)
    assert [each["assetId"] for each in found["assets"]["nodes"]] == expected
    assert found["assets"]["totalCount"] == len(expected)


async def test_an_empty_partition_key_is_none(mixed: Graph) -> None:
    assert await mixed.refused('{ assets(partitionKey: "") { nodes { id } } }') == "invalid_input"


async def test_a_total_counts_all_pages_and_only_when_it_is_asked_for(mixed: Graph) -> None:
    document = "query ($after: String) { assets(first: 2, after: $after) { %s pageInfo { endCursor } } }"
    first = (await mixed.ask(document % "totalCount"))["assets"]
    counted = len(mixed.queries)
    assert first["totalCount"] == 6
    assert (await mixed.ask(document % "totalCount", after=first["pageInfo"]["endCursor"]))["assets"]["totalCount"] == 6
    await mixed.ask(document % "")
    assert len(mixed.queries) < counted
    workflow = await mixed.ask('{ workflow(slug: "w") { assets(first: 1) { totalCount nodes { assetId } } } }')
    assert workflow["workflow"]["assets"] == {"totalCount": 6, "nodes": [{"assetId": "bought"}]}


async def test_a_total_that_takes_too_long_is_unknown(mixed: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asset_listing, "COUNT_CHUNK", 2)
    for scan, total in ((6, None), (8, 6)):
        monkeypatch.setattr(asset_listing, "COUNT_SCAN", scan)
        assert (await mixed.ask("{ assets { totalCount } }"))["assets"]["totalCount"] == total


@pytest.fixture
def short_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans that end after two things."""
    for module in (asset_listing, search):
        monkeypatch.setattr(module, "SCAN", 2)
        monkeypatch.setattr(module, "CHUNK", 1)


@pytest.mark.usefixtures("short_scans")
async def test_a_scan_that_ends_early_says_so_and_goes_on_behind_its_cursor(full: Graph) -> None:
    document = """query ($after: String) { assets(text: "visits", after: $after) {
        nodes { assetId } pageInfo { hasNextPage endCursor truncated } } }"""
    first = (await full.ask(document))["assets"]
    assert (first["nodes"], first["pageInfo"]["truncated"], first["pageInfo"]["hasNextPage"]) == ([], True, True)
    second = (await full.ask(document, after=first["pageInfo"]["endCursor"]))["assets"]
    assert second["nodes"] == [{"assetId": "visits"}]


@pytest.mark.usefixtures("short_scans")
async def test_a_search_goes_on_over_scans_that_end_early(full: Graph) -> None:
    assert await _search(full, "i", 1) == ["clicks", "Sales.Daily", "visits", "shop", "join"]


async def test_search_finds_assets_workflows_and_steps(full: Graph) -> None:
    assert await _search(full, " SALES ", 20) == ["Sales.Daily", "sales.raw", "sum"]
    assert await _search(full, "sales", 1) == ["Sales.Daily", "sales.raw", "sum"]
    assert await _search(full, "till", 20) == ["shop"]
    await full.service.send("DELETE", "/workflows/shop", status=204)
    assert await _search(full, "sum", 20) == []
    assert await _search(full, "till", 20) == []


@pytest.mark.parametrize("text", ["", "  ", "x" * 201])
async def test_a_text_to_look_for_is_not_blank_nor_long(graph: Graph, text: str) -> None:
    assert (
        await graph.refused("query ($t: String!) { search(text: $t) { nodes { __typename } } }", t=text)
        == "invalid_input"
    )
    assert await graph.refused("query ($t: String!) { assets(text: $t) { nodes { id } } }", t=text) == "invalid_input"


async def _search(graph: Graph, text: str, first: int) -> list[str]:
    """What a search finds over all its pages."""
    found, after = [], None
    for _ in range(50):
        page = await graph.ask(
            """query ($text: String!, $first: Int!, $after: String) {
              search(text: $text, first: $first, after: $after) {
                nodes { ... on Asset { name: assetId } ... on Workflow { name: slug } ... on Step { name: stepId } }
                pageInfo { hasNextPage endCursor } } }""",
            text=text,
            first=first,
            after=after,
        )
        found += [each["name"] for each in page["search"]["nodes"]]
        if not page["search"]["pageInfo"]["hasNextPage"]:
            return found
        after = page["search"]["pageInfo"]["endCursor"]
    raise AssertionError("the search does not end")
