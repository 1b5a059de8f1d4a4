"""Cursors: opaque to clients, bound to the question that made them."""

import base64
import binascii

import orjson

from graph.errors import InvalidInput, invalid
from graph.rules.ranks import HIGHEST
from graph.store.history import Position, Selection


def history_cursor(selection: Selection, position: Position) -> str:
    """Where the next page of this selection begins."""
    return _encode(["history", selection.prefix, selection.series, position.order, position.series, position.version])


def history_position(cursor: str, selection: Selection) -> Position:
    """The position that a cursor of this selection stands for; InvalidInput for any other text."""
    match _decode(cursor):
        case ["history", selection.prefix, selection.series, int(order), str(series), int(version)]:
            # Whoever made it: past 64 bits the driver could not send it.
            if 0 <= order <= HIGHEST and 0 <= version <= HIGHEST:
                return Position(order, series, version)
    raise _unusable()


def _encode(parts: list[object]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).rstrip(b"=").decode()


def _decode(cursor: str) -> object:
    try:
        return orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise _unusable() from None


def _unusable() -> InvalidInput:
    message = "'before' must be the nextCursor of a page of this very question; this is another one's, or none."
    return invalid("before", message, code="invalid_cursor")
