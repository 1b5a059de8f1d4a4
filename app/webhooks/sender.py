"""One request to a webhook: a CloudEvent, signed as Standard Webhooks says (standardwebhooks.com)."""

import asyncio
import contextlib
import datetime as dt
import ssl
import time
from collections.abc import Callable
from typing import Any

import httpcore
import httpx
from standardwebhooks import Webhook as Signer

from app.cloud_events import MEDIA_TYPE, cloud_event_json
from app.webhooks.guard import Guard, GuardedBackend, Refused
from graph.webhooks.records import Answer, Outgoing

WHOLE = 10.0
"""Seconds from the name's resolution to the status line."""

BODY = 16 * 1024
"""Bytes of a response that are read, to use its connection again; what is longer costs the connection."""

BODY_SECONDS = 1.0

CONNECTIONS = 100
IDLE = 20

TOO_SLOW = f"The endpoint did not answer within {WHOLE:.0f} seconds."


class Sender:
    """Keeps a pool of connections; `close` ends them. Never follows a redirect, never uses a proxy."""

    def __init__(
        self,
        guard: Guard,
        *,
        agent: str,
        clock: Callable[[], int],
        context: ssl.SSLContext | None = None,
        seconds: float = WHOLE,
    ) -> None:
        """`context` says which certificates are trusted; without, the usual ones and SSL_CERT_FILE."""
        self._guard = guard
        self._agent = agent
        self._clock = clock
        self._seconds = seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context or httpx.create_ssl_context(),
            max_connections=CONNECTIONS,
            max_keepalive_connections=IDLE,
            keepalive_expiry=30.0,
            network_backend=GuardedBackend(guard),
        )

    async def close(self) -> None:
        """End every connection."""
        await self._pool.aclose()

    async def __call__(self, outgoing: Outgoing) -> Answer:
        """Make the request; whatever goes wrong is in the answer."""
        began = time.monotonic()
        status, error = None, None
        try:
            self._guard.check_form(outgoing.webhook.url)
            async with (
                asyncio.timeout(self._seconds),
                self._pool.stream("POST", outgoing.webhook.url, **self._request(outgoing)) as response,
            ):
                status = response.status
                await _drain(response)
        except Refused as refused:
            error = str(refused)
        except Exception as failure:
            # With a status the endpoint has answered, whatever happened after it.
            error = _sentence(failure)
            if error is None and status is None:
                raise
        return Answer(status, error if status is None else _judgement(status), _milliseconds_since(began))

    def _request(self, outgoing: Outgoing) -> dict[str, Any]:
        body = cloud_event_json(outgoing.event, outgoing.source)
        headers = {
            "Content-Type": MEDIA_TYPE,
            "User-Agent": self._agent,
            **signature(outgoing.id, outgoing.webhook.secrets_at(self._clock()), body),
        }
        return {"headers": headers, "content": body}


def signature(id: str, secrets: list[str], body: bytes) -> dict[str, str]:
    """The headers that sign a body, one signature for each secret; the time is the real one, since receivers look."""
    moment = dt.datetime.fromtimestamp(int(time.time()), dt.UTC)
    signatures = [Signer(secret).sign(id, moment, body.decode()) for secret in secrets]
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _milliseconds_since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)


async def _drain(response: httpcore.Response) -> None:
    """Read a short body, so that its connection can be used again; of another one nothing more."""
    read = 0
    with contextlib.suppress(TimeoutError, httpcore.NetworkError, httpcore.ProtocolError):
        async with asyncio.timeout(BODY_SECONDS):
            async for part in response.aiter_stream():
                read += len(part)
                if read > BODY:
                    return


def _judgement(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if 300 <= status < 400:
        return f"The endpoint answered {status}: redirects are not followed; give the address that it leads to."
    return f"The endpoint answered {status}."


def _sentence(failure: Exception) -> str | None:
    """What went wrong between here and there; None for a fault of our own."""
    match failure:
        case TimeoutError() | httpcore.TimeoutException():
            return TOO_SLOW
        case httpcore.ConnectError():
            cause = failure.__context__  # the pool raises `from None`
            if isinstance(cause, ssl.SSLError):
                return f"No TLS with the endpoint: {getattr(cause, 'verify_message', None) or cause.reason}."
            return "The endpoint does not take connections."
        case httpcore.NetworkError() | httpcore.RemoteProtocolError():
            return "The endpoint broke the connection off, or answered something that is no HTTP."
        case _:
            return None
