"""Server-sent events (html.spec.whatwg.org, chapter 9.2) over a response that gives up a reader that takes nothing."""

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse
from starlette.types import Send

from app.http.errors import Failure
from app.http.json_body import dump_json
from graph.errors import LineageError

SEND_TIMEOUT = 30.0
"""Seconds in which a reader must take what is sent; then the connection is given up."""

HEARTBEAT = b":\n\n"
"""A comment; it keeps proxies from ending a quiet connection, and shows a dead one."""


def frame(data: bytes, *, event: str, id: str | None = None) -> bytes:
    """One event; `data` is one line."""
    head = f"id: {id}\nevent: {event}\n" if id is not None else f"event: {event}\n"
    return head.encode() + b"data: " + data + b"\n\n"


class EventStream(StreamingResponse):
    """Frames as they come. An error in the middle becomes the last frame: `event: error`, the one error shape."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncIterator[bytes], *, request_id: str) -> None:
        # Proxies that collect an answer before they pass it on must not.
        super().__init__(_told(frames, request_id), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def stream_response(self, send: Send) -> None:
        """As its parent's, but no send waits for ever."""

        async def hurried(message: object) -> None:
            async with asyncio.timeout(SEND_TIMEOUT):
                await send(message)  # type: ignore[arg-type]

        await super().stream_response(hurried)


async def _told(frames: AsyncIterator[bytes], request_id: str) -> AsyncIterator[bytes]:
    try:
        async for each in frames:
            yield each
    except LineageError as error:
        yield frame(dump_json(Failure(error, request_id).body), event="error")
