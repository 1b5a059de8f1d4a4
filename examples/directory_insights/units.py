"""Numbers as people read them."""

from datetime import UTC, datetime

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def size(number: float) -> str:
    """Bytes with a binary unit and three digits at most: `0 B`, `980 B`, `1.5 KiB`, `23 MiB`."""
    value, unit = float(number), 0
    while round(value, 1 if value < 9.95 else 0) >= 1024 and unit < len(_UNITS) - 1:
        value, unit = value / 1024, unit + 1
    digits = 0 if unit == 0 or value >= 9.95 else 1
    return f"{value:.{digits}f}".removesuffix(".0") + f" {_UNITS[unit]}"


def count(number: float, noun: str = "") -> str:
    """A whole number with separators, and its noun in the right number: `1 file`, `12,345 files`."""
    text = f"{number:,.0f}"
    if not noun:
        return text
    if number == 1:
        return f"{text} {noun}"
    return f"{text} {noun[:-1]}ies" if noun.endswith("y") else f"{text} {noun}s"


def moment(text: str) -> str:
    """An ISO 8601 instant as `31 January 2026, 12:00 UTC`; any other text as it is."""
    return _shown(text, "%B %Y, %H:%M UTC")


def day(text: str) -> str:
    """An ISO 8601 instant as `31 Jan 2026`; any other text as it is."""
    return _shown(text, "%b %Y")


def _shown(text: str, after_day: str) -> str:
    try:
        when = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return f"{when.day} {when:{after_day}}"
