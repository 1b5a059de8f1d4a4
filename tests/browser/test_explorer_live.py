"""What happens is seen as it happens: on the card, in the lists, in the feed; and a lost connection is made good."""

import re
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Locator, expect

from graph.address import Address
from graph.database import Database
from tests.browser.conftest import Open
from tests.browser.explorer import NARROW, Explorer, starts
from tests.browser.world import World, served
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

SECOND = 1_000
"""Milliseconds in which a change is to be seen; twice that, for a busy machine, is what the tests wait."""

LOST = [r"WebSocket connection to .* failed", "ERR_", "Failed to load resource"]

HOURLY = {"freshness": {"ttlMs": 3_600_000}}


@pytest.fixture
async def live(database: Database, address: Address) -> AsyncIterator[World]:
    """A service of the test's own, with `raw` of which `sum` is made, on each engine."""
    with served(address) as world:
        tell(world)
        yield world


def tell(world: World) -> None:
    """Two workflows, and a first version of each asset."""
    with httpx.Client(base_url=world.url, timeout=30) as http:
        while http.get("/readyz").status_code != 200:
            pass
        for definition in (
            workflow("collect", step("scan", produces=[{"assetId": "raw", **HOURLY}, "other"])),
            workflow("add", step("sum", consumes=["raw"], produces=[{"assetId": "sum", **HOURLY}])),
        ):
            http.put(f"/workflows/{definition['slug']}", json=definition).raise_for_status()
    report(world, "collect", "scan", {"assetId": "raw", "payload": 0})
    report(world, "add", "sum", {"assetId": "sum", "payload": 0})


def report(world: World, slug: str, step_id: str, *assets: dict[str, Any]) -> str:
    """A run that makes these assets, a minute later; its id."""
    world.clock.now += 60_000
    with httpx.Client(base_url=world.url, timeout=30) as http:
        run: str = http.post(f"/workflows/{slug}/runs", json={}).raise_for_status().json()["data"]["id"]
        http.post(f"/workflow-runs/{run}/steps/{step_id}/report", json=produced(*assets)).raise_for_status()
    return run


def raw(world: World, payload: int) -> None:
    """One more version of `raw`: six events."""
    report(world, "collect", "scan", {"assetId": "raw", "payload": payload})


def log_length(world: World) -> int:
    """How many events there are."""
    return len(httpx.get(f"{world.url}/events", params={"limit": 1000}).json()["data"]["events"])


def sign(page: Explorer) -> Locator:
    """What the top bar says of the connection."""
    return page.page.get_by_role("status", name="Connection")


def lines(page: Explorer) -> Locator:
    """The rows of the feed, without its head."""
    return page.page.get_by_role("table", name="Events").locator("tbody tr")


async def open_live(open_page: Open, world: World, path: str, **context: Any) -> Explorer:
    """A page that is connected."""
    page = await open_page(world, path, **context)
    await expect(sign(page)).to_have_text("Live")
    return page


async def test_a_production_is_seen_on_the_card_and_moves_nothing(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/assets/raw")
    await page.shows("raw", "sum")
    await expect(page.card("raw")).to_contain_text("v1")
    places = "cards => cards.map((card) => [card.dataset.id, card.style.transform])"
    before = await page.cards.evaluate_all(places)
    layouts = "performance.getEntriesByName('layout').length"
    worked_out = await page.page.evaluate(layouts)

    raw(live, 1)
    await expect(page.card("raw")).to_contain_text("v2", timeout=2 * SECOND)
    await expect(page.page.locator("[data-just-changed]").first).to_be_visible()
    await expect(page.card("sum")).to_contain_text("Stale")
    await expect(page.page.locator("[data-just-changed]")).to_have_count(0)
    assert await page.cards.evaluate_all(places) == before
    assert await page.page.evaluate(layouts) == worked_out


async def test_what_is_not_shown_is_not_asked_for(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/assets/raw")
    await page.shows("raw", "sum")
    await page.page.wait_for_load_state("networkidle")
    asked = len(page.requests)
    report(live, "collect", "scan", {"assetId": "other", "payload": 1})
    raw(live, 1)  # the page has seen the one before when it shows this
    await expect(page.card("raw")).to_contain_text("v2")
    await page.page.wait_for_load_state("networkidle")
    # The head of the page, and the one card.
    assert len(page.requests) - asked == 2


async def test_a_picture_of_the_past_stays_what_it_was(open_page: Open, live: World) -> None:
    past = httpx.get(f"{live.url}/events").json()["data"]["events"][-1]["time"]
    page = await open_live(open_page, live, f"/assets/raw?at={past}")
    await expect(page.card("raw")).to_contain_text("v1")
    raw(live, 1)
    now = await open_live(open_page, live, "/assets/raw")
    await expect(now.card("raw")).to_contain_text("v2")
    await expect(page.card("raw")).to_contain_text("v1")


async def test_a_definition_changes_the_picture(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/assets/raw")
    await page.shows("raw", "sum")
    more = workflow("more", step("count", consumes=["raw"], produces=["counts"]))
    httpx.put(f"{live.url}/workflows/more", json=more).raise_for_status()
    await page.shows("raw", "sum", "counts")


async def test_a_run_comes_into_the_list_of_runs_and_goes_on_there(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/runs")
    table = page.page.get_by_role("table", name="Runs")
    await expect(table).to_have_attribute("aria-rowcount", "3")
    run = report(live, "collect", "scan", {"assetId": "raw", "payload": 1})
    await expect(table).to_have_attribute("aria-rowcount", "4", timeout=2 * SECOND)
    row = table.get_by_role("row").filter(has_text=run)
    await expect(row).to_contain_text("Running")
    httpx.post(f"{live.url}/workflow-runs/{run}/finish", json={"status": "succeeded"}).raise_for_status()
    await expect(row).to_contain_text("Succeeded", timeout=2 * SECOND)


async def test_the_feed_tells_what_happens_as_it_happens(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/events?kinds=produced,changed")
    await expect(lines(page)).to_have_count(2)
    raw(live, 1)
    await expect(lines(page)).to_have_count(4, timeout=2 * SECOND)
    newest = lines(page).first
    await expect(newest).to_contain_text("Changed")
    await expect(newest.get_by_role("link", name="raw")).to_be_visible()
    await expect(newest).to_contain_text("1 asset, 1 workflow")
    await newest.get_by_role("button", name=starts("Details")).click()
    dialog = page.page.get_by_role("dialog")
    await expect(dialog).to_contain_text('"asset.changed"')
    await dialog.get_by_role("link", name="v2").click()
    await expect(page.heading("raw v2")).to_be_visible()


async def test_the_feed_shows_what_is_asked_for_and_nothing_else(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/events")
    await page.page.get_by_label(starts("Upstream of")).fill("sum")
    await page.button("Produced").click()
    await expect(lines(page)).to_have_count(2)
    assert "kinds=produced" in page.address
    await expect(page.page).to_have_url(re.compile("upstreamOf=sum"))
    report(live, "collect", "scan", {"assetId": "other", "payload": 1})
    raw(live, 1)
    await expect(lines(page)).to_have_count(3)
    await page.page.get_by_label(starts("Asset:")).fill("o*")
    await expect(page.heading("No event is like this")).to_be_visible()
    await page.button("Show all events").click()
    await page.page.get_by_label(starts("Asset:")).fill("o*")
    await expect(lines(page)).to_have_count(1)
    await page.page.get_by_label(starts("Upstream of")).fill("nothing")
    await expect(page.page.get_by_role("alert")).to_contain_text("asset_not_found")


async def test_what_comes_waits_while_somebody_reads(open_page: Open, live: World) -> None:
    for payload in range(1, 15):
        raw(live, payload)
    page = await open_live(open_page, live, "/events?kinds=produced,changed")
    box = page.page.get_by_role("region", name="Events")
    first = lines(page).first
    await box.evaluate("box => box.scrollTo(0, 300)")
    raw(live, 100)
    await expect(page.button("2 new")).to_be_visible(timeout=2 * SECOND)
    assert await box.evaluate("box => box.scrollTop") == 300
    await page.button("2 new").click()
    await expect(first).to_contain_text("v16")
    assert await box.evaluate("box => box.scrollTop") == 0

    await page.button("Pause").click()
    raw(live, 101)
    await expect(page.button("2 new")).to_be_visible()
    await expect(first).to_contain_text("v16")
    await page.button("Pause").click()
    await expect(first).to_contain_text("v17")


async def test_the_past_comes_as_one_scrolls(open_page: Open, live: World) -> None:
    for payload in range(1, 15):
        raw(live, payload)
    last = log_length(live)
    page = await open_live(open_page, live, "/events")
    table = page.page.get_by_role("table", name="Events")
    await expect(table).to_have_attribute("aria-rowcount", "51")
    await page.page.get_by_role("region", name="Events").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    await expect(table).to_have_attribute("aria-rowcount", str(last + 1))
    await expect(page.page.get_by_text(f"All {last} events.")).to_be_visible()


async def test_a_service_that_was_away_is_caught_up_with(open_page: Open, database: Database, address: Address) -> None:
    """Nothing is lost, and nothing is told twice."""
    with served(address) as world:
        tell(world)
        page = await open_live(open_page, world, "/assets/raw")
        feed = await open_live(open_page, world, "/events?kinds=produced")
        await page.shows("raw", "sum")
        await expect(lines(feed)).to_have_count(2)
        page.expected = feed.expected = LOST
        known = log_length(world)
    await expect(sign(page)).to_have_text("Reconnecting …")
    # Another process writes while the page's own is away.
    with served(address) as elsewhere:
        elsewhere.clock.now = world.clock.now
        for payload in range(1, 4):
            raw(elsewhere, payload)
    with served(address, port=urlsplit(world.url).port or 0) as back:
        back.clock.now = elsewhere.clock.now
        await expect(sign(page)).to_have_text(re.compile(r"Caught up \(\d+ events while away\)"))
        missed = log_length(back) - known
        assert await sign(page).inner_text() == f"Caught up ({missed} events while away)"
        await expect(page.card("raw")).to_contain_text("v4", timeout=2 * SECOND)
        await expect(lines(feed)).to_have_count(5)
        raw(back, 4)
        await expect(page.card("raw")).to_contain_text("v5")
        await expect(lines(feed)).to_have_count(6)


async def test_without_a_network_it_says_so_at_once(open_page: Open, live: World) -> None:
    page = await open_live(open_page, live, "/assets/raw", viewport=NARROW)
    page.expected = LOST
    await page.page.context.set_offline(True)
    await expect(sign(page)).to_have_text("Reconnecting …", timeout=2 * SECOND)
    raw(live, 1)
    await page.page.context.set_offline(False)
    await expect(sign(page)).to_contain_text("Caught up", timeout=2 * SECOND)
    await expect(sign(page)).to_have_text("Live")


async def test_a_mark_is_set_taken_back_and_ended_by_a_version(open_page: Open, live: World) -> None:
    page = await open_page(live, "/assets/raw/overview")
    marks = page.page.get_by_role("listitem").filter(has=page.button("Clear the mark of collect"))
    await page.page.get_by_label("Why it is stale").fill("half of it is missing")
    await page.button("Mark stale").click()
    await expect(marks).to_contain_text(re.compile("half of it is missing.*by collect"))
    await expect(page.page.get_by_text("It was marked stale: half of it is missing")).to_be_visible()
    await page.button("Clear the mark of collect").click()
    await expect(marks).to_have_count(0)
    await page.button("Mark stale").click()
    await expect(page.button("Clear the mark of collect")).to_be_visible()
    raw(live, 1)
    await expect(page.button("Clear the mark of collect")).to_have_count(0, timeout=5 * SECOND)
    await page.go("/events?kinds=marks")
    events = page.page.get_by_role("table", name="Events")
    await expect(events.get_by_role("row").filter(has_text="Mark cleared")).to_have_count(2)
    await expect(events.get_by_role("row").filter(has_text="Marked stale")).to_have_count(2)
