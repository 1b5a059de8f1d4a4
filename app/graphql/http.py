"""GraphQL over HTTP, as its specification has it (graphql.github.io/graphql-over-http).

GET carries queries, POST queries and mutations. `application/graphql-response+json` has the status of what happened
(400 when nothing was carried out); `application/json`, for older clients, is 200 for every request that could be
read. What never gets as far as GraphQL (no token, no JSON, another media type) has the kit's one error shape.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, OperationType
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.graphql import graphiql
from app.graphql.execution.errors import Refused, describe, refusal
from app.graphql.execution.operations import Operation, carry_out, check, choose
from app.graphql.execution.schema import Schema
from app.graphql.request import GraphQLRequest, PersistedDocuments, from_body, from_query_string
from app.http.auth import READ, WRITE, Principal, require_scope
from app.http.errors import HttpError
from app.http.json_body import dump_json
from app.http.media_types import choose_media_type

PATH = graphiql.PATH

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
HTML = "text/html"

_ALLOW = "GET, HEAD, POST"
_PIECE = 64 * 1024
"""Bytes of an answer handed on at a time: compressing as many takes about 1 ms, and others get a turn in between."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what of; from it the resolvers' context is made."""

    principal: Principal
    state: Any
    """The application's state (`app.state`)."""
    request_id: str


MakeContext = Callable[[Caller], Any]
RequiredScopes = Callable[[Operation], Collection[str]]


def required_scopes(operation: Operation) -> Collection[str]:
    """What a token needs where nothing else is said: `read` for queries, `write` for mutations."""
    return (WRITE,) if operation.kind is OperationType.MUTATION else (READ,)


def is_public(scope: Scope) -> bool:
    """For `create_app`: the page and its files hold nothing of the service's; a browser sends no token for them."""
    return graphiql.is_public(scope) or (scope["type"] == "http" and scope["path"] == PATH and _wants_page(scope))


def graphql_routes(
    schema: Schema,
    *,
    make_context: MakeContext,
    max_body: int,
    scopes: RequiredScopes = required_scopes,
    tokens: bool = False,
) -> list[BaseRoute]:
    """The routes of GraphQL and GraphiQL, for `create_app(routes=…, is_public=is_public)`.

    `make_context` makes the resolvers' context of one request; `scopes` says which scopes an operation needs, all of
    them; `max_body` is in bytes; `tokens` tells the page that callers need one.
    """
    endpoint = _GraphQL(schema, make_context, scopes, max_body)
    return [Route(PATH, endpoint), *graphiql.routes(tokens=tokens)]


class _GraphQL:
    """The ASGI application of one schema."""

    def __init__(self, schema: Schema, make_context: MakeContext, scopes: RequiredScopes, max_body: int) -> None:
        self.schema = schema
        self.make_context = make_context
        self.scopes = scopes
        self.max_body = max_body
        self.persisted = PersistedDocuments()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or raise what `Boundary` makes an error of."""
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            message = f"This path does not take {method}; it takes {_ALLOW}."
            raise HttpError(405, "method_not_allowed", message, headers={"Allow": _ALLOW})
        if _wants_page(scope):
            await graphiql.page()(scope, receive, send)
            return
        headers = Headers(scope=scope)
        # Without the header a client is to be taken for one that knows the newer type.
        media_type = choose_media_type(headers.get("accept") or RESPONSE_JSON, (JSON, RESPONSE_JSON))
        if media_type is None:
            message = f"The answer is {RESPONSE_JSON} or {JSON}, and 'Accept' takes neither; name one of them."
            raise HttpError(406, "not_acceptable", message)
        answer = await self._answer(scope, headers, receive)
        status = answer.status if media_type == RESPONSE_JSON or answer.malformed else 200
        await _send(answer.document, status, media_type, answer.headers, send)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive) -> "_Answer":
        principal: Principal = scope["user"]
        caller = Caller(principal, scope["app"].state, scope["state"]["request_id"])
        try:
            if scope["method"] == "POST":
                request = await from_body(headers, receive, limit=self.max_body)
            else:
                request = from_query_string(scope["query_string"])
            text = self.persisted.text(request)
        except Refused as refused:
            missing = refused.errors[0].extensions or {}
            malformed = missing.get("code") != "persisted_query_not_found"
            return _Answer(_errors(refused.errors, caller), 400, malformed=malformed)
        try:
            return await self._carry_out(scope, caller, request, text)
        except Refused as refused:
            code = (refused.errors[0].extensions or {}).get("code")
            return _Answer(_errors(refused.errors, caller), 504 if code == "query_timeout" else 400)

    async def _carry_out(self, scope: Scope, caller: Caller, request: GraphQLRequest, text: str) -> "_Answer":
        operation = choose(self.schema, text, request.operation_name)
        if operation.kind is OperationType.SUBSCRIPTION:
            raise Refused(refusal("operation_not_supported", "Subscriptions are not answered by a plain request."))
        for needed in self.scopes(operation):
            require_scope(scope, needed)
        if operation.kind is OperationType.MUTATION and scope["method"] != "POST":
            error = refusal("method_not_allowed", "A mutation is sent by POST; GET is for queries.")
            return _Answer(_errors((error,), caller), 405, malformed=True, headers=((b"allow", b"POST"),))
        check(self.schema, operation, request.variables)
        self.persisted.keep(request, text)
        result = await carry_out(self.schema, operation, request.variables, self.make_context(caller))
        document: dict[str, Any] = {"errors": describe(result.errors, caller.request_id)} if result.errors else {}
        document["data"] = result.data
        return _Answer(document, 200)


@dataclass(frozen=True, slots=True)
class _Answer:
    document: dict[str, Any]
    status: int
    """For those who take `application/graphql-response+json`."""
    malformed: bool = False
    """The status is for everyone: the request was none that GraphQL could answer."""
    headers: tuple[tuple[bytes, bytes], ...] = ()


def _errors(errors: Collection[GraphQLError], caller: Caller) -> dict[str, Any]:
    return {"errors": describe(tuple(errors), caller.request_id)}


def _wants_page(scope: Scope) -> bool:
    accept = Headers(scope=scope).get("accept")
    return (
        scope["method"] in ("GET", "HEAD")
        and accept is not None
        and choose_media_type(accept, (JSON, RESPONSE_JSON, HTML)) == HTML
    )


async def _send(
    document: dict[str, Any], status: int, media_type: str, headers: tuple[tuple[bytes, bytes], ...], send: Send
) -> None:
    body = dump_json(document)
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
