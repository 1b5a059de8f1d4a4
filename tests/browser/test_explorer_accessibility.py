"""Every view in both widths and both themes: axe finds nothing, nothing is cut, nothing scrolls sideways."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open, leave_out
from tests.browser.explorer import NARROW, WIDE, Explorer
from tests.browser.world import World, ago

AXE = Path(__file__).parents[2] / "ui" / "explorer" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

RUN = """async only => {
    const { violations } = await axe.run(document, { runOnly: only, resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => [id, nodes.map(({ target, failureSummary }) => [target, failureSummary])]);
}"""

SIDEWAYS = "document.documentElement.scrollWidth > window.innerWidth"

VIEWS = {
    "catalogue": "/",
    "catalogue, nothing found": "/?text=nothing-holds-this",
    "lineage": "/assets/dwh.orders",
    "lineage, chosen": "/assets/dwh.orders?chosen=asset%3Adwh.orders",
    "lineage, grouped, with steps": "/assets/crm.customers?groups=1&steps=1",
    "lineage, changes": f"/assets/raw.order_lines?depth=2&since={ago(days=1)}",
    "lineage as a list": "/assets/dwh.orders?as=list",
    "overview": "/assets/raw.payments/overview",
    "history": "/assets/raw.payments/history",
    "impact": "/assets/raw.payments/impact",
    "version": "/versions/{invalid}",
    "provenance": "/versions/{invalid}?view=provenance",
    "comparison": "/compare?from={invalid}&to={newest}",
    "runs": "/runs",
    "run": "/runs/payments-import-2026-03-02T0206",
    "workflows": "/workflows",
    "workflow": "/workflows/reporting",
    "steps": "/workflows/reporting/steps",
    "runs of a workflow": "/workflows/reporting/runs",
    "revisions": "/workflows/warehouse-build/revisions",
    "events": "/events",
    "events, filtered": "/events?kinds=expired,runs&asset=raw.*",
    "events, nothing found": "/events?asset=nothing-begins-so*",
    "requests, none": "/requests",
    "gate": "/gate?assets=dwh.payments&upstream=yes&strict=yes",
    "webhooks": "/webhooks",
    "no such asset": "/assets/none",
}

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def versions(world: World) -> dict[str, str]:
    """Ids of two versions of the payments."""
    question = '{ asset(id: "raw.payments") { history(first: 10) { nodes { snapshotId valid } } } }'
    nodes = httpx.post(f"{world.url}/graphql", json={"query": question}).json()["data"]["asset"]["history"]["nodes"]
    invalid = next(node["snapshotId"] for node in nodes if not node["valid"])
    return {"newest": nodes[0]["snapshotId"], "invalid": invalid}


async def _violations(page: Explorer, rules: list[str] | None = None) -> list[Any]:
    """What axe finds, by the rules of `TAGS` or these alone."""
    only = {"type": "tag", "values": TAGS} if rules is None else {"type": "rule", "values": rules}
    found: list[Any] = await page.page.evaluate(RUN, only)
    return found


@pytest.mark.parametrize("view", VIEWS)
async def test_a_view(open_page: Open, world: World, versions: dict[str, str], view: str) -> None:
    if not AXE.is_file():
        leave_out("axe-core is not there: run scripts/build-ui")
    path = VIEWS[view].format(**versions)
    # The strict policy would keep axe out; it is held in every other test.
    page = await open_page(world, path, color_scheme="light", bypass_csp=True, reduced_motion="reduce")
    await page.page.add_script_tag(path=AXE)
    for size in (WIDE, NARROW):
        await page.page.set_viewport_size(size)
        await page.settle()
        for scheme, rules in (("light", None), ("dark", ["color-contrast"])):
            await page.page.emulate_media(color_scheme=scheme)
            found = await _violations(page, rules)
            assert found == [], f"{scheme}, {size['width']}: {json.dumps(found, indent=1)}"
        await page.page.emulate_media(color_scheme="light")
        assert not await page.page.evaluate(SIDEWAYS), f"scrolls sideways at {size['width']}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_help_search_and_menu(open_page: Open, world: World, scheme: str) -> None:
    page = await open_page(world, "/assets/crm.segments", color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    await page.page.add_script_tag(path=AXE)
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    await page.press("?")
    await expect(page.page.get_by_role("dialog")).to_be_visible()
    assert await _violations(page) == []
    await page.press("Escape")
    await page.button("More").click()
    await expect(page.page.get_by_role("menu")).to_be_visible()
    assert await _violations(page) == []
    await page.press("Escape", "/")
    await page.page.keyboard.type("orders")
    await expect(page.page.get_by_role("option").first).to_be_visible()
    assert await _violations(page) == []


async def test_the_theme_is_chosen_and_kept(open_page: Open, world: World) -> None:
    page = await open_page(world, "/", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = await page.page.evaluate(ground)
    await page.button(re.compile("^Theme: system")).click()
    await page.button(re.compile("^Theme: light")).click()
    await expect(page.button(re.compile("^Theme: dark"))).to_be_visible()
    dark = await page.page.evaluate(ground)
    assert dark != light
    await page.page.reload()
    await expect(page.button(re.compile("^Theme: dark"))).to_be_visible()
    assert await page.page.evaluate(ground) == dark
