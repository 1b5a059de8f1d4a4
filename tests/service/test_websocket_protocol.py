"""What ends a WebSocket, and with which code (graphql-transport-ws, PROTOCOL.md)."""

import json
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.service.readers import EVENTS, closed, hear, last_number, say, subscribe, web_socket, write

pytestmark = pytest.mark.anyio

INIT: dict[str, Any] = {"type": "connection_init"}
SUBSCRIBE = {"id": "1", "type": "subscribe", "payload": {"query": EVENTS}}

ENDINGS: dict[str, tuple[list[Any], int]] = {
    "no JSON": ([INIT, "{"], 4400),
    "no object": ([INIT, []], 4400),
    "no type": ([INIT, {"id": "1"}], 4400),
    "a type that nobody knows": ([INIT, {"type": "start"}], 4400),
    "an id that is no text": ([INIT, SUBSCRIBE | {"id": 1}], 4400),
    "no payload": ([INIT, {"id": "1", "type": "subscribe"}], 4400),
    "asked before it was initialised": ([SUBSCRIBE], 4401),
    "one id for two": ([INIT, SUBSCRIBE, SUBSCRIBE], 4409),
    "initialised twice": ([INIT, INIT], 4429),
}


@pytest.mark.parametrize("name", ENDINGS)
async def test_what_breaks_the_protocol_ends_the_connection(service_url: str, name: str) -> None:
    messages, code = ENDINGS[name]
    async with web_socket(service_url) as socket:
        for message in messages:
            await socket.send(message if isinstance(message, str) else json.dumps(message))
        if messages[0] is INIT:
            assert await hear(socket) == {"type": "connection_ack"}
        assert (await closed(socket))[0] == code


async def test_another_protocol_is_refused(service_url: str) -> None:
    async with connect(service_url.replace("http", "ws") + "/graphql", proxy=None) as socket:
        assert (await closed(socket))[0] == 4406


async def test_a_ping_is_answered_at_any_time(service_url: str) -> None:
    async with web_socket(service_url) as socket:
        await say(socket, type="ping", payload={"n": 1})
        assert (await hear(socket))["type"] == "pong"
        await say(socket, **INIT)
        assert await hear(socket) == {"type": "connection_ack"}
        await say(socket, type="pong")
        await say(socket, type="ping")
        assert (await hear(socket))["type"] == "pong"


EVERYTHING = """
subscription Everything($after: Long) {
  events(after: $after, types: [RUN_STARTED, STEP_FINISHED], workflows: ["mill"]) {
    sequence type workflowKey runId stepId asset { key } run { runId } cloudEvent
  }
}
"""


async def test_all_events_are_told_as_the_log_has_them(service_url: str) -> None:
    start = await last_number(service_url)
    await write(service_url, 1, prefix=f"all-{start}")
    async with web_socket(service_url, {}) as socket:
        await subscribe(socket, "1", EVERYTHING, after=start)
        told = [(await hear(socket))["payload"]["data"]["events"] for _ in range(16)]
    assert sorted(each["type"] for each in told) == ["RUN_STARTED"] * 8 + ["STEP_FINISHED"] * 8
    for each in told:
        assert (each["asset"], each["run"]) == (None, {"runId": each["runId"]})
        event = each["cloudEvent"]
        assert (event["id"], event["specversion"]) == (str(each["sequence"]), "1.0")
