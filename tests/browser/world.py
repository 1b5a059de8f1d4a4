"""What the browser is shown: the shop of `examples.shop` and the lattice of the benchmarks, on a clock of their own.

Both are told to a real service over its REST API. The clock goes along with the story, so that the past of the graph
lies days apart, and it stands still at `NOW` afterwards: every age is the same in every run.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from app.main import make_app
from app.settings import Settings
from bench import lineage as lattice
from examples.shop.play import play
from examples.shop.story import instant, story
from graph.address import Address
from graph.connection import FixedSource
from tests.service.client import Clock

NOW = 1_772_445_600_000
"""2026-03-02T10:00:00Z, a Monday."""


@dataclass(frozen=True)
class World:
    """Where the service answers, and its clock."""

    url: str
    clock: Clock


@contextlib.contextmanager
def served(address: Address, port: int = 0, **settings: object) -> Iterator[World]:
    """A service on this database in a thread of its own, its clock at `NOW`; on any free port unless one is named."""
    clock = Clock()
    clock.now = NOW
    app = make_app(Settings(**settings), clock=clock, source=FixedSource(address))  # type: ignore[arg-type]
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield World(f"http://127.0.0.1:{listener.getsockname()[1]}", clock)
        finally:
            server.should_exit = True
            thread.join()


def tell_shop(world: World) -> None:
    """The shop's four weeks."""

    def at(instant: int) -> None:
        world.clock.now = instant

    with httpx.Client(base_url=world.url, timeout=60) as http:
        play(http, story(NOW), at)
    world.clock.now = NOW


def tell_lattice(world: World) -> None:
    """20 layers of 100 assets, and `wall`, which all of them feed."""
    with httpx.Client(base_url=world.url, timeout=60) as http:
        for definition in (*lattice.definitions(), _wall()):
            http.put(f"/workflows/{definition['slug']}", json=definition).raise_for_status()


def _wall() -> dict[str, Any]:
    """More is upstream of `wall` than the page draws; a step takes 50 assets at most."""
    last = [f"l{lattice.LAYERS - 1}.n{n}" for n in range(lattice.WIDTH)]
    halves = {"wall.left": last[:50], "wall.right": last[50:]}
    steps = [
        {"id": half, "consumes": [{"assetId": asset} for asset in assets], "produces": [{"assetId": half}]}
        for half, assets in halves.items()
    ]
    whole = {"id": "wall", "consumes": [{"assetId": half} for half in halves], "produces": [{"assetId": "wall"}]}
    return {"slug": "layer-all", "steps": [*steps, whole]}


def ago(*, days: float = 0, hours: float = 0) -> str:
    """An instant before `NOW`, ISO 8601."""
    return instant(NOW - round(days * 86_400_000) - round(hours * 3_600_000))
