"""The log as it is stored: pages by number, where it begins and ends."""

import dataclasses

from graph.database import Transaction
from graph.errors import Gone
from graph.events.event import Event
from graph.events.filter import EventFilter
from graph.records import record_from

LOG = "MATCH (m:Meta {key: 'events'}) RETURN m.first AS first, m.last AS last, m.source AS source"

RANGE = """
MATCH (e:Event)
WHERE e.seq > $after AND e.seq <= $until
RETURN properties(e) AS event ORDER BY e.seq
"""

FIRST_KEPT = """
MATCH (e:Event)
WHERE e.seq > $after AND e.seq <= $until AND e.at >= $before
RETURN min(e.seq) AS seq
"""

REMOVE = """
MATCH (e:Event)
WHERE e.seq > $after AND e.seq <= $until
DETACH DELETE e
"""

BEGIN_AT = "MATCH (m:Meta {key: 'events'}) SET m.first = $first"

WINDOW = 500
"""Events that are read in one query."""

REMOVED = 1_000
"""Events that are removed in one transaction."""

SCAN = 10_000
"""Events that one page looks at, at most: behind it the page ends, wanted events or not."""


@dataclasses.dataclass(frozen=True, slots=True)
class Log:
    """The numbers of the oldest and the newest event (`last` < `first`: there is none), and the database's name."""

    first: int
    last: int
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class EventPage:
    """Events in order. `after` is the number to go on behind; `more` tells whether there are events behind it."""

    events: list[Event]
    after: int
    more: bool


@dataclasses.dataclass(frozen=True, slots=True)
class PastPage:
    """Events, the newest first. `up_to` is the newest number that was looked at, `before` the oldest; `more` tells
    whether there are events below it.
    """

    events: list[Event]
    up_to: int
    before: int
    more: bool


async def read_log(tx: Transaction) -> Log:
    """Where the log begins and ends."""
    row = await tx.row(LOG)
    assert row is not None, "ensure_schema makes the log"
    return Log(row["first"], row["last"], row["source"])


async def read_range(tx: Transaction, after: int, until: int) -> list[Event]:
    """The events after < seq <= until, up to the first that cannot be seen yet.

    Neither engine promises that a commit is seen all at once: the counter, or a later event, may be there before an
    earlier one of the same transaction.
    """
    found: list[Event] = []
    for row in await tx.rows(RANGE, {"after": after, "until": until}):
        event = record_from(Event, row["event"])
        if event.seq != after + len(found) + 1:
            break
        found.append(event)
    return found


async def read_page(tx: Transaction, log: Log, wanted: EventFilter, after: int, limit: int) -> EventPage:
    """Up to `limit` events behind the number `after`; fewer, or none, where the wanted ones are far between.

    Raises Gone `events_gone` when some behind it were removed.
    """
    check_there(log, after)
    found: list[Event] = []
    size = limit if wanted == EventFilter() else WINDOW
    end = min(log.last, after + SCAN)
    while after < end:
        events = await read_range(tx, after, min(end, after + size))
        if not events:
            break
        for event in events:
            after = event.seq
            if wanted.matches(event):
                found.append(event)
                if len(found) == limit:
                    return EventPage(found, after, after < log.last)
    return EventPage(found, after, after < log.last)


async def remove_oldest(tx: Transaction, first: int, last: int, before: int) -> None:
    """Remove up to `REMOVED` events from the first one on, until one that was not recorded before the instant.

    Belongs behind the lock of the log, of which `first` and `last` were read there.
    """
    after, until = first - 1, min(first - 1 + REMOVED, last)
    kept = await tx.row(FIRST_KEPT, {"after": after, "until": until, "before": before})
    if kept and kept["seq"] is not None:
        until = kept["seq"] - 1
    if until > after:
        await tx.run(REMOVE, {"after": after, "until": until})
        await tx.run(BEGIN_AT, {"first": until + 1})


async def read_past(tx: Transaction, wanted: EventFilter, before: int | None, limit: int) -> PastPage:
    """Up to `limit` events below the number `before` (None: from the newest on). The past ends where the log begins."""
    log = await read_log(tx)
    oldest = log.first - 1
    top = max(oldest, log.last if before is None else min(log.last, before - 1))
    found: list[Event] = []
    size = limit if wanted == EventFilter() else WINDOW
    low, end, up_to = top, max(oldest, top - SCAN), None
    while low > end and len(found) < limit:
        low, high = max(end, low - size), low
        events = await read_range(tx, low, high)
        if up_to is None:
            # What cannot be seen yet, at the very end, is for those who go on behind the page.
            up_to = events[-1].seq if events else low
        for event in reversed(events):
            if wanted.matches(event):
                found.append(event)
                if len(found) == limit:
                    low = event.seq - 1
                    break
    return PastPage(found, top if up_to is None else up_to, low + 1, low > oldest)


def check_there(log: Log, after: int) -> None:
    """Raise Gone when events behind the number are not kept any more."""
    if after < log.first - 1:
        raise Gone(
            "events_gone",
            f"Events up to number {log.first - 1} are not kept any more; go on behind it.",
            details={"oldest": log.first, "after": log.first - 1},
        )
