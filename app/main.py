"""The ASGI application: the routes, their state, and the lifespan that opens and closes the database."""

import contextlib
import importlib.metadata
from collections.abc import AsyncIterator, Callable

from graphql import OperationType
from starlette.applications import Starlette

from app import explorer
from app.graphql.context import Context
from app.graphql.execution.limits import Limits
from app.graphql.execution.operations import Operation
from app.graphql.routes import graphql_routes
from app.graphql.routes import is_public as is_public_graphql
from app.graphql.schema import make_schema
from app.http import Token, build_openapi, check_bind, create_app, dump_json, parse_tokens
from app.http.auth import READ
from app.rest import (
    assets,
    bulk,
    events,
    gates,
    lineage,
    partitions,
    run_requests,
    runs,
    service,
    snapshots,
    webhooks,
    workflows,
)
from app.settings import Settings, names
from app.webhooks.guard import Guard
from app.webhooks.sender import Sender
from graph.address import Address
from graph.connection import Connection, FixedSource, Source
from graph.engine import EmbeddedEngine, EmbeddedSource, EngineError
from graph.lineage import Lineage, system_clock

ENDPOINTS = (
    *service.ENDPOINTS,
    *workflows.ENDPOINTS,
    *assets.ENDPOINTS,
    *partitions.ENDPOINTS,
    *lineage.ENDPOINTS,
    *gates.ENDPOINTS,
    *snapshots.ENDPOINTS,
    *runs.ENDPOINTS,
    *run_requests.ENDPOINTS,
    *bulk.ENDPOINTS,
    *events.ENDPOINTS,
    *webhooks.ENDPOINTS,
)

VERSION = importlib.metadata.version("asset-lineage")


def make_app(settings: Settings, *, clock: Callable[[], int] = system_clock, source: Source | None = None) -> Starlette:
    """The application for these settings. Raises ValueError when it may not listen where it is told to.

    `source` is where the database comes from; without, the settings say it.
    """
    tokens = parse_tokens(settings.tokens.get_secret_value())
    check_bind(settings.host, tokens)
    guard = Guard(names(settings.webhook_allowed), http=settings.webhook_http)
    sender = Sender(guard, agent=f"asset-lineage/{VERSION}", clock=clock)
    lineage = Lineage(
        Connection(source or database_source(settings)),
        send=sender,
        clock=clock,
        payload_limit=settings.max_payload,
        validation_budget_ms=settings.validation_budget_ms,
        event_retention_days=settings.event_retention_days,
        traversal=settings.max_traversal,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            await lineage.start()
        except EngineError as error:
            app.state.obstacle = error  # the server passes on that the start failed, not why
            raise
        try:
            yield
        finally:
            await lineage.stop()
            await sender.close()

    app = create_app(
        ENDPOINTS,
        tokens=tokens,
        max_body=settings.max_body,
        allowed_hosts=names(settings.allowed_hosts),
        allowed_origins=names(settings.allowed_origins),
        lifespan=lifespan,
        routes=[
            *graphql_routes(
                make_schema(Limits.from_settings(settings)),
                make_context=lambda caller: Context(
                    lineage, caller.principal, traversal=settings.max_traversal, resumed=caller.resumed
                ),
                max_body=settings.max_body,
                max_operations=settings.graphql_max_operations,
                scopes=_graphql_scopes,
                tokens=tokens,
            ),
            *explorer.routes(),
        ],
        is_public=lambda scope: explorer.is_public(scope) or is_public_graphql(scope),
    )
    app.state.lineage = lineage
    app.state.webhook_guard = guard
    app.state.max_traversal = settings.max_traversal
    app.state.obstacle = None
    app.state.openapi = openapi_document(tokens)
    return app


def _graphql_scopes(operation: Operation) -> tuple[str, ...]:
    """Mutations check the scope of each field themselves: a reporter may report, and not define."""
    return () if operation.kind is OperationType.MUTATION else (READ,)


def openapi_document(tokens: tuple[Token, ...]) -> bytes:
    """The OpenAPI document as JSON."""
    document = build_openapi(
        ENDPOINTS,
        title="Asset lineage",
        version=VERSION,
        description="Workflows, their runs, and the assets that they leave behind.",
        authenticated=bool(tokens),
    )
    return dump_json(document)


def database_source(settings: Settings) -> Source:
    """Neo4j when the settings name one, else the embedded database."""
    if settings.neo4j_uri is None:
        return EmbeddedSource(EmbeddedEngine(settings.data_dir, heap=settings.heap))
    password = settings.neo4j_password.get_secret_value() if settings.neo4j_password else None
    return FixedSource(Address(settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database))
