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
from graph.declarations.window_format import WindowFormat, window_format, window_start

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
            form = window_format(partitioning.granularity, partitioning.format)
            known = {*last_windows(partitioning, now, lookback), *stored}
            return _newest_first(form, known)
        case DynamicPartitioning() | None:
            return sorted(stored)


def last_windows(partitioning: TimeWindowPartitioning, now: int, lookback: int | None = None) -> list[str]:
    """The keys of the last windows, newest first: the one that holds `now`, and those before it."""
    count = lookback or partitioning.lookback_windows or DEFAULT_LOOKBACK
    form = window_format(partitioning.granularity, partitioning.format)
    moment = datetime.fromtimestamp(now // 1000, ZoneInfo(partitioning.timezone or "UTC"))
    keys: dict[str, None] = {}
    for start in _starts(moment, partitioning):
        keys[form.render(start)] = None
        if len(keys) == count:
            break
    return list(keys)


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


def _newest_first(form: WindowFormat, keys: set[str]) -> list[str]:
    windows = {key: start for key in keys if (start := form.start_of(key)) is not None}
    return [*sorted(windows, key=lambda key: windows[key], reverse=True), *sorted(keys - windows.keys())]
