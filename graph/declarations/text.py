"""The kinds of text and numbers that declarations are made of, as types that check themselves."""

import re
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StrictInt, StrictStr, WithJsonSchema
from pydantic_core import PydanticCustomError

from graph.rules.identifiers import ASSET_ID

_DECLARED_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _asset_id(text: str) -> str:
    if ASSET_ID.fullmatch(text):
        return text
    rule = "must be 1 to 200 letters, digits, '.', '_', ':' or '-', the first a letter or digit"
    raise PydanticCustomError("invalid_asset_id", rule)


def _slug(text: str) -> str:
    if _DECLARED_SLUG.fullmatch(text):
        return text
    rule = "must be 1 to 100 lower-case letters, digits, '_' or '-', the first a letter or digit"
    raise PydanticCustomError("invalid_slug", rule)


def _line(text: str) -> str:
    if _CONTROL.search(text):
        raise PydanticCustomError("control_character", "must not hold control characters")
    if not text.strip():
        raise PydanticCustomError("blank_text", "must not be blank")
    return text


def _lines(text: str) -> str:
    if _CONTROL_BUT_LINES.search(text):
        raise PydanticCustomError("control_character", "must not hold control characters")
    return text


def entries(least: int, most: int) -> BeforeValidator:
    """Refuses a list of a wrong length before its entries are looked at: a million of them cost nothing."""

    def check(value: Any) -> Any:
        if isinstance(value, list | tuple) and not least <= len(value) <= most:
            rule = "must have {least} to {most} entries; it has {given}"
            context = {"least": least, "most": most, "given": len(value)}
            raise PydanticCustomError("invalid_definition", rule, context)
        return value

    return BeforeValidator(check)


@cache
def _zones() -> frozenset[str]:
    """The names of the IANA zones, from the `tzdata` package, so that they are the same on every machine."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def _zone(text: str) -> str:
    if text in _zones():
        return text
    rule = "must be an IANA time zone such as 'Europe/Berlin' or 'UTC'"
    raise PydanticCustomError("unknown_timezone", rule)


def _described(pattern: str, most: int, least: int = 1) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "minLength": least, "maxLength": most, "pattern": f"^{pattern}$"})


_PRINTABLE = r"[^\x00-\x1f\x7f-\x9f]*[^\x00-\x1f\x7f-\x9f\s][^\x00-\x1f\x7f-\x9f]*"
_PRINTABLE_LINES = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*"

AssetId = Annotated[StrictStr, AfterValidator(_asset_id), _described(ASSET_ID.pattern, 200)]
Slug = Annotated[StrictStr, AfterValidator(_slug), _described(_DECLARED_SLUG.pattern, 100)]
Name = Annotated[StrictStr, Field(min_length=1, max_length=200), AfterValidator(_line), _described(_PRINTABLE, 200)]
Tag = Annotated[StrictStr, Field(min_length=1, max_length=100), AfterValidator(_line), _described(_PRINTABLE, 100)]
Description = Annotated[
    StrictStr, Field(max_length=10_000), AfterValidator(_lines), _described(_PRINTABLE_LINES, 10_000, least=0)
]
Timezone = Annotated[StrictStr, AfterValidator(_zone)]
Milliseconds = Annotated[StrictInt, Field(ge=1, le=31_536_000_000)]
"""A duration of up to 365 days."""
