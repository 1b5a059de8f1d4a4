"""From endpoints to Starlette routes: one route a path, so that a wrong method can name the right ones."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import unquote_to_bytes

from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http.endpoint import Endpoint
from app.http.errors import HttpError
from app.http.operation import Operation

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def build_routes(endpoints: Iterable[Endpoint], *, max_body: int) -> list[Route]:
    """One Starlette route for each path; fixed segments win over parameters, whatever the order of the table.

    ValueError when a method of a path, or a name, is declared twice.
    """
    paths: dict[str, dict[str, Operation]] = {}
    names: set[str] = set()
    for endpoint in endpoints:
        methods = paths.setdefault(endpoint.path, {})
        if endpoint.method in methods or endpoint.name in names:
            raise ValueError(f"{endpoint.method} {endpoint.path} ({endpoint.name}) is declared twice")
        methods[endpoint.method] = Operation(endpoint, max_body=max_body)
        names.add(endpoint.name)
    return [Route(path, _Resource(paths[path])) for path in sorted(paths, key=_precedence)]


def _precedence(path: str) -> list[tuple[bool, str]]:
    return [(segment.startswith("{"), segment) for segment in path.split("/")]


class _Resource:
    """All methods of one path."""

    def __init__(self, operations: Mapping[str, Operation]) -> None:
        self.operations = dict(operations)
        if "GET" in operations:
            # Boundary keeps the body of the answer back.
            self.operations["HEAD"] = operations["GET"]
        self.allow = ", ".join(sorted(self.operations))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        operation = self.operations.get(scope["method"])
        if operation is None:
            message = f"This path does not take {scope['method']}; it takes {self.allow}."
            raise HttpError(405, "method_not_allowed", message, headers={"Allow": self.allow})
        await operation(scope, receive, send)


class PathDecoding:
    """Pure ASGI middleware: decodes the path from its raw form, segment by segment, strictly.

    Servers decode the whole path first: an encoded slash then splits a segment in two, and bytes that are no
    UTF-8 turn into question marks. Here both are a 400 `invalid_path`, and so are control characters.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its decoded path, or raise."""
        raw: bytes = scope.get("raw_path") or b""
        if b"%" in raw:
            if _BROKEN_ESCAPE.search(raw):
                raise _invalid("holds a '%' that starts no escape")
            try:
                segments = [unquote_to_bytes(segment).decode() for segment in raw.split(b"/")]
            except UnicodeDecodeError:
                raise _invalid("is not percent-encoded UTF-8") from None
            if any("/" in segment for segment in segments):
                raise _invalid("holds an encoded slash (%2F), which no id has")
            path = "/".join(segments)
            if _CONTROL.search(path):
                raise _invalid("holds an encoded control character")
            scope["path"] = path
        await self.app(scope, receive, send)


def _invalid(problem: str) -> HttpError:
    return HttpError(400, "invalid_path", f"The path {problem}; send another one.")
