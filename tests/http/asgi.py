"""Speaks ASGI by hand, for what an HTTP client hides: chunks, disconnects, back-pressure."""

import asyncio
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Message

HOST = (b"host", b"127.0.0.1:4000")


class Exchange:
    """One request made of the given messages; what was sent back is kept."""

    def __init__(self, method: str, path: str, messages: Iterable[Message], headers: Iterable[tuple[bytes, bytes]]):
        self.scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": [HOST, *headers],
            "client": ("127.0.0.1", 5),
            "server": ("127.0.0.1", 4000),
        }
        self.messages = list(messages)
        self.received = 0
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        self.received += 1
        return self.messages.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message["body"] for message in self.sent[1:])


def exchange(
    app: ASGIApp,
    method: str,
    path: str,
    messages: Iterable[Message],
    headers: Iterable[tuple[bytes, bytes]] = (),
) -> Exchange:
    done = Exchange(method, path, messages, headers)
    asyncio.run(app(done.scope, done.receive, done.send))
    return done


def chunk(body: bytes, more: bool = True) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


DISCONNECT: Message = {"type": "http.disconnect"}
