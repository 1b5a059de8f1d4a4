"""The lattice: what a closure over GraphQL costs next to the bare queries and to stock completion.

`python -m bench.lineage [--json FILE]`. 20 layers of 100 assets; each asset but the first layer's is made by a step
of its own from three of the layer before. The question is everything downstream of one asset of the first layer, in
one request. All ways of answering take turns in one process, without a network between client and service; the
database is the embedded one, and Neo4j too where LINEAGE_TEST_NEO4J_URI, _USER and _PASSWORD name one, in which
everything is deleted.
"""

import argparse
import asyncio
import gc
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import orjson
import strawberry
from graphql import execute, parse
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.graphql.context import Context
from app.graphql.execution.completion import CompiledExecutor
from app.graphql.mutations import Mutation
from app.graphql.queries import Query
from app.graphql.scalars import SCALARS
from app.graphql.types.lineage import LineageGraph
from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database, Transaction
from graph.engine import EmbeddedEngine
from graph.questions.levels import DOWNSTREAM_DECLARED, NEVER, NOW, Direction
from graph.questions.lineage import EXISTING, LineageQuestion, lineage
from graph.questions.names import ASSET_IDS, STEP_NAMES
from graph.schema import ensure_schema

LAYERS = 20
WIDTH = 100
OFFSETS = (0, 1, 7)
ROOT = "l0.n0"
FURTHER = 1_039
"""Assets behind the root."""
ROUNDS = 15
GOAL_BARE = 2.5
GOAL_STOCK = 20.0

SELECTION = """{
  assets { key assetId distance }
  steps { key stepId name type workflowSlug workflowName distance }
  edges { source step target distance }
  truncated truncationReason depthReached totalKnown
}"""
QUERY = f'{{ lineage(roots: ["{ROOT}"], direction: DOWNSTREAM) {SELECTION} }}'

WIPE = "MATCH (n) WHERE NOT n:Meta WITH n LIMIT 5000 DETACH DELETE n RETURN count(n) AS deleted"


def definitions() -> list[dict[str, Any]]:
    """A workflow for each layer but the first."""
    return [
        {
            "slug": f"layer-{layer}",
            "steps": [
                {
                    "id": f"make-{n}",
                    "consumes": [{"assetId": f"l{layer - 1}.n{(n + offset) % WIDTH}"} for offset in OFFSETS],
                    "produces": [{"assetId": f"l{layer}.n{n}"}],
                }
                for n in range(WIDTH)
            ],
        }
        for layer in range(1, LAYERS)
    ]


async def bare(database: Database) -> bytes:
    """The same queries and the same facts, written by orjson; no question, no checks, no objects."""

    async def work(tx: Transaction) -> bytes:
        parameters = {"at": NOW, "never": NEVER, "workflows": []}
        await tx.row(EXISTING, {"keys": [ROOT]})
        distances, level, hop = {ROOT: 0}, [ROOT], 0
        steps: dict[str, int] = {}
        edges: list[dict[str, Any]] = []
        while level:
            hop += 1
            columns = await tx.row(DOWNSTREAM_DECLARED, {"keys": level, **parameters})
            if columns is None:
                break
            reached = {target for target in columns["targets"] if target and target not in distances}
            for source, step, target in zip(columns["sources"], columns["steps"], columns["targets"], strict=True):
                steps.setdefault(step, hop)
                edges.append({"source": source, "step": step, "target": target, "distance": hop})
            level = list(reached)
            distances |= dict.fromkeys(level, hop)
        ids = await tx.row(ASSET_IDS, {"keys": list(distances)})
        named = await tx.row(STEP_NAMES, {"keys": list(steps)})
        assert ids is not None
        assert named is not None
        facts = (named[name] for name in ("keys", "ids", "names", "types", "slugs", "workflowNames"))
        return orjson.dumps(
            {
                "assets": [
                    {"key": key, "assetId": asset_id, "distance": distances[key]}
                    for key, asset_id in zip(ids["keys"], ids["ids"], strict=True)
                ],
                "steps": [
                    {
                        "key": key,
                        "stepId": step_id,
                        "name": name,
                        "type": kind.upper(),
                        "workflowSlug": slug,
                        "workflowName": workflow,
                        "distance": steps[key],
                    }
                    for key, step_id, name, kind, slug, workflow in zip(*facts, strict=True)
                ],
                "edges": edges,
            }
        )

    return await database.read(work)


async def round_trips(database: Database) -> None:
    """The queries alone: their columns are fetched, and looked at only to find the next level."""

    async def work(tx: Transaction) -> None:
        await tx.row(EXISTING, {"keys": [ROOT]})
        seen, steps, level = {ROOT}, set(), [ROOT]
        while level:
            row = await tx.row(DOWNSTREAM_DECLARED, {"keys": level, "at": NOW, "never": NEVER, "workflows": []})
            level = [] if row is None else list(set(row["targets"]) - seen - {""})
            steps |= set(row["steps"] if row else ())
            seen.update(level)
        await tx.row(ASSET_IDS, {"keys": list(seen)})
        await tx.row(STEP_NAMES, {"keys": list(steps)})

    await database.read(work)


def completion(graph: object) -> dict[str, Callable[[], Awaitable[object]]]:
    """Completing the answer, alone: from a graph in memory, the document parsed, to what orjson would write."""

    @strawberry.type
    class Ready:
        @strawberry.field
        async def lineage(self) -> LineageGraph:
            return graph  # type: ignore[return-value]

    schema = strawberry.Schema(Ready, config=StrawberryConfig(scalar_map=SCALARS))._schema
    document = parse(f"{{ lineage {SELECTION} }}")

    def by(executor: type[StrawberryGraphQLCoreExecutionContext]) -> Callable[[], Awaitable[object]]:
        async def complete() -> object:
            found = execute(
                schema,
                document,
                executor_class=executor,
                is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # as Strawberry passes it
                operation_extensions=None,
            )
            result = await found  # type: ignore[misc]
            assert result.errors is None
            return result.data

        return complete

    return {
        "completion, compiled": by(CompiledExecutor),
        "completion, stock": by(StrawberryGraphQLCoreExecutionContext),
    }


async def measure(ways: dict[str, Callable[[], Awaitable[object]]]) -> dict[str, dict[str, float]]:
    """Medians in milliseconds; the ways take turns, so that what else the machine does meets all of them."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for number in range(ROUNDS + 3):
        for name, way in ways.items():
            gc.collect()
            cpu, wall = time.process_time(), time.perf_counter()
            await way()
            if number >= 3:
                taken[name].append((time.process_time() - cpu, time.perf_counter() - wall))
    return {
        name: {
            "cpu": statistics.median(cpu for cpu, _ in times) * 1000,
            "wall": statistics.median(wall for _, wall in times) * 1000,
        }
        for name, times in taken.items()
    }


async def on_engine(address: Address) -> dict[str, Any]:
    """The figures of one engine, whose database is emptied first."""
    async with Database(address) as database:
        await ensure_schema(database)
        deleted: int = 1
        while deleted:
            row = await database.write(lambda tx: tx.row(WIPE))
            deleted = row["deleted"] if row else 0
        app = make_app(Settings(graphql_timeout_ms=60_000), source=FixedSource(address))
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1", timeout=None)
        stock = strawberry.Schema(Query, Mutation, config=StrawberryConfig(scalar_map=SCALARS))
        async with app.router.lifespan_context(app), client:
            for definition in definitions():
                (await client.put(f"/workflows/{definition['slug']}", json=definition)).raise_for_status()

            async def service() -> bytes:
                # Without httpx, which is the client's: the request goes into the application as a server hands it on.
                return await asked(app, QUERY)

            async def by_stock() -> bytes:
                result = await stock.execute(QUERY, context_value=Context(app.state.lineage))
                assert result.errors is None, result.errors
                return orjson.dumps({"data": result.data})

            answer = orjson.loads(await service())["data"]["lineage"]
            assert len(answer["assets"]) == 1 + FURTHER, len(answer["assets"])
            assert orjson.loads(await by_stock())["data"]["lineage"] == answer
            facts = orjson.loads(await bare(database))
            for name, rows in facts.items():
                assert sorted(map(orjson.dumps, rows)) == sorted(map(orjson.dumps, answer[name])), name
            question = LineageQuestion({ROOT: ROOT}, Direction.DOWNSTREAM)
            graph = await database.read(lambda tx: lineage(tx, question))
            times = await measure(
                {
                    "service": service,
                    "bare": lambda: bare(database),
                    "stock": by_stock,
                    "round trips": lambda: round_trips(database),
                    **completion(graph),
                }
            )
    return {
        "assets": len(answer["assets"]),
        "edges": len(answer["edges"]),
        "milliseconds": times,
        "ratios": {
            "cpu, service to bare": times["service"]["cpu"] / times["bare"]["cpu"],
            "completion cpu, stock to compiled": (
                times["completion, stock"]["cpu"] / times["completion, compiled"]["cpu"]
            ),
            "cpu, stock to service": times["stock"]["cpu"] / times["service"]["cpu"],
            "wall, service to round trips": times["service"]["wall"] / times["round trips"]["wall"],
        },
    }


async def asked(app: Callable[..., Awaitable[None]], query: str) -> bytes:
    """The body of the answer of the ASGI application."""
    body = orjson.dumps({"query": query})
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    pieces: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        pieces.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(pieces)


async def run() -> dict[str, Any]:
    """The figures of each engine that is there."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as directory:
        engine = EmbeddedEngine(Path(directory), heap="512m")
        address = await engine.start()
        try:
            found["embedded"] = await on_engine(address)
        finally:
            await engine.stop()
    uri = os.environ.get("LINEAGE_TEST_NEO4J_URI")
    if uri:
        names = (os.environ.get("LINEAGE_TEST_NEO4J_USER"), os.environ.get("LINEAGE_TEST_NEO4J_PASSWORD"))
        found["neo4j"] = await on_engine(Address(uri, *names))
    return found


def show(found: dict[str, Any]) -> None:
    """The figures as a table."""
    for engine, figures in found.items():
        print(f"{engine}: {figures['assets']} assets, {figures['edges']} edges")
        for way, times in figures["milliseconds"].items():
            print(f"  {way:<34} CPU {times['cpu']:8.1f} ms   wall {times['wall']:8.1f} ms")
        goals = (f"goal: at most {GOAL_BARE}", f"goal: at least {GOAL_STOCK:g}", "with the database's part", "")
        for (name, ratio), goal in zip(figures["ratios"].items(), goals, strict=True):
            print(f"  {name:<34} {ratio:8.2f}   {goal}".rstrip())


def main() -> None:
    """Print the table, and write the figures as JSON where they are asked for."""
    parser = argparse.ArgumentParser(description="The closure of one asset of the lattice.")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    found = asyncio.run(asyncio.wait_for(run(), 300))
    show(found)
    if options.json:
        options.json.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    main()
