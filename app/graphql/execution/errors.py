"""Errors as GraphQL answers them: a sentence, `extensions.code`, and nothing of the service's inside.

| code | when |
|---|---|
| `syntax_error`, `validation_failed` | the document is no GraphQL, or not for this schema |
| `operation_not_found`, `operation_not_supported` | which operation is meant, or that kind of it |
| `invalid_variables`, `invalid_argument` | a value of another type than declared |
| `document_too_large`, `too_many_tokens` | limits of a document's text |
| `too_deep`, `too_many_aliases`, `too_many_root_fields` | limits of a document's operations |
| `too_costly`, `page_size_out_of_range` | limits of an operation with its variables |
| `introspection_disabled`, `query_timeout`, `too_many_operations` | limits of the service, of one connection |
| `forbidden` | the token does not allow the operation |
| `events_gone`, `slow_reader` | what a subscription asks for is no longer kept; its reader fell behind |
| `internal_error` | our fault; `requestId` finds it in the log |

A `LineageError` keeps its own code; its `details` and `retryAfter` stand beside it.
"""

import logging
from collections.abc import Collection, Sequence
from typing import Any

from graphql import GraphQLError, Node

from graph.errors import LineageError, Unavailable

logger = logging.getLogger("app.graphql")

_INTERNAL = "Something went wrong inside the service; the request id finds it in the service's log."


def refusal(code: str, message: str, nodes: Collection[Node] | Node | None = None, **details: Any) -> GraphQLError:
    """An error that is the client's to mend."""
    extensions: dict[str, Any] = {"code": code}
    if details:
        extensions["details"] = details
    return GraphQLError(message, nodes, extensions=extensions)


class Refused(Exception):
    """The request is answered without an execution, by these errors alone."""

    def __init__(self, *errors: GraphQLError) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def describe(errors: Sequence[GraphQLError], request_id: str) -> list[dict[str, Any]]:
    """The `errors` of an answer; what is internal goes to the log, once, and is masked."""
    described: list[dict[str, Any]] = []
    internal: list[GraphQLError] = []
    for error in errors:
        extensions = _extensions(error)
        if extensions is None:
            internal.append(error)
            extensions = {"code": "internal_error", "requestId": request_id}
        formatted: dict[str, Any] = {
            "message": _INTERNAL if extensions["code"] == "internal_error" else error.message,
        }
        if error.locations:
            formatted["locations"] = [location.formatted for location in error.locations]
        if error.path:
            formatted["path"] = error.path
        described.append({**formatted, "extensions": extensions})
    if internal:
        first = internal[0]
        logger.error(
            "request %s: internal error at %s (%d in all)",
            request_id,
            ".".join(map(str, first.path or ())) or "the operation",
            len(internal),
            exc_info=_root(first),
        )
    return described


def _root(error: GraphQLError) -> Exception:
    """What was raised, under the layers that tell where."""
    raised: Exception = error
    while isinstance(raised, GraphQLError) and raised.original_error is not None:
        raised = raised.original_error
    return raised


def _extensions(error: GraphQLError) -> dict[str, Any] | None:
    """The extensions of an error that may be shown; None for an internal one."""
    if error.extensions and "code" in error.extensions:
        return dict(error.extensions)
    raised = _root(error)
    if isinstance(raised, LineageError):
        extensions: dict[str, Any] = {"code": raised.code}
        if raised.details:
            extensions["details"] = raised.details
        if isinstance(raised, Unavailable):
            extensions["retryAfter"] = raised.retry_after
        return extensions
    if not isinstance(raised, GraphQLError):
        return None
    # graphql-core blames a node of the document for an argument, and none for a value that a resolver returned.
    return {"code": "invalid_argument"} if raised.nodes and raised is not error else None
