"""A GraphQL request as HTTP brings it: one shape for GET and POST."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import Receive

from app.graphql.execution.errors import Refused, refusal
from app.http.json_body import parse_json
from app.http.parameters import Parameters
from app.http.request_body import check_media_type, read_body

_JSON = ("application/json",)
_PROPERTIES = ("query", "operationName", "variables", "extensions")


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """The parameters of a request, each of its type."""

    query: str | None
    operation_name: str | None
    variables: Mapping[str, Any]
    extensions: Mapping[str, Any]


class _Query(BaseModel):
    query: str | None = None
    operationName: str | None = None
    variables: str | None = None
    extensions: str | None = None


_QUERY = Parameters(_Query, "query")


def from_query_string(raw: bytes) -> GraphQLRequest:
    """The request of a GET; InvalidInput as for every query string, Refused `invalid_request`."""
    given = _QUERY.parse_query(raw)
    assert isinstance(given, _Query)
    return from_document(
        {
            "query": given.query,
            # An empty name is none at all, in a query string.
            "operationName": given.operationName or None,
            "variables": parse_json(given.variables.encode()) if given.variables else None,
            "extensions": parse_json(given.extensions.encode()) if given.extensions else None,
        }
    )


async def from_body(headers: Headers, receive: Receive, *, limit: int) -> GraphQLRequest:
    """The request of a POST; InvalidInput and TooLarge as for every body, Refused `invalid_request`.

    The Content-Type must be JSON's: a form of another site cannot send that, whatever else guards against it.
    """
    check_media_type(headers, _JSON, chosen=True)
    document = parse_json(await read_body(headers, receive, limit))
    if isinstance(document, list):
        message = "Batches are not taken; send each operation in a request of its own."
        raise Refused(refusal("batching_not_supported", message))
    if not isinstance(document, dict):
        raise Refused(refusal("invalid_request", "The body must be a JSON object with a 'query'."))
    return from_document(document)


def from_document(given: Mapping[str, Any]) -> GraphQLRequest:
    """The request of a JSON object; Refused `invalid_request`."""
    if unknown := [name for name in given if name not in _PROPERTIES]:
        message = f"'{unknown[0][:100]}' is no parameter of a GraphQL request; there are {', '.join(_PROPERTIES)}."
        raise Refused(refusal("invalid_request", message, field=unknown[0][:100]))
    for name, type_, what in (
        ("query", str, "text"),
        ("operationName", str, "text"),
        ("variables", dict, "an object"),
        ("extensions", dict, "an object"),
    ):
        if given.get(name) is not None and not isinstance(given[name], type_):
            raise Refused(refusal("invalid_request", f"'{name}' must be {what}.", field=name))
    return GraphQLRequest(
        given.get("query"), given.get("operationName"), given.get("variables") or {}, given.get("extensions") or {}
    )


class PersistedDocuments:
    """Documents that clients name by the SHA-256 of their text (`extensions.persistedQuery`), the last used ones kept.

    A client sends the hash alone; when it is not known the client sends it once more with the text.
    """

    KEPT = 1_000_000
    """Characters in all."""

    def __init__(self) -> None:
        self._texts: LRUCache[str, str] = LRUCache(self.KEPT, getsizeof=len)

    def text(self, request: GraphQLRequest) -> str:
        """The document of a request.

        Raises Refused: `persisted_query_not_found`, `persisted_query_mismatch`, `persisted_query_not_supported`,
        `invalid_request`.
        """
        named = request.extensions.get("persistedQuery")
        if named is None:
            if not request.query:
                raise Refused(refusal("invalid_request", "'query' is required.", field="query"))
            return request.query
        digest = self._digest(named)
        if request.query is None:
            text = self._texts.get(digest)
            if text is None:
                # Clients look for just this message.
                raise Refused(refusal("persisted_query_not_found", "PersistedQueryNotFound"))
            return text
        if hashlib.sha256(request.query.encode()).hexdigest() != digest:
            message = "'extensions.persistedQuery.sha256Hash' is not the SHA-256 of 'query'."
            raise Refused(refusal("persisted_query_mismatch", message))
        return request.query

    def keep(self, request: GraphQLRequest, text: str) -> None:
        """Keep the text of a request that names it, now that it is known to be valid."""
        named = request.extensions.get("persistedQuery")
        if named is not None and request.query is not None and len(text) <= self.KEPT:
            self._texts[self._digest(named)] = text

    def _digest(self, named: Any) -> str:
        if not isinstance(named, dict) or not isinstance(named.get("sha256Hash"), str):
            message = "'extensions.persistedQuery' must be an object with 'version' and 'sha256Hash'."
            raise Refused(refusal("invalid_request", message, field="extensions.persistedQuery"))
        if named.get("version") != 1:
            message = f"Persisted queries have version 1 here; {json.dumps(named.get('version'))[:100]} came."
            raise Refused(refusal("persisted_query_not_supported", message))
        digest: str = named["sha256Hash"]
        return digest.lower()
