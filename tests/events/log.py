"""The log of events as a test reads it."""

from typing import Any

from tests.service.client import Service

ASSETS = frozenset({"asset.produced", "asset.changed", "asset.invalid", "asset.expired"})


async def page(service: Service, **query: Any) -> Any:
    """One page of events."""
    return (await service.get("/events", **query))["data"]


async def whole_log(service: Service, **query: Any) -> list[dict[str, Any]]:
    """Every event there is, over as many pages as it takes."""
    found: list[dict[str, Any]] = []
    after, more = query.pop("after", 0), True
    while more:
        answer = await page(service, after=after, **query)
        found += answer["events"]
        assert answer["nextCursor"] >= after
        after, more = answer["nextCursor"], answer["more"]
    return found


def types(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [int(event["id"]) for event in events]
