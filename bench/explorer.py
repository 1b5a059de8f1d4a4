"""The explorer in a browser: how large the page is, how soon there is a picture, how smoothly it moves.

`python -m bench.explorer [--json]`, after `scripts/build-ui`. A service of its own holds the lattice of
`bench.lineage` (20 layers of 100 assets); Chromium (LINEAGE_TEST_CHROMIUM, or on the PATH) shows its page.
"""

import argparse
import asyncio
import json
import os
import shutil
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, Page, async_playwright
from rich.console import Console
from rich.table import Table

from app.explorer import PAGE
from bench._process import served_lattice

ROUNDS = 3
SECONDS = 420
"""For everything."""

WINDOW = {"width": 1280, "height": 800}
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")

NEAR = "/#/assets/l10.n5"
NEAR_CARDS = 7
"""The asset, and three on either side."""

LARGE = {
    "300": "/#/assets/l0.n0?direction=downstream&depth=11",
    "1,000": "/#/assets/l0.n0?direction=downstream&depth=all",
    "2,000": "/#/assets/l0.n0?direction=downstream&depth=all&steps=1",
}

GOALS = {"first load": 300.0, "all but GraphiQL": 900.0, "first picture": 1500.0}
"""Kilobytes, and milliseconds."""

SCRIPT = Path(__file__).with_suffix(".js").read_text()

Figures = dict[str, Any]


@asynccontextmanager
async def fresh_page(browser: Browser) -> AsyncIterator[Page]:
    """A page in a window of its own, with nothing cached."""
    context = await browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    await context.add_init_script(SCRIPT)
    try:
        yield await context.new_page()
    finally:
        await context.close()


async def first_picture(page: Page, url: str) -> float:
    """Milliseconds from the navigation to all cards around one asset."""
    await page.goto("about:blank")
    await page.goto(url + NEAR, wait_until="commit")
    seen: float = await page.evaluate(f"bench.when(() => bench.cards() >= {NEAR_CARDS})")
    return seen


async def bytes_so_far(page: Page) -> float:
    """Kilobytes of the page and its files, as they were sent; answers of the service are not among them."""
    entries: list[tuple[str, int]] = await page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map((each) => [each.name, each.encodedBodySize])"
    )
    return sum(size for name, size in entries if not name.endswith("/graphql")) / 1000


async def all_bytes(url: str) -> float:
    """Kilobytes of the page and of every file that it could ask for, as they are sent."""
    total = 0
    async with httpx.AsyncClient(base_url=url, headers={"accept-encoding": "gzip"}) as client:
        files = [f"{PAGE.prefix}/assets/{path.name}" for path in (PAGE.folder / "assets").iterdir()]
        for path in ["/", *files]:
            async with client.stream("GET", path) as answer:
                answer.raise_for_status()
                async for _ in answer.aiter_raw():
                    pass
                total += answer.num_bytes_downloaded
    return total / 1000


async def expand(page: Page, url: str) -> float:
    """Milliseconds from a click on +N to N more cards."""
    await first_picture(page, url)
    more = page.get_by_role("button", name="Show 3 more assets upstream of l9.n6", exact=True)
    await page.evaluate(
        f"""() => {{
            const clicked = bench.next('click');
            window.done = clicked.then(async (at) => (await bench.when(() => bench.cards() >= {NEAR_CARDS + 3})) - at);
        }}"""
    )
    await more.click()
    took: float = await page.evaluate("window.done")
    return took


async def search(page: Page, url: str) -> float:
    """Milliseconds from the last letter to the hits of the whole word."""
    await first_picture(page, url)
    await page.keyboard.press("/")
    await page.keyboard.type("l17.n4", delay=30)
    await page.evaluate(
        """() => {
            const found = () => document.querySelector('[role=option]')?.textContent.includes('l17.n42');
            window.done = bench.next('keydown').then(async (at) => (await bench.when(found)) - at);
        }"""
    )
    await page.keyboard.type("2")
    took: float = await page.evaluate("window.done")
    return took


async def large(page: Page, url: str) -> Figures:
    """A picture of many: how many, how soon, and the frames while it is dragged, as it opens and all of it in sight."""
    await page.goto("about:blank")
    await page.goto(url, wait_until="commit")
    shown: float = await page.evaluate("bench.when(() => bench.cards() > 0)")
    laid_out: Figures = await page.evaluate(
        "(({ duration, detail }) => ({ duration, ...detail }))(performance.getEntriesByName('layout').at(-1))"
    )
    near = await drag(page)
    await page.keyboard.press("f")
    await page.evaluate("bench.when(() => bench.cards() > 0)")
    whole = await drag(page)
    return {
        "nodes": laid_out["nodes"],
        "by": laid_out["by"],
        "layout": laid_out["duration"],
        "picture": shown,
        "near": near,
        "whole": whole,
        "cards in sight": await page.evaluate("bench.cards()"),
    }


async def drag(page: Page) -> list[float]:
    """Milliseconds of each frame while the picture is dragged to and fro by the mouse."""
    pane = await page.locator(".react-flow__pane").bounding_box()
    assert pane
    left, top = pane["x"] + pane["width"] / 2, pane["y"] + pane["height"] - 40
    await page.mouse.move(left, top)
    await page.mouse.down()
    await page.evaluate("window.measured = bench.frames()")
    for turn in range(2):
        to = left + (300 if turn % 2 == 0 else -300)
        await page.mouse.move(to, top - 60 * (turn % 2), steps=30)
    frames: list[float] = await page.evaluate("measured.stop()")
    await page.mouse.up()
    return frames


async def several(browser: Browser, work: Callable[[Page], Awaitable[float]]) -> float:
    """The median over pages with nothing cached."""
    taken = []
    for _ in range(ROUNDS):
        async with fresh_page(browser) as page:
            taken.append(await work(page))
    return statistics.median(taken)


async def run() -> Figures:
    """All figures; milliseconds and kilobytes of 1,000 bytes."""
    path = os.environ.get("LINEAGE_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("There is no browser: install Chromium, or name one in LINEAGE_TEST_CHROMIUM.")
    if not (PAGE.folder / "index.html").is_file():
        raise SystemExit("The page is not built: run scripts/build-ui.")
    async with served_lattice() as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            return await measured(browser, url)
        finally:
            await browser.close()


async def measured(browser: Browser, url: str) -> Figures:
    """As `run`, with the browser and the service there."""
    async with fresh_page(browser) as page:
        await first_picture(page, url)  # The service's own first time is not the page's.
        first_load = await bytes_so_far(page)
        warm = statistics.median([await first_picture(page, url) for _ in range(ROUNDS)])
    figures: Figures = {
        "first load": first_load,
        "all but GraphiQL": await all_bytes(url),
        "first picture": await several(browser, lambda page: first_picture(page, url)),
        "first picture, files cached": warm,
        "expand": await several(browser, lambda page: expand(page, url)),
        "search": await several(browser, lambda page: search(page, url)),
        "large": {},
    }
    for name, address in LARGE.items():
        async with fresh_page(browser) as page:
            figures["large"][name] = await large(page, url + address)
    return figures


def percentiles(frames: list[float]) -> Figures:
    """Of the milliseconds of frames."""
    ordered = sorted(frames)
    return {
        "p50": ordered[len(ordered) // 2],
        "p95": ordered[int(len(ordered) * 0.95)],
        "worst": ordered[-1],
        "frames": len(ordered),
    }


def show(figures: Figures) -> None:
    """The figures as tables."""
    table = Table(title="The explorer", caption=f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for column in ("", "seen", "goal"):
        table.add_column(column, justify="left" if column == "" else "right")
    for name, figure in figures.items():
        if name != "large":
            unit = "kB" if name in ("first load", "all but GraphiQL") else "ms"
            table.add_row(name, f"{figure:.0f} {unit}", f"{GOALS[name]:g} {unit}" if name in GOALS else "")
    Console().print(table)
    table = Table(title="Large pictures; frames in ms while panning: p50, p95, worst")
    for column in ("nodes", "layout", "picture", "as it opens", "all in sight", "cards"):
        table.add_column(column, justify="right")
    for each in figures["large"].values():
        frames = ("{p50:.0f}, {p95:.0f}, {worst:.0f}".format(**each[view]) for view in ("near", "whole"))
        layout = f"{each['layout']:.0f} ms, {each['by']}"
        table.add_row(f"{each['nodes']:,}", layout, f"{each['picture']:.0f} ms", *frames, str(each["cards in sight"]))
    Console().print(table)


def main() -> None:
    """Print the tables, or JSON."""
    parser = argparse.ArgumentParser(description="The explorer in a browser.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    options = parser.parse_args()
    figures = asyncio.run(asyncio.wait_for(run(), SECONDS))
    for each in figures["large"].values():
        each |= {view: percentiles(each[view]) for view in ("near", "whole")}
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        show(figures)


if __name__ == "__main__":
    main()
