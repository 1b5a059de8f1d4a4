"""A service that is started, killed and started again, and the Neo4j that this is done to."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest

from graph.address import Address
from graph.database import Database
from graph.schema import ensure_schema
from tests.conftest import wipe
from tests.life.listeners import Listeners, listeners
from tests.life.process import Process, settings_for

Start = Callable[..., Process]


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Start]:
    """Makes services that are ended with the test: `process(environment, port=…)`, not started yet."""
    made: list[Process] = []

    def make(environment: Mapping[str, str] | None = None, *, port: int | None = None, home: str = "home") -> Process:
        made.append(Process(tmp_path / home, environment, port))
        return made[-1]

    yield make
    for each in made:
        each.end()


@pytest.fixture
async def neo4j(neo4j_address: Address) -> AsyncIterator[Database]:
    """An empty Neo4j, for looking at what the service left in it."""
    async with Database(neo4j_address) as database:
        await ensure_schema(database)
        await wipe(database)
        yield database


@pytest.fixture
def neo4j_settings(neo4j_address: Address) -> dict[str, str]:
    """The environment that makes a service use this Neo4j."""
    return settings_for(neo4j_address)


@pytest.fixture
async def told() -> AsyncIterator[Listeners]:
    async with listeners() as made:
        yield made
