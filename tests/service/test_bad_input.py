"""Bad input is a 4xx in the one error shape that names the place; the graph is as it was; the next request is served.

Both engines are asked, since some of what is refused here would otherwise be refused, or not, by the database.
"""

import asyncio
import itertools
import json
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.main import make_app
from app.settings import Settings
from graph.connection import FixedSource
from graph.database import Database
from graph.schema import ensure_schema
from tests.conftest import wipe
from tests.service.bad_requests import CASES, MIB, Bad
from tests.service.client import Clock, Service, produced, step, workflow

pytestmark = pytest.mark.anyio

NODES = "MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties"
EDGES = "MATCH (a)-[e]->(b) RETURN a.key AS a, type(e) AS type, properties(e) AS properties, b.key AS b"


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
async def service(request: pytest.FixtureRequest) -> AsyncIterator[Service]:
    """One service for all of this module: nothing here may change what is in it."""
    address = request.getfixturevalue(f"{request.param}_address")
    async with Database(address) as database:
        await ensure_schema(database)
        await wipe(database)
    app = make_app(Settings(), clock=Clock(), source=FixedSource(address))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
    async with app.router.lifespan_context(app), client:
        found = Service(client, Clock(), app.state.lineage)
        await found.register(
            workflow(
                "known",
                step("make", consumes=["source"], produces=["asset", daily("daily"), strict("checked")]),
                onInvalidPayload="reject",
            )
        )
        await found.start("known", id="run")
        await found.report("run", "make", produced({"assetId": "asset", "payload": 1}))
        await found.send("POST", "/workflows/known/run", {"runKey": "pending"}, 202)
        yield found


def daily(asset: str) -> dict[str, Any]:
    return {"assetId": asset, "partitioning": {"type": "timeWindow", "granularity": "day"}}


def strict(asset: str) -> dict[str, Any]:
    return {"assetId": asset, "schema": {"required": ["pages"]}}


async def dump(service: Service) -> list[str]:
    """Everything in the database; `lockedAt` is written by a look that then refuses, and holds nothing."""
    found = []
    for query in (NODES, EDGES):
        for row in await service.lineage.read(lambda tx, query=query: tx.rows(query)):
            row["properties"].pop("lockedAt", None)
            found.append(json.dumps(row, sort_keys=True))
    return sorted(found)


@pytest.mark.parametrize("bad", CASES, ids=lambda bad: f"{bad.method} {bad.name}")
async def test_it_is_refused_and_changes_nothing(service: Service, bad: Bad) -> None:
    before = await dump(service)
    content = bad.body if isinstance(bad.body, bytes) else json.dumps(bad.body).encode()
    answer = await service.http.request(
        bad.method, bad.path, content=content, headers={"Content-Type": "application/json"}
    )
    document = answer.json()
    assert (answer.status_code, document["code"]) == (bad.status, bad.code), document
    assert document.get("details", {}).get("field") == bad.field, document
    assert document["error"].endswith((".", "?", ".)"))
    assert len(answer.content) < 64 * 1024 or bad.status == 409
    assert await dump(service) == before
    assert (await service.get("/workflows/known"))["data"]["workflow"]["revision"] == 1


@pytest.mark.parametrize("path", ["/workflows", "/workflow-runs/run/steps/make/report"])
async def test_a_chunked_body_is_cut_off_at_the_limit(service: Service, path: str) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64 * MIB:
            sent += 64 * 1024
            yield b" " * 64 * 1024

    answer = await service.http.post(path, content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert sent <= 4 * MIB + 64 * 1024


async def test_bad_lines_of_a_bulk_request_leave_their_neighbours_alone(service: Service) -> None:
    before = await dump(service)
    lines = [
        b"{",
        b"[]",
        b'{"op": "stop"}',
        b'{"runId": "run", "stepId": "make"}',
        b'{"op": "start", "id": "x", "workflowSlug": "known", "extra": 1}',
        b'{"op": "finish", "runId": "none", "status": "failed"}',
        b'{"runId": "run", "stepId": "make", "attempt": 5, "status": "succeeded", "result": {"assets": [{}]}}',
        b'"' + b"x" * 4 * MIB + b'"',
        b'{"op": "start", "id": "run", "workflowSlug": "known"}',
    ]
    answer = await service.http.post("/reports", content=b"\n".join(lines))
    outcomes = [json.loads(line) for line in answer.text.splitlines()]
    assert [(each["line"], each["status"], each["code"]) for each in outcomes[:8]] == [
        (1, 400, "invalid_json"),
        (2, 400, "invalid_input"),
        (3, 400, "invalid_input"),
        (4, 400, "invalid_input"),
        (5, 400, "unknown_field"),
        (6, 404, "run_not_found"),
        (7, 400, "invalid_input"),
        (8, 413, "line_too_large"),
    ]
    assert [each["details"]["field"] for each in outcomes[1:5]] == ["line", "op", "status", "extra"]
    assert outcomes[8]["status"] == 200
    assert await dump(service) == before


async def test_nothing_is_ever_fetched(service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/schema.json"
        for schema in (
            {"$ref": url},
            {"$dynamicRef": url},
            {"$schema": url},
            {"$id": url, "properties": {"a": {"$ref": "other.json"}}},
            {"$defs": {"a": {"$id": url}}, "allOf": [{"$ref": f"{url}#/$defs/b"}]},
        ):
            definition = workflow("known", step("make", produces=[{"assetId": "asset", "schema": schema}]))
            refused = await service.send("PUT", "/workflows/known", definition, 400)
            assert refused["code"] in ("remote_reference", "invalid_schema")
            asset = {"assetId": "asset", "schema": schema, "payload": {"a": 1}}
            refused = await service.report("run", "make", produced(asset, attempt=2), 400)
            assert refused["code"] in ("remote_reference", "invalid_schema")
        with pytest.raises(BlockingIOError):
            listener.accept()


_seeds = itertools.count()


def slow_schema() -> dict[str, Any]:
    """About a second of compiling regular expressions that nobody has seen before."""
    patterns = [f"(a{{100}}){{{100 + n}}}{next(_seeds)}" for n in range(80)]
    return {"properties": {f"p{n}": {"pattern": pattern} for n, pattern in enumerate(patterns)}}


@pytest.mark.parametrize("registering", [True, False])
async def test_others_are_served_while_a_slow_schema_is_checked(service: Service, registering: bool) -> None:
    before = await dump(service)
    asset = {"assetId": "asset", "schema": slow_schema(), "payload": 1}
    if registering:
        body = workflow("known", step("make", produces=[asset]), version=0)
        slow = asyncio.create_task(service.send("PUT", "/workflows/known", body, 400))
    else:
        body = produced(asset, {"assetId": "no id"}, attempt=2)
        slow = asyncio.create_task(service.report("run", "make", body, 400))
    served, longest = 0, 0.0
    while not slow.done():
        began = time.monotonic()
        await service.get("/healthz")
        longest = max(longest, time.monotonic() - began)
        served += 1
        await asyncio.sleep(0)
    await slow
    assert served > 10
    assert longest < 0.5
    assert await dump(service) == before


async def test_many_slow_schemas_in_one_definition_have_one_bound(service: Service) -> None:
    produces = [{"assetId": f"a{n}", "schema": slow_schema()} for n in range(30)]
    began = time.monotonic()
    refused = await service.send("PUT", "/workflows/known", workflow("known", step("make", produces=produces)), 400)
    assert refused["code"] == "schema_too_large"
    assert time.monotonic() - began < 15
