"""A stand-in for the service: holds an engine until it is killed. `python -m tests.engine.service DIR`."""

import sys
from pathlib import Path

import anyio

from graph.engine import EmbeddedEngine
from tests.engine.conftest import add


async def serve(data_dir: Path) -> None:
    engine = EmbeddedEngine(data_dir, heap="256m")
    await add(await engine.start(), "acknowledged")
    print("acknowledged", flush=True)
    await anyio.sleep(60)
    await engine.stop()


if __name__ == "__main__":
    anyio.run(serve, Path(sys.argv[1]))
