"""GraphQL over HTTP, as its specification has it (graphql.github.io/graphql-over-http).

GET carries queries, POST queries and mutations. `application/graphql-response+json` has the status of what happened
(400 when nothing was carried out); `application/json`, for older clients, is 200 for every request that could be
read. What never gets as far as GraphQL (no token, no JSON, another media type) has the kit's one error shape.

`text/event-stream` carries any operation, subscriptions too, as graphql-sse has it ("distinct connections"): an event
`next` for each answer, `complete` behind the last. Refusals of GraphQL's own are a `next`, since an EventSource shows
nothing of another status.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from typing import Any

from graphql import OperationType
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from app.graphql import graphiql
from app.graphql.answering import Answer, Answering, Caller, Request, errors_of
from app.graphql.execution.errors import Refused, refusal
from app.graphql.execution.streams import Interrupted
from app.graphql.request import GraphQLRequest, from_body, from_query_string
from app.http.auth import require_scope
from app.http.errors import HttpError
from app.http.event_stream import EventStream, frame, last_event_id
from app.http.json_body import dump_json
from app.http.media_types import choose_media_type

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
HTML = "text/html"

_ALLOW = "GET, HEAD, POST"
_PIECE = 64 * 1024
"""Bytes of an answer handed on at a time: compressing as many takes about 1 ms, and others get a turn in between."""

_COMPLETE = frame(b"", event="complete")


def wants_page(scope: Scope) -> bool:
    """Whether a browser asks for the page to write queries on."""
    accept = Headers(scope=scope).get("accept")
    return (
        scope["method"] in ("GET", "HEAD")
        and accept is not None
        and choose_media_type(accept, (JSON, RESPONSE_JSON, EVENT_STREAM, HTML)) == HTML
    )


class GraphQLOverHttp:
    """The ASGI application of one schema; `max_body` is in bytes."""

    def __init__(self, answering: Answering, max_body: int) -> None:
        self.answering = answering
        self.max_body = max_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or raise what `Boundary` makes an error of."""
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            message = f"This path does not take {method}; it takes {_ALLOW}."
            raise HttpError(405, "method_not_allowed", message, headers={"Allow": _ALLOW})
        if wants_page(scope):
            await graphiql.page()(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Without the header a client is to be taken for one that knows the newer type.
        media_type = choose_media_type(headers.get("accept") or RESPONSE_JSON, (JSON, RESPONSE_JSON, EVENT_STREAM))
        if media_type is None:
            message = f"The answer is {RESPONSE_JSON}, {JSON} or {EVENT_STREAM}; name one of them in 'Accept'."
            raise HttpError(406, "not_acceptable", message)
        caller = Caller(scope["user"], scope["app"].state, scope["state"]["request_id"], last_event_id(headers))
        if media_type == EVENT_STREAM:
            stream = await self._stream(scope, headers, receive, caller)
            await stream(scope, receive, send)
            return
        answer = await self._answer(scope, headers, receive, caller)
        status = answer.status if media_type == RESPONSE_JSON or answer.malformed else 200
        await _send(answer.body, status, media_type, answer.headers, send)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, caller: Caller) -> "_Answer":
        try:
            request, text = await self._read(scope, headers, receive)
        except Refused as refused:
            malformed = _code(refused) != "persisted_query_not_found"
            return _refusal(refused, caller, 400, malformed=malformed)
        try:
            accepted = self._accept(scope, request, text, caller)
            if accepted.operation.kind is OperationType.SUBSCRIPTION:
                message = f"A subscription is answered as {EVENT_STREAM} ('Accept'), or over a WebSocket."
                raise Refused(refusal("operation_not_supported", message))
            return _Answer((await self.answering.answer(accepted)).text, 200)
        except Refused as refused:
            if _code(refused) == "method_not_allowed":
                return _refusal(refused, caller, 405, malformed=True, headers=((b"allow", b"POST"),))
            return _refusal(refused, caller, 504 if _code(refused) == "query_timeout" else 400)

    async def _stream(self, scope: Scope, headers: Headers, receive: Receive, caller: Caller) -> EventStream:
        try:
            request, text = await self._read(scope, headers, receive)
            answers = self.answering.answers(self._accept(scope, request, text, caller))
        except Refused as refused:
            answers = _refused(refused)
        return EventStream(_frames(answers, caller), request_id=caller.request_id)

    async def _read(self, scope: Scope, headers: Headers, receive: Receive) -> tuple[GraphQLRequest, str]:
        """The request and its document. Raises Refused, and what the kit raises of a body that is none."""
        if scope["method"] == "POST":
            request = await from_body(headers, receive, limit=self.max_body)
        else:
            request = from_query_string(scope["query_string"])
        return request, self.answering.persisted.text(request)

    def _accept(self, scope: Scope, request: GraphQLRequest, text: str, caller: Caller) -> Request:
        operation = self.answering.operation(request, text)
        require_scope(scope, self.answering.missing_scope(operation, caller.principal))
        if operation.kind is OperationType.MUTATION and scope["method"] != "POST":
            raise Refused(refusal("method_not_allowed", "A mutation is sent by POST; GET is for queries."))
        return self.answering.check(operation, request, caller)


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    status: int
    """For those who take `application/graphql-response+json`."""
    malformed: bool = False
    """The status is for everyone: the request was none that GraphQL could answer."""
    headers: Collection[tuple[bytes, bytes]] = ()


def _refusal(refused: Refused, caller: Caller, status: int, **more: Any) -> _Answer:
    return _Answer(dump_json({"errors": errors_of(refused, caller)}), status, **more)


def _code(refused: Refused) -> Any:
    return (refused.errors[0].extensions or {}).get("code")


async def _refused(refused: Refused) -> AsyncGenerator[Answer, None]:
    raise refused
    yield  # what makes it a generator


async def _frames(answers: AsyncGenerator[Answer, None], caller: Caller) -> AsyncGenerator[bytes, None]:
    async with contextlib.aclosing(answers):
        try:
            async for each in answers:
                yield frame(each.text, event="next", id=None if each.sequence is None else str(each.sequence))
        except Refused as refused:
            yield frame(dump_json({"errors": errors_of(refused, caller)}), event="next")
        except Interrupted:
            return
    yield _COMPLETE


async def _send(
    body: bytes, status: int, media_type: str, headers: Collection[tuple[bytes, bytes]], send: Send
) -> None:
    start = [
        (b"content-type", f"{media_type}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"vary", b"Accept"),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": start})
    for begin in range(0, len(body), _PIECE):
        if begin:
            await asyncio.sleep(0)
        piece = body[begin : begin + _PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": begin + _PIECE < len(body)})
