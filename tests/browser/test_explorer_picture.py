"""The picture as a file."""

import struct
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.explorer import Explorer
from tests.browser.world import World

pytestmark = pytest.mark.anyio

SVG = "{http://www.w3.org/2000/svg}"


async def _save(page: Explorer, kind: str) -> Path:
    await page.button("More").click()
    async with page.page.expect_download() as download:
        await page.page.get_by_role("menuitem", name=f"Save as {kind}").click()
    found = await download.value
    assert found.suggested_filename == f"crm.segments.{kind.lower()}"
    return Path(await found.path())


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_svg_holds_what_is_seen(open_page: Open, world: World, scheme: str) -> None:
    page = await open_page(world, "/assets/crm.segments", color_scheme=scheme)
    shown = {"crm.segments", "crm.customers", "dashboards.marketing"}
    await page.shows(*shown)
    root = ElementTree.parse(await _save(page, "SVG")).getroot()
    assert root.tag == f"{SVG}svg"
    text = " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text"))
    assert all(asset in text for asset in shown), text
    assert "Expired" in text
    raw = ElementTree.tostring(root, encoding="unicode")
    assert "var(--" not in raw
    assert "light-dark" not in raw
    assert not [element for element in root.iter() if element.tag in (f"{SVG}script", f"{SVG}foreignObject")]


async def test_the_png_has_the_size_of_the_svg_twice(open_page: Open, world: World) -> None:
    page = await open_page(world, "/assets/crm.segments")
    await page.shows("crm.segments", "crm.customers", "dashboards.marketing")
    root = ElementTree.parse(await _save(page, "SVG")).getroot()
    await expect(page.page.get_by_role("menu")).to_have_count(0)
    data = (await _save(page, "PNG")).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert (width, height) == (2 * round(float(root.get("width", 0))), 2 * round(float(root.get("height", 0))))
