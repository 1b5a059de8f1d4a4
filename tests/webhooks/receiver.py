"""A receiver of webhooks: a real HTTP server, whose answers a test chooses."""

import asyncio
import collections
import dataclasses
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson


@dataclasses.dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def event(self) -> dict[str, Any]:
        document: dict[str, Any] = orjson.loads(self.body)
        return document

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


Behaviour = Callable[[Received, asyncio.StreamWriter], Awaitable[None]]


def answering(status: int, *headers: str, body: bytes = b"") -> Behaviour:
    """Answers every request so."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers, "", ""]

    async def behave(_: Received, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return behave


async def silent(_: Received, writer: asyncio.StreamWriter) -> None:
    """Takes the request and says nothing."""
    await writer.wait_closed()


class Receiver:
    """Remembers what came. `behave` may be changed at any time."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.behave: Behaviour = answering(204)
        self.port = 0
        self.connections = 0
        self._came = asyncio.Condition()
        self._open: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=private"

    @property
    def events(self) -> list[int]:
        """The numbers of the events that came, in order, repeats included."""
        return [int(request.event["id"]) for request in self.requests]

    @property
    def by_subject(self) -> dict[str, list[int]]:
        """The numbers of the events about each thing, in the order of their first coming."""
        found: dict[str, list[int]] = collections.defaultdict(list)
        for request in self.requests:
            seen = found[request.event["subject"]]
            if int(request.event["id"]) not in seen:
                seen.append(int(request.event["id"]))
        return found

    async def until(self, done: Callable[[], bool], seconds: float = 30.0) -> None:
        """Wait until something is true of what came."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(done)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                pairs = [line.split(": ", 1) for line in head[1:] if line]
                headers = {name.lower(): value for name, value in pairs}
                body = await reader.readexactly(int(headers["content-length"]))
                request = Received(head[0].split(" ")[1], headers, body, time.monotonic())
                async with self._came:
                    self.requests.append(request)
                    self._came.notify_all()
                await self.behave(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    def drop(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()


@asynccontextmanager
async def receiving(context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on a free port of loopback."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        receiver.drop()
