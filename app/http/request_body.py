"""Reading a request's body within a limit, once its media type is one that we take."""

import re
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.http.errors import HttpError
from graph.errors import TooLarge

_MEDIA_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)\s*(?:;(.*))?", re.ASCII)
_CHARSET = re.compile(r"""charset\s*=\s*"?([^\s";]+)""", re.IGNORECASE)

# curl -d says so when -H is forgotten. No web page can use it to get in: see app.http.origin.
_FORGOTTEN = "application/x-www-form-urlencoded"


def check_media_type(headers: Headers, accepted: Collection[str], *, chosen: bool = False) -> None:
    """HttpError 415 unless the body is in an `accepted` type, in any `+json` type, or in none that was
    chosen.

    A missing type and curl's default form type count as not chosen, and are refused too where the type must be
    `chosen`. Only UTF-8 without content coding is
    taken.
    """
    coding = headers.get("content-encoding", "identity")
    if coding.lower() != "identity":
        raise _unsupported(f"a body with the content coding '{coding}'", "send it as it is", accepted)
    sent = headers.get("content-type")
    if sent is None:
        if chosen:
            raise _unsupported("a body without a Content-Type", f"send {' or '.join(accepted)}", accepted)
        return
    match = _MEDIA_TYPE.fullmatch(sent)
    media_type = match[1].lower() if match else ""
    forgotten = media_type == _FORGOTTEN and not chosen
    if media_type not in accepted and not forgotten and not media_type.endswith("+json"):
        raise _unsupported(f"the media type '{sent[:100]}'", f"send {' or '.join(accepted)}", accepted)
    charset = _CHARSET.search(match[2] or "") if match else None
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise _unsupported(f"the character set '{charset[1][:100]}'", "send UTF-8", accepted)


async def read_body(headers: Headers, receive: Receive, limit: int) -> bytes:
    """The whole body, at most `limit` bytes.

    Raises TooLarge `body_too_large` as soon as the limit is passed (by the announced length before anything
    is read, else by what has come), and ClientDisconnect when the client goes away in between.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:19]) > limit:
        raise _too_large(limit)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise _too_large(limit)
        if not message.get("more_body", False):
            return bytes(body)


def _too_large(limit: int) -> TooLarge:
    return TooLarge("body_too_large", f"The body is larger than the limit of {limit} bytes.", details={"limit": limit})


def _unsupported(what: str, instead: str, accepted: Collection[str]) -> HttpError:
    message = f"The service does not take {what}; {instead}."
    # RFC 9110, 15.5.16: a 415 says in Accept what would have been taken.
    return HttpError(415, "unsupported_media_type", message, headers={"Accept": ", ".join(accepted)})
