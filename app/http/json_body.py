"""JSON in, strictly; JSON out.

Strict means: what is accepted can be stored and sent back unchanged. So no duplicate keys (one of them would
be lost), no NaN or Infinity, no number that overflows, no lone surrogate, no BOM, and a nesting that every
reader can follow.
"""

import math
import re
from typing import Any, NoReturn

import jiter
import orjson
from pydantic import BaseModel

from app.http.validation import field_path
from graph.errors import InvalidInput

MAX_DEPTH = 64
"""Objects and arrays within each other; one object of plain values has depth 1. jiter itself stops at 201."""

MAX_INTEGER = 2**63 - 1
"""Integers are 64-bit in the database and in most clients; the limit is the same below zero."""

_POSITION = re.compile(r"(.*) at line (\d+) column (\d+)", re.DOTALL)
_SHOWN_KEY = 60


def parse_json(raw: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """The document as plain Python values.

    Raises InvalidInput: `invalid_json` (with line and column), `duplicate_key`, `nesting_too_deep` or
    `number_out_of_range`. An empty body is `invalid_json`.
    """
    if not raw.strip():
        raise InvalidInput("invalid_json", "The body is empty; send a JSON document.")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise InvalidInput("invalid_json", "The body starts with a byte order mark; send plain UTF-8 without one.")
    try:
        # Only keys are cached: values would keep the text of one request in memory for the next.
        document = jiter.from_json(raw, allow_inf_nan=False, cache_mode="keys", catch_duplicate_keys=True)
    except ValueError as error:
        _refuse(str(error), max_depth)
    _check_limits(document, max_depth)
    return document


def dump_json(value: Any) -> bytes:
    """Compact UTF-8 JSON; pydantic models are written by their aliases; TypeError on what is unknown."""
    return orjson.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _refuse(message: str, max_depth: int) -> NoReturn:
    position = _POSITION.fullmatch(message)
    assert position is not None, message
    problem, line, column = position[1], int(position[2]), int(position[3])
    place = f"line {line}, column {column}"
    details: dict[str, Any] = {"line": line, "column": column}
    code = "invalid_json"
    if problem.startswith("Detected duplicate key "):
        key = problem.removeprefix("Detected duplicate key ")[1:-1]
        key = key if len(key) <= _SHOWN_KEY else key[:_SHOWN_KEY] + "…"
        code, details["key"] = "duplicate_key", key
        sentence = f"The key '{key}' occurs twice in one object ({place}); keep one of them."
    elif problem == "recursion limit exceeded":
        code, sentence = "nesting_too_deep", _too_deep(max_depth)
    elif problem == "number out of range":
        code, sentence = "number_out_of_range", f"The number at {place} is out of range; {_RANGE}."
    elif problem in ("unexpected end of hex escape", "lone leading surrogate in hex escape"):
        sentence = f"The text at {place} holds half of a surrogate pair, which is no character; send both halves."
    else:
        sentence = f"The body is not valid JSON: {problem} at {place}."
    raise InvalidInput(code, sentence, details=details)


_RANGE = f"integers lie within ±{MAX_INTEGER} and other numbers within ±1.8e308"


def _too_deep(max_depth: int) -> str:
    return f"The body nests objects and arrays deeper than the limit of {max_depth} levels; flatten it."


def _check_limits(document: Any, max_depth: int) -> None:
    """Level by level, so that neither the depth nor the size of a document meets Python's recursion limit."""
    level: list[Any] = [[document]]
    depth = -1
    while level:
        depth += 1
        if depth > max_depth:
            raise InvalidInput("nesting_too_deep", _too_deep(max_depth))
        deeper: list[Any] = []
        for container in level:
            for value in container.values() if type(container) is dict else container:
                kind = type(value)
                if kind is dict or kind is list:
                    deeper.append(value)
                elif (kind is int or kind is float) and not _in_range(value):
                    field = _place_of_number(document, ())
                    place = f"'{field}'" if field else "the body"
                    raise InvalidInput(
                        "number_out_of_range",
                        f"The number in {place} is out of range; {_RANGE}.",
                        details={"field": field} if field else None,
                    )
        level = deeper


def _in_range(number: float) -> bool:
    return -MAX_INTEGER <= number <= MAX_INTEGER if type(number) is int else math.isfinite(number)


def _place_of_number(value: Any, path: tuple[str | int, ...]) -> str | None:
    """The path of the first number out of range; recursive, as jiter has bounded the depth."""
    if isinstance(value, int | float):
        return None if _in_range(value) else field_path(path)
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        if (found := _place_of_number(child, (*path, key))) is not None:
            return found
    return None
