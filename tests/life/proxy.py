"""The network between the service and its database, as it may be: open, cut, or silent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit


class Proxy:
    """Passes connections on to a database; every one of them can be cut, and made silent."""

    def __init__(self, uri: str, port: int) -> None:
        """`port` is where it listens on loopback once it is open."""
        parts = urlsplit(uri)
        self._target = (parts.hostname or "", parts.port or 7687)
        self._port = port
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._speaking = asyncio.Event()
        self._speaking.set()
        self.uri = f"{parts.scheme}://127.0.0.1:{port}"

    async def open(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)

    async def cut(self) -> None:
        """Reset every connection and refuse new ones, as after a kill -9."""
        if self._server:
            self._server.close()
            self._server = None
        for end in list(self._ends):
            end.transport.abort()

    def silence(self) -> None:
        """Keep every connection, take new ones, and let nothing through."""
        self._speaking.clear()

    def speak(self) -> None:
        """Let everything through that was kept back, and all that comes."""
        self._speaking.set()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):  # the test's end cancels it
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._ends |= {writer, far_writer}
            try:
                await asyncio.gather(self._copy(reader, far_writer), self._copy(far_reader, writer))
            finally:
                for end in (writer, far_writer):
                    self._ends.discard(end)
                    end.transport.abort()

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(64 * 1024):
                await self._speaking.wait()
                target.write(chunk)
                await target.drain()
        target.transport.abort()


@contextlib.asynccontextmanager
async def proxy_to(uri: str, port: int) -> AsyncIterator[Proxy]:
    """A proxy that is not open yet, and cut in the end."""
    proxy = Proxy(uri, port)
    try:
        yield proxy
    finally:
        proxy.speak()
        await proxy.cut()
