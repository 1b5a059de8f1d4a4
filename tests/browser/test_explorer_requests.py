"""Partitions in a strip, marked, cleared and asked for again; the queue of requests, called off and retried."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from playwright.async_api import expect

from graph.address import Address
from graph.database import Database
from tests.browser.conftest import Open
from tests.browser.world import World, served
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

DAILY = {"type": "timeWindow", "granularity": "day", "lookbackWindows": 10}
SALES = workflow("sales", step("sum", produces=[{"assetId": "sales.daily", "partitioning": DAILY}]))
MADE = ("2026-02-26", "2026-02-27", "2026-03-01", "2026-03-02")


@pytest.fixture
async def world(database: Database, address: Address) -> AsyncIterator[World]:
    """Daily sales, with a gap on the last day of February."""
    with served(address) as world:
        with httpx.Client(base_url=world.url) as http:
            http.put("/workflows/sales", json=SALES).raise_for_status()
            for day in MADE:
                run = http.post("/workflows/sales/runs", json={"partitionKey": day}).json()["data"]["id"]
                body = produced({"assetId": "sales.daily", "payload": {"day": day}, "partitionKey": day})
                http.post(f"/workflow-runs/{run}/steps/sum/report", json=body).raise_for_status()
        yield world


def post(world: World, path: str, **body: Any) -> Any:
    return httpx.post(f"{world.url}{path}", json=body).raise_for_status().json()["data"]


async def test_the_gap_is_seen_and_asked_for(world: World, open_page: Open) -> None:
    page = await open_page(world, "/assets/sales.daily/overview")
    strip = page.page.get_by_role("toolbar", name="Partitions, one field each")
    fields = strip.get_by_role("button")
    await expect(fields).to_have_count(10)
    await expect(fields.last).to_have_accessible_name("2026-03-02: Produced")
    gap = strip.get_by_role("button", name="2026-02-28: Missing")
    await gap.focus()
    await page.press("ArrowRight")
    await expect(strip.get_by_role("button", name="2026-03-01: Produced")).to_be_focused()
    await page.press("ArrowLeft", "Enter")
    await expect(gap).to_have_attribute("aria-pressed", "true")
    await page.button("Rerun").click()
    await page.page.get_by_role("link", name="the queue").click()
    row = page.page.get_by_role("table", name="Requests for runs").get_by_role("row").nth(1)
    await expect(row).to_contain_text("Waiting")
    await expect(row).to_contain_text("2026-02-28")


async def test_a_partition_is_marked_and_cleared(world: World, open_page: Open) -> None:
    page = await open_page(world, "/assets/sales.daily/overview")
    strip = page.page.get_by_role("toolbar", name="Partitions, one field each")
    await strip.get_by_role("button", name="2026-02-27: Produced").click()
    await page.button("Mark partition stale").click()
    await expect(strip.get_by_role("button", name="2026-02-27: Stale")).to_be_visible()
    await page.button("Clear the mark of sales on the partition 2026-02-27").click()
    await expect(strip.get_by_role("button", name="2026-02-27: Produced")).to_be_visible()


async def test_the_queue_goes_along_and_what_failed_is_retried(world: World, open_page: Open) -> None:
    page = await open_page(world, "/requests")
    await expect(page.page.get_by_text("Nobody has asked for a run")).to_be_visible()
    post(world, "/workflows/sales/run", partitionKey="2026-02-28", maxAttempts=1, triggeredBy="ann")
    row = page.page.get_by_role("table", name="Requests for runs").get_by_role("row").nth(1)
    await expect(row).to_contain_text("Waiting")
    [claimed] = post(world, "/run-requests/claim", owner="worker-1")
    await expect(row).to_contain_text("by worker-1")
    request, fence = claimed["request"]["id"], claimed["request"]["fence"]
    post(world, f"/run-requests/{request}/complete", fence=fence, status="failed", errorMessage="no such table")
    await expect(row).to_contain_text("no such table")
    await page.button(f"Retry {request}").click()
    await expect(row).to_contain_text("Waiting")
    await page.button(f"Cancel {request}").click()
    await expect(row).to_contain_text("Canceled")
    await page.page.get_by_label("State").select_option("Failed")
    await expect(page.page.get_by_text("No request is like this")).to_be_visible()
    await page.button("Show all requests").click()
    await row.get_by_role("link", name=claimed["run"]["id"][:8]).or_(row.get_by_role("link").nth(1)).first.click()
    await expect(page.page.get_by_text("manual")).to_be_visible()
