"""EXPLAIN of every Cypher text: no query looks at all nodes, none multiplies what has nothing to do with each other."""

import re
from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from graph.address import Address
from graph.database import Database
from graph.schema import ensure_schema
from tests.conftest import wipe
from tests.graph.cypher import constants

pytestmark = pytest.mark.anyio

CONSTANTS = constants()

WHOLE_LABEL = {
    "graph.questions.asset_graph.ALL_ASSETS": "the question is about all assets",
    "graph.upgrades.ALL_ASSETS": "once in the life of a database",
    "graph.store.workflows.WORKFLOWS": "the question is about all workflows",
    "graph.webhooks.store.WEBHOOKS": "all webhooks; a limit bounds them",
}
"""The queries that may read all nodes of one label, and why."""

VALUES: dict[str, Any] = {
    "keys": ["a"],
    "rows": [{}],
    "now": 1,
    "at": 1,
    "never": 1,
    "most": 1,
    "workflows": ["a"],
    "statuses": ["a"],
    "places": [["a", 1]],
    "limit": 1,
    "first": 1,
    "last": 2,
    "version": 1,
    "after": 1,
    "until": 2,
    "before": 1,
    "count": 1,
    "definitions": 1,
    "lanes": ["a"],
}
"""Parameters whose type the planner may ask for; all others are text."""


def parameters(text: str) -> dict[str, Any]:
    return {name: VALUES.get(name, "a") for name in re.findall(r"\$(\w+)", text)}


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


def multiplies(plan: dict[str, Any]) -> bool:
    """Whether rows are paired with unrelated ones; two nodes that are found by their keys are one pair."""
    children = plan.get("children", ())
    product = plan["operatorType"].startswith("CartesianProduct")
    by_key = all(each["operatorType"].startswith("NodeUniqueIndexSeek") for each in children)
    return (product and not by_key) or any(map(multiplies, children))


POPULATE = """
UNWIND range(1, 1000) AS n
CREATE (w:Workflow {key: 'w' + n})-[:HAS_STEP]->(s:Step {key: 's' + n})
CREATE (w)-[:HAS_REVISION]->(:Revision {key: 'v' + n, validFrom: n})
CREATE (s)-[:PRODUCES {from: 0}]->(a:Asset {key: 'a' + n, expiresAt: n}), (s)-[:CONSUMES {from: 0}]->(a)
CREATE (s)-[:WROTE {from: 0}]->(a), (s)-[:READ {from: 0}]->(a), (p:Partition {key: 'p' + n})-[:PARTITION_OF]->(a)
CREATE (r:Run {key: 'r' + n, workflow: 'w' + n, ordinal: n})-[:RUN_OF]->(w)
CREATE (:RunRequest {key: 'q' + n, head: 'q' + n, workflowHead: 'q' + n, headLane: 'q' + n, activeLane: 'q' + n,
  place: 'q' + n, wakeAt: n, leaseUntil: n, recency: 'q' + n, stateRank: 'q' + n, workflowRank: 'q' + n,
  workflowStateRank: 'q' + n})
CREATE (t:Attempt {key: 't' + n})-[:ATTEMPT_IN]->(r)
CREATE (r)-[:EMITTED]->(x:Snapshot {key: 'x' + n, rank: 'x' + n, partitionRank: 'x' + n, workflowRank: 'x' + n})
CREATE (x)-[:VERSION_OF]->(p), (a)-[:LATEST]->(x), (p)-[:LATEST]->(x)
CREATE (t)-[:TOOK]->(x), (x)-[:DERIVED_FROM]->(x), (:Schema {key: 'd' + n}), (:Event {seq: n})
"""
"""A graph of some size: among a handful of nodes the planner rightly prefers to look at all."""


RESAMPLE = "CALL db.prepareForReplanning()"
"""Neo4j's planner goes by samples of the indexes, which may be those of what an earlier test left there."""

BOUNDED = {
    "graph.events.store.RANGE": "Event",
    "graph.events.store.FIRST_KEPT": "Event",
    "graph.events.store.REMOVE": "Event",
    "graph.events.expiry.DUE": "Asset",
    "graph.events.expiry.NEXT": "Asset",
    "graph.recording.load_requests.EXPIRED": "RunRequest",
    "graph.recording.load_requests.DUE": "RunRequest",
    "graph.recording.load_requests.LAST_OF_HEADS": "RunRequest",
    "graph.recording.load_requests.HEADS": "RunRequest",
    "graph.recording.load_requests.LAST_OF_WORKFLOW_HEADS": "RunRequest",
    "graph.recording.load_requests.WORKFLOW_HEADS": "RunRequest",
    "graph.recording.flush_requests.FIRST_OF_LANE": "RunRequest",
    "graph.recording.flush_requests.PLACES_OF_LANE": "RunRequest",
    "graph.requests.watch.NEXT_EXPIRY": "RunRequest",
    "graph.requests.watch.NEXT_DUE": "RunRequest",
}
"""Queries that are asked all the time and must read no more than their range, by an index of this label."""


async def explained(address: Address, prepare: str = "RETURN 1") -> dict[str, neo4j.ResultSummary]:
    """The summary of each text's EXPLAIN; a text that the engine does not take fails here."""
    async with Database(address) as database:
        await ensure_schema(database)
        await wipe(database)
        await database.write(lambda tx: tx.run(POPULATE))
        await database.ddl(prepare)
    auth = (address.user, address.password or "") if address.user else None
    async with (
        neo4j.AsyncGraphDatabase.driver(address.uri, auth=auth) as driver,
        driver.session(database=address.database) as session,
    ):

        async def explain(tx: neo4j.AsyncManagedTransaction, text: str) -> neo4j.ResultSummary:
            return await (await tx.run("EXPLAIN " + text, parameters(text))).consume()

        return {name: await session.execute_write(explain, text) for name, text in CONSTANTS.items()}


async def test_neo4j_never_scans_and_never_multiplies(neo4j_address: Address) -> None:
    scanning, multiplying = set(), set()
    for name, summary in (await explained(neo4j_address, RESAMPLE)).items():
        assert summary.plan is not None
        scans = [each for each in operators(summary.plan) if each.endswith("Scan")]
        assert "AllNodesScan" not in scans, name
        if scans:
            scanning.add(name)
        if multiplies(summary.plan):
            multiplying.add(name)
        if name in BOUNDED:
            seeks = [said for each, said in details(summary.plan) if each.endswith("SeekByRange")]
            assert len(seeks) == 1, name
            assert f":{BOUNDED[name]}(" in seeks[0], name
    assert scanning == WHOLE_LABEL.keys()
    assert multiplying == set()


async def test_the_embedded_engine_can_plan_every_text(embedded_address: Address) -> None:
    summaries = await explained(embedded_address)
    assert summaries.keys() == CONSTANTS.keys()
    for name, label in BOUNDED.items():
        plan = summaries[name].plan
        assert plan is not None
        text = plan["args"]["string-representation"]
        assert re.search(rf"NodeIndexRangeScan\(\w+:{label}\)", text), f"{name}: {text}"


def details(plan: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each operator with what it says of itself."""
    yield plan["operatorType"].partition("@")[0], plan["args"].get("Details", "")
    for child in plan.get("children", ()):
        yield from details(child)


def test_the_constants_are_found() -> None:
    assert len(CONSTANTS) > 50
    assert CONSTANTS.keys() >= WHOLE_LABEL.keys()
