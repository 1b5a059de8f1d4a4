"""Bad input over GraphQL: each has its own code, is refused quickly, and leaves the service as it was for the next."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from app.cursors import seal
from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database
from graph.schema import ensure_schema
from tests.conftest import wipe
from tests.service.client import Clock, Service, produced, step, workflow

pytestmark = pytest.mark.anyio

RESPONSE_JSON = "application/graphql-response+json"
SMALL = '{ asset(id: "known") { productions } }'
SECONDS = 5.0
"""For a refusal, on a machine that is busy with other things; a quiet one needs a tenth of a second at most."""


@pytest.fixture(scope="module")
async def service(embedded_address: Address) -> AsyncIterator[Service]:
    """One service for all of this module: nothing here may change what is in it."""
    async with Database(embedded_address) as database:
        await ensure_schema(database)
        await wipe(database)
    clock = Clock()
    app = make_app(Settings(), clock=clock, source=FixedSource(embedded_address))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Accept": RESPONSE_JSON}
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)
    async with app.router.lifespan_context(app), client:
        found = Service(client, clock, app.state.lineage)
        await found.register(
            workflow("w", step("make", produces=["known"]), step("use", consumes=["known"], produces=["other"]))
        )
        clock.forward(1_000)
        await found.start("w", id="run")
        for attempt in (1, 2):
            await found.report("run", "make", produced({"assetId": "known", "payload": 1}, attempt=attempt))
        yield found


@pytest.fixture(autouse=True)
async def answers_right_after(service: Service) -> AsyncIterator[None]:
    yield
    began = time.monotonic()
    answer = await service.http.post("/graphql", json={"query": SMALL})
    assert answer.json() == {"data": {"asset": {"productions": 2}}}
    assert time.monotonic() - began < SECONDS


async def refused(service: Service, body: Any, status: int = 400, **headers: str) -> list[tuple[str, Any]]:
    """Code and details of each error, in order; no data came with them, nothing of the inside, and no time was lost."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    began = time.monotonic()
    answer = await service.http.post(
        "/graphql", content=content, headers={"Content-Type": "application/json", **headers}
    )
    assert time.monotonic() - began < SECONDS
    return _errors(answer, status)


def _errors(answer: httpx.Response, status: int) -> list[tuple[str, Any]]:
    document = answer.json()
    assert answer.status_code == status, document
    assert len(answer.content) < 64 * 1024
    if "errors" not in document:
        return [(document["code"], document.get("details"))]
    assert not any((document.get("data") or {}).values())
    return [(error["extensions"]["code"], error["extensions"].get("details")) for error in document["errors"]]


async def code(service: Service, query: str, status: int = 400, **variables: Any) -> str:
    [(found, _)] = await refused(service, {"query": query, "variables": variables}, status)
    return found


DOCUMENTS = {
    "nothing in it": ("", "invalid_request"),
    "spaces": (" ", "syntax_error"),
    "an open brace": ("{", "syntax_error"),
    "no GraphQL": ("SELECT * FROM assets", "syntax_error"),
    "a text without an end": ('{ asset(id: "a', "syntax_error"),
    "a lone surrogate": ('{ asset(id: "\\uD800") { id } }', "syntax_error"),
    "an unknown field": ('{ asset(id: "a") { colour } }', "validation_failed"),
    "an unknown question": ("{ everything }", "validation_failed"),
    "an unknown argument": ('{ asset(name: "a") { id } }', "validation_failed"),
    "no selection": ('{ asset(id: "a") }', "validation_failed"),
    "a number for a text": ("{ asset(id: 1) { id } }", "validation_failed"),
    "a text for a number": ('{ runs(first: "1") { nodes { id } } }', "validation_failed"),
    "a number past 32 bits": ("{ runs(first: 2147483648) { nodes { id } } }", "validation_failed"),
    "an unknown direction": ('{ lineage(roots: ["known"], direction: SIDEWAYS) { truncated } }', "validation_failed"),
    "an instant that is none": ('{ assets(producedSince: "soon") { nodes { id } } }', "validation_failed"),
    "two as-ofs": (
        '{ lineage(roots: ["known"], asOf: {run: "r", instant: "2026-01-01T00:00:00Z"}) { truncated } }',
        "validation_failed",
    ),
    "fragments in a cycle": (
        '{ asset(id: "a") { ...A } } fragment A on Asset { id ...B } fragment B on Asset { id ...A }',
        "validation_failed",
    ),
    "a fragment in itself": ('{ asset(id: "a") { ...A } } fragment A on Asset { ...A }', "validation_failed"),
    "10,000 aliases": ("{" + "".join(f"a{n}:__typename " for n in range(10_000)) + "}", "document_too_large"),
    "10,000 short aliases": ("{" + "a:__typename," * 5_000 + "}", "too_many_tokens"),
    "201 aliases": ('{ asset(id: "a") {' + "".join(f"a{n}:id " for n in range(201)) + "} }", "too_many_aliases"),
    "1,000 deep": (
        '{ asset(id: "a")' + "{ producers { asset" * 500 + "{ id }" + "} }" * 500 + "}",
        "too_deep",
    ),
    "a value 1,000 deep": (
        f'mutation {{ patchWorkflow(slug: "w", changes: {"[" * 1000}{"]" * 1000}) {{ __typename }} }}',
        "too_deep",
    ),
    "questions without end": ("{ " + 'search(text: "a") { __typename } ' * 21 + "}", "too_many_root_fields"),
    "a price without measure": (
        "{ assets(first: 99) { nodes { history(first: 99) { nodes { derivatives(first: 99) { nodes { id } } } } } } }",
        "too_costly",
    ),
    "no operation": ("fragment A on Asset { id }", "validation_failed"),
    "a subscription": ("subscription { asset }", "validation_failed"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_bad_document(service: Service, name: str) -> None:
    query, expected = DOCUMENTS[name]
    found = await refused(service, {"query": query})
    assert {each for each, _ in found} == {expected}


ARGUMENTS = {
    "a negative depth": ('lineage(roots: ["known"], depth: -1) { truncated }', "invalid_input"),
    "a negative depth of impact": ('impact(assets: ["known"], depth: -1) { truncated }', "invalid_input"),
    "a limit of nothing": ('lineage(roots: ["known"], limit: 0) { truncated }', "invalid_input"),
    "no roots": ("lineage(roots: []) { truncated }", "invalid_input"),
    "an unknown root": ('lineage(roots: ["known", "unknown"]) { truncated }', "asset_not_found"),
    "a root that is no id": ('lineage(roots: ["a b"]) { truncated }', "asset_not_found"),
    "an unknown end": ('paths(from: "known", to: "unknown") { connected }', "asset_not_found"),
    "an unknown snapshot": ('provenance(snapshot: "sn_none") { truncated }', "snapshot_not_found"),
    "a difference from nothing": ('diff(from: "sn_none", to: "sn_none") { sameAsset }', "snapshot_not_found"),
    "a future as-of": (
        'lineage(roots: ["known"], asOf: {instant: "2099-01-01T00:00:00Z"}) { truncated }',
        "as_of_in_future",
    ),
    "an as-of before the beginning": (
        'lineage(roots: ["known"], asOf: {instant: "1999-01-01T00:00:00Z"}) { truncated }',
        "as_of_before_beginning",
    ),
    "an as-of of no run": ('lineage(roots: ["known"], asOf: {run: "none"}) { truncated }', "run_not_found"),
    "an id that is none": ('node(id: "?") { id }', "invalid_id"),
}


@pytest.mark.parametrize("name", ARGUMENTS)
async def test_a_bad_argument(service: Service, name: str) -> None:
    question, expected = ARGUMENTS[name]
    assert await code(service, f"{{ {question} }}", 200) == expected


async def test_too_many_roots(service: Service) -> None:
    query = "query ($roots: [String!]!) { lineage(roots: $roots) { truncated } }"
    assert await code(service, query, 200, roots=["known"] * 1_001) == "invalid_input"
    assert await code(service, query, 200, roots=[f"a{n}" for n in range(1_000)]) == "asset_not_found"


@pytest.mark.parametrize("size", [0, -1, 101])
async def test_a_page_of_a_bad_size(service: Service, size: int) -> None:
    assert await code(service, f"{{ assets(first: {size}) {{ nodes {{ id }} }} }}") == "page_size_out_of_range"


HISTORY = 'query ($after: String) { asset(id: "known") { history(first: 1, after: $after) { nodes { version } } } }'

FORGED = {
    "no base64": "?",
    "letters that are none": "é",
    "not JSON": "aGVsbG8",
    "no list": "e30",
    "another list": seal(1, 2, 3),
    "of this question, with a bad place": seal("history", "known", None, "x"),
    "with numbers out of range": seal("history", "known", None, [1 << 63, -1]),
    "very long": "A" * 10_000,
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_cursor(service: Service, name: str) -> None:
    assert await code(service, HISTORY, 200, after=FORGED[name]) == "invalid_cursor"


async def test_a_cursor_of_another_question(service: Service) -> None:
    others = """{
      assets(first: 1) { pageInfo { endCursor } }
      runs { pageInfo { endCursor } }
      asset(id: "known") { partitions { pageInfo { endCursor } } history(first: 1) { pageInfo { endCursor } } }
    }"""
    found = (await service.send("POST", "/graphql", {"query": others}))["data"]
    foreign = [found["assets"], found["runs"], found["asset"]["partitions"]]
    for page in foreign:
        assert await code(service, HISTORY, 200, after=page["pageInfo"]["endCursor"]) == "invalid_cursor"
    own = found["asset"]["history"]["pageInfo"]["endCursor"]
    assert await code(service, HISTORY.replace("known", "other"), 200, after=own) == "invalid_cursor"
    answer = await service.send("POST", "/graphql", {"query": HISTORY, "variables": {"after": own}})
    assert answer["data"]["asset"]["history"]["nodes"] == [{"version": 1}]


VARIABLES = {
    "a missing one": ("($id: String!)", {}, "invalid_variables"),
    "null": ("($id: String!)", {"id": None}, "invalid_variables"),
    "a number": ("($id: String!)", {"id": 1}, "invalid_variables"),
    "a list": ("($id: String!)", {"id": ["a"]}, "invalid_variables"),
    "an object": ("($id: String!)", {"id": {"a": "b"}}, "invalid_variables"),
}


@pytest.mark.parametrize("name", VARIABLES)
async def test_a_bad_variable(service: Service, name: str) -> None:
    declared, variables, expected = VARIABLES[name]
    assert await code(service, f"query {declared} {{ asset(id: $id) {{ id }} }}", **variables) == expected


PREFIX = b'{"query": "mutation ($d: JSON!) { registerWorkflow(definition: $d) { __typename } }", "variables": '
BODIES = {
    "no JSON": (b"{", "invalid_json"),
    "not a number": (PREFIX + b'{"d": NaN}}', "invalid_json"),
    "no end": (PREFIX + b'{"d": -Infinity}}', "invalid_json"),
    "a number past all bounds": (PREFIX + b'{"d": 1e999}}', "number_out_of_range"),
    "a key twice": (PREFIX + b'{"d": {"slug": "x", "slug": "y"}}}', "duplicate_key"),
    "not UTF-8": (b'{"query": "\xff"}', "invalid_json"),
    "a batch": (b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]', "batching_not_supported"),
    "no query": (b"{}", "invalid_request"),
    "a query that is no text": (b'{"query": 1}', "invalid_request"),
    "variables that are no object": (b'{"query": "{ __typename }", "variables": []}', "invalid_request"),
}


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body(service: Service, name: str) -> None:
    body, expected = BODIES[name]
    assert [found for found, _ in await refused(service, body)] == [expected]


async def test_a_mutation_by_get(service: Service) -> None:
    parameters = {"query": 'mutation { deleteWorkflow(slug: "w") { __typename } }'}
    answer = await service.http.get("/graphql", params=parameters)
    assert answer.headers["allow"] == "POST"
    assert _errors(answer, 405) == [("method_not_allowed", None)]


async def test_another_site(service: Service) -> None:
    body = {"query": 'mutation { deleteWorkflow(slug: "w") { __typename } }'}
    [(found, _)] = await refused(service, body, 403, Origin="https://elsewhere.example")
    assert found == "cross_origin"
    [(found, _)] = await refused(service, body, 415, **{"Content-Type": "text/plain"})
    assert found == "unsupported_media_type"
