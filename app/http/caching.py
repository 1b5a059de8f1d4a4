"""Conditional reads: an entity tag on what clients poll, and 304 when they have it already."""

import hashlib
import re

_TAG = re.compile(r'"([\x21\x23-\x7e\x80-\xff]*)"')

NO_CACHE = (b"cache-control", b"no-cache")
"""A client may keep an answer, but asks each time whether it is still right."""

VARY = (b"vary", b"Accept-Encoding")
"""For a 304, which must say what its 200 would have said; on a 200 it is GZipMiddleware that sets it."""


def entity_tag(body: bytes) -> str:
    """The weak tag of a body.

    Weak, since the same tag goes out with and without gzip, whose bytes differ; `If-None-Match` compares
    weakly anyway (RFC 9110, 13.1.2).
    """
    return f'W/"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether a request's `If-None-Match` (one tag, a list, or `*`) names the tag, compared weakly."""
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return tag.removeprefix("W/").strip('"') in _TAG.findall(if_none_match)
