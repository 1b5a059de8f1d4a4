"""Partition keys: static lists, and the starts of time windows as they are written."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.declarations.partitioning import StaticPartitioning, TimeWindowPartitioning
from graph.declarations.window_format import DEFAULT_FORMATS, window_format, window_start
from graph.errors import InvalidInput

MOMENTS = st.datetimes(min_value=datetime(1000, 1, 8), max_value=datetime(9999, 12, 1))
FORMATS = [
    *((granularity, None) for granularity in DEFAULT_FORMATS),
    ("week", "YYYY-MM-DD"),
    ("week", "kkkk-'W'WW"),
    ("day", "%Y%m%d"),
    ("day", "yyyy/MM/dd HH:mm"),
    ("day", "GGGG-[W]WW YYYY-MM-DD"),
    ("month", "[month of] MM.YYYY"),
    ("minute", "%Y-%m-%dT%H:%M%%"),
]


@given(moment=MOMENTS, format_=st.sampled_from(FORMATS))
def test_a_window_is_named_by_its_start_and_found_again(moment, format_):
    form = window_format(*format_)
    start = window_start(moment, format_[0])
    assert start <= moment
    assert form.start_of(form.render(start)) == start
    assert window_start(start, format_[0]) == start


@pytest.mark.parametrize(
    ("granularity", "format_", "key"),
    [
        ("day", None, "2026-02-29"),
        ("day", None, "2026-2-9"),
        ("day", None, "2026-02-09\n"),
        ("day", None, "٢٠٢٦-٠٢-٠٩"),
        ("day", None, "0000-01-01"),
        ("day", "YYYY-MM-DDTHH:mm", "2026-01-01T12:00"),
        ("week", None, "2025-W53"),
        ("week", "YYYY-MM-DD", "2026-01-01"),
        ("month", None, "2026-13"),
        ("hour", None, "2026-01-01T24"),
        ("minute", None, "2026-01-01T00:60"),
        ("day", "GGGG-[W]WW YYYY-MM-DD", "2026-W02 2026-01-01"),
    ],
)
def test_what_names_no_window_is_refused(granularity, format_, key):
    declared = TimeWindowPartitioning(type="timeWindow", granularity=granularity, format=format_)
    with pytest.raises(InvalidInput, match="must name the start of a") as refused:
        declared.check_key(key, "partitionKey")
    assert refused.value.code == "unknown_partition"


@pytest.mark.parametrize(
    ("granularity", "format_"),
    [
        ("day", "YYYY-MM"),
        ("week", "YYYY-MM"),
        ("hour", "YYYY-MM-DD"),
        ("day", "YYYY-MM-DD x"),
        ("day", "%Y-%m-%d %j"),
        ("day", "YYYY-MM-DD YYYY"),
        ("month", "MM"),
        ("month", "YYYY-MM["),
        ("month", "%Y-%m%"),
    ],
)
def test_formats_that_do_not_tell_windows_apart_are_refused(granularity, format_):
    with pytest.raises(ValueError, match=r"does not tell|no known field|twice"):
        window_format(granularity, format_)


def test_static_keys_are_compared_exactly():
    declared = StaticPartitioning(type="static", keys=("eu", "us", "eu"))
    assert declared.keys == ("eu", "us")
    declared.check_key("us", "partitionKey")
    with pytest.raises(InvalidInput, match="must be one of eu, us") as refused:
        declared.check_key("EU", "partitionKey")
    assert (refused.value.code, refused.value.details) == ("unknown_partition", {"field": "partitionKey"})
