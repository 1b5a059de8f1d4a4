"""Each limit has a code of its own, holds exactly, and leaves the service as quick as before."""

import time
from typing import Any

import pytest

from app.graphql.execution.cost import ASSUMED_ITEMS
from app.graphql.execution.limits import Limits
from app.settings import Settings
from tests.graphql_execution.client import Client, code, make_app

pytestmark = pytest.mark.anyio


def client(**limits: Any) -> Client:
    return Client(make_app(Limits(**limits)))


async def check(client: Client, query: str, expected: str | None, **more: Any) -> dict[str, Any]:
    answer = await client.post(query, **more)
    if expected is None:
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["data"])
    assert (answer.status_code, code(answer)) == (400, expected), answer.text
    return dict(answer.json()["errors"][0]["extensions"].get("details", {}))


def test_the_defaults_are_those_of_the_settings() -> None:
    assert Limits.from_settings(Settings()) == Limits()


async def test_depth() -> None:
    three = "{ books { place { shelf } } }"
    await check(client(depth=3), three, None)
    assert await check(client(depth=2), three, "too_deep") == {"limit": 2}
    spread = "{ books { ...F } } fragment F on Book { place { ...G } } fragment G on Place { shelf }"
    await check(client(depth=3), spread, None)
    await check(client(depth=2), spread, "too_deep")
    await check(client(depth=2), "{ books { ... on Book { ... { place { shelf } } } } }", "too_deep")


async def test_nesting_that_cannot_be_followed() -> None:
    await check(client(tokens=10**5), "{ books " * 1000 + "{ id }" + "}" * 1000, "too_deep")
    chain = "".join(f" fragment F{i} on Book {{ id ...F{i + 1} }}" for i in range(600))
    await check(client(tokens=10**5), "{ books { ...F0 } }" + chain + " fragment F600 on Book { id }", "too_deep")


async def test_tokens() -> None:
    query = "{ hello }"
    await check(client(tokens=3), query, None)
    assert await check(client(tokens=2), query, "too_many_tokens") == {"limit": 2}
    await check(client(length=10**6), "{" + "".join(f" a{i}: hello" for i in range(10_000)) + " }", "too_many_tokens")
    await check(client(), "#\n" * 10_000 + query, "too_many_tokens")


async def test_length() -> None:
    query = "{ hello }"
    await check(client(length=9), query, None)
    await check(client(length=8), query, "document_too_large")


async def test_aliases() -> None:
    query = (
        "{ books { ...F p: place { ...P } } }"
        " fragment F on Book { a: id b: id place { ...P } } fragment P on Place { c: shelf }"
    )
    await check(client(aliases=5), query, None)
    assert await check(client(aliases=4), query, "too_many_aliases") == {"limit": 4}


async def test_root_fields() -> None:
    query = "{ a: hello ...F } fragment F on Query { b: hello c: hello }"
    await check(client(root_fields=3), query, None)
    assert await check(client(root_fields=2), query, "too_many_root_fields") == {"limit": 2}


async def test_fragments_that_multiply_are_counted_quickly() -> None:
    doubling = "".join(
        f" fragment F{i} on Place {{ a{i}: shelf ...F{i + 1} ... on Place {{ ...F{i + 1} }} }}" for i in range(60)
    )
    query = "{ books { place { ...F0 } } }" + doubling + " fragment F60 on Place { shelf }"
    started = time.process_time()
    await check(client(), query, "too_many_aliases")
    await check(client(aliases=2**70, cost=2**50), query, "too_costly")
    # 2⁶⁰ steps would take a thousand years.
    assert time.process_time() - started < 20


async def test_fragments_in_cycles_are_validation_errors() -> None:
    query = "{ books { ...A } } fragment A on Book { id ...B } fragment B on Book { id ...A }"
    await check(client(), query, "validation_failed")


PRICES = [
    ("{ hello }", 1),
    ("{ page(first: 7) { total nodes { id place { shelf } } } }", 1 + 1 + 1 + 7 * 3),
    ("{ limited(limit: 7) { nodes { id } } }", 1 + 1 + 7),
    ("{ limited { nodes { id } } }", 1 + 1 + 100),
    ("{ limited(limit: 7) { nodes { copies { row } } } }", 1 + 1 + 7 * (1 + 1)),
    ("{ limited(limit: 7) { nodes { place { shelf } } } }", 1 + 1 + 7 * (1 + 1)),
    ('{ named(assets: ["a", "b", "c"]) { nodes { id } } }', 1 + 1 + 3),
    ("{ named(assets: []) { nodes { id } } }", 1 + 1 + 1),
    ("{ books { id } }", 1 + ASSUMED_ITEMS),
    ("{ page(first: 2) { nodes { copies { row } } } }", 1 + 1 + 2 * (1 + ASSUMED_ITEMS)),
    ("{ page(first: 3) { ...F } } fragment F on Page { nodes { id } x: nodes { id } }", 1 + 2 * (1 + 3)),
    ("{ page(first: 7) { total nodes @skip(if: true) { id } } }", 2),
    ("{ anything { id ... on Book { title } } }", 1 + ASSUMED_ITEMS * 2),
    ("query($n: Int!) { page(first: $n) { nodes { id } } }", 1 + 1 + 9),
    ("query($s: Boolean = false) { page(first: 7) { total @include(if: $s) } }", 1),
    ("mutation { lend(id: 1) }", 1),
]


@pytest.mark.parametrize(("query", "price"), PRICES)
async def test_cost(query: str, price: int) -> None:
    variables = {"n": 9} if "$n" in query else {}
    await check(client(cost=price), query, None, variables=variables)
    details = await check(client(cost=price - 1), query, "too_costly", variables=variables)
    assert details == {"cost": price, "limit": price - 1}


@pytest.mark.parametrize("size", [0, -1, 101, 2**31 - 1])
async def test_page_size(size: int) -> None:
    details = await check(client(), f"{{ page(first: {size}) {{ total }} }}", "page_size_out_of_range")
    assert details == {"field": "first", "minimum": 1, "maximum": 100}
    query = "query($n: Int) { page(first: $n) { total } }"
    await check(client(), query, "page_size_out_of_range", variables={"n": size})
    await check(client(page_size=50), "{ page(first: 50) { total } }", None)


async def test_time() -> None:
    slow = client(seconds=0.05)
    await check(slow, "{ sleeps(seconds: 0) }", None)
    answer = await slow.post("{ hello sleeps(seconds: 30) }")
    assert (answer.status_code, code(answer)) == (504, "query_timeout")
    assert (await slow.post("{ hello }")).json() == {"data": {"hello": "hello world"}}


async def test_introspection() -> None:
    for query in ("{ __schema { types { name } } }", '{ __type(name: "Book") { name } }'):
        await check(client(), query, None)
        await check(client(introspection=False), query, "introspection_disabled")
    await check(client(introspection=False), "{ __typename }", None)
    answer = (await client(introspection=False).post("{ helo }")).json()
    assert "hello" not in answer["errors"][0]["message"]
    assert "hello" in (await client().post("{ helo }")).json()["errors"][0]["message"]


async def test_introspection_of_tools_passes_the_default_limits() -> None:
    from graphql import get_introspection_query

    data = await check(client(), get_introspection_query(), None)
    assert data["__schema"]["queryType"]["name"] == "Query"


async def test_limits_hold_for_every_way_into_the_schema() -> None:
    from app.graphql.execution.schema import Schema
    from tests.graphql_execution.sample import CONFIG, Leaflet, Query

    schema = Schema(Query, types=[Leaflet], config=CONFIG, limits=Limits(depth=1))
    for query, expected in (("{ books { id } }", "too_deep"), ("{", "syntax_error"), ("{ no }", "validation_failed")):
        result = await schema.execute(query)
        assert result.errors is not None
        assert result.errors[0].extensions is not None
        assert result.errors[0].extensions["code"] == expected


async def test_a_document_is_parsed_and_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from app.graphql.execution import documents

    calls: list[Any] = []
    original = documents.validate
    monkeypatch.setattr(documents, "validate", lambda *a, **k: calls.append(a) or original(*a, **k))
    asked = client()
    for _ in range(3):
        await check(asked, "{ hello }", None)
        await check(asked, "{ no }", "validation_failed")
    assert len(calls) == 2


async def test_kept_documents_are_bounded() -> None:
    from app.graphql.execution import documents

    schema_client = make_app()
    asked = Client(schema_client)
    filler = "#" * 9_000
    for number in range(documents.KEPT // 9_000 + 20):
        await asked.post(f"{{ a{number}: hello }} {filler}")
    routes = [route for route in schema_client.routes if getattr(route, "path", "") == "/graphql"]
    kept = routes[0].app.answering.schema.documents._kept  # type: ignore[attr-defined]
    assert 0 < kept.currsize <= documents.KEPT
