"""One way from a request to its answers, whichever connection brings it."""

import contextlib
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import ExecutionResult, GraphQLError, OperationType

from app.graphql.execution.errors import Refused, describe, refusal
from app.graphql.execution.operations import Operation, carry_out, check, choose
from app.graphql.execution.schema import Schema
from app.graphql.execution.streams import Streams
from app.graphql.request import GraphQLRequest, PersistedDocuments
from app.http.auth import READ, WRITE, Principal
from app.http.json_body import dump_json


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what of; from it the resolvers' context is made."""

    principal: Principal
    state: Any
    """The application's state (`app.state`)."""
    request_id: str
    resumed: int | None = None
    """The number of the last event that the caller got over a connection that was lost."""


MakeContext = Callable[[Caller], Any]
RequiredScopes = Callable[[Operation], Collection[str]]


def required_scopes(operation: Operation) -> Collection[str]:
    """What a token needs where nothing else is said: `read` for queries, `write` for mutations."""
    return (WRITE,) if operation.kind is OperationType.MUTATION else (READ,)


@dataclass(frozen=True, slots=True)
class Request:
    """An operation that may be carried out, with its variables."""

    operation: Operation
    variables: Mapping[str, Any]
    caller: Caller


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as JSON text, `{"errors"?, "data"}`; `sequence` is the number of the event that it is about."""

    text: bytes
    sequence: int | None = None


class Answering:
    """Requests to one schema."""

    def __init__(self, schema: Schema, make_context: MakeContext, scopes: RequiredScopes) -> None:
        self.schema = schema
        self.persisted = PersistedDocuments()
        self._make_context = make_context
        self._scopes = scopes
        self._streams = Streams(schema)

    def operation(self, request: GraphQLRequest, text: str) -> Operation:
        """The operation that the request means. Raises Refused."""
        return choose(self.schema, text, request.operation_name)

    def missing_scope(self, operation: Operation, principal: Principal) -> str | None:
        """A scope that the operation needs and the caller does not have."""
        return next((scope for scope in self._scopes(operation) if scope not in principal.allowed), None)

    def check(self, operation: Operation, request: GraphQLRequest, caller: Caller) -> Request:
        """The request, held against its limits. Raises Refused."""
        check(self.schema, operation, request.variables)
        self.persisted.keep(request, operation.text)
        return Request(operation, request.variables, caller)

    async def answer(self, request: Request) -> Answer:
        """The answer to a query or mutation. Raises Refused `query_timeout`."""
        context = self._make_context(request.caller)
        result = await carry_out(self.schema, request.operation, request.variables, context)
        return Answer(_document(result, request.caller))

    async def answers(self, request: Request) -> AsyncGenerator[Answer, None]:
        """The answers to any operation: one, or as many as a subscription has.

        Raises Refused where no further answer can come, and Interrupted when the service stops.
        """
        if request.operation.kind is not OperationType.SUBSCRIPTION:
            yield await self.answer(request)
            return
        caller = request.caller
        stream = self._streams.subscribe(
            request.operation, request.variables, lambda: self._make_context(caller), caller.principal.allowed
        )
        async with contextlib.aclosing(stream) as streamed:
            async for each in streamed:
                yield Answer(each.text or _document(each.result, caller), each.sequence)


def errors_of(refused: Refused, caller: Caller) -> list[dict[str, Any]]:
    """The errors of a request that is not carried out, as they are answered."""
    return describe(refused.errors, caller.request_id)


def forbidden(scope: str, principal: Principal) -> GraphQLError:
    """The refusal of a caller without the scope, where HTTP has no word in it any more."""
    message = f"The token '{principal.name}' lacks the scope '{scope}', which this operation needs."
    return refusal("forbidden", message, neededScope=scope)


def _document(result: ExecutionResult | Any, caller: Caller) -> bytes:
    document: dict[str, Any] = {"errors": describe(result.errors, caller.request_id)} if result.errors else {}
    document["data"] = result.data
    return dump_json(document)
