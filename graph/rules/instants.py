"""Instants are integers inside: epoch milliseconds, UTC. Text exists only at the edge.

Why integers: see docs/decisions/0001-shape.md (the embedded engine's datetime index loses rows, and the driver
sends wrong instants for zones with changing offsets).
"""

import datetime as dt

MAX_INSTANT = 4_102_444_800_000
"""2100-01-01T00:00:00Z: leaves 21 bits beside the milliseconds in a 63-bit integer (`graph.rules.order`)."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MILLISECOND = dt.timedelta(milliseconds=1)


def parse_instant(text: str) -> int:
    """Epoch milliseconds of an ISO 8601 instant with an offset; finer digits are cut off.

    Raises ValueError with a sentence when the text is no instant, has no offset, or lies outside 1970 to 2100.
    """
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is not an ISO 8601 instant such as 2026-01-31T12:00:00.000Z") from None
    if len(text) < 11 or text[10] not in "Tt ":
        raise ValueError(f"{text[:60]!r} is a date without a time; give an instant such as 2026-01-31T12:00:00.000Z")
    if moment.tzinfo is None:
        raise ValueError(f"{text[:60]!r} has no offset; end it in Z or in an offset such as +02:00")
    try:
        instant = (moment - _EPOCH) // _MILLISECOND
    except OverflowError:
        instant = -1
    if not 0 <= instant <= MAX_INSTANT:
        raise ValueError(f"{text[:60]!r} lies outside 1970 to 2100")
    return instant


def format_instant(instant: int) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`."""
    seconds, milliseconds = divmod(instant, 1000)
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{milliseconds:03d}Z"
