"""A database of the version before events: what is there stays, and from now on everything is told."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database, Transaction
from graph.engine import EmbeddedEngine
from graph.errors import Unavailable
from graph.schema import SCHEMA_VERSION, ensure_schema
from tests.conftest import wipe
from tests.events.log import types, whole_log
from tests.service.client import START, Clock, Service

pytestmark = pytest.mark.anyio

KEYS = ("Meta", "Workflow", "Revision", "Step", "Asset", "Partition", "Run", "Attempt", "Snapshot", "Schema")

INDEXES = (
    ("Revision", "validFrom"),
    ("Run", "workflow", "ordinal"),
    ("Run", "recency"),
    ("Run", "activeKey"),
    ("Snapshot", "rank"),
    ("Snapshot", "partitionRank"),
    ("Snapshot", "workflowRank"),
    ("Snapshot", "series", "version"),
    ("Snapshot", "asset", "ordinal"),
)

FORGET = ("DROP CONSTRAINT event_seq IF EXISTS", "DROP INDEX asset_expiresAt IF EXISTS")

FILL = """
CREATE (w:Workflow {key: 'w', id: 'w', slug: 'w', name: 'W', revision: 1, digest: 'd', createdAt: $now, updatedAt: $now,
                    validFrom: $now, runs: 1})
CREATE (w)-[:HAS_REVISION]->(:Revision {key: 'w@1', workflow: 'w', revision: 1, definition: $definition, digest: 'd',
                                        validFrom: $now, createdAt: $now})
CREATE (w)-[:HAS_STEP]->(s:Step {key: 'w/s', workflow: 'w', stepId: 's', name: 's', type: 'job', lifetimes: [$now]})
WITH s
UNWIND $assets AS asset
CREATE (s)-[:PRODUCES {from: $now, declaration: asset.declaration}]->(a:Asset {key: asset.key, assetId: asset.key,
        productions: 1, declared: true})
CREATE (p:Partition {key: asset.key + '#', asset: asset.key, versions: 1})-[:PARTITION_OF]->(a)
CREATE (n:Snapshot {key: 'x-' + asset.key, asset: asset.key, assetId: asset.key, series: asset.key + '#', version: 1,
                    ordinal: 1, producedAt: $now, createdAt: $now, workflow: 'w', workflowSlug: 'w', run: 'r',
                    stepId: 's', attempt: 1, valid: true})
SET n += asset.more
CREATE (n)-[:VERSION_OF]->(p), (a)-[:LATEST]->(n)
"""

ASSETS = [
    {"key": "own", "declaration": '{"assetId": "own"}', "more": {"freshness": '{"ttlMs": 1000}'}},
    {"key": "declared", "declaration": '{"assetId": "declared", "freshness": {"cadenceMs": 2000}}', "more": {}},
    {"key": "neither", "declaration": '{"assetId": "neither"}', "more": {}},
]

DEFINITION = orjson.dumps({"slug": "w", "steps": [{"id": "s", "produces": [each["key"] for each in ASSETS]}]}).decode()


@pytest.fixture(params=["embedded", "neo4j"])
async def older(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Address]:
    """A database of version 1 with three assets."""
    engine = None
    if request.param == "embedded":
        engine = EmbeddedEngine(tmp_path, heap="256m")
        address = await engine.start()
    else:
        address = request.getfixturevalue("neo4j_address")
    try:
        async with Database(address) as database:
            if engine is None:
                await ensure_schema(database)
                await wipe(database)
                for statement in FORGET:
                    await database.ddl(statement)
                await database.write(lambda tx: tx.run("MATCH (m:Meta) DETACH DELETE m"))
            for label in KEYS:
                name = f"{label.lower()}_key"
                await database.ddl(f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.key IS UNIQUE")
            for label, *names in INDEXES:
                columns = ", ".join(f"n.{each}" for each in names)
                name = f"{label.lower()}_{'_'.join(names)}"
                await database.ddl(f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON ({columns})")
            await database.write(lambda tx: tx.run("CREATE (:Meta {key: 'schema', version: 1})"))
            parameters = {"now": START, "assets": ASSETS, "definition": DEFINITION}
            await database.write(lambda tx: tx.run(FILL, parameters))
        yield address
    finally:
        if engine:
            await engine.stop()


async def prepared(database: Database) -> None:
    """As a service does it that starts: statements that lose a race for a lock are run again."""
    while True:
        try:
            return await ensure_schema(database)
        except Unavailable:
            await asyncio.sleep(0.1)


EVERYTHING = "MATCH (n) WHERE NOT n:Meta RETURN labels(n) AS labels, properties(n) AS properties ORDER BY n.key"


async def everything(tx: Transaction) -> list[Any]:
    """All nodes without what the upgrade adds."""
    rows = await tx.rows(EVERYTHING)
    for row in rows:
        row["properties"] = {
            name: value for name, value in row["properties"].items() if name not in ("lasts", "expiresAt", "lockedAt")
        }
    return rows


META = "MATCH (m:Meta) RETURN m.key AS key, m.version AS version, m.source AS source, m.first AS first, m.last AS last"

DEADLINES = "MATCH (a:Asset) RETURN a.key AS key, a.expiresAt AS at ORDER BY key"


async def test_what_is_there_stays_and_what_expires_is_told(older: Address) -> None:
    clock = Clock()
    async with Database(older) as database:
        before = await database.read(everything)
        assert len(before) == 3 + 3 * len(ASSETS)
        # Several processes start at once.
        async with Database(older) as second, Database(older) as third:
            await asyncio.gather(*(prepared(each) for each in (database, second, third)))
        assert await database.read(everything) == before
        meta = sorted(await database.rows(META), key=lambda row: row["key"])
        assert [row["key"] for row in meta] == ["dispatcher", "events", "requests", "schema", "webhooks"]
        _, log, _, schema, _ = meta
        assert (log["first"], log["last"], schema["version"]) == (1, 0, SCHEMA_VERSION)
        await ensure_schema(database)
        again = sorted(await database.rows(META), key=lambda row: row["key"])
        assert again == meta, "the name of the database stays"
        deadlines = {row["key"]: row["at"] for row in await database.rows(DEADLINES)}
        assert deadlines == {"own": START + 1000, "declared": START + 2000, "neither": None}

    app = make_app(Settings(), clock=clock, source=FixedSource(older))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
    async with app.router.lifespan_context(app), client:
        service = Service(client, clock, app.state.lineage)
        clock.forward(2000)
        await service.lineage.expiry.look()
        events = await whole_log(service)
        assert types(events) == ["asset.expired"] * 2
        assert [event["asset"] for event in events] == ["own", "declared"]
        assert events[0]["source"] == f"urn:asset-lineage:{log['source']}"
        assert events[0]["data"]["downstream"] == {"assets": 0, "workflows": 0, "complete": True}
