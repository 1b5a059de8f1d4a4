"""An empty engine for a benchmark: the embedded one, and the Neo4j that LINEAGE_TEST_NEO4J_URI names if it does."""

import argparse
import contextlib
import json
import logging
import os
import platform
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from graph.engine import EmbeddedEngine
from graph.schema import ensure_schema

WIPE = "MATCH (n) WHERE NOT n:Meta WITH n LIMIT 5000 DETACH DELETE n RETURN count(n) AS deleted"

Measure = Callable[[Address, argparse.Namespace], Awaitable[dict[str, Any]]]


def arguments(description: str | None, **sizes: int) -> argparse.Namespace:
    """The engine, and the sizes with their defaults."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--engine", choices=["embedded", "neo4j", "all"], default="all")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    for name, size in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=size, help=f"({size})")
    return parser.parse_args()


async def measure(title: str, work: Measure, options: argparse.Namespace) -> None:
    """Run `work` on each engine that was asked for, and print what it found."""
    # A deadlock that the driver retries is part of what is measured.
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    results = []
    for name in ("embedded", "neo4j"):
        if options.engine in (name, "all"):
            async with engine(name) as address:
                if address is not None:
                    results.append({"engine": name, **await work(address, options)})
    machine = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "cores": os.cpu_count(), "python": platform.python_version()}
    machine["load"] = round(os.getloadavg()[0], 1)
    if options.json:
        print(json.dumps({"title": title, **machine, "results": results}))
        return
    table = Table(title=title, caption=", ".join(f"{key} {value}" for key, value in machine.items()))
    for column in results[0]:
        table.add_column(column, justify="left" if column == "engine" else "right")
    for row in results:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


@contextlib.asynccontextmanager
async def engine(name: str) -> AsyncIterator[Address | None]:
    """An engine of its own for the embedded one; None where no Neo4j is named."""
    if name == "neo4j":
        uri = os.environ.get("LINEAGE_TEST_NEO4J_URI")
        user, password = os.environ.get("LINEAGE_TEST_NEO4J_USER"), os.environ.get("LINEAGE_TEST_NEO4J_PASSWORD")
        yield Address(uri, user, password) if uri else None
        return
    with tempfile.TemporaryDirectory() as directory:
        embedded = EmbeddedEngine(Path(directory))
        try:
            yield await embedded.start()
        finally:
            await embedded.stop()


@contextlib.asynccontextmanager
async def emptied(address: Address) -> AsyncIterator[Database]:
    """A connection to the database, with nothing but the schema in it."""
    async with Database(address) as database:
        await ensure_schema(database)
        while (row := await database.write(lambda tx: tx.row(WIPE))) and row["deleted"]:
            pass
        yield database


@contextlib.asynccontextmanager
async def service(address: Address, *, max_commands: int | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """The service on that database, called over ASGI: all of it but the sockets.

    `max_commands` is how many writes share a transaction, where it is not to be the writer's own number.
    """
    app = make_app(Settings(), source=FixedSource(address))
    if max_commands is not None:
        app.state.lineage.writer.max_commands = max_commands
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=300) as client,
    ):
        yield client


async def timed(work: Awaitable[Any]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    await work
    return time.perf_counter() - began
