"""Events to many readers at once: how long from the commit to each, and what memory a reader takes.

A service in a process of its own; 1,000 readers of `GET /events/stream` and 200 subscribers over WebSocket in two
others; productions at a steady rate. The delay is from the event's time, which is when the report came in, so the
commit is in it (`report p50 ms` is what that takes for the reporter). Memory is what the service grew by with the
readers connected, and again at the end, when each was sent all events; processor time is the service's.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx

from bench._engines import arguments, emptied, measure
from graph.address import Address

READY_SECONDS = 120
LATE_SECONDS = 60
"""Until the last event must be there."""


async def main() -> None:
    options = arguments(__doc__, sse=1_000, websockets=200, rate=20, seconds=20)
    await measure("Events to many readers", deliver, options)


async def deliver(address: Address, options: argparse.Namespace) -> dict[str, Any]:
    """Each way at the same time; percentiles over all events and readers."""
    sent = options.rate * options.seconds
    async with emptied(address), service(address) as (url, pid), httpx.AsyncClient(base_url=url, timeout=60) as client:
        await produce(client, options.rate, 2)  # what is loaded or compiled at the first use
        idle = resident(pid)
        before = processor(pid)
        async with (
            readers(url, "sse", options.sse, sent) as sse,
            readers(url, "websocket", options.websockets, sent) as websocket,
        ):
            connected = resident(pid)
            took = await produce(client, options.rate, options.seconds)
            served = resident(pid)
            delays = {"sse": await sse(), "websocket": await websocket()}
            used = processor(pid) - before
    count = options.sse + options.websockets
    return {
        "readers": f"{options.sse} + {options.websockets}",
        "productions": sent,
        "report p50 ms": round(statistics.median(took), 1),
        **percentiles("SSE", delays["sse"], options.sse * sent),
        **percentiles("WebSocket", delays["websocket"], options.websockets * sent),
        "CPU us a delivery": round(used / count / sent * 1_000_000),
        "idle MB": round(idle / 1024, 1),
        "kB a reader, connected": round((connected - idle) / count, 1),
        "kB a reader, served": round((served - idle) / count, 1),
    }


def percentiles(name: str, delays: list[float], expected: int) -> dict[str, Any]:
    assert len(delays) == expected, f"{name}: {len(delays)} of {expected} arrived"
    ordered = sorted(delays)
    return {f"{name} p{each} ms": round(ordered[len(ordered) * each // 100]) for each in (50, 99) if ordered}


async def produce(client: httpx.AsyncClient, rate: int, seconds: int) -> list[float]:
    """A production every 1 / rate seconds, whether the one before was answered or not; milliseconds of each."""
    steps = [{"id": "make", "produces": [{"assetId": "made"}]}]
    await ok(client.put("/workflows/load", json={"steps": steps}))
    run = f"run-{time.monotonic_ns()}"
    await ok(client.post("/workflows/load/runs", json={"id": run}))

    async def report(attempt: int) -> float:
        assets = [{"assetId": "made", "payload": {"attempt": attempt}}]
        body = {"status": "succeeded", "attempt": attempt, "result": {"assets": assets}}
        began = time.perf_counter()
        await ok(client.post(f"/workflow-runs/{run}/steps/make/report", json=body))
        return (time.perf_counter() - began) * 1000

    began = time.perf_counter()
    reports = []
    for number in range(rate * seconds):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        reports.append(asyncio.create_task(report(number + 1)))
    return await asyncio.gather(*reports)


async def ok(answering: Any) -> None:
    answer = await answering
    assert answer.status_code in (200, 201), answer.text


@contextlib.asynccontextmanager
async def service(address: Address) -> AsyncIterator[tuple[str, int]]:
    """A service on that database: where it answers, and its process id."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    named = {
        "NEO4J_URI": address.uri,
        "NEO4J_USER": address.user,
        "NEO4J_PASSWORD": address.password,
        "NEO4J_DATABASE": address.database,
    }
    environment = {**os.environ, "LINEAGE_PORT": str(port), **{k: v for k, v in named.items() if v is not None}}
    with tempfile.TemporaryFile() as output:
        lineage = str(Path(sys.executable).with_name("lineage"))
        process = await asyncio.create_subprocess_exec(lineage, "serve", env=environment, stderr=output)
        url = f"http://127.0.0.1:{port}"
        try:
            await until_ready(url)
            yield url, process.pid
        finally:
            process.terminate()
            await process.wait()


async def until_ready(url: str) -> None:
    async with asyncio.timeout(READY_SECONDS), httpx.AsyncClient(base_url=url) as client:
        while True:
            with contextlib.suppress(httpx.TransportError):
                if (await client.get("/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def readers(url: str, kind: str, count: int, events: int) -> AsyncIterator[Any]:
    """Readers that are connected; what is given waits for their delays."""
    command = (sys.executable, "-m", "bench._readers", url, kind, str(count), str(events))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None

    async def finish() -> list[float]:
        async with asyncio.timeout(LATE_SECONDS):
            found, _ = await process.communicate()
        delays: list[float] = json.loads(found)
        return delays

    try:
        async with asyncio.timeout(READY_SECONDS):
            assert await process.stdout.readline() == b"ready\n"
        yield finish
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def resident(pid: int) -> int:
    """The memory of a process, in KiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found is not None
    return int(found[1])


def processor(pid: int) -> float:
    """The processor time of a process, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    asyncio.run(main())
