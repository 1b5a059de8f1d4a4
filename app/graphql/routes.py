"""Where GraphQL answers: one path for HTTP and WebSocket, and the page to write queries on."""

from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import Scope

from app.graphql import graphiql
from app.graphql.answering import Answering, MakeContext, RequiredScopes, required_scopes
from app.graphql.execution.schema import Schema
from app.graphql.http import GraphQLOverHttp, wants_page
from app.graphql.websocket import GraphQLOverWebSocket
from app.http.auth import Bearers, Token

PATH = graphiql.PATH


def is_public(scope: Scope) -> bool:
    """For `create_app`: the page and its files hold nothing of the service's; a browser sends no token for them.

    Nor can it send one with the handshake of a WebSocket: that comes with the connection's first message.
    """
    if scope["type"] == "websocket":
        return scope["path"] == PATH and "authorization" not in Headers(scope=scope)
    return graphiql.is_public(scope) or (scope["path"] == PATH and wants_page(scope))


def graphql_routes(
    schema: Schema,
    *,
    make_context: MakeContext,
    max_body: int,
    max_operations: int = 100,
    scopes: RequiredScopes = required_scopes,
    tokens: Collection[Token] = (),
) -> list[BaseRoute]:
    """The routes of GraphQL and GraphiQL, for `create_app(routes=…, is_public=is_public)`.

    `make_context` makes the resolvers' context of one request; `scopes` says which scopes an operation needs, all of
    them; `max_body` is in bytes; `max_operations` is how many one WebSocket may have under way; `tokens` are those of
    `create_app`.
    """
    answering = Answering(schema, make_context, scopes)
    return [
        Route(PATH, GraphQLOverHttp(answering, max_body)),
        WebSocketRoute(PATH, GraphQLOverWebSocket(answering, Bearers(tokens), max_operations)),
        *graphiql.routes(tokens=bool(tokens)),
    ]
