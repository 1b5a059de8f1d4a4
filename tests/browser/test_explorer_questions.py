"""The three questions that the page is made for, walked as a reader does, on each engine."""

import asyncio
import csv
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from graph.address import Address
from graph.database import Database
from graph.schema import ensure_schema
from tests.browser.conftest import Open
from tests.browser.explorer import starts
from tests.browser.world import World, ago, served, tell_shop
from tests.conftest import wipe

pytestmark = pytest.mark.anyio


async def _empty(address: Address) -> None:
    async with Database(address) as database:
        await ensure_schema(database)
        await wipe(database)


@pytest.fixture(scope="module", params=["embedded", "neo4j"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """The shop, on each engine."""
    if request.param == "embedded":
        yield request.getfixturevalue("shop")
        return
    address: Address = request.getfixturevalue("neo4j_address")
    asyncio.run(_empty(address))
    with served(address) as world:
        tell_shop(world)
        yield world


async def test_what_feeds_this(open_page: Open, world: World) -> None:
    """From the catalogue to the sales dashboard, hop by hop upstream, to the step that reads what came in."""
    page = await open_page(world)
    await page.page.get_by_label("Text in the id").fill("dashboards.sales")
    await page.page.get_by_role("link", name="dashboards.sales").click()
    await page.button("Upstream").click()
    marts = {"marts.daily_sales", "marts.revenue", "marts.customer_value"}
    await page.shows("dashboards.sales", *marts)
    await page.button("Show 3 more assets upstream of marts.revenue").click()
    await expect(page.card("dwh.payments")).to_be_visible()
    await page.button("All").click()
    for asset in ("raw.orders", "raw.payments", "raw.customers", "raw.products", "models.churn"):
        await expect(page.cards.locator(f'[title="{asset}"]')).to_have_count(1)
    await page.button("Steps").click()
    step = page.button("step Match payments with orders of Warehouse: build")
    await expect(step).to_be_attached()
    await page.press("f")
    await step.click()
    panel = page.page.get_by_role("complementary", name="Step Match payments with orders")
    await expect(panel.get_by_role("link", name="Warehouse: build")).to_be_visible()
    await panel.get_by_role("link", name="raw.payments").click()
    await expect(page.heading("raw.payments")).to_be_visible()


async def test_what_breaks_if_this_is_late(open_page: Open, world: World) -> None:
    """From an import to what stands on it, nearest first, and the table taken along."""
    page = await open_page(world, "/assets/raw.payments")
    await page.page.get_by_role("link", name="Impact").click()
    await expect(page.page.get_by_text("If it is late: 12 assets in 5 workflows, 12 steps.")).to_be_visible()
    await expect(page.page.get_by_text("1 hop: 3 assets")).to_be_visible()
    async with page.page.expect_download() as download:
        await page.button("CSV").click()
    path = await (await download.value).path()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assets = {row["id"]: row for row in rows if row["kind"] == "asset"}
    assert len(assets) == 12
    assert assets["marts.revenue"]["distance"] == "2"
    assert assets["marts.revenue"]["importance"] == "high"
    assert "reporting" in assets["reports.daily_sales"]["workflows"]
    await page.button("By workflow").click()
    await expect(page.page.get_by_text("Feature store").first).to_be_visible()
    await page.page.get_by_role("link", name="reports.weekly_board").click()
    await expect(page.heading("reports.weekly_board")).to_be_visible()


async def test_what_changed_since_yesterday(open_page: Open, world: World) -> None:
    """A day ago next to now: the old shop went, marketing got a dashboard, last night made new versions."""
    page = await open_page(world, "/assets/raw.orders?depth=all&direction=downstream")
    await page.button("Time").click()
    await page.page.get_by_label("Changes since").select_option("a day before")
    await expect(page.summary).to_contain_text("since 1 Mar 2026, 10:00:00: + 1 added− 2 gone")
    assert f"since={ago(days=1)[:16]}" in page.address.replace("%3A", ":")
    signs = {
        "dashboards.marketing": "added",
        "dwh.legacy_orders": "gone",
        "reports.legacy_kpis": "gone",
        "dwh.orders": "changed",
    }
    for asset, sign in signs.items():
        await expect(page.card(asset)).to_have_accessible_name(starts(f"{asset}, {sign} between the two instants, "))
    await page.button("List").click()
    row = page.page.get_by_role("row").filter(has_text="dwh.legacy_orders")
    await expect(row).to_contain_text("Gone")
