"""Newline-delimited JSON, streamed both ways: memory stays at one line, whatever the length of the whole."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http.json_body import dump_json, parse_json
from graph.errors import TooLarge

MEDIA_TYPE = "application/x-ndjson"
ACCEPTED_TYPES = (MEDIA_TYPE, "application/ndjson", "application/jsonl", "application/json")

_END = object()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a request; `number` counts from 1, empty lines included, as an editor shows it."""

    number: int
    raw: bytes | None
    """Without its line end; None when the line passed `limit`, of which nothing is kept."""
    limit: int

    def parse(self) -> Any:
        """The document, as `parse_json` gives it; TooLarge `line_too_large` past the limit."""
        if self.raw is None:
            message = f"Line {self.number} is larger than the limit of {self.limit} bytes."
            raise TooLarge("line_too_large", message, details={"line": self.number, "limit": self.limit})
        return parse_json(self.raw)


async def read_lines(receive: Receive, *, limit: int) -> AsyncIterator[Line]:
    """The lines of a request's body, as they come; blank ones are left out.

    The next chunk is asked for only when the lines before it are taken, so a slow consumer slows the client
    down. Raises ClientDisconnect when the client goes away before the end; a last line without its end is
    then not given.
    """
    number = 0
    kept = bytearray()
    overlong = False
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        more = message.get("more_body", False)
        # At the end of the body the rest is a line too, with or without a line end.
        *ended, rest = (message.get("body", b"") + (b"" if more else b"\n")).split(b"\n")
        for piece in ended:
            number += 1
            raw = bytes(kept) + piece if kept else piece
            raw = raw.removesuffix(b"\r")
            if overlong or len(raw) > limit:
                yield Line(number, None, limit)
            elif raw.strip():
                yield Line(number, raw, limit)
            kept.clear()
            overlong = False
        # One byte more than the limit may still be the '\r' of a line end.
        if overlong or len(kept) + len(rest) > limit + 1:
            overlong = True
            kept.clear()
        else:
            kept += rest


class NdjsonResponse(Response):
    """Streams one JSON document a line; a client that reads slowly slows the source down.

    So a client that reads nothing until it has sent everything comes to a stand once the sockets between are
    full: seen between 10 and 20 MB of unread answers on Linux. Such a client sends several requests, or takes
    gzip.

    Starlette's StreamingResponse does not serve here: it listens for a disconnect by `receive`, and so would
    take away pieces of a request body that the source is still reading.
    """

    media_type = MEDIA_TYPE

    def __init__(self, items: AsyncIterator[Any], *, status: int = 200) -> None:
        self.items = items
        self.status_code = status
        self.background = None
        self.init_headers(None)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send every item; a failure of the source cuts the stream, so that the client sees it unfinished."""
        # The first item is awaited before the status goes out: what fails at the start is still answered as
        # an error.
        item = await anext(self.items, _END)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while item is not _END:
            await send({"type": "http.response.body", "body": dump_json(item) + b"\n", "more_body": True})
            item = await anext(self.items, _END)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
