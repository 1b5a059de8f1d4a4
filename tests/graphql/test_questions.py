"""Questions about the graph as a whole; that their answers are right is tested beside the graph's own code."""

from typing import Any

import pytest

from tests.graphql.conftest import Graph
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio


@pytest.fixture
async def chain(graph: Graph) -> Graph:
    """raw → clean → report, and a second definition that makes report from raw, a minute later."""
    service = graph.service
    clean = {"assetId": "clean", "owner": "ops", "importance": "high", "freshness": {"ttlMs": 1_000}}
    await service.register(
        workflow("w", step("wash", name="Wash", consumes=["Raw"], produces=[clean])),
        workflow("v", step("write", type="service", consumes=["clean"], produces=["report"]), name="Vee"),
    )
    await service.produce("w", "wash", "clean", 1)
    service.clock.forward(60_000)
    await service.register(workflow("v", step("write", name="Written", consumes=["raw"], produces=["report"])))
    return graph


async def test_lineage(chain: Graph) -> None:
    found = await chain.ask(
        """{ lineage(roots: ["RAW"], direction: DOWNSTREAM) {
          assets { key assetId distance asset { latest { version } } }
          steps { key stepId name type distance workflowSlug workflowName step { active } workflow { revision } }
          edges { source step target distance }
          truncated truncationReason depthReached totalKnown } }"""
    )
    assert found["lineage"] == {
        "assets": [
            {"key": "raw", "assetId": "Raw", "distance": 0, "asset": {"latest": None}},
            {"key": "clean", "assetId": "clean", "distance": 1, "asset": {"latest": {"version": 1}}},
            {"key": "report", "assetId": "report", "distance": 1, "asset": {"latest": None}},
        ],
        "steps": [
            {
                "key": "v/write", "stepId": "write", "name": "Written", "type": "JOB", "distance": 1,
                "workflowSlug": "v", "workflowName": "v", "step": {"active": True}, "workflow": {"revision": 2},
            },
            {
                "key": "w/wash", "stepId": "wash", "name": "Wash", "type": "JOB", "distance": 1,
                "workflowSlug": "w", "workflowName": "w", "step": {"active": True}, "workflow": {"revision": 1},
            },
        ],
        "edges": [
            {"source": "raw", "step": "v/write", "target": "report", "distance": 1},
            {"source": "raw", "step": "w/wash", "target": "clean", "distance": 1},
        ],
        "truncated": False, "truncationReason": None, "depthReached": 1, "totalKnown": 3,
    }  # fmt: skip


async def test_lineage_as_of_an_instant_and_of_a_run(chain: Graph) -> None:
    run = (await chain.ask("{ runs { nodes { runId } } }"))["runs"]["nodes"][0]["runId"]
    document = """query ($asOf: AsOf!) { lineage(roots: ["raw"], asOf: $asOf) {
        assets { key distance } steps { name type workflowName } } }"""
    for as_of in ({"instant": "2026-01-01T00:00:30+00:00"}, {"run": run}):
        found = (await chain.ask(document, asOf=as_of))["lineage"]
        assert [(each["key"], each["distance"]) for each in found["assets"]] == [
            ("raw", 0),
            ("clean", 1),
            ("report", 2),
        ]
        assert found["steps"][0] == {"name": "write", "type": "SERVICE", "workflowName": "Vee"}
    for as_of, code in (
        ({"instant": "2026-01-01T00:01:01Z"}, "as_of_in_future"),
        ({"instant": "2025-12-31T23:59:59Z"}, "as_of_before_beginning"),
        ({"run": "none"}, "run_not_found"),
        ({"run": ""}, "invalid_parameter"),
    ):
        assert await chain.refused(document, asOf=as_of) == code
    for as_of in ({}, {"run": run, "instant": "2026-01-01T00:00:30Z"}, {"run": None}):
        assert (await chain.answer(document, asOf=as_of))["data"] is None


async def test_what_cuts_or_narrows_a_lineage(chain: Graph) -> None:
    cut = await chain.ask(
        '{ lineage(roots: ["raw"], limit: 2) { assets { key } truncated truncationReason totalKnown } }'
    )
    assert cut["lineage"] == {
        "assets": [{"key": "raw"}, {"key": "clean"}], "truncated": True, "truncationReason": "LIMIT", "totalKnown": 3
    }  # fmt: skip
    for arguments, keys in (
        ("depth: 0", ["raw"]),
        ('workflows: ["W"]', ["raw", "clean"]),
        ("direction: UPSTREAM", ["raw"]),
        ("source: OBSERVED", ["raw"]),
    ):
        found = await chain.ask('{ lineage(roots: ["raw"], %s) { assets { key } } }' % arguments)
        assert [each["key"] for each in found["lineage"]["assets"]] == keys, arguments


async def test_subgraph(chain: Graph) -> None:
    document = """query ($assets: [String!]!, $asOf: AsOf) { subgraph(assets: $assets, asOf: $asOf) {
      assets { key assetId distance } steps { key distance } edges { source step target distance }
      truncated truncationReason depthReached totalKnown } }"""
    some = ["clean", "RAW", "raw", "gone"]
    assert (await chain.ask(document, assets=some))["subgraph"] == {
        "assets": [{"key": "clean", "assetId": "clean", "distance": 0}, {"key": "raw", "assetId": "Raw", "distance": 0}],
        "steps": [{"key": "w/wash", "distance": 1}],
        "edges": [{"source": "raw", "step": "w/wash", "target": "clean", "distance": 1}],
        "truncated": False, "truncationReason": None, "depthReached": 0, "totalKnown": 2,
    }  # fmt: skip
    then = await chain.ask(document, assets=["clean", "report"], asOf={"instant": "2026-01-01T00:00:30Z"})
    assert [each["step"] for each in then["subgraph"]["edges"]] == ["v/write"]
    now = await chain.ask(document, assets=["clean", "report"])
    assert now["subgraph"]["edges"] == []
    for arguments, edges in (('workflows: ["V"]', []), ("source: OBSERVED", [])):
        found = await chain.ask('{ subgraph(assets: ["raw", "clean"], %s) { edges { step } } }' % arguments)
        assert found["subgraph"]["edges"] == edges, arguments
    assert (await chain.ask(document, assets=["gone"]))["subgraph"]["assets"] == []


async def test_what_hangs_on_the_assets_of_an_answer_is_asked_as_the_question_was(chain: Graph) -> None:
    service = chain.service
    await service.produce("v", "write", "report", 2)
    service.clock.forward(60_000)
    await service.produce("w", "wash", "clean", 2)
    await service.register(workflow("x", step("again", consumes=["clean", "report"], produces=["report", "copy"])))
    document = """query ($asOf: AsOf, $source: EdgeSource! = DECLARED, $workflows: [String!]) {
      subgraph(assets: ["raw", "clean", "report"], asOf: $asOf, source: $source, workflows: $workflows) { assets {
        key upstreamCount downstreamCount latest { version } freshness { state }
        producedBy { key stepId name distance workflowSlug workflowName } } } }"""

    async def facts(**question: Any) -> dict[str, tuple[Any, ...]]:
        found = (await chain.ask(document, **question))["subgraph"]["assets"]
        return {
            each["key"]: (
                each["upstreamCount"],
                each["downstreamCount"],
                [f"{step['workflowName']}: {step['name']}" for step in each["producedBy"]],
                (each["latest"] or {}).get("version"),
                each["freshness"]["state"],
            )
            for each in found
        }

    assert await facts() == {
        "clean": (1, 2, ["w: Wash"], 2, "FRESH"),
        "raw": (0, 2, [], None, "MISSING"),
        "report": (2, 1, ["v: Written", "x: again"], 1, "STALE"),
    }
    assert await facts(asOf={"instant": "2026-01-01T00:01:30Z"}) == {
        "clean": (1, 0, ["w: Wash"], 1, "EXPIRED"),
        "raw": (0, 2, [], None, "MISSING"),
        "report": (1, 0, ["v: Written"], 1, "UNKNOWN"),
    }
    assert await facts(asOf={"instant": "2026-01-01T00:00:00.500Z"}) == {
        "clean": (1, 1, ["w: Wash"], 1, "FRESH"),
        "raw": (0, 1, [], None, "MISSING"),
        "report": (1, 0, ["Vee: write"], None, "MISSING"),
    }
    assert await facts(workflows=["X"]) == {
        "clean": (0, 2, [], 2, "FRESH"),
        "raw": (0, 0, [], None, "MISSING"),
        "report": (1, 1, ["x: again"], 1, "STALE"),
    }
    assert {key: found[:3] for key, found in (await facts(source="OBSERVED")).items()} == {
        "clean": (0, 0, ["w: Wash"]),
        "raw": (0, 0, []),
        "report": (0, 0, ["v: Written"]),
    }


async def test_what_is_not_selected_costs_nothing(chain: Graph) -> None:
    await chain.ask('{ subgraph(assets: ["raw", "clean"]) { assets { key } edges { step } } }')
    plain = len(chain.queries)
    await chain.ask('{ subgraph(assets: ["raw", "clean"]) { assets { key upstreamCount } edges { step } } }')
    assert len(chain.queries) == plain + 1


async def test_facts_are_found_in_fragments_and_under_aliases(chain: Graph) -> None:
    found = await chain.ask(
        """query ($no: Boolean! = false) { paths(from: "raw", to: "report") {
             one: assets { ...Facts freshness @include(if: $no) { state } }
             two: assets { ... on LineageAsset { down: downstreamCount } asset { latest { version } } } } }
           fragment Facts on LineageAsset { key ups: upstreamCount ...More }
           fragment More on LineageAsset { producedBy { stepId } }"""
    )
    assert found["paths"] == {
        "one": [
            {"key": "raw", "ups": 0, "producedBy": []},
            {"key": "report", "ups": 1, "producedBy": [{"stepId": "write"}]},
        ],
        "two": [{"down": 2, "asset": {"latest": None}}, {"down": 0, "asset": {"latest": None}}],
    }


async def test_a_subgraph_is_of_10_000_assets_at_most(chain: Graph) -> None:
    document = "query ($assets: [String!]!) { subgraph(assets: $assets) { totalKnown } }"
    many = ["raw", *(f"a{n}" for n in range(9_999))]
    assert (await chain.ask(document, assets=many))["subgraph"]["totalKnown"] == 1
    assert await chain.refused(document, assets=[*many, "one-more"]) == "invalid_input"


async def test_paths(chain: Graph) -> None:
    document = """query ($to: String!) { paths(from: "raw", to: $to) {
        connected path { step } assets { key } edges { target } } }"""
    found = await chain.ask(document, to="Report")
    assert found["paths"] == {
        "connected": True, "path": [{"step": "v/write"}],
        "assets": [{"key": "raw"}, {"key": "report"}], "edges": [{"target": "report"}],
    }  # fmt: skip
    nothing = await chain.ask('{ paths(from: "report", to: "raw") { connected path { step } assets { key } } }')
    assert nothing["paths"] == {"connected": False, "path": [], "assets": []}
    then = await chain.ask(
        '{ paths(from: "raw", to: "report", asOf: {instant: "2026-01-01T00:00:30Z"}) { path { step } } }'
    )
    assert then["paths"]["path"] == [{"step": "w/wash"}, {"step": "v/write"}]


async def test_impact(chain: Graph) -> None:
    found = await chain.ask(
        """{ impact(assets: ["raw"]) { assetCount stepCount workflowCount truncated
          byDistance { distance assetCount assets { assetId owners importance workflows latestVersion
            latestProducedAt deadline asset { freshness { state } } } }
          byWorkflow { slug assetCount stepCount workflow { revision } steps { name step { stepId } } } } }"""
    )
    impact = found["impact"]
    assert (impact["assetCount"], impact["stepCount"], impact["workflowCount"]) == (2, 2, 2)
    (near,) = impact["byDistance"]
    assert near["assets"][0] == {
        "assetId": "clean", "owners": ["ops"], "importance": "HIGH", "workflows": ["w"], "latestVersion": 1,
        "latestProducedAt": "2026-01-01T00:00:00.000Z", "deadline": "2026-01-01T00:00:01.000Z",
        "asset": {"freshness": {"state": "EXPIRED"}},
    }  # fmt: skip
    assert [(each["slug"], each["workflow"]["revision"]) for each in impact["byWorkflow"]] == [("v", 2), ("w", 1)]


async def test_provenance_and_diff(chain: Graph) -> None:
    made = []
    for number in (1, 2):
        run = await chain.service.start("v", parameters={"n": number})
        inputs = [{"assetId": "clean", "version": number}]
        left = produced({"assetId": "report", "payload": {"n": number}}, inputs=inputs)
        made.append((await chain.service.report(run, "write", left))["data"]["producedAssets"][0]["snapshotId"])
        await chain.service.produce("w", "wash", "clean", 2)
    found = await chain.ask(
        """query ($id: String!) { provenance(snapshot: $id, direction: UPSTREAM) {
          snapshots { assetId version distance snapshot { payload } } edges { source target }
          runs { workflowSlug status run { parameters } } steps { stepId } truncated totalKnown depthReached } }""",
        id=made[0],
    )
    provenance = found["provenance"]
    assert [(each["assetId"], each["distance"], each["snapshot"]["payload"]) for each in provenance["snapshots"]] == [
        ("report", 0, {"n": 1}),
        ("clean", 1, 1),
    ]
    assert [edge["target"] for edge in provenance["edges"]] == [made[0]]
    assert [run["run"]["parameters"] for run in provenance["runs"]] == [{"n": 1}, None]
    assert (provenance["totalKnown"], provenance["depthReached"]) == (2, 1)
    compared = await chain.ask(
        """query ($from: String!, $to: String!) { diff(from: $from, to: $to) { before { snapshotId } after { version }
          sameAsset payload schema freshness runs { sameRun parameters before { status } }
          inputs { assetId difference distance before { version } after { version snapshot { payload } } } } }""",
        **{"from": made[0], "to": made[1]},
    )
    patch = [{"op": "replace", "path": "/n", "value": 2}]
    changed = {"before": [{"version": 1}], "after": [{"version": 2, "snapshot": {"payload": 2}}]}
    assert compared["diff"] == {
        "before": {"snapshotId": made[0]},
        "after": {"version": 2},
        "sameAsset": True,
        "payload": patch,
        "schema": [],
        "freshness": [],
        "runs": {"sameRun": False, "parameters": patch, "before": {"status": "RUNNING"}},
        "inputs": [{"assetId": "clean", "difference": "CHANGED", "distance": 1, **changed}],
    }


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ('provenance(snapshot: "none") { truncated }', "snapshot_not_found"),
        ('provenance(snapshot: "none", depth: -1) { truncated }', "invalid_input"),
        ('diff(from: "none", to: "none") { sameAsset }', "snapshot_not_found"),
        ('diff(from: "none", to: "none", depth: 0) { sameAsset }', "invalid_input"),
        ('lineage(roots: ["none"]) { truncated }', "asset_not_found"),
        ("lineage(roots: []) { truncated }", "invalid_input"),
        ("subgraph(assets: []) { truncated }", "invalid_input"),
        ('lineage(roots: ["raw"], depth: -1) { truncated }', "invalid_input"),
        ('lineage(roots: ["raw"], limit: 0) { truncated }', "invalid_input"),
        ('lineage(roots: ["raw"], limit: 10001) { truncated }', "invalid_input"),
        ('impact(assets: ["none"]) { truncated }', "asset_not_found"),
        ('paths(from: "raw", to: "none") { connected }', "asset_not_found"),
    ],
)
async def test_a_question_that_cannot_be_answered_is_refused_at_once(chain: Graph, question: str, code: str) -> None:
    assert await chain.refused("{ %s }" % question) == code


async def test_too_many_roots_are_refused_before_any_query(graph: Graph) -> None:
    document = "query ($roots: [String!]!) { lineage(roots: $roots) { truncated } }"
    assert await graph.refused(document, roots=[f"a{n}" for n in range(1_001)]) == "invalid_input"
    assert graph.queries == []
