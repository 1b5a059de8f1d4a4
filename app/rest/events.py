"""What happens, by page and as a stream."""

import contextlib
from collections.abc import AsyncGenerator

from cachetools import LRUCache

from app.cloud_events import cloud_event, cloud_event_json
from app.http import Answer, Call
from app.http.auth import READ
from app.http.event_stream import RETRY, EventStream, frame, last_event_id
from app.rest import answers
from app.rest.event_requests import EventsQuery, StreamQuery
from app.rest.table import route
from graph.database import Transaction
from graph.events.event import Event
from graph.events.hub import RING
from graph.events.store import EventPage, Log, check_there, read_log, read_page
from graph.lineage import Lineage

_FRAMES: LRUCache[tuple[str, int], bytes] = LRUCache(RING)


async def list_events(call: Call[None, EventsQuery, None]) -> Answer:
    """What happened, in order, a page at a time."""
    lineage: Lineage = call.state.lineage
    query = call.query
    wanted = query.wanted(call.state.max_traversal)

    async def work(tx: Transaction) -> tuple[EventPage, str]:
        chosen = await wanted.work_out(tx)
        log = await read_log(tx)
        return await read_page(tx, log, chosen, query.after, query.limit), log.source

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
    # A browser that comes back asks for the same address, and says besides how far it got.
    resumed = last_event_id(call.headers)
    after = call.query.after if resumed is None else resumed
    wanted = call.query.wanted(call.state.max_traversal)

    async def check(tx: Transaction) -> Log:
        await wanted.work_out(tx)
        log = await read_log(tx)
        if after is not None:
            check_there(log, after)
        return log

    # What is refused is refused before the stream begins.
    log = await lineage.read(check)
    start = log.last if after is None else after

    async def frames() -> AsyncGenerator[bytes, None]:
        yield RETRY
        async with contextlib.aclosing(lineage.events.follow(wanted, start)) as batches:
            async for events in batches:
                yield b"".join([_frame(event, log.source) for event in events])

    return EventStream(frames(), request_id=call.request_id)


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
        writes_events=True,
        answers={200: answers.CloudEvent},
        errors={
            400: ("invalid_asset_id", "invalid_slug"),
            404: ("asset_not_found",),
            410: ("events_gone", "slow_reader"),
        },
    ),
)
