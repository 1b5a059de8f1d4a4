"""The readers of `bench.events`, in a process of their own, as cheap as can be: what they take, the service lacks.

`python -m bench._readers url kind readers events`: prints `ready` once all are connected, and when each got so many
events, one line of JSON: the delays in milliseconds, from an event's `time` to its arrival. `kind` is `sse` or
`websocket`; what either brings is looked through for times, not parsed.
"""

import asyncio
import base64
import json
import re
import secrets
import sys
import time
from datetime import datetime
from typing import cast
from urllib.parse import urlsplit

import uvloop
from websockets.frames import Frame, Opcode

AT_ONCE = 50
"""Connections that are made at the same time."""

TIME = re.compile(rb'"time":"([^"]+)"')
LONGEST = 40
"""Bytes that a time and its name take at most: so much of what came may belong to one that is not whole yet."""

PATHS = {"sse": "/events/stream?types=asset.produced", "websocket": "/graphql"}

SUBSCRIPTION = "subscription { assetEvents(types: [PRODUCED]) { sequence type time assetKey version } }"

UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: {key}\r\n"
)

# The last of them is answered behind the subscription's beginning.
MESSAGES = (
    {"type": "connection_init"},
    {"id": "1", "type": "subscribe", "payload": {"query": SUBSCRIPTION}},
    {"id": "2", "type": "subscribe", "payload": {"query": "{ __typename }"}},
)

CONNECTED = {"sse": b"retry: ", "websocket": b'"complete"'}

INSTANTS: dict[bytes, float] = {}
"""Times as texts, and in seconds: all readers get the same."""


class Reader(asyncio.Protocol):
    """One connection; `delays` are in milliseconds."""

    def __init__(self, url: str, kind: str, events: int) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[None] = loop.create_future()
        self.done: asyncio.Future[None] = loop.create_future()
        self.delays: list[float] = []
        self._url = urlsplit(url)
        self._kind = kind
        self._events = events
        self._rest = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        head = f"GET {PATHS[self._kind]} HTTP/1.1\r\nHost: {self._url.netloc}\r\n"
        if self._kind == "websocket":
            head += UPGRADE.format(key=base64.b64encode(secrets.token_bytes(16)).decode())
        self._transport.write(f"{head}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        arrived = time.time()
        data = self._rest + data
        if not self.ready.done():
            self._rest = data
            if self._kind == "websocket" and not self._upgraded and b"\r\n\r\n" in data:
                self._upgraded = True
                for message in MESSAGES:
                    self._transport.write(Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=True))
            if CONNECTED[self._kind] not in data:
                return
            self.ready.set_result(None)
        end = 0
        for found in TIME.finditer(data):
            end = found.end()
            text = found[1]
            if text not in INSTANTS:
                INSTANTS[text] = datetime.fromisoformat(text.decode()).timestamp()
            self.delays.append((arrived - INSTANTS[text]) * 1000)
        self._rest = data[max(end, len(data) - LONGEST) :]
        if len(self.delays) == self._events and not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, error: Exception | None) -> None:
        for each in (self.ready, self.done):
            if not each.done():
                each.set_exception(error or ConnectionError(f"cut off: {self._rest!r}"))


async def main() -> None:
    """Connect, say so, and read all events."""
    url, kind, count, events = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    loop, turn, where = asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE), urlsplit(url)

    async def connect() -> Reader:
        async with turn:
            _, reader = await loop.create_connection(
                lambda: Reader(url, kind, events), where.hostname or "", where.port or 0
            )
            await reader.ready
            return reader

    readers = await asyncio.gather(*(connect() for _ in range(count)))
    print("ready", flush=True)
    await asyncio.gather(*(reader.done for reader in readers))
    print(json.dumps([delay for reader in readers for delay in reader.delays]))


if __name__ == "__main__":
    uvloop.run(main())
