"""Things by their names, and from each one on to the next."""

from typing import Any

import pytest

from tests.graphql.conftest import Graph
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

RAW = {
    "assetId": "Raw.Scan",
    "schema": {"type": "object", "properties": {"files": {"type": "integer"}}},
    "freshness": {"ttlMs": 3_600_000},
    "description": "What lies on the disk",
    "owner": "storage",
    "tags": ["disk", "daily"],
    "importance": "high",
}
CHAIN = (
    workflow(
        "collect",
        step("scan", produces=[RAW]),
        step("report", consumes=["raw.scan"], produces=["report"]),
        name="Collect",
    ),
    workflow("archive", step("pack", consumes=["report"], produces=["archive"])),
)


@pytest.fixture
async def run(graph: Graph) -> str:
    """A run of the chain's first workflow that produced both assets."""
    service = graph.service
    await service.register(*CHAIN)
    run = await service.start("collect", parameters={"directory": "/srv"}, startedAt="2026-01-01T00:00:00Z")
    await service.report(run, "scan", produced({"assetId": "raw.scan", "payload": {"files": 3}}))
    service.clock.forward(1_000)
    await service.report(run, "report", produced({"assetId": "report", "payload": {"pages": 1.0}}))
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded", "output": {"ok": True}})
    return run


async def test_an_asset_and_everything_about_it(graph: Graph, run: str) -> None:
    found = await graph.ask(
        """{ asset(id: "RAW.scan") {
          key assetId productions description owners tags importance
          producers { since schema freshness owner
            step { stepId name type active workflow { slug name } } asset { key } }
          consumers { step { stepId } schema }
          latest { version payload valid violations producedAt
            run { runId status } step { stepId } stepRun { attempt } }
          freshness { state stale freshUntil reasons { code } }
          partitions { nodes { partitionKey versions latest { version } history { nodes { version } } } }
        } }"""
    )
    asset = found["asset"]
    assert (asset["key"], asset["assetId"], asset["productions"]) == ("raw.scan", "Raw.Scan", 1)
    assert (asset["description"], asset["owners"], asset["tags"]) == (
        "What lies on the disk",
        ["storage"],
        ["daily", "disk"],
    )
    assert asset["importance"] == "HIGH"
    (producer,) = asset["producers"]
    assert producer["schema"] == RAW["schema"]
    assert producer["freshness"] == {"ttlMs": 3_600_000}
    assert producer["since"] == "2026-01-01T00:00:00.000Z"
    assert producer["step"] == {
        "stepId": "scan",
        "name": "scan",
        "type": "JOB",
        "active": True,
        "workflow": {"slug": "collect", "name": "Collect"},
    }
    assert [each["step"]["stepId"] for each in asset["consumers"]] == ["report"]
    assert asset["latest"] == {
        "version": 1,
        "payload": {"files": 3},
        "valid": True,
        "violations": [],
        "producedAt": "2026-01-01T00:00:00.000Z",
        "run": {"runId": run, "status": "SUCCEEDED"},
        "step": {"stepId": "scan"},
        "stepRun": {"attempt": 1},
    }
    assert asset["freshness"] == {
        "state": "FRESH",
        "stale": False,
        "freshUntil": "2026-01-01T01:00:00.000Z",
        "reasons": [],
    }
    (partition,) = asset["partitions"]["nodes"]
    assert partition == {
        "partitionKey": None,
        "versions": 1,
        "latest": {"version": 1},
        "history": {"nodes": [{"version": 1}]},
    }


async def test_the_verdict_is_that_of_rest(graph: Graph, run: str) -> None:
    graph.service.clock.forward(7_200_000)
    await graph.service.produce("collect", "scan", "raw.scan", {"files": 4})
    inventory = await graph.service.inventory("collect")
    for asset_id, shown in inventory.items():
        found = await graph.ask(
            "query ($id: String!) { asset(id: $id) { freshness { state stale freshUntil reasons { code message } } } }",
            id=asset_id,
        )
        verdict = found["asset"]["freshness"]
        assert verdict["state"].lower() == shown["freshnessState"]
        assert (verdict["stale"], verdict["freshUntil"]) == (shown["stale"], shown["freshUntil"])
        assert verdict["reasons"] == shown["freshnessReasons"]
    assert inventory["report"]["freshnessState"] == "stale"


async def test_a_run_its_steps_and_what_they_read_and_left(graph: Graph, run: str) -> None:
    found = await graph.ask(
        """query ($id: String!) { run(id: $id) {
          number status parameters output context durationMs workflow { slug runsCount }
          steps { stepId attempt status result warnings step { name } run { runId }
                  snapshots { assetId version derivedFrom { assetId } derivatives { nodes { assetId } } }
                  inputs { assetId version } }
        } }""",
        id=run,
    )
    it = found["run"]
    assert (it["number"], it["status"], it["parameters"]) == (1, "SUCCEEDED", {"directory": "/srv"})
    assert (it["output"], it["context"], it["durationMs"]) == ({"ok": True}, None, 1_000)
    assert it["workflow"] == {"slug": "collect", "runsCount": 1}
    scan, report = it["steps"]
    assert scan["result"] == {"assets": [{"assetId": "raw.scan", "payload": {"files": 3}}]}
    assert scan["snapshots"][0]["derivatives"] == {"nodes": [{"assetId": "report"}]}
    assert report["inputs"] == [{"assetId": "Raw.Scan", "version": 1}]
    assert report["snapshots"] == [
        {"assetId": "report", "version": 1, "derivedFrom": [{"assetId": "Raw.Scan"}], "derivatives": {"nodes": []}}
    ]
    assert report["run"] == {"runId": run}


async def test_a_workflow_its_steps_assets_runs_and_revisions(graph: Graph, run: str) -> None:
    await graph.service.register({**CHAIN[0], "description": "again"})
    found = await graph.ask(
        """{ workflow(slug: "COLLECT") {
          slug name version description revision definition deletedAt
          steps { stepId produces { asset { assetId } } consumes { asset { assetId } }
            runs { nodes { attempt run { runId } } } }
          assets { nodes { assetId } } runs { nodes { runId } }
          revisions(first: 1) { nodes { revision validTo definition } pageInfo { hasNextPage endCursor } }
        } }"""
    )
    it = found["workflow"]
    assert (it["version"], it["revision"], it["description"]) == (2, 2, "again")
    assert it["definition"]["steps"][0]["produces"] == [RAW]
    report, scan = it["steps"]
    assert report["produces"] == [{"asset": {"assetId": "report"}}]
    assert report["consumes"] == [{"asset": {"assetId": "Raw.Scan"}}]
    assert scan["runs"]["nodes"] == [{"attempt": 1, "run": {"runId": run}}]
    assert [each["assetId"] for each in it["assets"]["nodes"]] == ["Raw.Scan", "report"]
    assert it["runs"]["nodes"] == [{"runId": run}]
    assert it["revisions"]["nodes"][0]["revision"] == 2
    assert it["revisions"]["pageInfo"]["hasNextPage"]
    older = await graph.ask(
        """query ($after: String!) { workflow(slug: "collect") { revisions(after: $after) {
          nodes { revision validTo } pageInfo { hasNextPage } } } }""",
        after=it["revisions"]["pageInfo"]["endCursor"],
    )
    (first,) = older["workflow"]["revisions"]["nodes"]
    assert first["revision"] == 1
    assert first["validTo"] is not None


async def test_every_thing_is_found_again_by_its_global_id(graph: Graph, run: str) -> None:
    found = await graph.ask(
        """query ($run: String!) {
          asset(id: "report") { id __typename latest { id __typename } }
          workflow(slug: "archive") { id __typename }
          step(workflow: "archive", id: "pack") { id __typename }
          run(id: $run) { id __typename steps { id __typename } }
        }""",
        run=run,
    )
    things: list[dict[str, Any]] = [
        found["asset"],
        found["asset"]["latest"],
        found["workflow"],
        found["step"],
        found["run"],
        found["run"]["steps"][0],
    ]
    for thing in things:
        again = await graph.ask("query ($id: ID!) { node(id: $id) { id __typename } }", id=thing["id"])
        assert again["node"] == {"id": thing["id"], "__typename": thing["__typename"]}


async def test_what_is_not_there_is_null(graph: Graph) -> None:
    found = await graph.ask(
        """{ asset(id: "no") { id } workflow(slug: "no") { id } step(workflow: "no", id: "x") { id }
             run(id: "no") { id } snapshot(id: "no") { id } node(id: "QXNzZXQ6bm8") { id } }"""
    )
    assert set(found.values()) == {None}


async def test_a_deleted_workflow_is_gone_and_its_history_stays(graph: Graph, run: str) -> None:
    await graph.service.send("DELETE", "/workflows/collect", status=204)
    found = await graph.ask(
        """query ($run: String!) { workflow(slug: "collect") { id } workflows { nodes { slug } }
          then: workflow(slug: "Collect", deleted: true) { deletedAt runs { nodes { runId } } }
          never: workflow(slug: "no", deleted: true) { id }
          run(id: $run) { workflow { slug deletedAt } }
          step(workflow: "collect", id: "scan") {
            active workflow { slug steps { stepId } all: steps(inactive: true) { stepId active } } } }""",
        run=run,
    )
    assert found["workflow"] is None
    assert found["then"] == {"deletedAt": "2026-01-01T00:00:01.000Z", "runs": {"nodes": [{"runId": run}]}}
    assert found["never"] is None
    assert [each["slug"] for each in found["workflows"]["nodes"]] == ["archive"]
    assert found["run"]["workflow"] == {"slug": "collect", "deletedAt": "2026-01-01T00:00:01.000Z"}
    gone = [{"stepId": step_id, "active": False} for step_id in ("report", "scan")]
    assert found["step"] == {"active": False, "workflow": {"slug": "collect", "steps": [], "all": gone}}


async def test_a_partitioned_asset(graph: Graph) -> None:
    service = graph.service
    declared = {"assetId": "sales", "partitioning": {"type": "dynamic"}}
    await service.register(workflow("shop", step("sum", produces=[declared])))
    for day in ("mon", "tue", "mon"):
        service.clock.forward(1_000)
        run = await service.start("shop", partitionKey=day)
        await service.report(run, "sum", produced({"assetId": "sales", "payload": day}))
    found = await graph.ask(
        """{ asset(id: "sales") {
          partitions(first: 1) { nodes { partitionKey versions latest { version } } pageInfo { hasNextPage endCursor } }
          all: history { nodes { partitionKey version } }
          mon: history(partitionKey: "mon") { nodes { version } }
          none: history(partitionKey: "sun") { nodes { version } }
        } }"""
    )
    asset = found["asset"]
    assert asset["partitions"]["nodes"] == [{"partitionKey": "mon", "versions": 2, "latest": {"version": 2}}]
    assert [(each["partitionKey"], each["version"]) for each in asset["all"]["nodes"]] == [
        ("mon", 2),
        ("tue", 1),
        ("mon", 1),
    ]
    assert [each["version"] for each in asset["mon"]["nodes"]] == [2, 1]
    assert asset["none"]["nodes"] == []
    more = await graph.ask(
        'query ($after: String) { asset(id: "sales") { partitions(after: $after) { nodes { partitionKey } } } }',
        after=asset["partitions"]["pageInfo"]["endCursor"],
    )
    assert more["asset"]["partitions"]["nodes"] == [{"partitionKey": "tue"}]


async def test_a_payload_goes_through_as_it_was_sent(graph: Graph) -> None:
    payload = {"b": 1.0, "a": [None, 12345678901234567, "\u2028é"], "": {}}
    await graph.service.register(workflow("w", step("s", produces=["a"])))
    made = await graph.service.produce("w", "s", "a", payload)
    found = await graph.ask("query ($id: String!) { snapshot(id: $id) { payload } }", id=made["snapshotId"])
    assert found["snapshot"]["payload"] == payload
    assert list(found["snapshot"]["payload"]) == ["b", "a", ""]
