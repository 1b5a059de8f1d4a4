"""The page for people: what is served to whom, with and without its build."""

import re
from pathlib import Path

import pytest

from app.graphql import graphiql
from app.http import create_token, parse_tokens
from tests.graphql_execution.client import Client, code, make_app

pytestmark = pytest.mark.anyio

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A build with one file."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>built</title>")
    (tmp_path / "assets" / "main-1.js").write_text("1")
    (tmp_path / "secret").write_text("2")
    monkeypatch.setattr(graphiql.PAGE, "folder", tmp_path)
    return tmp_path


async def test_a_browser_gets_the_page_and_a_program_its_answer(built: Path) -> None:
    client = Client(make_app(), Accept=BROWSER)
    answer = await client.get()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "built" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; ")
    assert "Accept" in answer.headers["vary"]
    assert (await Client(make_app()).get(query="{ hello }")).json() == {"data": {"hello": "hello world"}}


async def test_files_are_kept_by_browsers_and_nothing_else_is_served(built: Path) -> None:
    client = Client(make_app())
    found = await client.http.get("/graphql/static/assets/main-1.js")
    assert (found.text, found.headers["cache-control"]) == ("1", "public, max-age=31536000, immutable")
    for path in ("assets/none.js", "secret", "index.html", "assets/../secret", "assets/%2e%2e/secret"):
        answer = await client.http.get(f"/graphql/static/{path}")
        assert answer.status_code == 404, path


async def test_without_the_build_the_page_says_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphiql.PAGE, "folder", tmp_path / "none")
    client = Client(make_app(), Accept=BROWSER)
    answer = await client.get()
    assert answer.status_code == 200
    assert "scripts/build-ui" in answer.text
    assert (await client.http.get("/graphql/static/assets/main.js")).status_code == 404


async def test_the_page_is_open_but_the_data_is_not(built: Path) -> None:
    _, line = create_token("reader", ["read"])
    app = make_app(tokens=parse_tokens(line))
    browser, program = Client(app, Accept=BROWSER), Client(app)
    assert (await browser.get()).status_code == 200
    assert (await browser.get(query="{ hello }")).headers["content-type"].startswith("text/html")
    assert (await program.http.get("/graphql/static/assets/main-1.js")).status_code == 200
    assert (await program.http.get("/graphql/examples")).json()["tokens"] is True
    for answer in (
        await program.get(query="{ hello }"),
        await browser.post("{ hello }"),
        await program.http.get("/graphql/other"),
        await program.http.post("/graphql/examples"),
    ):
        assert (answer.status_code, code(answer)) == (401, "unauthorized")


async def test_every_example_is_in_a_tab() -> None:
    answer = (await Client(make_app()).http.get("/graphql/examples")).json()
    assert answer["tokens"] is False
    assert len(answer["examples"]) == len(list(graphiql.EXAMPLES.glob("*.graphql"))) > 0
    operation = re.compile(r"^(query|mutation|subscription) \w+", re.MULTILINE)
    assert all(operation.search(example) for example in answer["examples"])
