"""GraphQL: what completion costs, and what a client of large answers does to others: `python -m bench.graphql`.

The answer has 2,000 objects of ten fields and 5,700 of three, all in memory: no database is in the figures.
"""

import asyncio
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import strawberry
import uvicorn
from graphql import GraphQLSchema, execute, parse
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.graphql.execution.completion import CompiledExecutor
from app.graphql.execution.schema import Schema
from app.graphql.routes import graphql_routes
from app.http import create_app

ROUNDS = 10
SMALL_REQUESTS = 300


@strawberry.type
class Node:
    id: strawberry.ID
    workflow: str
    step: str
    distance: int
    state: str
    produced: str | None
    owner: str | None
    ok: bool
    tags: list[str]


@strawberry.type
class Edge:
    source: str
    step: str
    target: str


@strawberry.type
class Graph:
    nodes: list[Node]
    edges: list[Edge]


def make_graph() -> Graph:
    """A new one for each question, as from a database."""
    return Graph(
        nodes=[
            Node(
                id=strawberry.ID(f"asset.{i}"),
                workflow="w",
                step=f"w/s{i}",
                distance=i % 20,
                state="FRESH",
                produced=None,
                owner="data",
                ok=True,
                tags=["a", "b"],
            )
            for i in range(2000)
        ],
        edges=[Edge(source=f"asset.{i % 2000}", step=f"w/s{i}", target=f"asset.{i % 1999}") for i in range(5700)],
    )


@strawberry.type
class Query:
    @strawberry.field
    async def graph(self) -> Graph:
        await asyncio.sleep(0.02)  # the database's part
        return GRAPH

    @strawberry.field
    async def hello(self) -> str:
        await asyncio.sleep(0.001)
        return "world"


GRAPH = make_graph()
LARGE = (
    "{ graph { nodes { id workflow step distance state produced owner ok tags __typename }"
    " edges { source step target } } }"
)
SMALL = "{ hello }"


async def cpu(schema: GraphQLSchema, executor: type[StrawberryGraphQLCoreExecutionContext]) -> float:
    """Milliseconds of CPU for one large answer, parsed and validated before; the median."""
    document = parse(LARGE)
    times = []
    for _ in range(ROUNDS + 2):
        started = time.process_time()
        result = execute(
            schema,
            document,
            executor_class=executor,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]  # as Strawberry passes it
            operation_extensions=None,
        )
        assert (await result).data is not None  # type: ignore[misc]
        times.append(time.process_time() - started)
    return statistics.median(times[2:]) * 1000


@contextmanager
def listener() -> Iterator[socket.socket]:
    with socket.socket(proto=socket.IPPROTO_TCP) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen()
        yield opened


async def small_beside_large(large: str | None) -> tuple[float, float]:
    """p50 and p99 in milliseconds of the small query while another client loops the large one."""
    app = create_app((), routes=graphql_routes(Schema(Query), make_context=lambda _: None, max_body=100_000))
    with listener() as opened:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[opened]))
        # The clients are processes of their own, so that their work is not in the figures.
        command = [sys.executable, "-m", "bench.graphql", "clients", str(opened.getsockname()[1])]
        clients = await asyncio.create_subprocess_exec(
            *(command if large is None else [*command, large]),
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await asyncio.wait_for(clients.communicate(), 120)
        server.should_exit = True
        await serving
    p50, p99 = map(float, output.split())
    return p50, p99


async def run_clients(port: int, large: str | None) -> None:
    """One client that loops the large query and one that measures the small one; prints p50 and p99."""
    url = f"http://127.0.0.1:{port}/graphql"
    looping = None
    if large:
        looping = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.graphql", "loop", str(port), large)
    times = []
    async with httpx.AsyncClient() as client:
        for number in range(SMALL_REQUESTS + 50):
            started = time.perf_counter()
            (await client.post(url, json={"query": SMALL})).raise_for_status()
            if number >= 50:
                times.append((time.perf_counter() - started) * 1000)
    if looping:
        looping.terminate()
        await looping.wait()
    quantiles = statistics.quantiles(times, n=100)
    print(quantiles[49], quantiles[98])


async def loop(port: int, coding: str) -> None:
    """Ask for the large answer until ended."""
    async with httpx.AsyncClient(headers={"Accept-Encoding": coding}) as client:
        while True:
            answer = client.stream("POST", f"http://127.0.0.1:{port}/graphql", json={"query": LARGE})
            async with answer as response:
                async for _ in response.aiter_raw():
                    pass


async def main() -> None:
    """Print the figures and their ratios."""
    schema = strawberry.Schema(Query)._schema
    stock = await cpu(schema, StrawberryGraphQLCoreExecutionContext)
    compiled = await cpu(schema, CompiledExecutor)
    print(
        f"CPU of one large answer: stock {stock:.1f} ms, compiled {compiled:.1f} ms: {stock / compiled:.0f} times less"
    )
    for coding in (None, "identity", "gzip"):
        p50, p99 = await small_beside_large(coding)
        beside = f"beside a client that loops the large one ({coding})" if coding else "alone"
        print(f"small query {beside}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, ratio {p99 / p50:.1f}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["clients", port, *large]:
            asyncio.run(run_clients(int(port), large[0] if large else None))
        case ["loop", port, coding]:
            asyncio.run(loop(int(port), coding))
        case _:
            asyncio.run(main())
