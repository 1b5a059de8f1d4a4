"""How the windows of a time-partitioned asset are written as partition keys.

A format is written either with the fields of moment and Luxon (`YYYY-MM-DD`, `yyyy-MM-dd`, `GGGG-[W]WW`,
`kkkk-'W'WW`; text in brackets or single quotes stands for itself) or with those of strftime (`%Y-%m-%d`,
`%G-W%V`). Every field has a fixed number of digits. A key names the start of its window in the partitioning's
time zone.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

Granularity = Literal["minute", "hour", "day", "week", "month"]

DEFAULT_FORMATS: dict[Granularity, str] = {
    "minute": "YYYY-MM-DDTHH:mm",
    "hour": "YYYY-MM-DDTHH",
    "day": "YYYY-MM-DD",
    "week": "GGGG-[W]WW",
    "month": "YYYY-MM",
}

_FIELDS = {
    "year": ("YYYY", "yyyy", "%Y"),
    "month": ("MM", "%m"),
    "day": ("DD", "dd", "%d"),
    "hour": ("HH", "%H"),
    "minute": ("mm", "%M"),
    "isoyear": ("GGGG", "kkkk", "%G"),
    "isoweek": ("WW", "%V"),
}
_FIELD_OF = {sign: name for name, signs in _FIELDS.items() for sign in signs}
_WIDTH = {name: 4 if name.endswith("year") else 2 for name in _FIELDS}
_NEEDED: dict[Granularity, tuple[set[str], ...]] = {
    "month": ({"year", "month"},),
    "week": ({"isoyear", "isoweek"}, {"year", "month", "day"}),
    "day": ({"year", "month", "day"},),
    "hour": ({"year", "month", "day", "hour"},),
    "minute": ({"year", "month", "day", "hour", "minute"},),
}
_LETTERS = re.compile(
    "|".join(sign for sign in _FIELD_OF if sign[0] != "%")
    + r"|\[(?P<bracket>[^\]]*)\]|'(?P<quote>[^']*)'|(?P<plain>[^A-Za-z'\[]|T)"
)
_STRFTIME = re.compile("|".join(sign for sign in _FIELD_OF if sign[0] == "%") + r"|%(?P<percent>%)|(?P<plain>[^%])")


@dataclass(frozen=True)
class WindowFormat:
    """A way to write the starts of windows of one size."""

    granularity: Granularity
    parts: tuple[tuple[bool, str], ...]
    """Fields (True, name) and text (False, as it stands)."""
    reader: re.Pattern[str]

    @property
    def example(self) -> str:
        """A key in this format."""
        return self.render(window_start(datetime(2026, 1, 31, 12), self.granularity))

    def render(self, start: datetime) -> str:
        """The key of the window that starts at this local time."""
        iso = start.isocalendar()
        values = {"isoyear": iso.year, "isoweek": iso.week}
        return "".join(
            f"{values.get(part) or getattr(start, part, 0):0{_WIDTH[part]}d}" if is_field else part
            for is_field, part in self.parts
        )

    def start_of(self, key: str) -> datetime | None:
        """The local time at which the window of this key starts, or None when no window is written so."""
        found = self.reader.fullmatch(key)
        if found is None:
            return None
        values = {name: int(digits) for name, digits in found.groupdict().items()}
        try:
            if "year" in values:
                day = date(values["year"], values.get("month", 1), values.get("day", 1))
            else:
                day = date.fromisocalendar(values["isoyear"], values["isoweek"], 1)
            start = datetime(day.year, day.month, day.day, values.get("hour", 0), values.get("minute", 0))
        except ValueError:
            return None
        start = window_start(start, self.granularity)
        return start if self.render(start) == key else None


def window_start(moment: datetime, granularity: Granularity) -> datetime:
    """The start of the window that holds this local time; weeks start on Monday."""
    if granularity == "minute":
        return moment.replace(second=0, microsecond=0)
    if granularity == "hour":
        return moment.replace(minute=0, second=0, microsecond=0)
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    if granularity == "week":
        return midnight - timedelta(days=midnight.weekday())
    return midnight.replace(day=1) if granularity == "month" else midnight


@lru_cache(maxsize=1024)
def window_format(granularity: Granularity, text: str | None = None) -> WindowFormat:
    """The format as declared, or the usual one of the granularity; ValueError when it cannot be used."""
    text = DEFAULT_FORMATS[granularity] if text is None else text
    signs = _STRFTIME if "%" in text else _LETTERS
    parts: list[tuple[bool, str]] = []
    position = 0
    while position < len(text):
        sign = signs.match(text, position)
        if sign is None:
            raise ValueError(f"{text[position : position + 8]!r} is no known field; put text in [brackets]")
        position = sign.end()
        if sign.lastgroup is None:
            parts.append((True, _FIELD_OF[sign.group()]))
        else:
            parts.append((False, sign.group(sign.lastgroup)))
    fields = [name for is_field, name in parts if is_field]
    if not any(needed <= set(fields) for needed in _NEEDED[granularity]):
        missing = " ".join(_FIELDS[name][0] for name in sorted(_NEEDED[granularity][0], key=[*_FIELDS].index))
        raise ValueError(f"{text!r} does not tell one {granularity} from the next; it needs {missing}")
    if len(set(fields)) < len(fields):
        raise ValueError(f"{text!r} holds a field twice")
    reader = "".join(
        f"(?P<{part}>[0-9]{{{_WIDTH[part]}}})" if is_field else re.escape(part) for is_field, part in parts
    )
    return WindowFormat(granularity, tuple(parts), re.compile(reader))
