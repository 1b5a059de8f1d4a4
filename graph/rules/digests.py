"""One text and one digest for one JSON value, and ids derived from what they name."""

import base64
import hashlib
from typing import Any

import orjson

from graph.errors import invalid


def canonical_bytes(value: Any, field: str = "") -> bytes:
    """The value as compact UTF-8 JSON with sorted keys, so the order in which members came does not matter.

    Numbers stay as sent: 1 and 1.0 are two texts. The value comes from strict JSON: NaN and infinities, which
    would be written as null here, were refused before. Raises InvalidInput `unsupported_value` for integers
    past 64 bits, lone surrogates and nesting past 254.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONEncodeError, RecursionError) as error:
        message = f"The value cannot be kept: {error}. Integers have at most 64 bits, text is valid Unicode."
        raise invalid(field, message, code="unsupported_value") from None


def canonical_json(value: Any) -> str:
    """`canonical_bytes` as text."""
    return canonical_bytes(value).decode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def snapshot_id(run_id: str, step_id: str, attempt: int, partition_key: str) -> str:
    """The id of the version that one attempt at a step left in one partition (`identifiers.partition_key`).

    Derived, so that the same report written twice names the same snapshot: `sn_` and 24 letters or digits.
    """
    named = canonical_bytes([run_id, step_id, attempt, partition_key])
    return "sn_" + base64.b32encode(hashlib.sha256(named).digest()[:15]).decode().lower()
