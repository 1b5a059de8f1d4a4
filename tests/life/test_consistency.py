"""The checker finds each fault that it is there for, and none where there is none."""

import pytest

from graph.database import Database
from tests.life.consistency import faults
from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

DAMAGES = (
    "MATCH (s:Snapshot {version: 2}) DETACH DELETE s",
    "MATCH (s:Snapshot {version: 1})-[e:VERSION_OF]->() DELETE e",
    "MATCH ()-[e:EMITTED]->(:Snapshot {version: 1}) DELETE e",
    "MATCH (t:Attempt {attempt: 1}) DETACH DELETE t",
    "MATCH (t:Attempt {attempt: 1}) REMOVE t.emitted",
    "MATCH (t:Attempt {attempt: 1})-[e:ATTEMPT_IN]->() DELETE e",
    "MATCH (:Run)-[e:RUN_OF]->() DELETE e",
    "MATCH (p:Partition) SET p.versions = 4",
    "MATCH (s:Snapshot {version: 3}) SET s.version = 4",
    "MATCH (s:Snapshot {version: 3}) SET s.version = 2",
    "MATCH (a:Asset {key: 'raw'}) SET a.productions = 2",
    "MATCH (s:Snapshot {ordinal: 3}) SET s.ordinal = 7",
    "MATCH (:Asset)-[e:LATEST]->() DELETE e",
    "MATCH (a:Asset {key: 'raw'}), (s:Snapshot {version: 1}) CREATE (a)-[:LATEST]->(s)",
    "MATCH (:Partition)-[e:LATEST]->() DELETE e",
    "MATCH (s:Snapshot {version: 2}) SET s.order = s.order * 2",
    "MATCH (w:Workflow) SET w.runs = 2",
    "MATCH ()-[e:WROTE]->() DELETE e",
    "MATCH (d:Schema) DETACH DELETE d",
    "MATCH (e:Event {seq: 4}) DETACH DELETE e",
    "MATCH (e:Event {seq: 1}) DETACH DELETE e",
    "MATCH (m:Meta {key: 'events'}) SET m.last = m.last + 1",
    "MATCH (m:Meta {key: 'events'}) SET m.first = 2",
    "MATCH (e:Event {type: 'asset.produced', version: 1}) SET e.snapshot = 'x'",
    "MATCH (e:Event {type: 'asset.invalid', version: 3}) SET e.type = 'x'",
    "MATCH (e:Event {type: 'asset.produced', version: 1}) SET e.type = 'asset.expired'",
    "MATCH (e:Event {type: 'asset.expired'}) SET e.type = 'x'",
    "MATCH (e:Event {type: 'step.finished', attempt: 2}) SET e.attempt = 1",
    "MATCH (e:Event {type: 'run.started'}) SET e.type = 'run.finished'",
    "MATCH (e:Event {type: 'workflow.registered'}) SET e.type = 'x'",
    # Not a time that is over: the service would see to it.
    "MATCH (a:Asset {key: 'raw'}) SET a.expiresAt = 9000000000000",
    "MATCH (a:Asset {key: 'raw'}) SET a.expiresAt = null",
    "MATCH (s:Snapshot {version: 1}), (t:Snapshot {version: 2}) SET s.ordinal = 2, t.ordinal = 1",
    "MATCH (w:Workflow), (p:Partition {key: 'raw#'}) CREATE (w)-[:MARKED_STALE {from: 1}]->(p)",
    "MATCH (a:Asset {key: 'raw'}) CREATE (:Partition {key: 'x', partitionKey: 'x', versions: 0})-[:PARTITION_OF]->(a)",
)


@pytest.fixture
async def whole(service: Service, database: Database) -> Database:
    declared = {"assetId": "raw", "schema": {"type": "integer"}, "freshness": {"ttlMs": 1_000}}
    await service.register(workflow("collect", step("scan", produces=[declared, "never.produced"])))
    run = await service.start("collect")
    for attempt, payload in ((1, 1), (2, 1), (3, "x")):
        await service.report(run, "scan", produced({"assetId": "raw", "payload": payload}, attempt=attempt))
        if attempt == 2:
            service.clock.forward(1_000)
            await service.lineage.expiry.look()
    assert await faults(database) == []
    return database


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damage_is_found(whole: Database, damage: str) -> None:
    await whole.write(lambda tx: tx.run(damage))
    assert await faults(whole)
