"""What the engine's tests share: a directory with an awkward name, and a driver on a running engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import neo4j
import pytest

from graph.engine import Address, EmbeddedEngine


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "with spaces" / "dätä"


@pytest.fixture
async def engine(data_dir: Path) -> AsyncIterator[EmbeddedEngine]:
    """An engine that was not started; whatever the test does to it, it is stopped in the end."""
    engine = EmbeddedEngine(data_dir, heap="256m")
    yield engine
    await engine.stop()


async def add(address: Address, name: str) -> None:
    await _run(address, "CREATE (:Mark {name: $name})", name)


async def names(address: Address) -> list[str]:
    return await _run(address, "MATCH (m:Mark) RETURN m.name ORDER BY m.name")


async def _run(address: Address, query: str, name: str = "") -> list[str]:
    async def work(tx: neo4j.AsyncManagedTransaction) -> list[str]:
        return [record[0] async for record in await tx.run(query, name=name)]

    auth = (address.user, address.password)
    async with (
        neo4j.AsyncGraphDatabase.driver(address.uri, auth=auth) as driver,
        driver.session(database=address.database) as session,
    ):
        return await session.execute_write(work)
