"""A Neo4j that is stopped and killed while reports come in: nothing acknowledged is lost, nothing is there twice.

For that it has to be one of our own: scripts/neo4j, where a JDK and Maven are.
"""

import asyncio
import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.address import Address
from graph.database import Database
from tests.life.conftest import Start
from tests.life.follower import Follower
from tests.life.listeners import SETTINGS, Listeners
from tests.life.process import free_port, settings_for
from tests.life.reporters import Reporters
from tests.life.test_sudden_ends import ROUNDS, everything_is_there

pytestmark = pytest.mark.anyio

SCRIPT = Path(__file__).parents[2] / "scripts" / "neo4j"


class Server:
    """A Neo4j of scripts/neo4j on a fixed port."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._port = free_port()

    def start(self) -> Address:
        told = self._run("start", "--port", str(self._port))
        values = dict(line.split("=", 1) for line in told.splitlines())
        return Address(values["NEO4J_URI"], values["NEO4J_USER"], values["NEO4J_PASSWORD"])

    def stop(self, *how: str) -> None:
        self._run("stop", *how)

    def _run(self, command: str, *arguments: str) -> str:
        line = [SCRIPT, command, "--data", self._data, *arguments]
        done = subprocess.run(line, stdout=subprocess.PIPE, text=True, timeout=150, check=True)
        return done.stdout


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    if not os.environ.get("LINEAGE_TEST_NEO4J_URI"):
        pytest.skip("no Neo4j: LINEAGE_TEST_NEO4J_URI is not set")
    if not (shutil.which("javac") and shutil.which("mvn")):
        pytest.skip("no Neo4j to stop and start: it needs a JDK and Maven")
    server = Server(tmp_path / "neo4j")
    yield server
    server.stop("--kill")


async def test_neo4j_is_stopped_and_killed_while_reports_come_in(
    process: Start, server: Server, told: Listeners
) -> None:
    address = await asyncio.to_thread(server.start)
    service = process({**settings_for(address), **SETTINGS})
    await asyncio.to_thread(service.start_ready)
    reporters = Reporters(service)
    follower = Follower(service)
    await told.listen(service)
    async with follower.following(), reporters.reporting():
        for how in ((), ("--kill",)) + (("--kill",),) * (ROUNDS - 2):
            await reporters.more(random.randint(1, 40))
            await asyncio.to_thread(server.stop, *how)
            await asyncio.to_thread(service.wait_for, "/readyz", 503, 10)
            await asyncio.to_thread(server.start)
            await reporters.more()
    assert reporters.postponed
    async with Database(address) as database:
        await everything_is_there(service, reporters, follower, told, database)
