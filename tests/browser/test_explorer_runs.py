"""Runs, and workflows with their revisions."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.world import World

pytestmark = pytest.mark.anyio


async def test_a_run_shows_every_attempt_with_what_it_read_and_left(open_page: Open, world: World) -> None:
    page = await open_page(world, "/runs/payments-import-2026-03-02T0206")
    attempts = page.page.get_by_role("region", name="Attempts")
    await expect(attempts).to_contain_text("attempt 3")
    await expect(attempts.get_by_text("The payment provider answered 503 Service Unavailable.")).to_have_count(2)
    await expect(attempts.get_by_text("Failed")).to_have_count(2)
    made = attempts.get_by_role("listitem").filter(has_text="raw.chargebacks")
    await made.get_by_role("link", name="v24").click()
    await expect(page.heading("raw.chargebacks v24")).to_be_visible()


async def test_all_runs_and_those_of_one_state(open_page: Open, world: World) -> None:
    page = await open_page(world, "/runs")
    table = page.page.get_by_role("table", name="Runs")
    await expect(table.get_by_role("row").filter(has_text="Pending")).to_have_count(1)
    await expect(table.get_by_role("row").filter(has_text="Running")).to_have_count(1)
    await page.page.get_by_label("Status").select_option("Failed")
    await expect(table.get_by_role("row")).to_have_count(2)
    await table.get_by_role("link").first.click()
    await expect(page.page.get_by_text("Out of memory").first).to_be_visible()


async def test_a_workflow_its_steps_and_runs(open_page: Open, world: World) -> None:
    page = await open_page(world, "/workflows")
    await page.page.get_by_role("link", name="Reporting").first.click()
    await expect(page.heading("Reporting")).to_be_visible()
    await expect(page.card("marts.revenue")).to_be_visible()
    await page.page.get_by_role("link", name="Steps", exact=True).click()
    await expect(page.page.get_by_text("Write to the board")).to_be_visible()
    await expect(page.page.get_by_text("Old numbers")).to_be_visible()  # of an earlier revision
    await page.page.get_by_role("navigation").get_by_role("link", name="Runs", exact=True).last.click()
    await expect(page.page.get_by_text("Running").first).to_be_visible()


async def test_revisions_and_their_differences(open_page: Open, world: World) -> None:
    page = await open_page(world, "/workflows/warehouse-build/revisions")
    await expect(page.page.get_by_text("step load-orders: produces dwh.legacy_orders")).to_be_visible()
    await expect(page.page.get_by_text("step load-orders: produces dwh.orders: is at most 2 d")).to_be_visible()
    await expect(
        page.page.get_by_text("step load-inventory: consumes raw.stock_levels, dwh.products; produces dwh.inventory")
    ).to_be_visible()
    difference = page.page.get_by_role("table", name=re.compile("Differences"))
    await expect(difference).to_contain_text('"maxAgeMs": 172800000')
    await page.page.get_by_label("Before").select_option("Revision 1")
    await expect(difference).to_contain_text("load-inventory")
