"""Subscriptions to a real service, over both connections: what is told, from where on, and to whom it is refused."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.websockets import WebsocketsTransport

from tests.service.readers import EVENTS, WRITERS, hear, last_number, say, server_sent, subscribe, web_socket, write

pytestmark = pytest.mark.anyio

Told = dict[str, Any]


async def over_web_socket(url: str, after: int | None, **variables: Any) -> AsyncIterator[Told]:
    transport = WebsocketsTransport(url=url.replace("http://", "ws://") + "/graphql")
    async with Client(transport=transport, fetch_schema_from_transport=True) as session:
        request = gql(EVENTS)
        request.variable_values = {"after": after, **variables}
        async for answer in session.subscribe(request):
            yield answer["assetEvents"]


async def over_sse(url: str, after: int | None, **variables: Any) -> AsyncIterator[Told]:
    async with server_sent(url, EVENTS, after=after, **variables) as frames:
        async for frame in frames:
            assert frame.event == "next"
            told = frame.data["data"]["assetEvents"]
            assert frame.id == told["id"] == str(told["sequence"])
            yield told


READERS = [pytest.param(over_web_socket, id="WebSocket"), pytest.param(over_sse, id="SSE")]


@pytest.mark.parametrize("read", READERS)
async def test_resumed_again_and_again_nothing_is_lost_or_repeated(service_url: str, read: Any) -> None:
    start = await last_number(service_url)
    reports = 25
    expected = WRITERS * reports * 2

    async def follow() -> list[Told]:
        told: list[Told] = []
        while sum(each["type"] == "PRODUCED" for each in told) < expected:
            after = told[-1]["sequence"] if told else start
            # Each connection is left after some events, wherever the stream happens to be.
            async with contextlib.aclosing(read(service_url, after)) as reader:
                left = 37
                async for each in reader:
                    told.append(each)
                    left -= 1
                    if left == 0 or sum(each["type"] == "PRODUCED" for each in told) == expected:
                        break
        return told

    async with asyncio.timeout(120):
        told, made = await asyncio.gather(follow(), write(service_url, reports, prefix=f"resumed-{start}"))
    numbers = [each["sequence"] for each in told]
    assert numbers == sorted(set(numbers))
    assert sorted(each["snapshotId"] for each in told if each["type"] == "PRODUCED") == sorted(made)


@pytest.mark.parametrize("read", READERS)
async def test_filters_hold(service_url: str, read: Any) -> None:
    start = await last_number(service_url)
    await write(service_url, 1, prefix=f"filtered-{start}")
    reader = read(service_url, start, assets=["flour.f*"])
    told = [await anext(reader) for _ in range(WRITERS)]
    await reader.aclose()
    assert {each["assetKey"] for each in told} == {"flour.fine"}


async def test_a_browser_that_comes_back_says_how_far_it_got(service_url: str) -> None:
    start = await last_number(service_url)
    await write(service_url, 1, prefix=f"back-{start}")
    async with server_sent(service_url, EVENTS, after=start) as frames:
        first = await anext(frames)
        second = await anext(frames)
    async with server_sent(service_url, EVENTS, after=start, headers={"Last-Event-ID": first.id or ""}) as frames:
        assert await anext(frames) == second


LEADING_ON = """
subscription Leads($after: Long) {
  runEvents(after: $after, workflows: ["mill"], types: [STEP_FINISHED]) {
    stepId attempt data
    run { runId status }
    stepRun { attempt snapshots { asset { productions } } }
    workflow { slug }
  }
}
"""


async def test_fields_lead_on_to_what_is_now(service_url: str) -> None:
    start = await last_number(service_url)
    await write(service_url, 1, prefix=f"leads-{start}")
    async with web_socket(service_url, {}) as socket:
        await subscribe(socket, "1", LEADING_ON, after=start)
        told = (await hear(socket))["payload"]["data"]["runEvents"]
    assert told["stepId"] == "grind"
    assert told["run"] == {"runId": told["run"]["runId"], "status": "RUNNING"}
    assert told["data"]["workflowSlug"] == told["workflow"]["slug"] == "mill"
    assert len(told["data"]["snapshots"]) == 2
    snapshots = told["stepRun"]["snapshots"]
    assert [each["asset"]["productions"] >= WRITERS for each in snapshots] == [True, True]


async def test_queries_and_mutations_pass_over_both(service_url: str) -> None:
    await write(service_url, 1, prefix=f"both-{await last_number(service_url)}")
    query = '{ workflow(slug: "mill") { slug } }'
    answer = {"data": {"workflow": {"slug": "mill"}}}
    async with web_socket(service_url, {}) as socket:
        await subscribe(socket, "1", query)
        assert await hear(socket) == {"id": "1", "type": "next", "payload": answer}
        assert await hear(socket) == {"id": "1", "type": "complete"}
        await subscribe(socket, "1", 'mutation { startRun(workflow: "none") { ... on Failure { code } } }')
        assert (await hear(socket))["payload"] == {"data": {"startRun": {"code": "workflow_not_found"}}}
    async with server_sent(service_url, query) as frames:
        assert [(frame.event, frame.data) async for frame in frames] == [("next", answer), ("complete", None)]


REFUSED = [
    ("subscription { assetEvents { colour } }", "validation_failed"),
    ("subscription { assetEvents(after: -1) { id } }", "invalid_input"),
    ('subscription { assetEvents(assets: ["a b"]) { id } }', "invalid_asset_id"),
    ('subscription { assetEvents(upstreamOf: "none") { id } }', "asset_not_found"),
    ('subscription { freshnessChanges(upstreamOf: "none") { id } }', "asset_not_found"),
    ('subscription { runEvents(workflows: ["A B"]) { id } }', "invalid_slug"),
    ("subscription { assetEvents { id } runEvents { id } }", "validation_failed"),
    ("subscription {", "syntax_error"),
]


@pytest.mark.parametrize(("query", "code"), REFUSED)
async def test_a_refusal_has_a_code_and_leaves_the_connection(service_url: str, query: str, code: str) -> None:
    async with web_socket(service_url, {}) as socket:
        await subscribe(socket, "1", query)
        refusal = await hear(socket)
        assert (refusal["id"], refusal["type"]) == ("1", "error")
        assert refusal["payload"][0]["extensions"]["code"] == code
        await subscribe(socket, "1", "{ __typename }")
        assert (await hear(socket))["payload"] == {"data": {"__typename": "Query"}}
    async with server_sent(service_url, query) as frames:
        first, last = [frame async for frame in frames]
    assert first.data["errors"][0]["extensions"]["code"] == code
    assert (first.event, first.id, last.event) == ("next", None, "complete")


async def test_gql_is_told_of_a_refusal(service_url: str) -> None:
    reader = over_web_socket(service_url, -1)
    with pytest.raises(TransportQueryError) as refused:
        await anext(reader)
    await reader.aclose()
    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "invalid_input"


async def test_a_plain_request_is_told_where_subscriptions_are(service_url: str) -> None:
    async with httpx.AsyncClient(base_url=service_url) as http:
        answer = await http.post("/graphql", json={"query": EVENTS}, headers={"Accept": "application/json"})
    assert answer.json()["errors"][0]["extensions"]["code"] == "operation_not_supported"


async def test_an_operation_ends_when_its_reader_completes_it(service_url: str) -> None:
    start = await last_number(service_url)
    async with web_socket(service_url, {}) as socket:
        await subscribe(socket, "a", EVENTS, after=start)
        await say(socket, id="a", type="complete")
        await write(service_url, 1, prefix=f"ends-{start}")
        await subscribe(socket, "b", EVENTS, after=start)
        assert (await hear(socket))["id"] == "b"
