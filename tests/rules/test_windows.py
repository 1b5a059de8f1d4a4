"""Which partitions are listed, in which order; windows over changes of the clock."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.declarations.partitioning import (
    DynamicPartitioning,
    StaticPartitioning,
    TimeWindowPartitioning,
)
from graph.declarations.window_format import window_format, window_start
from graph.rules.windows import DEFAULT_LOOKBACK, last_windows, listed_partitions


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1000


def windows(now: str, count: int, granularity: str = "hour", zone: str = "Europe/Berlin", **more: Any) -> list[str]:
    declared = TimeWindowPartitioning(type="timeWindow", granularity=granularity, timezone=zone, **more)
    return list(last_windows(declared, instant(now), count))


@pytest.mark.parametrize(
    ("now", "count", "more", "expected"),
    [
        # 2026-03-29: 02:00 becomes 03:00 in Berlin, so two o'clock never was
        ("2026-03-29T02:10", 4, {}, ["2026-03-29T04", "2026-03-29T03", "2026-03-29T01", "2026-03-29T00"]),
        # 2026-10-25: 03:00 becomes 02:00, so two o'clock comes twice and is one window
        ("2026-10-25T02:59", 3, {}, ["2026-10-25T03", "2026-10-25T02", "2026-10-25T01"]),
        ("2026-10-25T01:30", 2, {}, ["2026-10-25T02", "2026-10-25T01"]),
        ("2026-10-25T00:30", 2, {}, ["2026-10-25T02", "2026-10-25T01"]),
        (
            "2026-03-29T01:01",
            3,
            {"granularity": "minute"},
            ["2026-03-29T03:01", "2026-03-29T03:00", "2026-03-29T01:59"],
        ),
        # half an hour is left out on Lord Howe: its two o'clock is 30 minutes long
        ("2026-10-03T15:45", 3, {"zone": "Australia/Lord_Howe"}, ["2026-10-04T02", "2026-10-04T01", "2026-10-04T00"]),
        ("2026-10-03T16:15", 3, {"zone": "Australia/Lord_Howe"}, ["2026-10-04T03", "2026-10-04T02", "2026-10-04T01"]),
        # days of 23 and 25 hours are days
        ("2026-03-29T22:30", 3, {"granularity": "day"}, ["2026-03-30", "2026-03-29", "2026-03-28"]),
        ("2026-10-25T22:30", 3, {"granularity": "day"}, ["2026-10-25", "2026-10-24", "2026-10-23"]),
        ("2026-01-01T03:00", 2, {"granularity": "day", "zone": "America/New_York"}, ["2025-12-31", "2025-12-30"]),
        # Samoa went from the 29th to the 31st
        (
            "2011-12-31T12:00",
            3,
            {"granularity": "day", "zone": "Pacific/Apia"},
            ["2012-01-01", "2011-12-31", "2011-12-29"],
        ),
        ("2026-01-04T23:30", 2, {"granularity": "week"}, ["2026-W02", "2026-W01"]),
        ("2026-01-31T23:30", 3, {"granularity": "month"}, ["2026-02", "2026-01", "2025-12"]),
        ("2026-01-02T00:00", 2, {"granularity": "day", "format": "DD.MM.YYYY"}, ["02.01.2026", "01.01.2026"]),
    ],
)
def test_windows_are_those_of_the_own_clock(now: str, count: int, more: dict[str, Any], expected: list[str]) -> None:
    assert windows(now, count, **more) == expected


@settings(max_examples=50)
@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)),
    granularity=st.sampled_from(["minute", "hour", "day", "week", "month"]),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    count=st.integers(1, 300),
)
def test_windows_go_back_without_repeats_and_each_holds_an_instant(
    moment: datetime, granularity: str, zone: str, count: int
) -> None:
    declared = TimeWindowPartitioning(type="timeWindow", granularity=granularity, timezone=zone)
    now = int(moment.replace(tzinfo=UTC).timestamp() * 1000)
    found = last_windows(declared, now, count)
    starts = list(found.values())
    assert [window_format(granularity).start_of(key) for key in found] == starts  # type: ignore[arg-type]
    assert len(found) == count
    assert starts == sorted(starts, reverse=True)
    # Every instant since the oldest window lies in one of them.
    begin = starts[-1].replace(tzinfo=ZoneInfo(zone)).timestamp()
    for part in range(50):
        local = datetime.fromtimestamp(begin + (now / 1000 - begin) * part / 49, ZoneInfo(zone)).replace(tzinfo=None)
        assert window_start(local, granularity) in starts  # type: ignore[arg-type]


def test_how_far_windows_go_back_is_asked_declared_or_usual() -> None:
    declared = TimeWindowPartitioning(type="timeWindow", granularity="day", lookbackWindows=3)
    plain = TimeWindowPartitioning(type="timeWindow", granularity="day")
    now = instant("2026-01-10T00:00")
    assert [len(last_windows(*asked)) for asked in ((declared, now, 5), (declared, now), (plain, now))] == [
        5,
        3,
        DEFAULT_LOOKBACK,
    ]


def test_windows_end_where_years_do() -> None:
    declared = TimeWindowPartitioning(type="timeWindow", granularity="month")
    assert list(last_windows(declared, instant("0001-02-01T00:00"), 10)) == ["0001-02", "0001-01"]


def test_order_is_as_declared_newest_first_or_by_key() -> None:
    static = StaticPartitioning(type="static", keys=["north", "east"])
    daily = TimeWindowPartitioning(type="timeWindow", granularity="day", format="DD.MM.YYYY", lookbackWindows=2)
    now = instant("2026-02-01T00:00")
    stored = {"zone", "east", "area"}
    assert listed_partitions(static, stored, now) == ["north", "east", "area", "zone"]
    assert listed_partitions(DynamicPartitioning(type="dynamic"), stored, now) == ["area", "east", "zone"]
    assert listed_partitions(None, stored, now) == ["area", "east", "zone"]
    assert listed_partitions(daily, {"05.02.2026", "31.01.2026", "03.12.2025", "old"}, now) == [
        "05.02.2026",
        "01.02.2026",
        "31.01.2026",
        "03.12.2025",
        "old",
    ]
