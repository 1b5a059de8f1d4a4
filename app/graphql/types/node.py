"""Things with an id of their own over the whole graph (Relay): the type's name and the key, opaque to clients."""

import base64
import binascii

import strawberry

from graph.errors import InvalidInput, invalid


@strawberry.interface(description="A thing with an id over the whole graph, by which `node` finds it again.")
class Node:
    """A thing."""

    id: strawberry.ID


def global_id(kind: str, key: str) -> strawberry.ID:
    """The id of a thing."""
    return strawberry.ID(base64.urlsafe_b64encode(f"{kind}:{key}".encode()).rstrip(b"=").decode())


def parse_global_id(text: str) -> tuple[str, str]:
    """The kind and key of a thing; InvalidInput `invalid_id` for a text that is no id."""
    try:
        kind, colon, key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
    except (binascii.Error, ValueError):
        raise _unusable() from None
    if not colon:
        raise _unusable()
    return kind, key


def _unusable() -> InvalidInput:
    return invalid("id", "'id' must be the 'id' that a thing was shown with.", code="invalid_id")
