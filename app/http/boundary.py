"""The outermost layer of ours: a request id, the headers of every answer, and the one error shape.

Whatever is raised further in, by a route, a middleware or Starlette's router, ends here, so there is one
place that turns an exception into an answer.
"""

import logging
import re
import uuid

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.errors import Failure

logger = logging.getLogger("app.http")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:/+=-]{1,100}")


class Boundary:
    """Pure ASGI middleware. `scope["state"]["request_id"]` is set for everything inside."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; nothing but a cut stream leaves an exception to the server."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        outgoing = _Outgoing(send, request_id, head=scope.get("method") == "HEAD")
        try:
            await self.app(scope, receive, outgoing.send)
        except ClientDisconnect:
            # Nobody is left to answer, and a client that goes away is no fault of the service.
            logger.debug("request %s: the client went away", request_id)
        except Exception as error:
            failure = _failure(error, request_id)
            if failure.status >= 500:
                where = f"{scope.get('method', 'WEBSOCKET')} {scope['path']!r}"
                if failure.unexpected:
                    logger.exception("request %s: internal error at %s", request_id, where)
                else:
                    # While the database is away this is every request; the log has had a word on it already.
                    logger.debug("request %s: %d at %s: %s", request_id, failure.status, where, error)
            if outgoing.started:
                # Half an answer is out: only a cut connection tells the client that the rest is missing.
                raise
            if scope["type"] == "websocket":
                # The handshake is refused; a server that can, answers it like any request.
                if "websocket.http.response" not in scope.get("extensions", {}):
                    await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
                    return
                await _send_failure(failure, outgoing.send, "websocket.http.response")
                return
            await _send_failure(failure, outgoing.send)


class _Outgoing:
    """Puts the common headers on the answer's first message and keeps the body of a HEAD back."""

    __slots__ = ("_extra", "_head", "_send", "started")

    def __init__(self, send: Send, request_id: str, *, head: bool) -> None:
        self._send = send
        self._head = head
        self._extra = [(b"x-request-id", request_id.encode()), (b"x-content-type-options", b"nosniff")]
        self.started = False

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind in ("http.response.start", "websocket.http.response.start"):
            self.started = True
            headers = [*message.get("headers", ()), *self._extra]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        elif kind == "http.response.body" and self._head:
            message = {**message, "body": b""}
        elif kind == "websocket.accept":
            self.started = True
        await self._send(message)


def _request_id(scope: Scope) -> str:
    sent = Headers(scope=scope).get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else uuid.uuid4().hex


def _failure(error: Exception, request_id: str) -> Failure:
    try:
        return Failure(error, request_id)
    except TypeError as unwritable:
        # Details that JSON cannot hold are a fault of ours, and the answer must still have the one shape.
        unwritable.__context__ = error
        return Failure(unwritable, request_id)


async def _send_failure(failure: Failure, send: Send, kind: str = "http.response") -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(failure.body)).encode())]
    headers += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in failure.headers.items()]
    await send({"type": f"{kind}.start", "status": failure.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": failure.body})
