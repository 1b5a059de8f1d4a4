"""A page that a build left in a folder: its `index.html`, and under `assets/` files whose names hold their hash."""

import dataclasses
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send


@dataclasses.dataclass
class BuiltPage:
    """`folder` holds the build, `prefix` is the path of its files, `policy` the page's Content-Security-Policy.

    `fallback` is the HTML that stands in for the page where it was not built.
    """

    folder: Path
    prefix: str
    policy: str
    fallback: str

    def is_file(self, scope: Scope) -> bool:
        """Whether a request is for one of the page's own files, which everyone may read."""
        return scope.get("method") in ("GET", "HEAD") and scope["path"].startswith(f"{self.prefix}/assets/")

    def page(self, **headers: str) -> Response:
        """The page itself, asked for anew each time: it names the files of the newest build."""
        index = self.folder / "index.html"
        body = index.read_text("utf-8") if index.is_file() else self.fallback
        own = {
            "Content-Security-Policy": self.policy,
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        }
        return HTMLResponse(body, headers=own | headers)

    def route(self) -> Route:
        """The route of the page's files."""
        return Route(f"{self.prefix}/assets/{{path:path}}", _Files(self), methods=["GET"])


class _Files:
    """The built files. Their names hold a hash of what is in them, so a browser may keep them for good."""

    def __init__(self, page: BuiltPage) -> None:
        self.page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        folder = self.page.folder / "assets"
        if not folder.is_dir():
            raise HTTPException(404)
        response = await StaticFiles(directory=folder).get_response(scope["path_params"]["path"], scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        await response(scope, receive, send)


def content_security_policy(*, style: str = "'self'", image: str = "'self' data:", font: str = "'none'") -> str:
    """Nothing from elsewhere, no inline script, in no frame; what a page needs beyond that it names."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src {style}",
            f"font-src {font}",
            f"img-src {image}",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )
