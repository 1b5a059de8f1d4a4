"""Choosing the media type of an answer by the request's Accept header (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence
from typing import NamedTuple

_RANGE = re.compile(r"\s*([\w.+*-]+)/([\w.+*-]+)\s*(?:;(.*))?", re.ASCII | re.DOTALL)
_QUALITY = re.compile(r"(?:^|;)\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.ASCII | re.IGNORECASE)


class _Range(NamedTuple):
    main: str
    sub: str
    quality: float

    def specificity(self, media_type: str) -> int | None:
        """2 for the type itself, 1 for `type/*`, 0 for `*/*`, None when the range does not hold it."""
        main, _, sub = media_type.partition("/")
        if (self.main, self.sub) == (main, sub):
            return 2
        if self.sub == "*" and self.main in (main, "*"):
            return 1 if self.main == main else 0
        return None


def choose_media_type(accept: str, offered: Sequence[str]) -> str | None:
    """The offered type that the client likes best; None when it takes none of them.

    Among equally liked ones a type that is named wins over one that a wildcard holds, then the one named first, then
    the one offered first. A part of the header that is no media range is passed over.
    """
    ranges = [found for part in accept.split(",") if (found := _parse(part)) is not None]
    best: tuple[float, int, int] | None = None
    chosen: str | None = None
    for media_type in offered:
        matches = [
            (specificity, -place, range_.quality)
            for place, range_ in enumerate(ranges)
            if (specificity := range_.specificity(media_type)) is not None
        ]
        if not matches:
            continue
        specificity, place, quality = max(matches)
        rating = (quality, specificity, place if specificity == 2 else 0)
        if quality > 0 and (best is None or rating > best):
            best, chosen = rating, media_type
    return chosen


def _parse(part: str) -> _Range | None:
    match = _RANGE.fullmatch(part)
    if match is None:
        return None
    quality = _QUALITY.search(match[3] or "")
    return _Range(match[1].lower(), match[2].lower(), float(quality[1]) if quality else 1.0)
