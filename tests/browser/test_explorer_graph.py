"""The canvas: what is shown, what is counted, and that a link holds all of it."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.world import World

pytestmark = pytest.mark.anyio


async def test_a_side_is_expanded_and_collapsed_by_its_count(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    await page.button("Show 2 more assets upstream of dashboards.marketing").click()
    wider = ("crm.segments", "crm.customers", "dashboards.marketing", "marts.customer_value", "models.recommendations")
    await page.shows(*wider)
    assert "open=up~dashboards.marketing" in page.address.replace("%7E", "~")
    await page.button("Show 1 more asset upstream of crm.customers").click()
    await page.shows(*wider, "raw.customers")
    await page.card("crm.customers").hover()
    await page.button("Hide what is upstream of crm.customers").click()
    await page.shows(*wider)
    await page.page.go_back()
    await page.shows(*wider, "raw.customers")


async def test_depth_and_direction(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.customers")
    await page.button("Downstream").click()
    await page.shows("crm.customers", "crm.segments", "dwh.customers")
    await page.button("One hop more").click()
    await expect(page.card("models.churn")).to_be_attached()
    await page.button("All").click()
    await expect(page.card("reports.daily_sales")).to_be_attached()
    await page.button("Upstream").click()
    await page.shows("crm.customers", "raw.customers")
    await expect(page.summary).to_contain_text("2 assets, 1 line")


async def test_what_lies_further_away_is_counted_and_shown_on_request(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await expect(page.summary).to_contain_text("1 more asset lies further away")
    await page.button("Show all").click()
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing", "raw.customers")
    await expect(page.summary).not_to_contain_text("further away")


async def test_the_way_between_two_assets(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/raw.refunds")
    await page.button("Way to …").click()
    await page.page.get_by_label("The other asset").fill("weekly_board")
    await page.page.get_by_role("option", name="reports.weekly_board").click()
    await expect(page.summary).to_contain_text(
        "between raw.refunds and reports.weekly_board; the shortest way has 3 hops"
    )
    shown = await page.shown()
    assert {"stg.payments", "dwh.payments", "marts.revenue"} <= shown
    assert "dashboards.sales" not in shown
    await page.button("Way to …").click()
    await expect(page.card("reports.weekly_board")).to_have_count(0)


async def test_no_way_between_two_assets_says_so(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/raw.refunds?to=l0.n0")
    await expect(page.page.get_by_text("No way leads from raw.refunds to l0.n0")).to_be_visible()
    await page.button("Back to the neighbours").click()
    await expect(page.card("dwh.payments")).to_be_visible()


async def test_groups_and_folds(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/dwh.payments?depth=all")
    await page.button("Group").click()
    box = page.button("workflow Payments: import; fold it")
    await expect(box).to_be_attached()
    await page.press("f")
    await box.click()
    folded = page.button("workflow Payments: import, 3 assets, folded; open it")
    await expect(folded).to_be_visible()
    await expect(page.card("raw.refunds")).to_have_count(0)
    assert "fold=payments-import" in page.address
    await folded.click()
    await expect(page.card("raw.refunds")).to_have_count(1)


async def test_steps_as_cards(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/dwh.inventory?direction=upstream")
    await page.shows("dwh.inventory", "dwh.products", "raw.stock_levels")
    await page.button("Steps").click()
    await expect(page.button("step Value the stock of Warehouse: build")).to_be_visible()
    await page.button("Steps").click()
    await expect(page.button("step Value the stock of Warehouse: build")).to_have_count(0)


async def test_observed_edges(open_page: Open, world: World) -> None:
    """What one run wrote and another read, declared by nobody."""
    page = await open_page(world, "/assets/dwh.payments?direction=upstream")
    await expect(page.card("raw.refunds")).to_be_visible()
    assert "raw.fx_rates" not in await page.shown()
    await page.page.get_by_label("Which edges count").select_option("Observed")
    await expect(page.card("raw.fx_rates")).to_be_visible()


async def test_a_link_holds_the_whole_view(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/dwh.payments?direction=upstream&depth=2")
    await page.button("Group").click()
    await page.button("Steps").click()
    await expect(page.button("step Match payments with orders of Warehouse: build")).to_be_attached()
    await page.press("f")
    await page.card("raw.refunds").click()
    await expect(page.page.get_by_role("complementary", name="raw.refunds")).to_be_visible()
    again = await open_page(world, page.address)
    await expect(again.page.get_by_role("complementary", name="raw.refunds")).to_be_visible()
    await expect(again.cards).to_have_count(await page.cards.count())
    assert await again.shown() == await page.shown()
    await expect(again.button("Group")).to_have_attribute("aria-pressed", "true")
    await expect(again.button("Steps")).to_have_attribute("aria-pressed", "true")


async def test_the_back_button_walks_through_the_views(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    await page.button("Upstream").click()
    await page.shows("crm.segments", "crm.customers")
    await page.button("List").click()
    await expect(page.page.get_by_role("table", name="Assets of the picture")).to_be_visible()
    await page.page.go_back()
    await page.shows("crm.segments", "crm.customers")
    await page.page.go_back()
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")


async def test_the_list_shows_the_same_and_expands_the_same(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments?as=list")
    rows = page.page.get_by_role("table", name="Assets of the picture").get_by_role("row")
    await expect(rows).to_have_count(4)
    await page.button("Show 2 more assets upstream of dashboards.marketing").click()
    await expect(rows).to_have_count(6)
    await page.button("Details of models.recommendations").click()
    await expect(page.page.get_by_role("complementary", name="models.recommendations")).to_contain_text("Stale")
    await page.button("Graph").click()
    await expect(page.cards).to_have_count(5)


async def test_the_panel_tells_why_and_leads_on(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/models.churn")
    await page.card("models.churn").click()
    panel = page.page.get_by_role("complementary", name="models.churn")
    await expect(panel).to_contain_text("was produced later")
    await expect(panel).to_contain_text("Train churn")
    await expect(panel).to_contain_text("metrics")
    await page.press("Escape")
    await expect(panel).to_have_count(0)


async def test_the_lattice_is_drawn_and_a_cut_says_so(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/wall?depth=all&direction=upstream")
    await expect(
        page.page.get_by_text("The picture is cut: these are the nearest 2,000 assets of 2,003")
    ).to_be_visible(timeout=30_000)
    await page.button(re.compile(r"Show the nearest \d+ hops? whole")).click()
    await expect(page.page.get_by_text("The picture is cut")).to_have_count(0)


async def test_a_thousand_assets(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/l0.n0?depth=all&direction=downstream")
    await expect(page.summary).to_contain_text("1,0", timeout=20_000)
    await expect(page.card("l0.n0")).to_be_visible()
