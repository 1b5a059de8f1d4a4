"""`GET /events/stream` of a real service: its form, its end, and that nothing is lost or repeated."""

import asyncio
import contextlib
import signal
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from app.http import create_token
from tests.life.process import Process
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

DEFINITION = workflow("load", step("make", produces=["made"]))

WRITERS = 6
REPORTS = 15


@pytest.fixture
async def http(service_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=service_url, timeout=30) as http:
        (await http.put("/workflows/load", json=DEFINITION)).raise_for_status()
        yield http


async def last(http: httpx.AsyncClient) -> int:
    """The number of the newest event."""
    after, more = 0, True
    while more:
        page = (await http.get("/events", params={"after": after, "limit": 1000})).json()["data"]
        after, more = page["nextCursor"], page["more"]
    return int(after)


async def frames(answer: httpx.Response) -> AsyncIterator[dict[str, str]]:
    """The events of a stream: their fields by name; comments are left out."""
    fields: dict[str, str] = {}
    async for line in answer.aiter_lines():
        if not line:
            if "data" in fields:
                yield fields
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            assert name not in fields, "one line of each"
            fields[name] = value


async def write(http: httpx.AsyncClient, name: str, count: int = REPORTS) -> None:
    """A run with so many reports."""
    (await http.post("/workflows/load/runs", json={"id": name})).raise_for_status()
    for attempt in range(1, count + 1):
        body = produced({"assetId": "made", "payload": [name, attempt]}, attempt=attempt)
        (await http.post(f"/workflow-runs/{name}/steps/make/report", json=body)).raise_for_status()


async def test_the_form_of_a_stream(http: httpx.AsyncClient) -> None:
    start = await last(http)
    headers = {"Accept-Encoding": "gzip", "X-Request-Id": "mine"}
    async with asyncio.timeout(20), http.stream("GET", "/events/stream", headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == "text/event-stream"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-accel-buffering"] == "no"
        assert answer.headers["x-request-id"] == "mine"
        # Compressed it would wait for more to compress.
        assert "content-encoding" not in answer.headers
        (await http.post("/workflows/load/runs", json={})).raise_for_status()
        told = await anext(frames(answer))
    event = orjson.loads(told["data"])
    assert told["id"] == event["id"] == str(start + 1)
    assert told["event"] == event["type"] == "run.started"
    assert event == (await http.get("/events", params={"after": start})).json()["data"]["events"][0]


async def test_it_begins_with_the_time_to_come_back(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20), http.stream("GET", "/events/stream") as answer:
        assert await anext(answer.aiter_lines()) == "retry: 1000"


async def test_the_head_of_a_stream_ends(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        answer = await http.head("/events/stream")
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert (await http.head("/events/stream?types=x")).status_code == 400


async def test_left_and_resumed_nothing_is_lost_or_repeated(http: httpx.AsyncClient) -> None:
    """As a browser does it: the same address, and `Last-Event-ID`, which wins."""
    start = await last(http)
    end = f"end-{start}"
    got: list[int] = []

    async def follow() -> None:
        while True:
            headers = {"Last-Event-ID": str(got[-1])} if got else {}
            async with http.stream("GET", f"/events/stream?after={start}", headers=headers) as answer:
                left = 23
                async for each in frames(answer):
                    got.append(int(each["id"]))
                    left -= 1
                    if orjson.loads(each["data"]).get("run") == end:
                        return
                    if left == 0:
                        break

    async with asyncio.timeout(60):
        following = asyncio.create_task(follow())
        await asyncio.gather(*(write(http, f"resumed-{start}-{number}") for number in range(WRITERS)))
        await write(http, end, 0)
        await following
    assert len(got) > WRITERS * (1 + 2 * REPORTS)
    assert got == list(range(start + 1, await last(http) + 1))


async def test_filters_hold_behind_and_in_front(http: httpx.AsyncClient) -> None:
    start = await last(http)
    await write(http, f"filtered-{start}", 3)
    query = f"/events/stream?after={start}&types=asset.produced&assets=ma*&workflows=load&upstreamOf=made"
    async with asyncio.timeout(30), http.stream("GET", query) as answer:
        reader = frames(answer)
        told = [await anext(reader) for _ in range(3)]
        await write(http, f"later-{start}", 2)
        told += [await anext(reader) for _ in range(2)]
    assert [orjson.loads(each["data"])["type"] for each in told] == ["asset.produced"] * 5


@pytest.mark.parametrize("sent", ["abc", "-1", "1.5", "9" * 17])
async def test_a_wrong_last_event_id_is_refused(http: httpx.AsyncClient, sent: str) -> None:
    answer = await http.get("/events/stream", headers={"Last-Event-ID": sent})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Process]:
    """A service of the test's own, with tokens."""
    SECRETS.clear()
    lines = []
    for name, scope in (("reader", "read"), ("writer", "write"), ("job", "report")):
        SECRETS[name], line = create_token(name, [scope])
        lines.append(line)
    process = Process(tmp_path / "service", {"LINEAGE_TOKENS": " ".join(lines)})
    try:
        process.start_ready()
        yield process
    finally:
        process.end()


SECRETS: dict[str, str] = {}


def token(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {SECRETS[name]}"}


async def test_the_end_of_the_service_ends_its_streams_at_once(own: Process) -> None:
    async with contextlib.AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=own.url, timeout=30))
        assert (await http.get("/events/stream")).status_code == 401
        assert (await http.get("/events/stream", headers=token("job"))).status_code == 403
        (await http.put("/workflows/load", json=DEFINITION, headers=token("writer"))).raise_for_status()
        open_ones = [
            await stack.enter_async_context(http.stream("GET", "/events/stream?after=0", headers=token("reader")))
            for _ in range(5)
        ]
        readers = [frames(answer) for answer in open_ones]
        for reader in readers:
            assert (await anext(reader))["event"] == "workflow.registered"
        began = time.monotonic()
        own.send(signal.SIGTERM)
        rest: list[Any] = await asyncio.gather(*(_rest(reader) for reader in readers))
        assert rest == [[]] * 5, "each ends as it should, with nothing behind"
    assert await asyncio.to_thread(own.wait, 10) == 0
    assert time.monotonic() - began < 8
    assert "Traceback" not in own.output


async def _rest(reader: AsyncIterator[dict[str, str]]) -> list[dict[str, str]]:
    return [each async for each in reader]


async def test_a_reader_that_takes_nothing_does_not_keep_the_service_from_its_end(own: Process) -> None:
    async with httpx.AsyncClient(base_url=own.url, timeout=30) as http:
        (await http.put("/workflows/load", json=DEFINITION, headers=token("writer"))).raise_for_status()
        (await http.post("/workflows/load/runs", json={"id": "r"}, headers=token("job"))).raise_for_status()
        with socket.socket() as idle:
            idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            idle.connect(("127.0.0.1", own.port))
            secret = token("reader")["Authorization"]
            idle.sendall(f"GET /events/stream HTTP/1.1\r\nHost: x\r\nAuthorization: {secret}\r\n\r\n".encode())
            assert idle.recv(12) == b"HTTP/1.1 200"
            # Far more than what the sockets between hold.
            told = {"runId": "r", "stepId": "make", "status": "failed", "errorMessage": "x" * 10_000}
            for part in range(10):
                lines = [orjson.dumps(told | {"attempt": part * 100 + each}) for each in range(1, 101)]
                headers = token("job") | {"Content-Type": "application/x-ndjson"}
                answer = await http.post("/reports", content=b"\n".join(lines), headers=headers)
                assert answer.text.count('"status":200') == 100
            own.send(signal.SIGTERM)
            assert await asyncio.to_thread(own.wait, 25) == 0
    assert "Traceback" not in own.output
