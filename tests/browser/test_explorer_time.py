"""Then instead of now, and what differs."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.explorer import starts
from tests.browser.world import World, ago

pytestmark = pytest.mark.anyio


async def test_the_input_goes_to_an_instant(open_page: Open, world: World) -> None:
    """Two weeks ago the warehouse knew no inventory, and its orders were at another version."""
    page = await open_page(world, "/assets/dwh.products?direction=downstream")
    await expect(page.card("dwh.inventory")).to_be_visible()
    await page.button("Time").click()
    await (
        page.page.get_by_label("As of")
        .and_(page.page.locator("input[type=datetime-local]"))
        .fill("2026-02-16T12:00:00")
    )
    await expect(page.summary).to_contain_text("as of 16 Feb 2026, 12:00:00")
    await expect(page.card("dwh.inventory")).to_have_count(0)
    await expect(page.card("dwh.products")).to_contain_text("v10")
    again = await open_page(world, page.address)
    await expect(again.card("dwh.products")).to_contain_text("v10")
    await page.button("Now").click()
    await expect(page.card("dwh.inventory")).to_be_visible()


async def test_the_slider_and_its_stops(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/dwh.products?direction=downstream")
    await page.button("Time").click()
    slider = page.page.get_by_role("slider", name="As of")
    await expect(slider).to_have_attribute("aria-valuetext", "now")
    await expect(page.button("Back to 2 Mar 2026, 06:00:00: dwh.products: version 24", exact=False)).to_be_visible()
    await slider.focus()
    await page.press("Home")
    await expect(page.summary).to_contain_text("as of 4 Feb 2026")
    await expect(page.card("dwh.products")).to_contain_text("never produced")
    await page.press("End")
    await expect(page.summary).not_to_contain_text("as of")
    await page.button("Back to 2 Mar 2026, 06:00:00: dwh.products: version 24", exact=False).click()
    await expect(page.summary).to_contain_text("as of 2 Mar 2026, 06:00:00")


async def test_an_instant_before_everything_is_empty_and_no_error(open_page: Open, world: World) -> None:
    page = await open_page(world, f"/assets/dwh.products?at={ago(days=300)}")
    await expect(page.page.get_by_text("as of 6 May 2025", exact=False)).to_be_visible()
    await expect(page.cards).to_have_count(0)
    await page.button("Now").click()
    await expect(page.card("dwh.products")).to_be_visible()


async def test_changes_are_added_gone_and_changed(open_page: Open, world: World) -> None:
    page = await open_page(world, f"/assets/raw.order_lines?depth=all&direction=downstream&since={ago(days=1)}")
    for asset, sign in (
        ("dashboards.marketing", "added"),
        ("dwh.legacy_orders", "gone"),
        ("dwh.orders", "changed"),
    ):
        said = starts(f"{asset}, {sign} between the two instants")
        await expect(page.card(asset)).to_have_accessible_name(said)
    await expect(page.card("models.churn")).to_have_accessible_name(starts("models.churn, Stale"))
    await expect(page.card("dwh.orders")).to_contain_text("v23 → v24")
    await expect(page.card("dwh.legacy_orders")).to_contain_text("−")
    again = await open_page(world, page.address)
    await expect(again.summary).to_contain_text("+ 1 added− 2 gone")
