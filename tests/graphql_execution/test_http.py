"""GraphQL over HTTP: what its specification asks for, and what the kit adds."""

import hashlib
import json
import logging
from typing import Any

import httpx
import pytest

from app.graphql import websocket
from app.graphql.request import PersistedDocuments
from app.http import create_token, parse_tokens
from tests.conftest import Serve
from tests.graphql_execution.client import MAX_BODY, RESPONSE_JSON, Client, code, make_app
from tests.service.readers import closed, web_socket

pytestmark = pytest.mark.anyio

JSON = "application/json"


@pytest.fixture
def client() -> Client:
    return Client(make_app())


async def test_post_and_get_answer_queries(client: Client) -> None:
    query = "query Greet($name: String!) { hello(name: $name) } query Other { hello }"
    for answer in (
        await client.post(query, variables={"name": "you"}, operationName="Greet"),
        await client.get(query=query, variables={"name": "you"}, operationName="Greet"),
    ):
        assert answer.status_code == 200
        assert answer.json() == {"data": {"hello": "hello you"}}
        assert answer.headers["content-type"] == f"{RESPONSE_JSON}; charset=utf-8"
        assert answer.headers["vary"] == "Accept"
    assert (await client.post("{ hello }", variables=None, operationName=None, extensions=None)).status_code == 200
    assert (await client.get(query="{ hello }", operationName="")).status_code == 200
    head = await client.http.head("/graphql", params={"query": "{ hello }"})
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (RESPONSE_JSON, RESPONSE_JSON),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (f"{RESPONSE_JSON}, {JSON}", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", JSON),
        (f"{JSON};q=0.9, {RESPONSE_JSON}; charset=utf-8", RESPONSE_JSON),
        (f"{RESPONSE_JSON};q=0.1, */*;q=0.5", JSON),
        (f"{JSON};q=0, */*", RESPONSE_JSON),
        ("text/html, */*;q=0.1", JSON),
        ("", RESPONSE_JSON),
    ],
)
async def test_accept_chooses_the_media_type(client: Client, accept: str, expected: str) -> None:
    answer = await client.http.post("/graphql", json={"query": "{ hello }"}, headers={"Accept": accept})
    assert answer.headers["content-type"] == f"{expected}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/plain", f"{JSON};q=0", "nonsense", "text/html"])
async def test_no_acceptable_media_type_is_406(client: Client, accept: str) -> None:
    answer = await client.http.post("/graphql", json={"query": "{ hello }"}, headers={"Accept": accept})
    assert (answer.status_code, code(answer)) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": "{"}, "syntax_error"),
        ({"query": "{ no }"}, "validation_failed"),
        ({"query": "query a { hello } query b { hello }"}, "operation_not_found"),
        ({"query": "query a { hello }", "operationName": "b"}, "operation_not_found"),
        ({"query": "fragment F on Query { hello }"}, "validation_failed"),
        ({"query": "query($n: Int!) { page(first: $n) { total } }"}, "invalid_variables"),
        ({"query": "query($n: Int!) { page(first: $n) { total } }", "variables": {"n": "7"}}, "invalid_variables"),
        ({"query": "query($n: Int = 7) { page(first: $n) { total } }", "variables": {"n": None}}, "invalid_argument"),
        ({"query": "subscription { ticks }"}, "operation_not_supported"),
        ({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}, "persisted_query_not_found"),
    ],
)
async def test_what_is_not_carried_out_is_400_for_those_who_take_it(client: Client, body: Any, expected: str) -> None:
    answer = await client.post(**body)
    assert (answer.status_code, code(answer)) == (400, expected)
    legacy = await client.http.post("/graphql", json=body, headers={"Accept": JSON})
    assert (legacy.status_code, code(legacy)) == (200, expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], "batching_not_supported"),
        ([{"query": "{ hello }"}], "batching_not_supported"),
        ("{ hello }", "invalid_request"),
        (None, "invalid_request"),
        ({}, "invalid_request"),
        ({"query": ""}, "invalid_request"),
        ({"query": 7}, "invalid_request"),
        ({"query": "{ hello }", "variables": [7]}, "invalid_request"),
        ({"query": "{ hello }", "variables": "{}"}, "invalid_request"),
        ({"query": "{ hello }", "operationName": 7}, "invalid_request"),
        ({"query": "{ hello }", "extensions": 7}, "invalid_request"),
        ({"query": "{ hello }", "extensions": {"persistedQuery": 7}}, "invalid_request"),
        ({"query": "{ hello }", "variable": {}}, "invalid_request"),
    ],
)
async def test_what_is_no_graphql_request_is_400_for_everyone(client: Client, body: Any, expected: str) -> None:
    for accept in (JSON, RESPONSE_JSON):
        headers = {"Accept": accept, "Content-Type": JSON}
        answer = await client.http.post("/graphql", content=json.dumps(body), headers=headers)
        assert (answer.status_code, code(answer)) == (400, expected)


async def test_the_body_is_strict_json_within_its_limit(client: Client) -> None:
    async def send(content: bytes, content_type: str | None = JSON) -> httpx.Response:
        headers = {"Content-Type": content_type} if content_type else {}
        return await client.http.post("/graphql", content=content, headers=headers)

    for content, expected in (
        (b"{", "invalid_json"),
        (b"", "invalid_json"),
        (b'{"query": "{ hello }", "query": "{ a }"}', "duplicate_key"),
        (b'{"query": "{ hello }", "variables": {"a": NaN}}', "invalid_json"),
    ):
        answer = await send(content)
        assert (answer.status_code, code(answer)) == (400, expected)
    answer = await send(b'{"query": "' + b" " * MAX_BODY + b'"}')
    assert (answer.status_code, code(answer)) == (413, "body_too_large")
    for content_type in (None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = await send(b'{"query": "{ hello }"}', content_type)
        assert (answer.status_code, code(answer)) == (415, "unsupported_media_type")


async def test_get_parameters_are_strict_too(client: Client) -> None:
    for parameters, expected in (
        ({}, "invalid_request"),
        ({"query": "{ hello }", "variables": "{"}, "invalid_json"),
        ({"query": "{ hello }", "variables": "[]"}, "invalid_request"),
        ({"query": "{ hello }", "nonsense": "1"}, "unknown_parameter"),
    ):
        answer = await client.get(**parameters)
        assert (answer.status_code, code(answer)) == (400, expected)


async def test_mutations_are_for_post_alone(client: Client) -> None:
    mutation = "mutation { lend(id: 1) }"
    assert (await client.post(mutation)).json() == {"data": {"lend": "lent 1"}}
    for accept in (JSON, RESPONSE_JSON):
        answer = await client.http.get("/graphql", params={"query": mutation}, headers={"Accept": accept})
        assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "method_not_allowed", "POST")
    answer = await client.http.put("/graphql", json={"query": "{ hello }"})
    assert (answer.status_code, code(answer), answer.headers["allow"]) == (405, "method_not_allowed", "GET, HEAD, POST")


async def test_foreign_pages_are_kept_out(client: Client) -> None:
    answer = await client.http.post("/graphql", json={"query": "{ hello }"}, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, code(answer)) == (403, "cross_origin")


@pytest.mark.parametrize(
    ("how", "extensions"),
    [
        ("not_found", {"code": "book_not_found", "details": {"field": "id"}}),
        ("unavailable", {"code": "database_unavailable", "retryAfter": 7}),
        ("invalid", {"code": "invalid_input", "details": {"field": "id"}}),
        ("coded", {"code": "ours"}),
    ],
)
async def test_errors_of_ours_speak(client: Client, how: str, extensions: Any) -> None:
    answer = await client.post(f'{{ hello fails(how: "{how}") }}')
    assert answer.status_code == 200
    document = answer.json()
    assert document["data"] == {"hello": "hello world", "fails": None}
    [error] = document["errors"]
    assert error["extensions"] == extensions
    assert error["path"] == ["fails"]
    assert error["locations"] == [{"line": 1, "column": 9}]


async def test_internal_errors_are_masked_and_logged_once(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = await client.http.post(
        "/graphql",
        json={"query": '{ fails(how: "x") books(wrong: "exception") { title } optional(wrong: "type") { pages } }'},
        headers={"X-Request-ID": "mine"},
    )
    assert "swordfish" not in answer.text
    assert "boom" not in answer.text
    assert "seven" not in answer.text
    assert [error["extensions"] for error in answer.json()["errors"]] == [
        {"code": "internal_error", "requestId": "mine"}
    ] * 3
    [record] = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert "request mine: internal error at fails (3 in all)" in record.getMessage()
    assert record.exc_info is not None
    assert "swordfish" in str(record.exc_info[1])


async def test_expected_errors_are_not_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    await client.post('{ fails(how: "not_found") }')
    await client.post("{ no }")
    await client.post("{")
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_json_fragments_pass_through(client: Client) -> None:
    assert (await client.post("{ payload }")).content == b'{"data":{"payload":{"as": [1,2.50]}}}'


async def test_large_answers_arrive_whole(client: Client) -> None:
    query = "{ books(count: 2000) { id title since place { shelf row } copies { shelf } } }"
    plain = await client.http.post("/graphql", json={"query": query}, headers={"Accept-Encoding": "identity"})
    assert len(plain.content) > 200_000
    assert int(plain.headers["content-length"]) == len(plain.content)
    assert len(plain.json()["data"]["books"]) == 2000
    zipped = await client.http.post("/graphql", json={"query": query}, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.content == plain.content


async def test_persisted_documents(client: Client) -> None:
    query = "query Q($name: String!) { hello(name: $name) }"
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}
    variables = {"name": "x"}
    missing = await client.post(extensions=extensions, variables=variables)
    assert missing.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    stored = await client.post(query, extensions=extensions, variables=variables)
    found = [
        await client.post(extensions=extensions, variables=variables),
        await client.get(extensions=extensions, variables=variables),
    ]
    assert [answer.json() for answer in (stored, *found)] == [{"data": {"hello": "hello x"}}] * 3
    for wrong, expected in (
        ({"version": 1, "sha256Hash": "0" * 64}, "persisted_query_mismatch"),
        ({"version": 2, "sha256Hash": "0" * 64}, "persisted_query_not_supported"),
    ):
        answer = await client.post(query, extensions={"persistedQuery": wrong})
        assert (answer.status_code, code(answer)) == (400, expected)


async def test_documents_that_do_not_hold_are_not_persisted(client: Client) -> None:
    query = "{ no }"
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}
    assert code(await client.post(query, extensions=extensions)) == "validation_failed"
    assert code(await client.post(extensions=extensions)) == "persisted_query_not_found"


async def test_persisted_documents_are_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PersistedDocuments, "KEPT", 40)
    client = Client(make_app())

    def named(query: str) -> dict[str, Any]:
        return {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(query.encode()).hexdigest()}}

    queries = [f"{{ alias{number}: hello }}" for number in range(3)]
    for query in queries:
        await client.post(query, extensions=named(query))
    found = [(await client.post(extensions=named(query))).status_code for query in queries]
    assert found == [400, 200, 200]


async def test_scopes() -> None:
    secrets, lines = {}, []
    for scope in ("read", "report", "write"):
        secrets[scope], line = create_token(scope, [scope])
        lines.append(line)
    app = make_app(tokens=parse_tokens(" ".join(lines)))

    async def statuses(query: str) -> dict[str, int]:
        return {
            scope: (await Client(app, Authorization=f"Bearer {secret}").post(query)).status_code
            for scope, secret in secrets.items()
        }

    assert await statuses("{ hello }") == {"read": 200, "report": 403, "write": 200}
    assert await statuses("mutation { lend(id: 1) }") == {"read": 403, "report": 403, "write": 200}
    assert await statuses("mutation { reportLoss(id: 1) }") == {"read": 403, "report": 200, "write": 403}
    fragment = "mutation { ...F } fragment F on Mutation { ... { reportLoss(id: 1) } }"
    assert await statuses(fragment) == {"read": 403, "report": 200, "write": 403}
    assert await statuses("mutation { reportLoss(id: 1) lend(id: 2) }") == {"read": 403, "report": 403, "write": 200}
    answer = await Client(app).post("{ hello }")
    assert (answer.status_code, code(answer)) == (401, "unauthorized")


async def test_the_context_is_made_of_the_caller() -> None:
    seen: list[Any] = []
    from app.graphql.execution.schema import Schema
    from app.graphql.routes import graphql_routes
    from app.http import create_app
    from tests.graphql_execution.sample import CONFIG, Leaflet, Query

    routes = graphql_routes(Schema(Query, types=[Leaflet], config=CONFIG), make_context=seen.append, max_body=MAX_BODY)
    app = create_app((), routes=routes)
    app.state.mark = "here"
    await Client(app, **{"X-Request-ID": "mine"}).post("{ hello }")
    [caller] = seen
    assert (caller.principal.name, caller.state.mark, caller.request_id) == ("local", "here", "mine")


async def test_an_answer_is_compact_json(client: Client) -> None:
    content = (await client.post("{ hello }")).content
    assert content == json.dumps({"data": {"hello": "hello world"}}, separators=(",", ":")).encode()


async def test_a_web_socket_that_says_nothing_is_not_waited_for(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(websocket, "INIT_SECONDS", 0.1)
    async with serve(make_app()) as url, web_socket(url) as silent:
        assert (await closed(silent))[0] == 4408
