"""Server-sent events (html.spec.whatwg.org, chapter 9.2).

A reader that takes nothing is given up by the server's protocol (`app.patience`): no send waits longer than that.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from starlette.datastructures import Headers
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.http.errors import Failure, HttpError
from app.http.json_body import dump_json
from graph.errors import LineageError

MEDIA_TYPE = "text/event-stream"

HEARTBEAT = b":\n\n"
"""A comment; it keeps proxies from ending a quiet connection, and shows a dead one."""

PAUSE = 15.0
"""Seconds between two heartbeats."""

RETRY = b"retry: 1000\n\n"
"""A browser that lost the connection comes back after a second."""


def frame(data: bytes, *, event: str, id: str | None = None) -> bytes:
    """One event; `data` is one line."""
    head = f"id: {id}\nevent: {event}\n" if id is not None else f"event: {event}\n"
    return head.encode() + b"data: " + data + b"\n\n"


def last_event_id(headers: Headers) -> int | None:
    """The number of the last event that a reader got before its connection was lost. Raises HttpError 400."""
    sent = headers.get("last-event-id")
    if sent is None:
        return None
    if not (sent.isascii() and sent.isdigit() and len(sent) < 17):
        raise HttpError(400, "invalid_parameter", "'Last-Event-ID' is the id of an event, a whole number.")
    return int(sent)


class EventStream(StreamingResponse):
    """Frames as they come. An error in the middle becomes the last frame: `event: error`, the one error shape."""

    media_type = MEDIA_TYPE

    def __init__(self, frames: AsyncGenerator[bytes, None], *, request_id: str) -> None:
        # Proxies that collect an answer before they pass it on must not.
        super().__init__(_told(frames, request_id), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The stream; to HEAD its head alone, as there is no end to wait for."""
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            await send({"type": "http.response.body", "body": b""})
            return
        await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        """As its parent's, with heartbeats between the frames."""
        beating = asyncio.create_task(_beat(send))
        try:
            await super().stream_response(send)
        finally:
            beating.cancel()


async def _beat(send: Send) -> None:
    while True:
        await asyncio.sleep(PAUSE)
        await send({"type": "http.response.body", "body": HEARTBEAT, "more_body": True})


async def _told(frames: AsyncGenerator[bytes, None], request_id: str) -> AsyncGenerator[bytes, None]:
    async with contextlib.aclosing(frames):
        try:
            async for each in frames:
                yield each
        except LineageError as error:
            yield frame(dump_json(Failure(error, request_id).body), event="error")
