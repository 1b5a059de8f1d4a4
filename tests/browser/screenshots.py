"""Takes the pictures of docs/explorer.md from the running product: `scripts/screenshots`."""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import NamedTuple

from anyio.from_thread import start_blocking_portal
from playwright.async_api import async_playwright

from graph.engine import EmbeddedEngine
from tests.browser.conftest import FLAGS
from tests.browser.explorer import NARROW, WIDE, Explorer, open_explorer
from tests.browser.world import World, ago, served, tell_shop


async def _fit(page: Explorer) -> None:
    await page.press("f")


async def _provenance(page: Explorer) -> None:
    await page.page.get_by_role("table", name="Versions").get_by_role("link", name="v21").click()
    await page.page.get_by_role("link", name="Open, with its provenance").click()
    await page.page.get_by_role("link", name="Provenance", exact=True).click()


async def _compare(page: Explorer) -> None:
    for version in ("v22", "v21"):
        await page.page.get_by_role("checkbox", name=f"Compare {version}").check()
    await page.button("Compare the two").click()


class Picture(NamedTuple):
    """One file: what is shown, and what is done before it is taken."""

    name: str
    path: str
    act: Callable[[Explorer], Awaitable[None]] | None = None
    narrow: bool = False
    dark: bool = False


CHANGES = f"/assets/raw.order_lines?direction=downstream&depth=2&since={ago(days=1)}"

PICTURES = (
    Picture("lineage", "/assets/dwh.payments?chosen=asset%3Adwh.payments", _fit),
    Picture("groups", "/assets/marts.customer_value?direction=upstream&depth=2&groups=1", _fit),
    Picture("changes", CHANGES, _fit),
    Picture("catalogue", "/"),
    Picture("history", "/assets/raw.payments/history"),
    Picture("compare", "/assets/raw.payments/history", _compare),
    Picture("provenance", "/assets/raw.payments/history", _provenance),
    Picture("impact", "/assets/raw.payments/impact"),
    Picture("run", "/runs/payments-import-2026-03-02T0206"),
    Picture("revisions", "/workflows/warehouse-build/revisions"),
    Picture("lineage-dark", "/assets/dwh.payments?depth=2", _fit, dark=True),
    Picture("lineage-narrow", "/assets/dwh.payments", narrow=True),
    Picture("impact-narrow", "/assets/raw.payments/impact", narrow=True, dark=True),
)


async def take(world: World, chromium: str, folder: Path, names: list[str]) -> None:
    """Write the pictures (all without names) into the folder."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for picture in PICTURES:
            if names and picture.name not in names:
                continue
            size, scheme = (NARROW if picture.narrow else WIDE), ("dark" if picture.dark else "light")
            page = await open_explorer(browser, world, viewport=size, color_scheme=scheme)
            await page.go(picture.path)
            await _settle(page)
            if picture.act is not None:
                await picture.act(page)
                await _settle(page)
            await page.page.screenshot(path=folder / f"explorer-{picture.name}.png", animations="disabled")
            await page.page.context.close()
            page.check()
        await browser.close()


async def _settle(page: Explorer) -> None:
    """Wait until nothing loads, and what moves has come to rest."""
    await page.settle()
    await page.page.wait_for_timeout(500)


def main() -> None:
    """Start a service with the shop, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", choices=[[], *(picture.name for picture in PICTURES)])
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        parser.error("no Chromium on the PATH")
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, start_blocking_portal() as portal:
        engine = EmbeddedEngine(Path(data), heap="512m")
        address = portal.call(engine.start)
        try:
            with served(address) as world:
                tell_shop(world)
                asyncio.run(take(world, chromium, arguments.folder, arguments.names))
        finally:
            portal.call(engine.stop)


if __name__ == "__main__":
    main()
