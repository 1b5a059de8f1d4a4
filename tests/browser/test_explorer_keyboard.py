"""Everything without a mouse."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.explorer import Explorer
from tests.browser.world import World

pytestmark = pytest.mark.anyio

FOCUS = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
        name: element.getAttribute('aria-label') || element.textContent || element.id,
        seen: box.width > 0 && box.height > 0,
        ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
    };
}"""


async def focused(page: Explorer) -> str | None:
    """The name of what has the focus; it must be seen to have it."""
    found = await page.page.evaluate(FOCUS)
    if found is None:
        return None
    assert found["seen"], found
    assert found["ring"], found
    return str(found["name"])


async def test_arrows_walk_the_graph(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    await page.press("ArrowRight")
    await expect(page.card("crm.segments")).to_be_focused()
    await page.press("ArrowRight")
    await expect(page.card("dashboards.marketing")).to_be_focused()
    await expect(page.page.get_by_role("complementary", name="dashboards.marketing")).to_be_visible()
    await page.press("ArrowLeft", "ArrowLeft")
    await expect(page.card("crm.customers")).to_be_focused()
    await page.press("e")
    await expect(page.card("raw.customers")).to_be_visible()
    await expect(page.card("crm.customers")).to_be_focused()
    await page.press("ArrowLeft")
    await expect(page.card("raw.customers")).to_be_focused()
    await page.press("ArrowRight", "c")
    await expect(page.card("raw.customers")).to_have_count(0)
    await page.press("Escape")
    await expect(page.page.get_by_role("complementary")).to_have_count(0)


async def test_enter_goes_to_the_chosen_asset(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    await page.press("ArrowRight", "ArrowRight")
    await expect(page.card("dashboards.marketing")).to_be_focused()
    await page.press("Enter")
    await expect(page.heading("dashboards.marketing").first).to_be_visible()
    assert page.address.startswith("/assets/dashboards.marketing")


async def test_search_list_fit_zoom_and_help_have_keys(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    width = "() => document.querySelector('.react-flow__node').getBoundingClientRect().width"
    before = await page.page.evaluate(width)
    await page.press("+")
    await page.page.wait_for_function(f"before => ({width})() > before", arg=before)
    await page.press("f")
    await page.press("l")
    await expect(page.page.get_by_role("table", name="Assets of the picture")).to_be_visible()
    await page.press("l")
    await page.press("?")
    help = page.page.get_by_role("dialog", name="Keys and signs")
    await expect(help).to_be_visible()
    await page.press("Escape")
    await expect(help).to_be_hidden()
    await page.press("/")
    await expect(page.page.get_by_role("combobox", name="Search assets, workflows and steps")).to_be_focused()
    await page.page.keyboard.type("churn")
    await expect(page.page.get_by_role("option").first).to_be_visible()
    await expect(page.page.get_by_role("option", name="models.churn asset")).to_have_attribute(
        "data-active-item", "true"
    )
    await page.press("Enter")
    await expect(page.heading("models.churn").first).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/", "/assets/dwh.orders", "/assets/raw.payments/impact", "/runs", "/workflows/reporting"]
)
async def test_tab_goes_through_everything_and_is_seen(open_page: Open, world: World, path: str) -> None:
    """The first stop skips to the content; no stop is without a name or a ring, and none holds the focus."""
    page = await open_page(world, path)
    await page.page.wait_for_load_state("networkidle")
    names = []
    for _ in range(60):
        await page.press("Tab")
        name = await focused(page)
        if name is None:
            break
        names.append(name)
    assert names[0] == "Skip to the content"
    assert any(name == "Assets" for name in names)
    assert len(set(names)) > 8


async def test_a_view_is_read_from_its_heading_on_after_a_link(open_page: Open, world: World) -> None:
    """A link followed by the keyboard does not lose the focus to nowhere that keys could not go on from."""
    page = await open_page(world, "/workflows")
    await page.page.get_by_role("link", name=re.compile("Reporting")).first.focus()
    await page.press("Enter")
    await expect(page.heading("Reporting")).to_be_visible()
    await page.press("Tab")
    assert await focused(page)
