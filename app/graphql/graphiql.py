"""GraphiQL for people: a page, its files, and the examples for its tabs; all from here, nothing of the service's in it.

The files are built (`scripts/build-ui`), not kept in git. Without them the page says how to build them.
"""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from app.http.built_page import BuiltPage, content_security_policy
from app.http.json_body import dump_json

PATH = "/graphql"
EXAMPLES = Path(__file__).parent / "examples"

_EXAMPLES_PATH = f"{PATH}/examples"

PAGE = BuiltPage(
    folder=Path(__file__).parent / "static",
    prefix=f"{PATH}/static",
    # Monaco, the editor, writes the styles of its lines into the page.
    policy=content_security_policy(style="'self' 'unsafe-inline'", font="'self' data:"),
    fallback="""<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Asset lineage: GraphQL</title>
<h1>GraphQL</h1>
<p>Send queries here by POST. The page to write them on is not built: run <code>scripts/build-ui</code>
and load this page again.</p>
</html>
""",
)


def is_public(scope: Scope) -> bool:
    """Whether the path is one of the page's own files, which everyone may read."""
    return PAGE.is_file(scope) or (scope.get("method") in ("GET", "HEAD") and scope["path"] == _EXAMPLES_PATH)


def page() -> Response:
    """The page itself."""
    return PAGE.page(Vary="Accept")  # the same address answers queries


def routes(*, tokens: bool) -> list[Route]:
    """The routes beside the page: its files, and the examples; `tokens`, whether callers need one."""
    examples = [path.read_text("utf-8").strip() for path in sorted(EXAMPLES.glob("*.graphql"))]
    body = dump_json({"tokens": tokens, "examples": examples})

    async def send_examples(_: object) -> Response:
        return Response(body, media_type="application/json")

    return [Route(_EXAMPLES_PATH, send_examples, methods=["GET"]), PAGE.route()]
