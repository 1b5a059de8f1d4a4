"""`GET /gates/check` on both engines."""

from typing import Any

import pytest

from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

SCHEMA = {"type": "object", "required": ["n"]}
HOUR = 3_600_000


@pytest.fixture(autouse=True)
async def chain(service: Service) -> None:
    """raw → table → report; the report is good for an hour, the table has a schema."""
    await service.register(
        workflow(
            "w",
            step("ingest", produces=["raw"]),
            step("load", consumes=["raw"], produces=[{"assetId": "table", "schema": SCHEMA}]),
            step("sum", consumes=["table"], produces=[{"assetId": "report", "freshness": {"ttlMs": HOUR}}]),
        )
    )


async def make(service: Service, **payloads: Any) -> None:
    """New versions, a second after each other; by step."""
    assets = {"ingest": "raw", "load": "table", "sum": "report"}
    run = await service.start("w")
    for name, payload in payloads.items():
        await service.report(run, name, produced({"assetId": assets[name], "payload": payload}))
        service.clock.forward(1_000)


async def gate(service: Service, *assets: str, **asked: Any) -> dict[str, list[str]]:
    """The codes against each asset, in the order of the answer."""
    answer = (await service.get("/gates/check", asset=list(assets), **asked))["data"]
    found = {each["assetId"]: [one["code"] for one in each["objections"]] for each in answer["assets"]}
    assert answer["passed"] == (not any(found.values()))
    assert [each["passed"] for each in answer["assets"]] == [not codes for codes in found.values()]
    return found


async def test_a_fresh_asset_passes_until_it_expires(service: Service) -> None:
    await make(service, ingest=1, load={"n": 1}, sum=1)
    assert await gate(service, "report") == {"report": []}
    service.clock.forward(HOUR)
    assert await gate(service, "REPORT", "raw") == {"raw": [], "report": ["expired"]}


async def test_the_newest_version_is_shown_with_its_age(service: Service) -> None:
    await make(service, ingest=1)
    (shown,) = (await service.get("/gates/check", asset="raw"))["data"]["assets"]
    assert (shown["state"], shown["distance"], shown["freshUntil"]) == ("unknown", 0, None)
    assert (shown["latest"]["version"], shown["latest"]["ageMs"], shown["latest"]["workflowSlug"]) == (1, 1_000, "w")


async def test_age_validity_and_strictness_are_asked_for(service: Service) -> None:
    await make(service, ingest=1, load={"no": 1}, sum=1)
    assert await gate(service, "table") == {"table": []}
    assert await gate(service, "table", requireValid=True) == {"table": ["invalid_payload"]}
    assert await gate(service, "table", maxAgeMs=1_999) == {"table": ["too_old"]}
    assert await gate(service, "table", strict=True) == {"table": ["no_limits"]}


async def test_everything_upstream_is_held_against_it_too(service: Service) -> None:
    await make(service, ingest=1, load={"no": 1}, sum=1)
    asked = {"requireValid": True}
    assert await gate(service, "report", **asked) == {"report": []}
    assert await gate(service, "report", upstream=True, **asked) == {
        "report": [],
        "table": ["invalid_payload"],
        "raw": [],
    }
    await make(service, ingest=2)
    assert await gate(service, "report", upstream=True) == {"report": [], "table": ["outdated_upstream"], "raw": []}


async def test_what_was_never_made_does_not_pass(service: Service) -> None:
    assert await gate(service, "report", upstream=True) == {
        "report": ["never_produced"],
        "table": ["never_produced"],
        "raw": ["never_produced"],
    }


async def test_what_cannot_be_told_is_said(service: Service) -> None:
    unknown = await service.get("/gates/check", 404, asset=["raw", "nobody"])
    assert (unknown["code"], unknown["details"]) == ("asset_not_found", {"assetId": "nobody"})
    assert (await service.get("/gates/check", 400))["code"] == "invalid_parameter"
    assert (await service.get("/gates/check", 400, asset="raw", maxAgeMs=0))["code"] == "invalid_parameter"
    assert (await service.get("/gates/check", 400, asset="a b"))["code"] == "invalid_asset_id"
