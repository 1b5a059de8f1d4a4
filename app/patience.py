"""uvicorn's protocols with an end to their patience: a reader that takes nothing is given up.

uvicorn stops to write when 64 KiB wait for a reader, and then waits for ever; a connection that is closed waits too,
until everything was taken. Here a reader that took nothing for `PATIENCE` is told so, where the protocol can say it,
and its connection is dropped `LINGER` later, with what it did not take. It can resume: it knows how far it got.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode
from websockets.protocol import State

PATIENCE = 20.0
"""Seconds in which a reader must take something of what waits for it."""

LINGER = 10.0
"""Seconds more until its connection is dropped."""

LOOK = 2.0
"""Seconds between two looks at how much waits; only while too much does."""

SLOW_READER = 4410
"""The close code: as HTTP's 410, in the range of applications."""


class _Patience(asyncio.Protocol):
    """The part that both protocols share; `transport` is theirs."""

    transport: asyncio.Transport
    _timer: asyncio.TimerHandle | None = None
    _linger = LINGER

    def pause_writing(self) -> None:
        """More waits than the transport wants to hold."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size(), PATIENCE)

    def resume_writing(self) -> None:
        """The reader took nearly all of it."""
        self._stop_watching()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to be watched."""
        self._stop_watching()
        super().connection_lost(exc)

    def tell(self) -> None:
        """Say what happens, as far as the protocol has words for it."""

    def drop_later(self) -> None:
        """Drop the connection, whatever waits, unless the reader is done with it before."""
        self._stop_watching()
        self._timer = asyncio.get_running_loop().call_later(self._linger, self.transport.abort)

    def _watch(self, waiting: int, left: float) -> None:
        self._stop_watching()
        if left > 0:
            self._timer = asyncio.get_running_loop().call_later(LOOK, self._look, waiting, left - LOOK)
        else:
            self.tell()
            self.drop_later()

    def _look(self, waiting: int, left: float) -> None:
        now = self.transport.get_write_buffer_size()
        self._watch(now, PATIENCE if now < waiting else left)

    def _stop_watching(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class PatientHttp(_Patience, HttpToolsProtocol):
    """HTTP."""

    def shutdown(self) -> None:
        """The service stops: its end waits for no reader that takes nothing."""
        super().shutdown()
        self._linger = 0.0
        if self.flow.write_paused:
            self._watch(self.transport.get_write_buffer_size(), LOOK)


class PatientWebSocket(_Patience, WebSocketsSansIOProtocol):
    """WebSocket."""

    def tell(self) -> None:
        """Close frame and all: a reader that wakes up in time learns why."""
        self._close(SLOW_READER, "slow_reader")

    def shutdown(self) -> None:
        """The service stops: clients may come back to the next one, and go on where they were."""
        if self.conn.state is State.OPEN and self.handshake_complete:
            self._close(CloseCode.GOING_AWAY, "the service stops")
        else:
            super().shutdown()

    def keepalive_timeout(self) -> None:
        """No answer to a ping."""
        super().keepalive_timeout()
        self.drop_later()

    def handle_ping(self) -> None:
        """Answer, unless the answers pile up: a client may send pings for ever and read nothing."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def _close(self, code: int, reason: str) -> None:
        self.stop_keepalive()
        if self.conn.state is State.OPEN:
            message: Any = {"type": "websocket.disconnect", "code": code, "reason": reason}
            self.queue.put_nowait(message)
            self.conn.send_close(code, reason)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.close_sent = True
        self.transport.close()
