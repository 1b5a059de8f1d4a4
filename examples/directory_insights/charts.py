"""Two kinds of chart as SVG: horizontal bars for named things, columns for ranges in their order.

Colours and type come from templates/charts.css through class names, so one drawing reads well on a light
and on a dark page, inside HTML or as a file of its own. Every text that comes from outside is escaped here.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

CSS = (Path(__file__).parent / "templates" / "charts.css").read_text(encoding="utf-8")

WIDTH = 640
LABEL_CHARACTERS = 18
TITLE_HEIGHT = 56
MARGIN = 18


@dataclass(frozen=True)
class Mark:
    """One bar or column: its name, its length, the value as text, and the sentence shown on hover."""

    label: str
    value: float
    text: str
    hint: str


@dataclass(frozen=True)
class Chart:
    """What to draw. `name` makes the ids in the drawing and is unique on a page: letters, digits and '-'."""

    name: str
    title: str
    subtitle: str
    marks: list[Mark]
    unit: Callable[[float], str]
    base: int = 1
    """What the units of the scale are powers of: 1024 for bytes, 1 for plain counts."""

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        drawn = [f"{mark.label}: {mark.text}" for mark in self.marks if mark.value > 0]
        return f"{self.subtitle}. {'; '.join(drawn) or 'There is nothing to show'}."


Draw = Callable[[Chart], str]


def bars(chart: Chart) -> str:
    """Horizontal bars, one below the other, in the order given."""
    left, right, row, thick = 150, 90, 30, 18
    height = TITLE_HEIGHT + row * max(len(chart.marks), 1) + 30
    bottom, room = height - 26, WIDTH - left - right
    top, ticks = _scale(chart)
    body = []
    for tick in ticks:
        x = left + room * tick / top
        body.append(f'<line class="grid" x1="{x:.1f}" y1="{TITLE_HEIGHT}" x2="{x:.1f}" y2="{bottom}"/>')
        body.append(_text(x, bottom + 17, chart.unit(tick), "tick", "middle"))
    for i, mark in enumerate(chart.marks):
        y = TITLE_HEIGHT + row * i + (row - thick) / 2
        length = room * mark.value / top
        shape = f'<path class="mark" d="{_bar(left, y, length, thick)}"/>' if mark.value > 0 else ""
        middle = y + thick / 2 + 4.5
        body.append(
            f"<g><title>{escape(mark.hint)}</title>"
            f'<rect class="reach" x="0" y="{y - 6}" width="{WIDTH}" height="{row}"/>{shape}'
            + _text(left - 10, middle, _shortened(mark.label), "label", "end")
            + _text(left + length + 8, middle, mark.text, "value")
            + "</g>"
        )
    body.append(f'<line class="axis" x1="{left}" y1="{TITLE_HEIGHT}" x2="{left}" y2="{bottom}"/>')
    return _svg(chart, height, body)


def columns(chart: Chart) -> str:
    """Upright columns side by side, for ranges whose order means something."""
    left, right, height = 52, 8, 330
    base, head = height - 44, TITLE_HEIGHT + 18
    room = base - head
    step = (WIDTH - left - right) / max(len(chart.marks), 1)
    thick = min(step - 8, 44)
    top, ticks = _scale(chart)
    body = []
    for tick in ticks:
        y = base - room * tick / top
        body.append(f'<line class="grid" x1="{left}" y1="{y:.1f}" x2="{WIDTH - right}" y2="{y:.1f}"/>')
        body.append(_text(left - 8, y + 4, chart.unit(tick), "tick", "end"))
    for i, mark in enumerate(chart.marks):
        middle = left + step * (i + 0.5)
        length = room * mark.value / top
        shape = f'<path class="mark" d="{_column(middle - thick / 2, base, thick, length)}"/>' if mark.value > 0 else ""
        number = _text(middle, base - length - 7, mark.text, "value", "middle") if mark.value > 0 else ""
        body.append(
            f"<g><title>{escape(mark.hint)}</title>"
            f'<rect class="reach" x="{middle - step / 2:.1f}" y="{head - 18}" width="{step:.1f}" '
            f'height="{height - head + 18}"/>{shape}{number}' + _wrapped(middle, base + 18, mark.label) + "</g>"
        )
    body.append(f'<line class="axis" x1="{left}" y1="{base}" x2="{WIDTH - right}" y2="{base}"/>')
    return _svg(chart, height, body)


def as_file(svg: str) -> str:
    """A drawing as a file of its own, with the style that a page would lend it."""
    head, rest = svg.split(">", 1)
    paper = f'<rect class="paper" x="{-MARGIN}" y="{-MARGIN}" width="100%" height="100%"/>'
    return f"{head}><style>{CSS}</style>{paper}{rest}\n"


def ticks_up_to(largest: float, base: int = 1) -> list[float]:
    """Two to five round whole numbers from 0, the last at least `largest`; round within a power of `base`.

    So with a base of 1024 the ticks of 900,000 bytes stand at 500 KiB and 1000 KiB, not at 488.3 KiB.
    """
    if largest <= 0:
        return [0.0, 1.0]
    power = 1.0
    while base > 1 and power * base <= largest:
        power *= base
    wanted = largest / power / 4
    magnitude = 10.0 ** math.floor(math.log10(wanted))
    round_step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= wanted)
    step = max(round_step * power, 1.0)
    return [step * i for i in range(math.ceil(largest / step) + 1)]


def _scale(chart: Chart) -> tuple[float, list[float]]:
    """The value at the end of the axis, and its ticks; no ticks where there is nothing to measure."""
    largest = max((mark.value for mark in chart.marks), default=0)
    ticks = ticks_up_to(largest, chart.base)
    return ticks[-1], ticks if largest > 0 else []


def _svg(chart: Chart, height: float, body: list[str]) -> str:
    if not any(mark.value > 0 for mark in chart.marks):
        body = [*body, _text(WIDTH / 2, height / 2 + 10, "Nothing to show", "tick", "middle")]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
        f'viewBox="{-MARGIN} {-MARGIN} {WIDTH + 2 * MARGIN} {height + 2 * MARGIN}" '
        f'aria-labelledby="{chart.name}-title {chart.name}-desc">'
        f'<title id="{chart.name}-title">{escape(chart.title)}</title>'
        f'<desc id="{chart.name}-desc">{escape(chart.description)}</desc>'
        + _text(0, 18, chart.title, "title")
        + _text(0, 37, chart.subtitle, "tick")
        + "".join(body)
        + "</svg>"
    )


def _text(x: float, y: float, text: str, style: str, anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _wrapped(x: float, y: float, label: str) -> str:
    """A label on two lines when it has two words or more: the unit goes below the range."""
    first, _, second = label.rpartition(" ") if len(label) > 6 else (label, "", "")
    return _text(x, y, first or label, "label", "middle") + (
        _text(x, y + 15, second, "label", "middle") if first else ""
    )


def _shortened(label: str) -> str:
    return label if len(label) <= LABEL_CHARACTERS else label[: LABEL_CHARACTERS - 1] + "…"


def _bar(x: float, y: float, length: float, thick: float) -> str:
    """A bar from the axis to the right, its far corners rounded; never shorter than a sliver."""
    length = max(length, 1.5)
    r = min(4.0, length)
    return (
        f"M{x} {y}h{length - r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}v{thick - 2 * r:.1f}"
        f"a{r:.1f} {r:.1f} 0 0 1 -{r:.1f} {r:.1f}h-{length - r:.1f}z"
    )


def _column(x: float, base: float, thick: float, length: float) -> str:
    """A column up from the axis, its upper corners rounded; never lower than a sliver."""
    length = max(length, 1.5)
    r = min(4.0, length)
    return (
        f"M{x:.1f} {base}v-{length - r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} -{r:.1f}h{thick - 2 * r:.1f}"
        f"a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}v{length - r:.1f}z"
    )
