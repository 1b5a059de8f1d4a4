"""Which partitions of an asset there are to be listed, in which order: pure.

Time windows are those of the asset's own clock. Where that is put forward, an hour (or a day) that never was has no
window; where it is put back, the hour that comes twice is one window, since both are written alike.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from graph.declarations.partitioning import (
    DynamicPartitioning,
    Partitioning,
    StaticPartitioning,
    TimeWindowPartitioning,
)
from graph.declarations.window_format import window_format, window_start

DEFAULT_LOOKBACK = 50
"""Windows that are listed where neither the request nor the declaration says how many."""

_BACK = {"minute": timedelta(minutes=1), "hour": timedelta(minutes=30)}
"""How far to go back at a time: where clocks are put forward by half an hour, an hour is as short."""


def listed_partitions(
    partitioning: Partitioning | None, stored: set[str], now: int, lookback: int | None = None
) -> list[str]:
    """The keys that are known by declaration or `stored`, each once, as pages show them.

    Static keys come as declared and time windows the newest first; dynamic keys, and those that the declaration does
    not allow (any more), by key, at the end. `now` is in epoch milliseconds, `lookback` a number of windows.
    """
    match partitioning:
        case StaticPartitioning():
            return [*partitioning.keys, *sorted(stored.difference(partitioning.keys))]
        case TimeWindowPartitioning():
            starts = last_windows(partitioning, now, lookback)
            form = window_format(partitioning.granularity, partitioning.format)
            starts |= {key: start for key in stored - starts.keys() if (start := form.start_of(key)) is not None}
            newest_first = sorted(starts, key=lambda key: starts[key], reverse=True)
            return [*newest_first, *sorted(stored - starts.keys())]
        case DynamicPartitioning() | None:
            return sorted(stored)


def last_windows(partitioning: TimeWindowPartitioning, now: int, lookback: int | None = None) -> dict[str, datetime]:
    """Key → local start of the last windows, newest first: the one that holds `now`, and those before it."""
    count = lookback or partitioning.lookback_windows or DEFAULT_LOOKBACK
    form = window_format(partitioning.granularity, partitioning.format)
    moment = datetime.fromtimestamp(now // 1000, ZoneInfo(partitioning.timezone or "UTC"))
    starts: dict[str, datetime] = {}
    last = None
    for start in _starts(moment, partitioning):
        if start != last:
            starts.setdefault(form.render(start), start)
            last = start
        if len(starts) == count:
            break
    return starts


def _starts(moment: datetime, partitioning: TimeWindowPartitioning) -> Iterator[datetime]:
    """Local starts of windows from the moment backwards, some more than once; they end at the first year there is."""
    granularity = partitioning.granularity
    zone = moment.tzinfo
    try:
        if step := _BACK.get(granularity):
            instant = moment.astimezone(UTC)
            while True:
                yield window_start(instant.astimezone(zone).replace(tzinfo=None), granularity)
                instant -= step
        start = window_start(moment.replace(tzinfo=None), granularity)
        while True:
            if granularity != "day" or _was(start, zone):
                yield start
            start = window_start(start - timedelta(days=1), granularity)
    except OverflowError:
        return


def _was(day: datetime, zone: object) -> bool:
    """Whether the day came: a place that crosses the date line leaves one out."""
    noon = day.replace(hour=12, tzinfo=zone)  # type: ignore[arg-type]
    return noon.astimezone(UTC).astimezone(noon.tzinfo).date() == day.date()
