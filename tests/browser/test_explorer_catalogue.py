"""Finding an asset among two thousand."""

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import Open
from tests.browser.explorer import Explorer
from tests.browser.world import World

pytestmark = pytest.mark.anyio


def _table(page: Explorer) -> Locator:
    return page.page.get_by_role("table", name="Assets")


async def test_the_catalogue_counts_all_and_shows_more_as_one_scrolls(open_page: Open, world: World) -> None:
    page = await open_page(world)
    await expect(page.page.get_by_text("2,050 assets").first).to_be_visible()
    await expect(_table(page).get_by_role("link", name="crm.consents", exact=True)).to_be_visible()
    await expect(_table(page)).to_have_attribute("aria-rowcount", "101")
    await page.page.get_by_role("region", name="Assets").evaluate("box => box.scrollTo(0, box.scrollHeight)")
    await expect(_table(page)).to_have_attribute("aria-rowcount", "201")


async def test_a_text_is_found_wherever_it_stands(open_page: Open, world: World) -> None:
    """Behind two thousand others, in a description, an owner or a tag."""
    page = await open_page(world)
    text = page.page.get_by_label("Text in the id")
    for written, found in (("weekly_board", 1), ("logistics", 5), ("published", 7), ("pii", 3)):
        await text.fill(written)
        await expect(page.page.get_by_text(f"{found} asset").first).to_be_visible()
        await expect(_table(page)).to_have_attribute("aria-rowcount", str(found + 1))
        assert f"text={written}" in page.address


async def test_filters_hold_at_once_and_stand_in_the_address(open_page: Open, world: World) -> None:
    page = await open_page(world)
    await page.page.get_by_label("Workflow", exact=True).fill("model-training")
    await page.page.get_by_label("State").select_option("Stale")
    rows = _table(page).get_by_role("link", name="models.")
    await expect(rows).to_have_count(4)
    await page.page.get_by_label("Newest production").select_option("More than a week ago")
    await expect(page.heading("No asset is like this")).to_be_visible()
    await page.button("Show all assets").click()
    await expect(page.page.get_by_text("2,050 assets").first).to_be_visible()
    assert page.address == "/"
    await page.page.get_by_label("Partitions").select_option("Partitioned")
    await expect(_table(page)).to_have_attribute("aria-rowcount", "3")
    again = await open_page(world, page.address)
    await expect(_table(again).get_by_role("link", name="reports.daily_sales")).to_be_visible()
    await expect(_table(again)).to_have_attribute("aria-rowcount", "3")


async def test_a_slash_searches_assets_steps_and_workflows(open_page: Open, world: World) -> None:
    page = await open_page(world, "/runs")
    await page.press("/")
    await page.page.keyboard.type("weekly_b")
    await expect(page.page.get_by_role("option", name="reports.weekly_board asset")).to_be_visible()
    await page.press("Enter")
    await expect(page.heading("reports.weekly_board").first).to_be_visible()
    await page.press("/")
    await page.page.keyboard.type("look at the")
    await page.page.get_by_role("option", name="Look at the stock step of reporting").click()
    assert page.address == "/workflows/reporting/steps?step=stock"
    await page.press("/")
    await page.page.keyboard.type("no such thing")
    await expect(page.page.get_by_text("Nothing holds “no such thing”.")).to_be_visible()
