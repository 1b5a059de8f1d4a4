"""Webhooks and their deliveries are seen, tested, paused, resumed and sent again."""

import asyncio
import http.server
import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.async_api import expect

from graph.address import Address
from graph.database import Database
from tests.browser.conftest import Open
from tests.browser.explorer import starts
from tests.browser.test_explorer_live import raw, tell
from tests.browser.world import World, served

pytestmark = pytest.mark.anyio


class Receiver:
    """An endpoint that answers with `status` and keeps the ids of what came."""

    def __init__(self) -> None:
        self.status = 200
        self.came: list[str] = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                receiver.came.append(self.headers["webhook-id"])
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nothing on the terminal."""

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever)
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


@pytest.fixture
async def sending(database: Database, address: Address) -> AsyncIterator[World]:
    """A service that may call this machine, with something in its log."""
    with served(address, webhook_allowed="127.0.0.1", webhook_http=True) as world:
        tell(world)
        yield world


def make(world: World, receiver: Receiver) -> None:
    """A webhook for what is produced."""
    wanted = {"url": receiver.url, "filter": {"types": ["asset.produced"], "assets": ["raw"]}}
    httpx.post(f"{world.url}/webhooks", json=wanted).raise_for_status()


async def _came(receiver: Receiver, count: int) -> None:
    """Wait until so many came."""
    async with asyncio.timeout(10):
        while len(receiver.came) < count:
            await asyncio.sleep(0.05)


async def test_none_yet_and_how_to_make_one(open_page: Open, sending: World) -> None:
    page = await open_page(sending, "/webhooks")
    await expect(page.heading("No webhook yet")).to_be_visible()
    await expect(page.page.get_by_text(f"curl -sS {sending.url}/webhooks")).to_be_visible()


async def test_a_delivery_is_seen_and_sent_again(open_page: Open, sending: World, receiver: Receiver) -> None:
    make(sending, receiver)
    raw(sending, 1)
    page = await open_page(sending, "/webhooks")
    await expect(page.page.get_by_text("asset.produced of raw")).to_be_visible()
    await page.page.get_by_role("link", name=receiver.url).click()
    row = page.page.get_by_role("table", name="Deliveries").locator("tbody tr")
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("Delivered")
    await expect(row).to_contain_text("200 after")
    await row.get_by_role("button", name=starts("Send ")).click()
    await _came(receiver, 2)
    await expect(row).to_contain_text("Delivered")
    assert len(set(receiver.came)) == 1


async def test_one_that_fails_says_why_and_is_paused_and_resumed(
    open_page: Open, sending: World, receiver: Receiver
) -> None:
    receiver.status = 503
    make(sending, receiver)
    raw(sending, 1)
    page = await open_page(sending, "/webhooks")
    row = page.page.get_by_role("table", name="Webhooks").locator("tbody tr")
    await expect(row).to_contain_text("Failing")
    await expect(row).to_contain_text("503")
    await page.page.get_by_role("link", name=receiver.url).click()
    await expect(page.page.get_by_role("table", name="Deliveries").locator("tbody tr")).to_contain_text("Pending")
    await page.button("Test").click()
    await expect(page.page.get_by_text("The test was not taken with status 503")).to_be_visible()
    await page.button("Pause").click()
    await expect(page.button("Resume")).to_be_visible()
    receiver.status = 200
    await page.button("Resume").click()
    await expect(page.button("Pause")).to_be_visible()
    await page.page.get_by_label("Status").select_option("Failed")
    await expect(page.heading("No delivery is like this")).to_be_visible()
