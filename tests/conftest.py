"""What the tests share: the two engines, an empty database on each, and the service on top of it.

A test that takes `address`, `database` or `service` runs on every engine. The embedded one is always there; Neo4j is
the one that LINEAGE_TEST_NEO4J_URI, _USER and _PASSWORD name (`scripts/test` starts one), and its tests are skipped
without.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from anyio.from_thread import start_blocking_portal
from starlette.types import ASGIApp

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from graph.engine import EmbeddedEngine
from graph.schema import ensure_schema
from tests.life.process import Process, settings_for
from tests.service.client import Clock, Service

Processes = Callable[[Mapping[str, str]], Process]

Serve = Callable[[ASGIApp], AbstractAsyncContextManager[str]]

WIPE = "MATCH (n) WHERE NOT n:Meta WITH n LIMIT 5000 DETACH DELETE n RETURN count(n) AS deleted"

BEGIN_LOG = "MATCH (m:Meta {key: 'events'}) SET m.first = 1, m.last = 0, m.definitions = 0"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def embedded_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The embedded engine, one for the whole session."""
    engine = EmbeddedEngine(Path(tmp_path_factory.mktemp("embedded")), heap="512m")
    with start_blocking_portal() as portal:
        yield portal.call(engine.start)
        portal.call(engine.stop)


@pytest.fixture(scope="session")
def neo4j_address() -> Address:
    """The Neo4j that the environment names; everything in it is deleted."""
    uri = os.environ.get("LINEAGE_TEST_NEO4J_URI")
    if not uri:
        pytest.skip("no Neo4j: LINEAGE_TEST_NEO4J_URI is not set")
    return Address(uri, os.environ.get("LINEAGE_TEST_NEO4J_USER"), os.environ.get("LINEAGE_TEST_NEO4J_PASSWORD"))


@pytest.fixture(params=["embedded", "neo4j"])
def address(request: pytest.FixtureRequest) -> Address:
    """Each engine in turn; a test of one engine says which by `indirect`."""
    found: Address = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
async def database(address: Address) -> AsyncIterator[Database]:
    """An empty database with its schema."""
    async with Database(address) as database:
        await ensure_schema(database)
        await wipe(database)
        yield database


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def service_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real `lineage serve` answers, on an empty database of each engine in turn; one for the module."""
    address = emptied(request.getfixturevalue(f"{request.param}_address"))
    process = Process(tmp_path_factory.mktemp("service"), settings_for(address))
    try:
        process.start_ready()
        yield process.url
    finally:
        process.end()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Makes services that answer, and are ended with the test."""
    made: list[Process] = []

    def start(environment: Mapping[str, str]) -> Process:
        made.append(Process(tmp_path / f"service-{len(made)}", environment))
        made[-1].start_ready()
        return made[-1]

    yield start
    for each in made:
        each.end()


def emptied(address: Address) -> Address:
    """The address, when nothing but the schema is left behind it; for who has no event loop."""

    async def empty() -> None:
        async with Database(address) as database:
            await ensure_schema(database)
            await wipe(database)

    asyncio.run(empty())
    return address


@pytest.fixture
def empty_embedded(embedded_address: Address) -> Address:
    """The embedded engine, emptied, for services in processes of their own."""
    return emptied(embedded_address)


@pytest.fixture
def empty_neo4j(neo4j_address: Address) -> Address:
    """Neo4j, emptied."""
    return emptied(neo4j_address)


async def wipe(database: Database) -> None:
    """Delete everything but the schema's version and the log's name; its numbers begin anew."""
    deleted = 1
    while deleted:
        row = await database.write(lambda tx: tx.row(WIPE))
        assert row is not None
        deleted = row["deleted"]
    await database.write(lambda tx: tx.run(BEGIN_LOG))


@pytest.fixture
def clock() -> Clock:
    """The service's clock: stands still until the test moves it."""
    return Clock()


@pytest.fixture
async def service(database: Database, address: Address, clock: Clock) -> AsyncIterator[Service]:
    """The service on an empty database, asked without a network in between."""
    app = make_app(Settings(), clock=clock, source=FixedSource(address))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
    async with app.router.lifespan_context(app), client:
        yield Service(client, clock, app.state.lineage)


@pytest.fixture
def serve() -> Serve:
    """Serve an application on a free port of loopback; gives its address."""

    @asynccontextmanager
    async def serving(app: ASGIApp) -> AsyncIterator[str]:
        with socket.socket(proto=socket.IPPROTO_TCP) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                await serving

    return serving
