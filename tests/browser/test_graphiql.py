"""GraphiQL in a real browser: every file from the service, nothing in its console, a query and its answer."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from starlette.types import ASGIApp

from app.graphql import graphiql
from app.http import create_token, parse_tokens
from tests.browser.conftest import refuse_or_skip
from tests.graphql_execution.client import make_app

Serve = Callable[[ASGIApp], AbstractContextManager[str]]


@pytest.fixture(autouse=True)
def build() -> None:
    if not (graphiql.STATIC / "index.html").is_file():
        refuse_or_skip("GraphiQL is not built: run scripts/build-graphiql")


@pytest.fixture
def examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the sample schema."""
    (tmp_path / "1.graphql").write_text('query Hello {\n  hello(name: "browser")\n}\n')
    (tmp_path / "2.graphql").write_text("query Books {\n  books(count: 2) { id title }\n}\n")
    monkeypatch.setattr(graphiql, "EXAMPLES", tmp_path)


class Visit:
    """A page, with what it asked for and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield Visit(context.new_page())
    context.close()


def test_a_query_is_written_checked_and_answered(visit: Visit, serve: Serve, examples: None, tmp_path: Path) -> None:
    page = visit.page
    with serve(make_app()) as url:
        page.goto(f"{url}/graphql")
        tabs = page.locator(".graphiql-tab")
        expect(tabs).to_have_count(2)
        expect(tabs.nth(0)).to_contain_text("Hello")
        page.locator(".graphiql-execute-button").click()
        expect(page.locator(".graphiql-response")).to_contain_text("hello browser")
        tabs.nth(1).locator("button").first.click()
        page.locator(".graphiql-execute-button").click()
        expect(page.locator(".graphiql-response")).to_contain_text("title 1")
        page.get_by_label("Show Documentation Explorer").click()
        expect(page.locator(".graphiql-doc-explorer")).to_contain_text("Query")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=tmp_path / "graphiql.png")
        # Monaco's workers, so that the editor checks what is written against the schema.
        assert any("graphql.worker" in request for request in visit.requests)
        assert [request for request in visit.requests if not request.startswith((url, "data:", "blob:"))] == []
        assert visit.complaints == []


def test_with_tokens_the_page_asks_for_one(visit: Visit, serve: Serve, examples: None) -> None:
    secret, line = create_token("browser", ["read"])
    page = visit.page
    with serve(make_app(tokens=parse_tokens(line))) as url:
        page.goto(f"{url}/graphql")
        headers = page.locator('.graphiql-editor-tool section[aria-label="Headers"]')
        expect(headers).to_contain_text("Bearer")
        page.locator(".graphiql-execute-button").click()
        expect(page.locator(".graphiql-response")).to_contain_text("unauthorized")
        page.evaluate(
            "token => monaco.editor.getModels().find(model => model.uri.path.includes('header'))"
            ".setValue(JSON.stringify({Authorization: `Bearer ${token}`}))",
            secret,
        ) if page.evaluate("typeof monaco") == "object" else None
        assert secret not in page.evaluate("JSON.stringify(localStorage)")
