"""Durations as people write them on a command line."""

import re

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}

_PART = re.compile(r"(\d+)(ms|s|m|h|d|w)")


def parse_duration(text: str) -> int:
    """Milliseconds of `90s`, `15m`, `1h30m`, `7d`; ValueError for anything else, and for no time at all."""
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"'{text}' is no duration; write it such as 90s, 15m, 1h30m or 7d.")
    found = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if found == 0:
        raise ValueError("A duration of nothing is of no use; write it such as 90s, 15m, 1h30m or 7d.")
    return found
