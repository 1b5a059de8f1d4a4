"""Nothing yet, nothing at all, something wrong, not allowed: each says so and leads on."""

import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from playwright.async_api import Route, expect

from app.http import create_token
from graph.address import Address
from graph.database import Database
from tests.browser.conftest import Open
from tests.browser.world import World, served

pytestmark = pytest.mark.anyio


@pytest.fixture
async def nothing(database: Database, address: Address) -> AsyncIterator[World]:
    """A service on an empty database, on each engine."""
    with served(address) as world:
        yield world


async def test_an_empty_service_says_how_to_begin(open_page: Open, nothing: World) -> None:
    page = await open_page(nothing)
    await expect(page.heading("No asset yet")).to_be_visible()
    await expect(page.page.get_by_text(f"curl -sS {nothing.url}/workflows/nightly")).to_be_visible()
    await page.page.get_by_role("link", name="Workflows").click()
    await expect(page.heading("No workflow yet")).to_be_visible()
    await page.page.get_by_role("link", name="Runs").click()
    await expect(page.heading("No run yet")).to_be_visible()


async def test_a_service_that_is_away_and_back(open_page: Open, world: World) -> None:
    page = await open_page(world, "/workflows")
    await expect(page.page.get_by_role("link", name="Reporting").first).to_be_visible()
    page.expected = ["ERR_FAILED|Failed to load resource"]

    async def away(route: Route) -> None:
        await route.abort()

    await page.page.route("**/graphql", away)
    await page.page.get_by_role("link", name="Runs").click()
    await expect(page.page.get_by_role("alert")).to_contain_text("The service does not answer. Is it running?")
    await page.page.unroute("**/graphql")
    await page.button("Try again").click()
    await expect(page.page.get_by_role("table", name="Runs")).to_be_visible()


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/assets/no.such.asset", "There is no such asset"),
        ("/assets/no.such.asset/impact", "There is no such asset"),
        ("/versions/sn_nothing", "There is no such version"),
        ("/runs/none", "There is no such run"),
        ("/workflows/none", "There is no such workflow"),
        ("/no/such/view", "There is nothing at this address"),
    ],
)
async def test_what_is_not_there(open_page: Open, world: World, path: str, title: str) -> None:
    page = await open_page(world, path)
    await expect(page.heading(title)).to_be_visible()
    await page.page.get_by_role("main").get_by_role("link").last.click()
    await expect(page.heading(title)).to_have_count(0)


@pytest.mark.parametrize("asset", ["<img src=x onerror=alert(1)>", "a/b?c#d", "100%", "ünï😀", "..", "x" * 300])
async def test_an_id_with_any_characters_is_an_id(open_page: Open, world: World, asset: str) -> None:
    page = await open_page(world, "/")
    page.expected = ["status of 4"]
    await page.page.evaluate("id => { window.location.hash = '/assets/' + encodeURIComponent(id) }", asset)
    heading = page.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(asset)
    await expect(page.page.get_by_role("alert").or_(page.heading("There is no such asset"))).to_be_visible()


async def test_an_id_with_a_colon_has_its_page(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/legacy%3Aerp.invoices-2019")
    await expect(page.card("legacy:erp.invoices-2019")).to_contain_text("never produced")
    await expect(page.card("reports.vat_return")).to_be_visible()


@pytest.fixture(scope="module")
def guarded(shop_address: Address, shop: World) -> Iterator[tuple[World, str]]:
    """The shop behind tokens, and one that may read."""
    secret, line = create_token("reader", ["read"])
    with served(shop_address, tokens=line) as world:
        until = time.monotonic() + 30
        while httpx.get(f"{world.url}/readyz").status_code != 200:
            assert time.monotonic() < until
        yield world, secret


async def test_a_token_is_asked_for_and_forgotten_with_the_tab(open_page: Open, guarded: tuple[World, str]) -> None:
    world, secret = guarded
    page = await open_page(world, "/assets/crm.segments")
    page.expected = ["status of 401"]
    field = page.page.get_by_label("This service asks for a token that may read.")
    await field.fill("wrong")
    await page.button("Go on").click()
    await expect(page.page.get_by_role("alert")).to_be_visible()
    await field.fill(secret)
    await page.press("Enter")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    assert secret not in await page.page.evaluate("JSON.stringify(localStorage) + document.cookie + location.href")
    other = await page.page.context.new_page()
    await other.goto(page.page.url)
    await expect(other.get_by_label("This service asks for a token that may read.")).to_be_visible()


async def test_the_service_s_own_limit_says_so(open_page: Open, shop_address: Address, shop: World) -> None:
    with served(shop_address, max_traversal=300) as world:
        page = await open_page(world, "/assets/l0.n0?depth=all&direction=downstream")
        await expect(page.page.get_by_text("the service's own limit of one question ended it")).to_be_visible()
        await page.button("Upstream").first.click()
        await page.shows("l0.n0")


async def test_nothing_is_run_that_is_not_the_page_s_own(open_page: Open, world: World) -> None:
    page = await open_page(world)
    policy = httpx.get(world.url).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["connect-src"] == rules["worker-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy
    page.expected = ["Content Security Policy"]
    await page.page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = 'window.injected = true';
        document.head.append(script);
    }""")
    assert await page.page.evaluate("window.injected") is None
