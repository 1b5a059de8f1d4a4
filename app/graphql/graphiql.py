"""GraphiQL for people: a page, its files, and the examples for its tabs; all from here, nothing of the service's in it.

The files are built (`scripts/build-graphiql`), not kept in git. Without them the page says how to build them.
"""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from app.http.json_body import dump_json

PATH = "/graphql"
STATIC = Path(__file__).parent / "static"
EXAMPLES = Path(__file__).parent / "examples"

_ASSETS_PREFIX = f"{PATH}/static/assets/"
_EXAMPLES_PATH = f"{PATH}/examples"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        # Monaco, the editor, writes the styles of its lines into the page.
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Asset lineage: GraphQL</title>
<h1>GraphQL</h1>
<p>Send queries here by POST. The page to write them on is not built: run <code>scripts/build-graphiql</code>
and load this page again.</p>
</html>
"""


def is_public(scope: Scope) -> bool:
    """Whether the path is one of the page's own files, which everyone may read."""
    path: str = scope["path"]
    return scope.get("method") in ("GET", "HEAD") and (path == _EXAMPLES_PATH or path.startswith(_ASSETS_PREFIX))


def page() -> Response:
    """The page itself."""
    index = STATIC / "index.html"
    body = index.read_text("utf-8") if index.is_file() else _NOT_BUILT
    headers = {
        "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-cache",
        # The same address answers queries.
        "Vary": "Accept",
    }
    return HTMLResponse(body, headers=headers)


def routes(*, tokens: bool) -> list[Route]:
    """The routes beside the page: its files, and the examples; `tokens`, whether callers need one."""
    examples = [path.read_text("utf-8").strip() for path in sorted(EXAMPLES.glob("*.graphql"))]
    body = dump_json({"tokens": tokens, "examples": examples})

    async def send_examples(_: object) -> Response:
        return Response(body, media_type="application/json")

    return [
        Route(_EXAMPLES_PATH, send_examples, methods=["GET"]),
        Route(_ASSETS_PREFIX + "{path:path}", _Files(), methods=["GET"]),
    ]


class _Files:
    """The built files. Their names hold a hash of what is in them, so a browser may keep them for good."""

    def __init__(self) -> None:
        self.files = StaticFiles(directory=STATIC / "assets", check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not (STATIC / "assets").is_dir():
            raise HTTPException(404)
        response = await self.files.get_response(scope["path_params"]["path"], scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        await response(scope, receive, send)
