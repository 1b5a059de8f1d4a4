"""Cursors: opaque to clients, bound to the question that made them."""

import base64
import binascii

import orjson

from graph.errors import InvalidInput, invalid


def seal(*parts: object) -> str:
    """The parts as one opaque word."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def unseal(cursor: str, field: str) -> list[object]:
    """The parts that a cursor holds; InvalidInput `invalid_cursor` for a text that is none."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise unusable(field) from None
    if not isinstance(parts, list):
        raise unusable(field)
    return parts


def unusable(field: str) -> InvalidInput:
    """What is said of a forged cursor, and of one that another question made."""
    message = f"'{field}' must be the cursor of a page of this very question; this is another one's, or none."
    return invalid(field, message, code="invalid_cursor")
