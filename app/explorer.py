"""The explorer: the web page at `/` that draws the lineage. It asks GraphQL alone, with the caller's own token.

Its files are built (`scripts/build-ui`), not kept in git. Without them the page says how to build them.
"""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from app.http.built_page import BuiltPage, content_security_policy

PATH = "/"

PAGE = BuiltPage(
    folder=Path(__file__).parent / "explorer_static",
    prefix="/explorer",
    # Pictures of the graph are made in the page.
    policy=content_security_policy(image="'self' data: blob:"),
    fallback="""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Asset lineage</title>
<h1>Asset lineage</h1>
<p>The service runs. Its page is not built: run <code>scripts/build-ui</code> and load this page again.</p>
<p>Everything else works without: <a href="/graphql">GraphQL</a>, and the routes of
<a href="/openapi.json">openapi.json</a>.</p>
</html>
""",
)


def is_public(scope: Scope) -> bool:
    """Whether a request is for the page or its files: they hold nothing of the service's."""
    if scope["type"] != "http":
        return False
    return PAGE.is_file(scope) or (scope["method"] in ("GET", "HEAD") and scope["path"] == PATH)


def routes() -> list[Route]:
    """The page and its files."""

    async def send_page(_: object) -> Response:
        return PAGE.page()

    return [Route(PATH, send_page, methods=["GET"]), PAGE.route()]
