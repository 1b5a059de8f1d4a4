"""GraphiQL in a real browser: every file from the service, nothing in its console, a query and its answer."""

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from app.graphql import graphiql
from app.http import create_token, parse_tokens
from graph.address import Address
from graph.database import Database
from tests.browser.conftest import leave_out
from tests.browser.explorer import Visit
from tests.browser.test_explorer_live import tell
from tests.browser.world import served
from tests.conftest import Serve
from tests.graphql_execution.client import make_app

PASTE = """text => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(event);
}"""

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def build() -> None:
    if not (graphiql.PAGE.folder / "index.html").is_file():
        leave_out("GraphiQL is not built: run scripts/build-ui")


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the sample schema."""
    (tmp_path / "1.graphql").write_text('query Hello {\n  hello(name: "browser")\n}\n')
    (tmp_path / "2.graphql").write_text("query Books {\n  books(count: 2) { id title }\n}\n")
    monkeypatch.setattr(graphiql, "EXAMPLES", tmp_path)


async def ask(page: Page, expected: str) -> None:
    """Press the button until the answer holds the text; GraphiQL notes a new tab's operation a moment late."""
    for _ in range(10):
        await page.locator(".graphiql-execute-button").click()
        try:
            await expect(page.locator(".graphiql-response")).to_contain_text(expected, timeout=1000)
        except AssertionError:
            continue
        return
    pytest.fail(await page.locator(".graphiql-response").inner_text())


@pytest.mark.usefixtures("examples")
async def test_a_query_is_written_checked_and_answered(visit: Visit, serve: Serve) -> None:
    page = visit.page
    async with serve(make_app()) as url:
        await page.goto(f"{url}/graphql")
        tabs = page.locator(".graphiql-tab")
        await expect(tabs).to_have_count(2)
        await expect(tabs.nth(0)).to_contain_text("Hello")
        await ask(page, "hello browser")
        await tabs.nth(1).locator("button").first.click()
        await ask(page, "title 1")
        await page.get_by_label("Show Documentation Explorer").click()
        await expect(page.locator(".graphiql-doc-explorer")).to_contain_text("Query")
        await page.wait_for_load_state("networkidle")
        # Monaco's worker, which checks what is written against the schema.
        assert any("graphql.worker" in request for request in visit.requests)
        assert [request for request in visit.requests if not request.startswith((f"{url}/", "data:"))] == []
        assert visit.complaints == []


@pytest.mark.usefixtures("examples")
async def test_with_tokens_the_page_asks_for_one_and_keeps_it_to_itself(visit: Visit, serve: Serve) -> None:
    secret, line = create_token("browser", ["read"])
    page = visit.page
    async with serve(make_app(tokens=parse_tokens(line))) as url:
        await page.goto(f"{url}/graphql")
        headers = page.get_by_role("region", name="Headers").locator(".graphiql-editor:not(.hidden) .view-lines")
        await expect(headers).to_contain_text("<token>")
        await ask(page, "unauthorized")
        await headers.click()
        await page.keyboard.press("Control+A")
        await page.keyboard.press("Delete")
        # Pasted: the editor adds closing brackets and quotes for those who type.
        await page.evaluate(PASTE, f'{{"Authorization": "Bearer {secret}"}}')
        await ask(page, "hello browser")
        assert secret not in await page.evaluate("JSON.stringify(localStorage)")


async def test_a_subscription_is_answered_as_it_goes(
    visit: Visit, database: Database, address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "1.graphql").write_text("subscription Everything {\n  events(after: 0) { cloudEvent }\n}\n")
    monkeypatch.setattr(graphiql, "EXAMPLES", tmp_path)
    with served(address) as world:
        tell(world)
        await visit.page.goto(f"{world.url}/graphql")
        await ask(visit.page, '"specversion"')
        assert visit.complaints == []
