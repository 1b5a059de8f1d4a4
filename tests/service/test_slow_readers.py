"""Readers that take nothing: they are given up in time, and the service does not grow by what they leave."""

import asyncio
import base64
import contextlib
import json
import secrets
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from websockets.frames import Frame, Opcode

from graph.address import Address
from tests.conftest import Processes
from tests.life.process import Process, settings_for
from tests.service.readers import last_number, write

pytestmark = pytest.mark.anyio

READERS = 20

SUBSCRIBE = (
    {"type": "connection_init"},
    # A hundred names for one text: much is sent, and little is kept.
    {
        "id": "1",
        "type": "subscribe",
        "payload": {
            "query": "subscription { assetEvents(after: 0) {" + " ".join(f"n{n}: data" for n in range(100)) + "} }"
        },
    },
)


def memory(pid: int) -> int:
    """Resident, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024


def connected(service: Process) -> socket.socket:
    """A connection whose receive buffer is small, so that little hides in the kernel."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    found.connect(("127.0.0.1", service.port))
    found.settimeout(10)
    return found


def web_socket(service: Process) -> socket.socket:
    """Subscribed, and from now on it reads nothing."""
    found = connected(service)
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    found.sendall(
        f"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
    )
    assert found.recv(12) == b"HTTP/1.1 101"
    for message in SUBSCRIBE:
        found.sendall(Frame(Opcode.TEXT, json.dumps(message).encode()).serialize(mask=True))
    return found


def server_sent(service: Process) -> socket.socket:
    """The same over HTTP."""
    found = connected(service)
    body = json.dumps(SUBSCRIBE[1]["payload"])
    found.sendall(
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    assert found.recv(12) == b"HTTP/1.1 200"
    return found


def still_there(service: Process, sockets: list[socket.socket]) -> int:
    """How many of the connections the service has not dropped: its ends of them, by both ports."""
    ours = {(f"{service.port:04X}", f"{each.getsockname()[1]:04X}") for each in sockets}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum((row[1][-4:], row[2][-4:]) in ours and row[3] == "01" for row in rows)


@pytest.mark.parametrize("connect", [pytest.param(web_socket, id="WebSocket"), pytest.param(server_sent, id="SSE")])
async def test_they_are_dropped_and_cost_little(processes: Processes, empty_embedded: Address, connect: Any) -> None:
    service = processes(settings_for(empty_embedded))
    await write(service.url, 60, prefix=f"slow-{await last_number(service.url)}")
    await last_number(service.url)
    idle = memory(service.pid)
    sockets = [connect(service) for _ in range(READERS)]
    try:
        began = time.monotonic()
        assert still_there(service, sockets) == READERS
        grown = 0
        while still_there(service, sockets) > 0:
            grown = max(grown, memory(service.pid) - idle)
            assert time.monotonic() - began < 45
            await asyncio.sleep(0.5)
        assert time.monotonic() - began > 15, "nobody is dropped for being a little slow"
        # 64 KiB and a message for each; unbounded it would be 30 MiB for each.
        assert grown < 40
    finally:
        for each in sockets:
            each.close()


async def test_one_that_wakes_up_in_time_learns_why(processes: Processes, empty_embedded: Address) -> None:
    service = processes(settings_for(empty_embedded))
    await write(service.url, 60, prefix=f"wakes-{await last_number(service.url)}")
    with contextlib.closing(web_socket(service)) as reader:
        await asyncio.sleep(24)
        found = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := reader.recv(65536):
                found = found[-65536:] + piece
    assert found.endswith(Frame(Opcode.CLOSE, (4410).to_bytes(2, "big") + b"slow_reader").serialize(mask=False))
