"""The service as a process of its own on a free port, with the lattice in it."""

import asyncio
import contextlib
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from bench.lineage import definitions

COMMAND = Path(sys.executable).with_name("lineage")


@contextlib.asynccontextmanager
async def served_lattice() -> AsyncIterator[str]:
    """Its address, once it answers and holds the lattice. Nothing of it is left afterwards."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as directory:
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        place = ("--host", "127.0.0.1", "--port", str(port), "--data", directory)
        with (Path(directory) / "output.txt").open("w+b") as output:
            process = await asyncio.create_subprocess_exec(
                COMMAND, "serve", *place, stdout=output, stderr=asyncio.subprocess.STDOUT
            )
            try:
                async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                    while not await _ready(client):
                        if process.returncode is not None:
                            raise RuntimeError((Path(directory) / "output.txt").read_text())
                        await asyncio.sleep(0.1)
                    for definition in definitions():
                        (await client.put(f"/workflows/{definition['slug']}", json=definition)).raise_for_status()
                yield url
            finally:
                await _end(process)


async def _ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), 20)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
