"""A real browser. Skipped without one, unless LINEAGE_REQUIRE_BROWSER says that it must be there."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.async_api import Browser, async_playwright

from app import explorer
from graph.address import Address
from graph.engine import EmbeddedEngine
from tests.browser.explorer import Explorer, Visit, open_explorer
from tests.browser.world import World, served, tell_lattice, tell_shop

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


def leave_out(reason: str) -> NoReturn:
    """Skip the test, or fail it where browser tests are required."""
    if os.environ.get("LINEAGE_REQUIRE_BROWSER"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Chromium: LINEAGE_TEST_CHROMIUM, or the one on the PATH; one for the module."""
    path = os.environ.get("LINEAGE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        leave_out("no browser: install Chromium, or name one in LINEAGE_TEST_CHROMIUM")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def visit(browser: Browser) -> AsyncIterator[Visit]:
    context = await browser.new_context(viewport={"width": 1400, "height": 900})
    yield Visit(await context.new_page())
    await context.close()


@pytest.fixture(scope="session")
def shop_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """An engine of its own: other tests empty theirs, and to tell the shop takes seconds."""
    engine = EmbeddedEngine(Path(tmp_path_factory.mktemp("shop")), heap="512m")
    with start_blocking_portal() as portal:
        yield portal.call(engine.start)
        portal.call(engine.stop)


@pytest.fixture(scope="session")
def shop(shop_address: Address) -> Iterator[World]:
    """The shop and the lattice; tests look and change nothing."""
    with served(shop_address) as world:
        tell_shop(world)
        tell_lattice(world)
        yield world


@pytest.fixture(scope="module")
def world(shop: World) -> World:
    """What a module's tests look at."""
    return shop


@pytest.fixture
def built() -> None:
    """The page must have been built."""
    if not (explorer.PAGE.folder / "index.html").is_file():
        leave_out("the explorer is not built: run scripts/build-ui")


Open = Callable[..., Awaitable[Explorer]]


@pytest.fixture
async def open_page(browser: Browser, built: None) -> AsyncIterator[Open]:
    """Opens pages of a world, each in a context of its own; in the end nothing may be wrong with any of them."""
    opened: list[Explorer] = []

    async def open_page(world: World, path: str = "/", **context: Any) -> Explorer:
        page = await open_explorer(browser, world, **context)
        opened.append(page)
        await page.go(path)
        return page

    yield open_page
    for page in opened:
        await page.page.context.close()
    for page in opened:
        page.check()
