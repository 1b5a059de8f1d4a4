"""Which web pages may call: those that the service itself served.

A browser sends along what the network position of its user opens: on loopback that is everything. Two attacks
follow, and each has its own check:
- a foreign page posts a form or JSON here (cross-site request forgery): `Origin` and `Sec-Fetch-Site` give it
  away;
- a foreign name is made to resolve to 127.0.0.1 (DNS rebinding), so that the page counts as same-origin:
  `Host` gives it away.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.errors import HttpError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


class OriginGuard:
    """Pure ASGI middleware: 403 `cross_origin` and 403 `host_not_allowed`.

    `check_host` is for a service without tokens; `allowed_hosts` are names besides loopback (no port),
    `allowed_origins` whole origins such as `https://lineage.example`, for a proxy that changes `Host`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        check_host: bool,
        allowed_hosts: Collection[str] = (),
        allowed_origins: Collection[str] = (),
    ) -> None:
        self.app = app
        self.check_host = check_host
        self.allowed_hosts = LOOPBACK_NAMES | {host.lower() for host in allowed_hosts}
        self.allowed_origins = frozenset(origin.lower().rstrip("/") for origin in allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or raise."""
        if scope["type"] != "lifespan":
            headers = Headers(scope=scope)
            host = headers.get("host", "")
            if self.check_host and _name_of(host) not in self.allowed_hosts:
                raise HttpError(
                    403,
                    "host_not_allowed",
                    "The Host header names no allowed host; call the service by 127.0.0.1 or localhost.",
                )
            # A web socket is opened by GET, but its handshake is not held back by the browser: it counts as
            # unsafe.
            if scope.get("method") not in SAFE_METHODS and self._is_foreign(headers, host):
                raise HttpError(403, "cross_origin", "A web page of another origin may not change anything here.")
        await self.app(scope, receive, send)

    def _is_foreign(self, headers: Headers, host: str) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        if origin.lower() in self.allowed_origins:
            return False
        scheme, _, authority = origin.lower().partition("://")
        # The scheme is not compared: behind a proxy that ends TLS the service cannot know its own.
        default = {"http": ":80", "https": ":443"}.get(scheme, "")
        return authority.removesuffix(default) != host.lower().removesuffix(default)


def _name_of(host: str) -> str:
    """`localhost:4000` as `localhost`, `[::1]:4000` as `[::1]`; what is no host and port gives ''."""
    try:
        parts = urlsplit(f"//{host.lower()}")
        name, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.netloc != host.lower() or parts.username is not None:
        return ""
    return f"[{name}]" if ":" in name else name
