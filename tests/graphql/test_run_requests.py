"""Requests for runs over GraphQL: called off, and let wait again, as over REST."""

from typing import Any

import pytest

from app.http.auth import Principal
from tests.graphql.conftest import Graph
from tests.requests.queue import act, ask, claim, register

pytestmark = pytest.mark.anyio

CANCEL = """mutation ($id: String!, $reason: String) { cancelRunRequest(id: $id, reason: $reason) {
  ... on Failure { __typename code field }
  ... on RunRequestPayload { runRequest { state lastError run { status errorMessage } } } } }"""

RETRY = """mutation ($id: String!) { retryRunRequest(id: $id) {
  ... on Failure { __typename code field }
  ... on RunRequestPayload { runRequest { state attempts run { status } } } } }"""


async def test_one_that_nobody_wants_is_called_off(graph: Graph) -> None:
    await register(graph.service)
    id = await ask(graph.service)
    for _ in range(2):  # the same again changes nothing
        assert (await graph.ask(CANCEL, id=id, reason="Made by hand."))["cancelRunRequest"] == {
            "runRequest": {
                "state": "CANCELED",
                "lastError": "Made by hand.",
                "run": {"status": "CANCELED", "errorMessage": "Made by hand."},
            }
        }
    assert await claim(graph.service) == []


async def test_a_dead_letter_waits_again_with_all_attempts_before_it(graph: Graph) -> None:
    await register(graph.service)
    id = await ask(graph.service, maxAttempts=1)
    [held] = await claim(graph.service)
    await act(graph.service, held, "complete", status="failed", errorMessage="no")
    assert (await graph.ask(RETRY, id=id))["retryRunRequest"] == {
        "runRequest": {"state": "WAITING", "attempts": 0, "run": {"status": "PENDING"}}
    }
    assert [each.id for each in await claim(graph.service)] == [id]


@pytest.mark.parametrize("document", [CANCEL, RETRY])
@pytest.mark.parametrize(
    ("id", "refused"),
    [
        ("rq_" + "0" * 20, {"__typename": "NotFound", "code": "run_request_not_found", "field": None}),
        ("rq_1", {"__typename": "InvalidInput", "code": "invalid_input", "field": "requestId"}),
    ],
)
async def test_refusals_are_typed(graph: Graph, document: str, id: str, refused: Any) -> None:
    assert list((await graph.ask(document, id=id)).values()) == [refused]


async def test_one_that_ended_is_not_called_off_and_one_that_waits_not_retried(graph: Graph) -> None:
    await register(graph.service)
    id = await ask(graph.service)
    ended = {"__typename": "Conflict", "code": "run_request_ended", "field": None}
    assert (await graph.ask(RETRY, id=id))["retryRunRequest"]["runRequest"]["state"] == "WAITING"
    [held] = await claim(graph.service)
    await act(graph.service, held, "complete", status="succeeded")
    assert list((await graph.ask(CANCEL, id=id)).values()) == [ended]
    assert list((await graph.ask(RETRY, id=id)).values()) == [ended]


async def test_who_may_only_read_may_neither(graph: Graph) -> None:
    await register(graph.service)
    id = await ask(graph.service)
    for document in (CANCEL, RETRY):
        answer = await graph.answer(document, Principal("reader", frozenset({"read"})), id=id)
        assert answer["errors"] == ["forbidden"]
