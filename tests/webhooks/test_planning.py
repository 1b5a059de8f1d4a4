"""Which events a webhook is owed, and which ranges of the log are read for whom."""

from typing import Any

import pytest

from graph.events.event import Event
from graph.events.filter import EventFilter
from graph.webhooks import planning
from graph.webhooks.planning import Line, clusters, highest
from graph.webhooks.records import Webhook


def line(position: int = 0, wanted: EventFilter | None = None, **more: Any) -> Line:
    webhook = Webhook("wh", "https://example.com", "whsec_", "{}", position, 0, 0, **more)
    return Line(webhook, wanted or EventFilter(), position, set())


def events(*assets: str | None) -> list[Event]:
    return [Event(seq, "t", 0, "{}", asset=asset) for seq, asset in enumerate(assets, 1)]


def owed(found: tuple[list[Event], int]) -> tuple[list[int], int]:
    return [event.seq for event in found[0]], found[1]


def test_the_cursor_passes_what_is_not_wanted() -> None:
    assert owed(line(wanted=EventFilter(assets=("a",))).owed(events("b", "a", "b"), {})) == ([2], 3)
    assert owed(line(2).owed(events("a", "a", "a"), {})) == ([3], 3)


def test_without_room_the_cursor_stops_before_what_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "MOST_PENDING", 3)
    wanted = EventFilter(assets=("a",))
    assert owed(line(wanted=wanted, pending=2).owed(events("a", "b", "a", "b"), {})) == ([1], 2)


def test_a_minimum_leaves_out_what_is_about_no_asset_and_takes_undeclared_for_normal() -> None:
    happened = events("low", None, "plain", "high")
    importance = {"low": "low", "high": "high"}
    assert owed(line(minimum_importance="normal").owed(happened, importance)) == ([3, 4], 4)
    assert owed(line(minimum_importance="low").owed(happened, importance)) == ([1, 3, 4], 4)
    assert owed(line(minimum_importance="high").owed(happened, importance)) == ([4], 4)
    assert owed(line().owed(happened, {})) == ([1, 2, 3, 4], 4)


def test_the_highest_importance_of_the_producers_counts() -> None:
    assert highest(["low", "high", "normal"]) == "high"
    assert highest([]) == "normal"
    assert highest(["low"]) == "low"


def test_those_far_behind_are_read_for_on_their_own() -> None:
    lines = [line(900), line(5), line(0), line(1_000), line(950, pending=planning.MOST_PENDING)]
    found = [(start, [each.position for each in some]) for start, some in clusters(lines, 1_000, 500)]
    assert found == [(0, [0, 5]), (900, [900])]
