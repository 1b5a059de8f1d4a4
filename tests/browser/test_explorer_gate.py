"""A gate in the explorer: what is asked stands in the address, and what is against an asset beside it."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.world import World

pytestmark = pytest.mark.anyio


async def test_it_says_what_is_in_the_way(open_page: Open, world: World) -> None:
    page = await open_page(world, "/gate")
    await expect(page.page.get_by_text("Which assets must be good?")).to_be_visible()
    await page.page.get_by_label("Assets: ids with spaces between them").fill("dwh.payments raw.payments")
    outcome = page.page.get_by_role("status").filter(has_text="As of")
    await expect(outcome).to_contain_text("2 assets")
    await page.button("Upstream too").click()
    await page.button("Valid only").click()
    await expect(
        page.page.get_by_text("lineage check dwh.payments raw.payments --require-valid --upstream")
    ).to_be_visible()
    await expect(outcome).to_contain_text("All 8 assets pass.")
    await page.button("Strict").click()
    await expect(outcome).to_contain_text("1 of 8 assets does not pass.")
    first = page.page.get_by_role("list", name="Assets that were looked at").get_by_role("listitem").first
    await expect(first).to_contain_text("raw.chargebacks")
    await expect(first).to_contain_text("Nothing is declared of how long it is good")
    await page.page.reload()
    await expect(outcome).to_contain_text("1 of 8 assets does not pass.")
    await page.page.get_by_label("Newest version").select_option("An hour old at most")
    await expect(outcome).to_contain_text("8 of 8 assets do not pass.")


async def test_an_asset_leads_there_and_what_nobody_knows_is_told(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/dwh.payments/overview")
    page.expected.append("404")
    await page.page.get_by_role("link", name="Check with upstream").click()
    await expect(page.page.get_by_text("All 8 assets pass.")).to_be_visible()
    await page.page.get_by_label("Assets: ids with spaces between them").fill("nobody")
    await expect(page.page.get_by_role("alert")).to_contain_text("nobody")
