from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.directory_insights import charts, units

SPACE = {"svg": "http://www.w3.org/2000/svg"}


def chart(*values, label="x"):
    marks = [charts.Mark(label, value, units.count(value), f"{label} {value}") for value in values]
    return charts.Chart("name", "Title", "Subtitle", marks, units.count)


def drawn(draw, *values, **more):
    return ElementTree.fromstring(draw(chart(*values, **more)))


@pytest.mark.parametrize(
    ("largest", "base", "ticks"),
    [
        (0, 1, [0, 1]),
        (1, 1, [0, 1]),
        (3, 1, [0, 1, 2, 3]),
        (7, 1, [0, 2, 4, 6, 8]),
        (23_542, 1, [0, 10_000, 20_000, 30_000]),
        (900_000, 1024, [0, 500 * 1024, 1000 * 1024]),
        (1024, 1024, [0, 512, 1024]),
    ],
)
def test_ticks_are_round(largest, base, ticks):
    assert charts.ticks_up_to(largest, base) == ticks


@given(st.integers(1, 2**63), st.sampled_from([1, 1024]))
def test_ticks_are_few_and_reach_the_largest_value(largest, base):
    ticks = charts.ticks_up_to(largest, base)
    assert 2 <= len(ticks) <= 5
    assert ticks[-1] >= largest
    assert ticks[-2] < largest
    assert all(tick == int(tick) for tick in ticks)


@pytest.mark.parametrize("draw", [charts.bars, charts.columns])
@pytest.mark.parametrize("values", [(), (0, 0), (1,), (0, 1, 10**15), tuple(range(12)), (1, 2**62)])
def test_a_mark_for_every_value_above_zero_and_all_inside_the_frame(draw, values):
    root = drawn(draw, *values)
    assert len(root.findall(".//svg:path", SPACE)) == sum(value > 0 for value in values)
    x, y, width, height = map(float, root.get("viewBox").split())
    for text in root.findall(".//svg:text", SPACE):
        assert x <= float(text.get("x")) <= x + width
        assert y <= float(text.get("y")) <= y + height


def test_twice_the_value_is_twice_the_length():
    def length(path):
        return float(path.get("d").split("h")[1].split("a")[0]) + 4  # the rounded corner

    one, two = drawn(charts.bars, 50, 100).findall(".//svg:path", SPACE)
    assert length(two) == pytest.approx(2 * length(one), rel=0.01)


@pytest.mark.parametrize("draw", [charts.bars, charts.columns])
@given(label=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=60))
def test_any_label_gives_well_formed_svg(draw, label):
    titles = [title.text for title in drawn(draw, 5, label=label).findall(".//svg:g/svg:title", SPACE)]
    assert titles == [f"{label} 5"]


def test_nothing_to_show_is_said():
    assert "Nothing to show" in charts.bars(chart())
    assert "There is nothing to show" in charts.columns(chart(0))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (1536, "1.5 KiB"),
        (10_239, "10 KiB"),
        (1_048_575, "1 MiB"),
        (488_770_654, "466 MiB"),
        (2**60, "1 EiB"),
        (2**80, "1048576 EiB"),
    ],
)
def test_sizes_read_well(number, text):
    assert units.size(number) == text


def test_counts_read_well():
    assert [units.count(n, "entry") for n in (0, 1, 12_345)] == ["0 entries", "1 entry", "12,345 entries"]
    assert units.count(2, "place") == "2 places"


def test_moments_read_well():
    assert units.moment("2026-01-31T23:30:00.000-02:00") == "1 February 2026, 01:30 UTC"
    assert units.day("2026-01-31T12:00:00.000Z") == "31 Jan 2026"
    assert units.day("unknown") == "unknown"
