"""The sample schema behind the kit, asked over HTTP."""

import json
from collections.abc import Collection
from typing import Any

import httpx
from starlette.applications import Starlette

from app.graphql.answering import required_scopes
from app.graphql.execution.limits import Limits
from app.graphql.execution.operations import Operation
from app.graphql.execution.schema import Schema
from app.graphql.routes import graphql_routes, is_public
from app.http import Token, create_app
from app.http.auth import REPORT
from tests.graphql_execution.sample import CONFIG, Leaflet, Mutation, Query, Subscription

RESPONSE_JSON = "application/graphql-response+json"
MAX_BODY = 200_000


def scopes(operation: Operation) -> Collection[str]:
    return (REPORT,) if operation.root_fields == {"reportLoss"} else required_scopes(operation)


def make_app(limits: Limits | None = None, tokens: Collection[Token] = ()) -> Starlette:
    schema = Schema(Query, Mutation, Subscription, types=[Leaflet], config=CONFIG, limits=limits)
    routes = graphql_routes(schema, make_context=lambda caller: caller, max_body=MAX_BODY, scopes=scopes, tokens=tokens)
    return create_app((), tokens=tokens, routes=routes, is_public=is_public)


class Client:
    def __init__(self, app: Starlette, **headers: str) -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers.setdefault("Accept", RESPONSE_JSON)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers)

    async def post(self, query: str | None = None, **more: Any) -> httpx.Response:
        body = more if query is None else {"query": query, **more}
        return await self.http.post("/graphql", json=body)

    async def get(self, **parameters: Any) -> httpx.Response:
        texts = {k: v if isinstance(v, str) else json.dumps(v) for k, v in parameters.items()}
        return await self.http.get("/graphql", params=texts)


def code(answer: httpx.Response) -> str:
    document = answer.json()
    if "errors" not in document:
        return str(document["code"])
    assert "data" not in document
    assert all(error["message"] for error in document["errors"])
    return str(document["errors"][0]["extensions"]["code"])
