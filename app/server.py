"""Runs the application until it is told to stop: the socket, the signals, the log."""

import asyncio
import functools
import logging
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from rich.console import Console
from rich.logging import RichHandler
from starlette.applications import Starlette

from app.patience import PatientHttp, PatientWebSocket
from graph.errors import LineageError

GRACE = 10
"""Seconds that requests are given to end after the service was told to stop."""

_QUIET = {
    # The driver speaks of connections that broke; `graph.connection` says what that means.
    "neo4j": logging.CRITICAL,
    "uvicorn": logging.WARNING,
}


KEEP_ALIVE = 65
"""Seconds that an idle connection is kept: longer than clients and proxies keep theirs (5 to 60), so that they are the
ones to close it, and none sends a request into a connection that is being closed."""


PING = 15.0
"""Seconds between two pings of a WebSocket, and in which one must be answered."""


class StartFailed(Exception):
    """The service could not start; the sentence says why and what to do."""


def serve(app: Starlette, listener: socket.socket, console: Console, title: str, *, max_message: int) -> None:
    """Serve until SIGINT or SIGTERM, then return: an end that was asked for is no failure.

    `max_message` is in bytes, for one message that comes over a WebSocket.

    Requests under way are finished, what was acknowledged is on disk, and the embedded database has ended. A second
    Ctrl-C does not wait for the requests.

    Raises:
        StartFailed: the database could not be opened.
    """
    config = uvicorn.Config(
        app,
        http=PatientHttp,
        ws=PatientWebSocket,
        ws_max_size=max_message,
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        # Messages are small, and a compressor for each connection takes more memory than all else it has.
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    server = _Server(config, app, console, f"{title} on http://{_shown(listener)}")
    # uvicorn raises the signals that ended it once more; this is who gets them.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, frame: sys.exit(0))
    try:
        server.run(sockets=[listener])
    except SystemExit as end:
        if isinstance(app.state.obstacle, LineageError):
            raise StartFailed(app.state.obstacle.message) from app.state.obstacle
        if end.code:
            raise


def listen(host: str, port: int) -> socket.socket:
    """The bound socket.

    Raises:
        StartFailed: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off (which holds answers back for 40 ms) only where the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Without it, a port is blocked for a minute after every restart.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise StartFailed(
            f"Cannot listen on {host}:{port} ({error.strerror}); choose another with --port or LINEAGE_PORT."
        ) from None
    return listener


def log_to(console: Console, level: str) -> None:
    """Send the log to the console: in colours to a person, in whole lines with dates to anything else."""
    if console.is_terminal:
        handler: logging.Handler = RichHandler(console=console, show_path=False)
        form = "%(message)s"
    else:
        handler = logging.StreamHandler(console.file)
        form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=level.upper(), handlers=[handler], format=form, force=True)
    for name, least in _QUIET.items():
        logging.getLogger(name).setLevel(least)


class _Server(uvicorn.Server):
    """uvicorn that says where it is once it answers, and that can be stopped while it starts."""

    def __init__(self, config: uvicorn.Config, app: Starlette, console: Console, announcement: str) -> None:
        super().__init__(config)
        self._app = app
        self._console = console
        self._announcement = announcement
        self._stop_starting: Callable[[], object] = lambda: None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        starting = asyncio.current_task()
        assert starting
        self._stop_starting = functools.partial(asyncio.get_running_loop().call_soon_threadsafe, starting.cancel)
        # Its own words on a start that fails are a traceback; ours are `StartFailed`.
        words = logging.getLogger("uvicorn.error")
        words.disabled = True
        try:
            await super().startup(sockets)
        except asyncio.CancelledError:
            if not self.should_exit:
                raise
            starting.uncancel()
            return
        words.disabled = False
        self._stop_starting = lambda: None
        self._console.print(self._announcement, soft_wrap=True, highlight=False)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Streams have no end of their own that could be waited for.
        await self._app.state.lineage.events.stop()
        # Nor need anybody wait for something to claim.
        self._app.state.lineage.requests.release()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        # To open a database may take its time, and nobody should have to wait for it only to stop.
        self._stop_starting()


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
