"""The page at `/`: what is served to whom, with and without its build. No database is asked."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app import explorer
from app.http import create_token
from app.main import make_app
from app.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build with one file, and one that is no part of it."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>built</title>")
    (tmp_path / "assets" / "index-1.js").write_text("1")
    (tmp_path / "secret").write_text("2")
    monkeypatch.setattr(explorer.PAGE, "folder", tmp_path)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token of a service that asks for one."""
    _, line = create_token("reader", ["read"])
    app = make_app(Settings(tokens=line))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.usefixtures("built")
async def test_the_page_is_open_strict_and_asked_for_anew(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "built" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "frame-ancestors 'none'" in policy
    assert (await client.head("/")).status_code == 200


@pytest.mark.usefixtures("built")
async def test_its_files_are_kept_by_browsers_and_nothing_else_is_served(client: httpx.AsyncClient) -> None:
    found = await client.get("/explorer/assets/index-1.js")
    assert (found.text, found.headers["cache-control"]) == ("1", "public, max-age=31536000, immutable")
    for path in ("assets/none.js", "assets/../secret", "assets/%2e%2e/secret"):
        answer = await client.get(f"/explorer/{path}")
        assert answer.status_code in (401, 404), path
        assert "2" not in answer.text.splitlines()


@pytest.mark.usefixtures("built")
async def test_the_data_is_not_open(client: httpx.AsyncClient) -> None:
    for answer in (await client.post("/"), await client.get("/workflows"), await client.get("/explorer/secret")):
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


async def test_without_the_build_the_page_says_how(
    client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explorer.PAGE, "folder", tmp_path / "none")
    answer = await client.get("/")
    assert answer.status_code == 200
    assert "scripts/build-ui" in answer.text
    assert 'href="/graphql"' in answer.text
    assert (await client.get("/explorer/assets/index-1.js")).status_code == 404
