"""What happens, by page and as a stream."""

from collections.abc import AsyncIterator

from cachetools import LRUCache

from app.cloud_events import cloud_event, cloud_event_json
from app.http import Answer, Call
from app.http.auth import READ
from app.http.errors import HttpError
from app.http.event_stream import HEARTBEAT, EventStream, frame
from app.rest import answers
from app.rest.event_requests import EventsQuery, StreamQuery
from app.rest.table import route
from graph.database import Transaction
from graph.events.event import Event
from graph.events.hub import RING
from graph.events.store import EventPage, Log, check_there, read_log, read_page
from graph.lineage import Lineage

RETRY = b"retry: 1000\n\n"
"""A browser that lost the connection comes back after a second."""

_FRAMES: LRUCache[tuple[str, int], bytes] = LRUCache(RING)


async def list_events(call: Call[None, EventsQuery, None]) -> Answer:
    """What happened, in order, a page at a time."""
    lineage: Lineage = call.state.lineage
    query = call.query
    make = query.maker(call.state.max_traversal)

    async def work(tx: Transaction) -> tuple[EventPage, str]:
        log = await read_log(tx)
        return await read_page(tx, await make(tx), query.after, query.limit), log.source

    page, source = await lineage.read(work)
    shown: answers.EventPage = {
        "events": [cloud_event(event, source) for event in page.events],
        "nextCursor": page.after,
        "more": page.more,
    }
    return Answer(shown)


async def stream_events(call: Call[None, StreamQuery, None]) -> EventStream:
    """What happens, as it happens: server-sent events, resumed by `Last-Event-ID`."""
    lineage: Lineage = call.state.lineage
    after = _last_event_id(call) if call.query.after is None else call.query.after
    make = call.query.maker(call.state.max_traversal)

    async def check(tx: Transaction) -> Log:
        await make(tx)
        log = await read_log(tx)
        if after is not None:
            check_there(log, after)
        return log

    # What is refused is refused before the stream begins.
    source = (await lineage.read(check)).source

    async def frames() -> AsyncIterator[bytes]:
        yield RETRY
        async for events in lineage.events.follow(make, after):
            yield b"".join(_frame(event, source) for event in events) or HEARTBEAT

    return EventStream(frames(), request_id=call.request_id)


def _last_event_id(call: Call[None, StreamQuery, None]) -> int | None:
    sent = call.headers.get("last-event-id")
    if sent is None:
        return None
    if not (sent.isascii() and sent.isdigit() and len(sent) < 17):
        raise HttpError(400, "invalid_parameter", "'Last-Event-ID' is the id of an event, a whole number.")
    return int(sent)


def _frame(event: Event, source: str) -> bytes:
    """Encoded once for all readers."""
    key = (source, event.seq)
    known = _FRAMES.get(key)
    if known is None:
        known = frame(cloud_event_json(event, source), event=event.type, id=str(event.seq))
        _FRAMES[key] = known
    return known


ENDPOINTS = (
    route(
        "GET",
        "/events",
        list_events,
        tag="events",
        scope=READ,
        query=EventsQuery,
        answers={200: answers.EventPage},
        errors={400: ("invalid_asset_id", "invalid_slug"), 404: ("asset_not_found",), 410: ("events_gone",)},
    ),
    route(
        "GET",
        "/events/stream",
        stream_events,
        tag="events",
        scope=READ,
        query=StreamQuery,
        bare=True,
        answers={200: answers.EventPage},
        errors={400: ("invalid_asset_id", "invalid_slug"), 404: ("asset_not_found",), 410: ("events_gone",)},
    ),
)
