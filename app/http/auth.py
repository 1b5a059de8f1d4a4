"""Who may call: bearer tokens, of which only SHA-256 digests are kept.

Scopes are `read`, `report` and `write`. `write` includes `read`, since whoever changes a definition must see
it; `report` stands alone, so that a job can be given the right to report and nothing else, and a token for
editing definitions cannot forge reports. A token has any combination of them.
"""

import hashlib
import ipaddress
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.errors import HttpError

READ, REPORT, WRITE = "read", "report", "write"
SCOPES = (READ, REPORT, WRITE)
_INCLUDED: Mapping[str, frozenset[str]] = {
    READ: frozenset({READ}),
    REPORT: frozenset({REPORT}),
    WRITE: frozenset({WRITE, READ}),
}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SECRET_PREFIX = "lin_"  # noqa: S105  a prefix lets secret scanners find a leaked token


@dataclass(frozen=True)
class Token:
    """One configured token; the secret itself is nowhere."""

    name: str
    scopes: frozenset[str]
    sha256: str
    """Hexadecimal, of the whole secret with its prefix."""


@dataclass(frozen=True)
class Principal:
    """Who is calling; `allowed` holds the granted scopes and those that they include."""

    name: str
    scopes: frozenset[str]
    allowed: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowed", frozenset().union(*(_INCLUDED[scope] for scope in self.scopes)))

    @property
    def token_name(self) -> str | None:
        """The name of the token; None while no token is configured."""
        return None if self is LOCAL else self.name


LOCAL = Principal("local", frozenset(SCOPES))
"""Everyone, while no token is configured: the service then listens on loopback alone (`check_bind`)."""

NOBODY = Principal("anonymous", frozenset())
"""A caller of an open path while tokens are configured."""


def create_token(name: str, scopes: Collection[str]) -> tuple[str, str]:
    """A new secret and its line for the setting: (`lin_…`, `name:scope+scope:sha256`).

    Raises ValueError on a bad name or scope. The secret cannot be had again.
    """
    secret = _SECRET_PREFIX + secrets.token_urlsafe(32)
    line = f"{name}:{'+'.join(sorted(set(scopes)))}:{_digest(secret)}"
    parse_tokens(line)
    return secret, line


def parse_tokens(text: str) -> tuple[Token, ...]:
    """The tokens of the setting: `name:scope+scope:sha256`, several separated by spaces, lines or commas.

    Raises ValueError with a sentence that never repeats what may be a secret.
    """
    tokens: list[Token] = []
    for number, line in enumerate(text.replace(",", " ").split(), start=1):
        token = _parse_token(line, f"Token {number}")
        if any(token.name == other.name for other in tokens):
            raise ValueError(f"Two tokens are named '{token.name}'; give each its own name.")
        if any(token.sha256 == other.sha256 for other in tokens):
            raise ValueError(f"The token '{token.name}' has the digest of another one; create a secret for each.")
        tokens.append(token)
    return tuple(tokens)


def check_bind(host: str, tokens: Collection[Token]) -> None:
    """ValueError when `host` can be reached from other machines while no token is configured."""
    if not tokens and not _is_loopback(host):
        raise ValueError(
            f"'{host}' can be reached from other machines, so tokens must be configured first: make one with "
            "'lineage token NAME --scope read' and put its line into LINEAGE_TOKENS, or listen on 127.0.0.1."
        )


def require_scope(scope: Scope, needed: str | None) -> Principal:
    """The principal of an ASGI scope that `Authentication` has passed, or HttpError 403 `forbidden`."""
    principal: Principal = scope["user"]
    if needed is not None and needed not in principal.allowed:
        raise HttpError(
            403,
            "forbidden",
            f"The token '{principal.name}' lacks the scope '{needed}', which this request needs.",
            headers={"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{needed}"'},
            details={"neededScope": needed},
        )
    return principal


class Authentication:
    """Pure ASGI middleware: puts the `Principal` into `scope["user"]`, or raises 401 `unauthorized`.

    It runs before any routing, so that a caller without a token does not even learn which routes exist.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        tokens: Collection[Token],
        open_paths: Collection[str],
        is_public: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        self.app = app
        self.is_public = is_public
        self.open_paths = frozenset(open_paths)
        self.bearers = Bearers(tokens)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its principal, or raise."""
        if scope["type"] != "lifespan":
            scope["user"] = self._principal(scope)
        await self.app(scope, receive, send)

    def _principal(self, scope: Scope) -> Principal:
        if self.bearers and (scope["path"] in self.open_paths or self.is_public(scope)):
            return NOBODY
        sent = Headers(scope=scope).getlist("authorization")
        return self.bearers.principal(sent[0] if len(sent) == 1 else "")


class Bearers:
    """The tokens by their secrets; false when there are none, and everyone is let in."""

    def __init__(self, tokens: Collection[Token]) -> None:
        self._principals = {token.sha256: Principal(token.name, token.scopes) for token in tokens}

    def __bool__(self) -> bool:
        return bool(self._principals)

    def principal(self, authorization: str) -> Principal:
        """Who sends `Bearer <secret>`. Raises HttpError 401 `unauthorized`."""
        if not self._principals:
            return LOCAL
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise _unauthorized("Send the header 'Authorization: Bearer <token>'.", "")
        # The digest of a secret of 256 random bits is looked up, never the secret compared: how long the
        # look-up takes depends on digests alone, which nobody can steer towards a known one.
        principal = self._principals.get(_digest(secret.strip()))
        if principal is None:
            raise _unauthorized("The token is not known; it may have been replaced.", ', error="invalid_token"')
        return principal


def _unauthorized(message: str, challenge: str) -> HttpError:
    headers = {"WWW-Authenticate": f'Bearer realm="api"{challenge}'}
    return HttpError(401, "unauthorized", message, headers=headers)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _parse_token(line: str, which: str) -> Token:
    name, *rest = line.split(":")
    if len(rest) != 2 or not _NAME.fullmatch(name):
        raise ValueError(
            f"{which} must be written name:scope+scope:sha256, the name of letters, digits, '.', '_', '-'."
        )
    granted, digest = frozenset(rest[0].split("+")), rest[1].lower()
    if unknown := sorted(granted.difference(SCOPES)):
        raise ValueError(f"The token '{name}' asks for the scope '{unknown[0]}'; there are {', '.join(SCOPES)}.")
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"The token '{name}' must end in the SHA-256 of its secret, 64 hexadecimal digits.")
    return Token(name, granted, digest)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
