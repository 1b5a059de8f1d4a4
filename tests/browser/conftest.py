"""A real browser. Skipped without one, unless LINEAGE_REQUIRE_BROWSER says that it must be there."""

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import NoReturn

import pytest
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright
from starlette.types import ASGIApp

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Serve = Callable[[ASGIApp], AbstractAsyncContextManager[str]]


def leave_out(reason: str) -> NoReturn:
    """Skip the test, or fail it where browser tests are required."""
    if os.environ.get("LINEAGE_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium: LINEAGE_TEST_CHROMIUM, or the one on the PATH."""
    path = os.environ.get("LINEAGE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        leave_out("no browser: install Chromium, or name one in LINEAGE_TEST_CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


class Visit:
    """A page, with what it asked for and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    context = await browser.new_context(viewport={"width": 1400, "height": 900})
    yield Visit(await context.new_page())
    await context.close()


@pytest.fixture
def serve() -> Serve:
    """Serve an application on a free port of loopback; gives its address."""

    @asynccontextmanager
    async def serving(app: ASGIApp) -> AsyncIterator[str]:
        with socket.socket(proto=socket.IPPROTO_TCP) as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=2)
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                server.should_exit = True
                await serving

    return serving
