"""An asset's history, two versions next to each other, and where a version comes from and went."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.world import World

pytestmark = pytest.mark.anyio


async def test_any_two_versions_are_compared(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/raw.payments/history")
    for version in ("v23", "v21"):
        await page.page.get_by_role("checkbox", name=f"Compare {version}").check()
    await page.button("Compare the two").click()
    await expect(page.heading("v21 → v23")).to_be_visible()
    differences = page.page.get_by_role("table", name="Differences: payload")
    await expect(differences).to_contain_text('"fees": "unknown"')
    await expect(differences.get_by_role("row").filter(has_text="total")).to_contain_text("-3")
    await page.button("Swap").click()
    await expect(page.heading("v23 → v21")).to_be_visible()


async def test_a_number_is_charted_and_told_as_a_table(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/models.churn/history")
    await page.page.get_by_role("combobox", name="Number").select_option("metrics.auc")
    await expect(page.page.get_by_role("img", name=re.compile("auc"))).to_be_visible()
    await page.button("Table").click()
    await expect(page.page.get_by_role("table").filter(has_text="metrics.auc").last).to_contain_text("0.8")


async def test_a_version_that_does_not_fit_its_schema_says_where(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/raw.payments/history")
    row = page.page.get_by_role("table", name="Versions").get_by_role("row").filter(has_text="Invalid")
    await expect(row).to_contain_text("v21")
    await row.get_by_role("link", name="v21").click()
    link = page.page.get_by_role("link", name="Open, with its provenance")
    await link.click()
    await expect(page.heading("raw.payments v21")).to_be_visible()
    await expect(page.page.get_by_text("'unknown' is not of type 'number'")).to_be_visible()
    await expect(page.page.get_by_text(re.compile("is less than the minimum of 0"))).to_be_visible()
    await page.page.get_by_role("link", name="Newer: v22").click()
    await expect(page.heading("raw.payments v22")).to_be_visible()


async def test_what_was_made_from_a_bad_version(open_page: Open, world: World) -> None:
    """Downstream the invalid payments reached the report of that night; upstream it was made from nothing."""
    page = await open_page(world, "/assets/raw.payments/history")
    await page.page.get_by_role("table", name="Versions").get_by_role("link", name="v21").click()
    await page.page.get_by_role("link", name="Open, with its provenance").click()
    await page.page.get_by_role("link", name="Provenance", exact=True).click()
    table = page.page.get_by_role("table", name="Provenance")
    await page.button("List").click()
    for asset in ("dwh.payments", "marts.revenue", "dashboards.sales"):
        await expect(table.get_by_role("row").filter(has_text=asset).first).to_contain_text("v21")
    await page.page.get_by_role("link", name="dashboards.sales").first.click()
    await expect(page.heading("dashboards.sales").first).to_be_visible()


async def test_where_a_version_comes_from(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/marts.revenue/history")
    await page.page.get_by_role("link", name="Open, with its provenance").click()
    await page.page.get_by_role("link", name="Provenance", exact=True).click()
    await page.button("Made from").click()
    await page.button("List").click()
    table = page.page.get_by_role("table", name="Provenance")
    await expect(table.get_by_role("row").filter(has_text="raw.payments").first).to_contain_text("v24")
    await expect(table).not_to_contain_text("dashboards.sales")


async def test_what_came_late_is_not_the_newest(open_page: Open, world: World) -> None:
    """Told four days late, produced six days ago: it stands where it belongs, with a number of its own."""
    page = await open_page(world, "/assets/raw.refunds/history")
    table = page.page.get_by_role("table", name="Versions")
    await expect(table.get_by_role("link", name="v25")).to_be_visible()
    order = await table.get_by_role("link", name=re.compile(r"^v\d+$")).all_inner_texts()
    assert order[:9].index("v22") < order[:9].index("v18")
    await expect(page.page.get_by_text("v25").first).to_be_visible()
