"""The contract's graph over all workflows: its shape, its order, its filters and its cuts."""

from typing import Any

import pytest

from tests.service.client import Service, produced, step, workflow
from tests.service.contract import GRAPH_ASSET, GRAPH_EDGE, GRAPH_MATERIALIZATION, GRAPH_ROLE, check_shape

pytestmark = pytest.mark.anyio

#   left ─┐              ┌─▶ out-a ─▶ end
#         ├─▶ hub ─▶ … ──┤
#   right ┘              └─▶ out-b
SIBLINGS = (
    workflow("ins", step("join", consumes=["left", "right"], produces=["hub", "twin"])),
    workflow(
        "outs",
        step("a", consumes=["hub"], produces=["out-a"]),
        step("b", consumes=["hub"], produces=["out-b"]),
        step("z", consumes=["out-a"], produces=["end"]),
    ),
)


async def graph(service: Service, **parameters: Any) -> tuple[list[str], list[tuple[str, str]], dict[str, Any]]:
    """The ids, the edges and the meta."""
    found = await service.get("/assets/graph", **parameters)
    edges = [(edge["fromAssetId"], edge["toAssetId"]) for edge in found["data"]["edges"]]
    return [each["assetId"] for each in found["data"]["assets"]], edges, found["meta"]


async def test_the_graph_shows_assets_edges_and_newest_versions(service: Service) -> None:
    hinted = {
        "assetId": "Report",
        "freshness": {"ttlMs": 1000},
        "partitioning": {"type": "dynamic"},
        "autoMaterialize": {"enabled": True},
        "schema": {"type": "integer"},
    }
    await service.register(
        workflow("collect", step("scan", produces=["raw"]), name="Collect"),
        workflow("make", step("make", name="Make", type="service", consumes=["RAW"], produces=[hinted])),
    )
    await service.produce("collect", "scan", "raw", 1)
    for region in ("eu", "us"):
        service.clock.forward(1)
        await service.produce("make", "make", "report", 1, partitionKey=region)
    data = (await service.get("/assets/graph"))["data"]
    raw, report = data["assets"]
    for each in (raw, report):
        check_shape(each, GRAPH_ASSET)
        for role in (*each["producers"], *each["consumers"]):
            check_shape(role, GRAPH_ROLE)
        for made in each["latestMaterializations"]:
            check_shape(made, GRAPH_MATERIALIZATION)
            assert "payload" not in made
    assert (report["assetId"], report["normalizedAssetId"]) == ("Report", "report")
    assert report["producers"][0] | hinted == report["producers"][0] | {
        "assetId": "Report",
        "schema": {"type": "integer"},
    }
    assert "schema" not in report["producers"][0]
    assert not {"freshness", "partitioning", "autoMaterialize"} & raw["producers"][0].keys()
    assert raw["producers"][0]["workflowName"] == "Collect"
    assert [made["partitionKey"] for made in report["latestMaterializations"]] == ["us", "eu"]
    assert (report["stalePartitions"], report["hasStalePartitions"]) == ([], False)
    [edge] = data["edges"]
    check_shape(edge, GRAPH_EDGE)
    assert (edge["fromAssetId"], edge["toAssetNormalizedId"]) == ("raw", "report")
    assert (edge["workflowSlug"], edge["stepName"], edge["stepType"]) == ("make", "Make", "service")


async def test_one_materialization_for_each_workflow_asset_and_partition(service: Service) -> None:
    await service.register(*(workflow(slug, step("make", produces=["raw"])) for slug in ("one", "two")))
    for slug, at in (("one", 1), ("two", 3), ("one", 2)):
        await service.produce(slug, "make", "raw", 0, producedAt=f"2026-01-01T00:00:0{at}Z")
    [raw] = (await service.get("/assets/graph"))["data"]["assets"]
    made = [(each["workflowSlug"], each["producedAt"][17:19]) for each in raw["latestMaterializations"]]
    assert made == [("two", "03"), ("one", "02")]


async def test_edges_are_sorted_have_no_self_pair_and_no_duplicate(service: Service) -> None:
    await service.register(
        workflow("b", step("s", consumes=["x", "X", "Y"], produces=["x", "z"])),
        workflow("a", step("s", consumes=["x"], produces=["z"])),
    )
    found = (await service.get("/assets/graph"))["data"]
    assert [each["assetId"] for each in found["assets"]] == ["x", "Y", "z"]
    edges = [(edge["fromAssetId"], edge["toAssetId"], edge["workflowSlug"]) for edge in found["edges"]]
    assert edges == [("x", "z", "a"), ("x", "z", "b"), ("Y", "x", "b"), ("Y", "z", "b")]


async def test_an_upstream_that_was_produced_later_is_outdated_in_every_view(service: Service) -> None:
    await service.register(*SIBLINGS)
    await service.produce("ins", "join", "hub", 1)
    run = await service.start("outs")
    await service.report(run, "a", produced({"assetId": "out-a", "payload": 1}))
    assert not (await service.get("/assets/graph", assetId="out-a", depth=0))["data"]["assets"][0][
        "hasOutdatedUpstreams"
    ]
    service.clock.forward(1)
    await service.produce("ins", "join", "HUB", 2)
    for view in ({}, {"assetId": "out-a", "depth": 0}, {"assetId": "out-a", "direction": "downstream"}):
        assets = {each["assetId"]: each for each in (await service.get("/assets/graph", **view))["data"]["assets"]}
        assert assets["out-a"]["hasOutdatedUpstreams"]
        assert assets["out-a"]["outdatedUpstreamAssetIds"] == ["hub"]
        assert not assets["end"]["hasOutdatedUpstreams"] if "end" in assets else True


async def test_upstream_downstream_and_both_by_depth(service: Service) -> None:
    await service.register(*SIBLINGS)
    for direction, depth, expected in (
        ("upstream", None, ["hub", "left", "right"]),
        ("downstream", None, ["end", "hub", "out-a", "out-b"]),
        ("downstream", 1, ["hub", "out-a", "out-b"]),
        ("both", None, ["end", "hub", "left", "out-a", "out-b", "right"]),
        ("both", 0, ["hub"]),
    ):
        depths = {} if depth is None else {"depth": depth}
        ids, _, meta = await graph(service, assetId="HUB", direction=direction, **depths)
        assert ids == expected
        assert meta == {"truncated": False, "reason": None, "total": len(expected)}


async def test_both_never_shows_siblings(service: Service) -> None:
    await service.register(*SIBLINGS)
    ids, edges, _ = await graph(service, assetId="out-a")
    assert ids == ["end", "hub", "left", "out-a", "right"]
    assert edges == [("hub", "out-a"), ("left", "hub"), ("out-a", "end"), ("right", "hub")]


async def test_a_cycle_between_workflows_ends(service: Service) -> None:
    await service.register(
        workflow("there", step("s", consumes=["a"], produces=["b"])),
        workflow("back", step("s", consumes=["b"], produces=["a"])),
    )
    ids, edges, meta = await graph(service, assetId="a", direction="downstream")
    assert (ids, edges, meta["truncated"]) == (["a", "b"], [("a", "b"), ("b", "a")], False)


async def test_the_graph_of_one_workflow(service: Service) -> None:
    await service.register(*SIBLINGS)
    ids, edges, _ = await graph(service, workflow="INS")
    assert ids == ["hub", "left", "right", "twin"]
    assert edges == [(a, b) for a in ("left", "right") for b in ("hub", "twin")]
    ids, _, _ = await graph(service, workflow="ins", assetId="out-a")
    assert ids == ["hub", "left", "right"]


async def test_a_limit_that_cuts_says_so(service: Service) -> None:
    await service.register(*SIBLINGS)
    ids, edges, meta = await graph(service, limit=3)
    assert ids == ["end", "hub", "left"]
    assert edges == [("left", "hub")]
    assert meta == {"truncated": True, "reason": "limit", "total": 7}
    _, _, meta = await graph(service, limit=7)
    assert meta == {"truncated": False, "reason": None, "total": 7}
    ids, _, meta = await graph(service, assetId="hub", direction="downstream", limit=2)
    assert ids == ["hub", "out-a"]
    assert (meta["truncated"], meta["reason"]) == (True, "limit")


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", ""), ("depth", "-1"), ("depth", "x"), ("direction", "sideways"), ("asset", "hub")],
)
async def test_a_bad_filter_is_refused(service: Service, name: str, value: str) -> None:
    refused = await service.get("/assets/graph", 400, **{name: value})
    assert refused["details"] == {"field": name}


async def test_an_unknown_asset_or_workflow_is_a_404(service: Service) -> None:
    await service.register(*SIBLINGS)
    assert (await service.get("/assets/graph", 404, assetId="nothing"))["code"] == "asset_not_found"
    refused = await service.get("/assets/graph", 404, workflow="nobody", assetId="nothing")
    assert refused["code"] == "workflow_not_found"


async def test_an_empty_graph(service: Service) -> None:
    assert await graph(service) == ([], [], {"truncated": False, "reason": None, "total": 0})
