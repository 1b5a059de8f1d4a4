"""The ASGI application around a table of endpoints."""

from collections.abc import Callable, Collection, Iterable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import Lifespan, Scope
from starlette.websockets import WebSocket

from app.http.auth import Authentication, Token
from app.http.boundary import Boundary
from app.http.endpoint import Endpoint
from app.http.errors import HttpError
from app.http.origin import OriginGuard
from app.http.routing import PathDecoding, build_routes

MAX_BODY = 1024 * 1024

_GZIP_LEVEL = 5
"""A large graph compresses nearly as well as at 9, in a third of the time."""


def create_app(
    endpoints: Iterable[Endpoint],
    *,
    tokens: Collection[Token] = (),
    max_body: int = MAX_BODY,
    allowed_hosts: Collection[str] = (),
    allowed_origins: Collection[str] = (),
    routes: Sequence[BaseRoute] = (),
    is_public: Callable[[Scope], bool] = lambda _: False,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """The application; `routes` are further Starlette routes, tried after the endpoints and guarded like
    them.

    Without tokens everyone is let in who calls by a loopback name or one of `allowed_hosts`; `check_bind`
    sees to it that this is on loopback alone. `is_public` tells requests that need no token, such as one for a page
    that holds nothing of the service's; a browser cannot send a token with these. `max_body` is in bytes, for
    endpoints that say nothing else.
    """
    endpoints = tuple(endpoints)
    app = Starlette(
        routes=[*build_routes(endpoints, max_body=max_body), *routes],
        middleware=[
            Middleware(Boundary),
            Middleware(GZipMiddleware, compresslevel=_GZIP_LEVEL),
            Middleware(
                OriginGuard,
                check_host=not tokens,
                allowed_hosts=allowed_hosts,
                allowed_origins=allowed_origins,
            ),
            Middleware(
                Authentication,
                tokens=tokens,
                open_paths={endpoint.path for endpoint in endpoints if endpoint.scope is None},
                is_public=is_public,
            ),
            Middleware(PathDecoding),
        ],
        exception_handlers={HTTPException: _to_boundary},
        lifespan=lifespan,
    )
    # A redirect has no place in the one error shape; a trailing slash is another path.
    app.router.redirect_slashes = False
    return app


async def _to_boundary(connection: Request | WebSocket, error: Exception) -> Response:
    """Starlette would answer in plain text; Boundary knows the one error shape."""
    if isinstance(error, HTTPException) and error.status_code == 404 and error.detail == "Not Found":
        path = connection.scope["path"]
        raise HttpError(404, "route_not_found", f"There is nothing at {path[:200]!r}; check the path.") from None
    raise error
