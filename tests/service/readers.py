"""Readers of subscriptions as a test has them, over a WebSocket or as server-sent events, and writers for them."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.service.client import produced, step, workflow

PROTOCOL = Subprotocol("graphql-transport-ws")

WRITERS = 8

DEFINITION = workflow("mill", step("grind", produces=["flour.coarse", "flour.fine"]))

EVENTS = """
subscription Events($after: Long, $assets: [String!]) {
  assetEvents(after: $after, assets: $assets) { sequence id type assetKey snapshotId }
}
"""


class Frame(NamedTuple):
    """One server-sent event."""

    event: str
    id: str | None
    data: Any


@contextlib.asynccontextmanager
async def server_sent(
    url: str, query: str, *, headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[AsyncIterator[Frame]]:
    """The events of a GraphQL operation, by POST."""
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=60) as http,
        http.stream(
            "POST", f"{url}/graphql", json=body, headers={"Accept": "text/event-stream", **(headers or {})}
        ) as answer,
    ):
        assert answer.status_code == 200, await answer.aread()
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield frames(answer)


async def frames(answer: httpx.Response) -> AsyncIterator[Frame]:
    """What the answer brings, heartbeats left out."""
    found: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(":")
            found[name] = value.removeprefix(" ")
        elif "data" in found:
            yield Frame(found["event"], found.get("id"), json.loads(found["data"]) if found["data"] else None)
            found = {}


@contextlib.asynccontextmanager
async def web_socket(
    url: str, payload: dict[str, Any] | None = None, **options: Any
) -> AsyncIterator[ClientConnection]:
    """A connection that was initialised, unless `payload` is None."""
    address = url.replace("http://", "ws://") + "/graphql"
    async with connect(address, subprotocols=[PROTOCOL], proxy=None, **options) as socket:
        if payload is not None:
            await say(socket, type="connection_init", payload=payload)
            assert await hear(socket) == {"type": "connection_ack"}
        yield socket


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def hear(socket: ClientConnection) -> Any:
    async with asyncio.timeout(30):
        return json.loads(await socket.recv())


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """How the other side closed; what it says before does not count."""
    with contextlib.suppress(ConnectionClosed):
        async with asyncio.timeout(45):
            async for _ in socket:
                pass
    return socket.close_code or 0, socket.close_reason or ""


async def subscribe(socket: ClientConnection, id: str, query: str, **variables: Any) -> None:
    await say(socket, id=id, type="subscribe", payload={"query": query, "variables": variables})


async def write(url: str, each: int, prefix: str = "w") -> list[str]:
    """Eight writers report `each` times; the ids of the snapshots, as they were acknowledged."""
    made: list[str] = []

    async def writer(number: int) -> None:
        run = f"{prefix}-{number}"
        await _sent(http.post("/workflows/mill/runs", json={"id": run}))
        for attempt in range(1, each + 1):
            assets = [{"assetId": asset, "payload": [number, attempt]} for asset in ("flour.coarse", "flour.fine")]
            path = f"/workflow-runs/{run}/steps/grind/report"
            answer = await _sent(http.post(path, json=produced(*assets, attempt=attempt)))
            made.extend(asset["id"] for asset in answer["data"]["producedAssets"])

    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        await _sent(http.put("/workflows/mill", json=DEFINITION))
        await asyncio.gather(*(writer(number) for number in range(WRITERS)))
    return made


async def _sent(sending: Any) -> Any:
    answer = await sending
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


async def last_number(url: str) -> int:
    """The number of the newest event."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        after = 0
        while True:
            page = (await _sent(http.get("/events", params={"after": after, "limit": 1000})))["data"]
            after = page["nextCursor"]
            if not page["more"]:
                return int(after)
