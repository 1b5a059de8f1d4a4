"""The explorer as a reader has it before them."""

import re
from datetime import UTC, datetime
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.world import NOW, World


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


expect.set_options(timeout=10_000)
"""Milliseconds; a busy machine is no failure."""

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 844}


class Explorer(Visit):
    """A page of a world, in UTC, at the world's `NOW`."""

    def __init__(self, page: Page, world: World) -> None:
        super().__init__(page)
        self.world = world
        self.expected: list[str] = []
        """Patterns of complaints that the test itself brings about."""

    async def go(self, path: str) -> None:
        """To one of the page's own addresses."""
        await self.page.goto(f"{self.world.url}/#{path}")
        # From then on it answers keys.
        await self.page.locator("#root > *").first.wait_for(state="attached")

    @property
    def address(self) -> str:
        """The page's own address: what follows the `#`."""
        return self.page.url.partition("#")[2]

    def check(self) -> None:
        """Everything came from the service, and nothing was complained of."""
        own = (f"{self.world.url}/", "data:", f"blob:{self.world.url}/")
        assert [request for request in self.requests if not request.startswith(own)] == []
        assert [told for told in self.complaints if not any(re.search(each, told) for each in self.expected)] == []

    @property
    def cards(self) -> Locator:
        """The assets on the canvas."""
        return self.page.locator('.react-flow__node[data-id^="asset:"]')

    def card(self, asset: str) -> Locator:
        """The button that is an asset's card."""
        return self.page.locator(f'.react-flow__node[data-id="asset:{asset}"] button').first

    async def shown(self) -> set[str]:
        """The keys of the assets on the canvas."""
        return set(await self.cards.evaluate_all("cards => cards.map((card) => card.dataset.id.slice(6))"))

    async def shows(self, *assets: str) -> None:
        """Wait until exactly these assets are on the canvas."""
        for asset in assets:
            await expect(self.card(asset)).to_be_visible()
        await expect(self.cards).to_have_count(len(assets))

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        """A button by its name."""
        return self.page.get_by_role("button", name=name, exact=exact and isinstance(name, str))

    def heading(self, name: str) -> Locator:
        """A heading by its text."""
        return self.page.get_by_role("heading", name=name, exact=True)

    @property
    def summary(self) -> Locator:
        """The line at the foot of the picture."""
        return self.page.get_by_role("status").filter(has_text="line")

    async def settle(self) -> None:
        """Wait until everything is there: a heading, nothing that loads, nothing that is worked on."""
        await expect(self.page.get_by_role("heading").first).to_be_visible()
        await expect(self.page.get_by_text(re.compile("^Loading"))).to_have_count(0)
        await expect(self.page.locator('[aria-busy="true"]')).to_have_count(0)

    async def search(self, text: str) -> None:
        """Go to the search by its key, and write."""
        await self.press("/")
        await expect(self.page.get_by_role("combobox", name="Search assets, workflows and steps")).to_be_focused()
        await self.page.keyboard.type(text)

    async def press(self, *keys: str) -> None:
        """Keys one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)


def starts(text: str) -> re.Pattern[str]:
    """What begins with the text."""
    return re.compile("^" + re.escape(text))


def signed(asset: str, change: str) -> re.Pattern[str]:
    """What a card says that was added, is gone, or changed."""
    return re.compile(rf"^{re.escape(asset)} ?, {change} between the two instants")


async def open_explorer(browser: Browser, world: World, **context: Any) -> Explorer:
    """A new context with one page, not yet anywhere."""
    settings: dict[str, Any] = {"viewport": WIDE, "timezone_id": "UTC", "locale": "en-GB"}
    opened = await browser.new_context(**settings | context)
    opened.set_default_timeout(10_000)
    await opened.clock.set_fixed_time(datetime.fromtimestamp(NOW / 1000, UTC))
    return Explorer(await opened.new_page(), world)
