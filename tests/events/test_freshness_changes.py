"""What changed in how fresh assets are: by productions, by those upstream, and by time."""

import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.graphql.answering import Answering, Caller, required_scopes
from app.graphql.context import Context
from app.graphql.request import from_document
from app.graphql.schema import make_schema
from app.graphql.types.event import AssetEventType, RunEventType
from app.http.auth import LOCAL
from graph.events.event import EventType
from graph.rules.instants import format_instant
from tests.service.client import START, Service, step, workflow

pytestmark = pytest.mark.anyio

SECOND = 1_000
TTL = 60 * SECOND

QUERY = """
subscription Changes($assets: [String!], $workflows: [String!], $upstreamOf: String) {
  freshnessChanges(after: 0, assets: $assets, workflows: $workflows, upstreamOf: $upstreamOf) {
    at
    changes { assetKey before { state } after { state reasons { code } } }
  }
}
"""

Change = tuple[str, str, str]


async def changes(service: Service, **variables: Any) -> AsyncIterator[tuple[str, list[Change]]]:
    """The instant and (asset, before, after) of each event that changed something."""
    answering = Answering(make_schema(), lambda _: Context(service.lineage), required_scopes)
    request = from_document({"query": QUERY, "variables": variables})
    caller = Caller(LOCAL, None, "test")
    operation = answering.operation(request, QUERY)
    async with contextlib.aclosing(answering.answers(answering.check(operation, request, caller))) as answers:
        async for answer in answers:
            told = json.loads(answer.text)["data"]["freshnessChanges"]
            yield (
                told["at"],
                [(each["assetKey"], each["before"]["state"], each["after"]["state"]) for each in told["changes"]],
            )


async def taken(count: int, service: Service, **variables: Any) -> list[tuple[str, list[Change]]]:
    async with contextlib.aclosing(changes(service, **variables)) as told:  # type: ignore[type-var]
        return [await anext(told) for _ in range(count)]


def at(seconds: int, milliseconds: int = 0) -> str:
    return format_instant(START + seconds * SECOND + milliseconds)


@pytest.fixture
async def history(service: Service) -> None:
    """Ore makes iron, and both last a minute; ore comes again after the iron, and again when all is too old."""
    limits = {"freshness": {"ttlMs": TTL}}
    await service.register(
        workflow(
            "forge",
            step("dig", produces=[{"assetId": "ore", **limits}]),
            step("melt", consumes=["ore"], produces=[{"assetId": "iron", **limits}]),
        )
    )
    for name, asset in (("dig", "ore"), ("melt", "iron"), ("dig", "ore")):
        await service.produce("forge", name, asset, {"at": service.clock.now})
        service.clock.forward(SECOND)
    service.clock.forward(2 * TTL)
    await service.lineage.expiry.look()
    await service.produce("forge", "dig", "ore", {"at": service.clock.now})


ALL = [
    (at(0), [("ore", "MISSING", "FRESH")]),
    (at(1), [("iron", "MISSING", "FRESH")]),
    (at(2), [("iron", "FRESH", "STALE")]),  # ore is newer than what the iron was made from
    (at(61), [("iron", "STALE", "EXPIRED")]),
    (at(62), [("ore", "FRESH", "EXPIRED")]),
    (at(123), [("ore", "EXPIRED", "FRESH")]),
]


@pytest.mark.usefixtures("history")
async def test_before_and_after_are_those_of_the_instant(service: Service) -> None:
    assert await taken(len(ALL), service) == ALL


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("filters", [{"assets": ["iron"]}, {"assets": ["i*"], "workflows": ["forge"]}])
async def test_filters_are_about_the_asset_that_changed(service: Service, filters: dict[str, Any]) -> None:
    expected = [(instant, told) for instant, told in ALL if told[0][0] == "iron"]
    assert await taken(len(expected), service, **filters) == expected


@pytest.mark.usefixtures("history")
async def test_upstream_of_an_asset_is_it_and_all_that_it_depends_on(service: Service) -> None:
    expected = [(instant, told) for instant, told in ALL if told[0][0] == "ore"]
    assert await taken(len(expected), service, upstreamOf="ore") == expected
    assert await taken(len(ALL), service, upstreamOf="iron") == ALL


async def test_what_was_too_old_when_it_came_changes_once(service: Service) -> None:
    await service.register(workflow("late", step("make", produces=[{"assetId": "a", "freshness": {"ttlMs": TTL}}])))
    await service.produce("late", "make", "a", 1, producedAt=at(-120))
    await service.lineage.expiry.look()
    service.clock.forward(SECOND)
    await service.produce("late", "make", "a", 2)
    assert await taken(2, service) == [
        (at(0), [("a", "MISSING", "EXPIRED")]),
        (at(1), [("a", "EXPIRED", "FRESH")]),
    ]


async def test_marks_change_verdicts_as_they_come_and_go(service: Service) -> None:
    await service.register(workflow("w", step("s", produces=["a"]), step("t", produces=["b"])))
    await service.produce("w", "s", "a", 1)
    for _ in range(2):
        service.clock.forward(SECOND)
        await service.send("POST", "/workflows/w/assets/a/stale", {}, 204)  # the second one changes nothing
    service.clock.forward(SECOND)
    await service.send("DELETE", "/workflows/w/assets/a/stale", status=204)
    service.clock.forward(SECOND)
    await service.send("POST", "/workflows/w/assets/a/stale", {"note": "again"}, 204)
    service.clock.forward(SECOND)
    await service.produce("w", "s", "a", 2)  # tells it with the version; its mark's end has nothing to add
    service.clock.forward(SECOND)
    await service.produce("w", "t", "b", 1)
    assert await taken(6, service) == [
        (at(0), [("a", "MISSING", "UNKNOWN")]),
        (at(1), [("a", "UNKNOWN", "STALE")]),
        (at(3), [("a", "STALE", "UNKNOWN")]),
        (at(4), [("a", "UNKNOWN", "STALE")]),
        (at(5), [("a", "STALE", "UNKNOWN")]),
        (at(6), [("b", "MISSING", "UNKNOWN")]),
    ]


def test_every_event_of_an_asset_or_run_has_a_name() -> None:
    shown = {each.value for each in (*AssetEventType, *RunEventType)}
    assert shown == {each.value for each in EventType if not each.value.startswith("workflow.")}
