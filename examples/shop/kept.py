"""What the shop keeps: an asset as one line of a table, and the declaration and the payloads that come of it."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

HOUR = 3_600_000
DAY = 24 * HOUR


@dataclass(frozen=True)
class Kept:
    """An asset and the numbers in its payload; a dot in a number's name is a level of the payload."""

    id: str
    about: str
    numbers: Mapping[str, float] = field(default_factory=lambda: {"rows": 1000})
    """As they were on the first day; whole ones stay whole."""

    owner: str | None = None
    importance: str | None = None
    tags: tuple[str, ...] = ()
    hours: float | None = None
    """A version serves so long, then it expires."""

    every: float | None = None
    """Hours after which the next version is due."""

    daily: bool = False
    """A partition for each day."""

    extra: Mapping[str, Any] = field(default_factory=dict)
    """What else stands in each payload."""

    def declaration(self) -> dict[str, Any]:
        """As a step declares that it produces the asset."""
        limits = {"ttlMs": self.hours, "cadenceMs": self.every}
        said: dict[str, Any] = {
            "assetId": self.id,
            "description": self.about,
            "schema": _schema(self.payload(0)),
            "owner": self.owner,
            "importance": self.importance,
            "tags": list(self.tags),
            "freshness": {name: round(hours * HOUR) for name, hours in limits.items() if hours},
            "partitioning": {"type": "timeWindow", "granularity": "day"} if self.daily else None,
        }
        return {name: value for name, value in said.items() if value}

    def payload(self, day: int) -> dict[str, Any]:
        """The payload of a day, counted from the first: the numbers grow, sway over the week, and jump a little."""
        chance = random.Random(f"{self.id} {day}")  # noqa: S311 - the same numbers in every story
        payload: dict[str, Any] = {}
        for name, start in self.numbers.items():
            sway = 1 + 0.004 * day + 0.06 * math.sin(2 * math.pi * day / 7) + chance.uniform(-0.03, 0.03)
            value = start * sway
            *levels, last = name.split(".")
            place = payload
            for level in levels:
                place = place.setdefault(level, {})
            place[last] = _rounded(value, start)
        return payload | dict(self.extra)


def _rounded(value: float, start: float) -> float:
    """Whole where the first was, shares below 1, anything else to the cent."""
    if isinstance(start, int):
        return round(value)
    return min(round(value, 3), 0.999) if start < 1 else round(value, 2)


def _schema(payload: Any) -> dict[str, Any]:
    """The JSON Schema of payloads like this one, in which no number is negative."""
    if isinstance(payload, dict):
        properties = {name: _schema(value) for name, value in payload.items()}
        return {"type": "object", "properties": properties, "required": list(payload)}
    if isinstance(payload, list):
        return {"type": "array"}
    if isinstance(payload, str):
        return {"type": "string"}
    return {"type": "integer" if isinstance(payload, int) else "number", "minimum": 0}
