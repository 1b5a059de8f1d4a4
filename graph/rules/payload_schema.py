"""An asset's payload against its JSON Schema, within a bounded time, whatever schema and payload are."""

import hashlib
from collections import OrderedDict
from itertools import islice
from threading import Lock
from typing import Any, NamedTuple

import orjson

from graph.errors import Unprocessable
from graph.rules import deadline
from graph.rules.digests import canonical_bytes
from graph.rules.fields import json_pointer, shorten
from graph.rules.schema_check import MAX_BYTES, build_validator, check_limits, too_large

MAX_VIOLATIONS = 100
MAX_MESSAGE = 300


class Violation(NamedTuple):
    """One way in which a payload breaks its schema."""

    path: str
    """JSON Pointer into the payload; empty for the whole."""
    message: str
    keyword: str
    """The JSON Schema keyword that was broken; `false` where the schema is `false`."""


class _Validators:
    """Validators by their schema's digest, those last used, up to a sum of schema text.

    Bounded by size, since a validator of a 256 KiB schema holds some megabytes and most hold kilobytes.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[bytes, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: bytes) -> Any | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: bytes, validator: Any, size: int) -> None:
        with self._lock:
            if key not in self._entries:
                self._bytes += size
            self._entries[key] = (validator, size)
            while self._bytes > self._max_bytes:
                _, (_, dropped) = self._entries.popitem(last=False)
                self._bytes -= dropped


_VALIDATORS = _Validators(max_bytes=16 * 1024 * 1024)


def check_schema(schema: Any, field: str = "schema") -> None:
    """Accepts a schema that payloads can be checked against, else InvalidInput naming the place under
    `field`.

    Codes: `invalid_schema` (no valid JSON Schema of its dialect, an unknown `$schema`, a reference to
    nothing, a pattern that cannot be used), `remote_reference` (a `$ref` or `$dynamicRef` that leaves the
    document; nothing is ever fetched) and `schema_too_large` (256 KiB, 64 levels, 20,000 parts, or slow to
    check itself).
    """
    _validator(schema, field)


def is_prepared(schema: dict[str, Any]) -> bool:
    """Whether a payload can be checked by the schema at once; to prepare it may take seconds."""
    return _VALIDATORS.get(hashlib.sha256(canonical_bytes(schema)).digest()) is not None


def validate_payload(schema: dict[str, Any], payload: Any, *, budget_ms: int = 250) -> list[Violation]:
    """What is wrong with the payload, formats included; of more than 100, 99 and a note that there are more.

    Raises Unprocessable `validation_too_slow` when it takes longer than `budget_ms` of wall-clock time or
    when the schema recurses without end, and InvalidInput as `check_schema` does. Safe to call from any
    thread.
    """
    validator = _validator(schema, "schema")
    try:
        with deadline.within(budget_ms):
            errors = list(islice(validator.iter_errors(payload), MAX_VIOLATIONS + 1))
    except (deadline.DeadlinePassed, RecursionError):
        message = f"The payload was not checked by its schema within {budget_ms} ms: simplify the schema."
        raise Unprocessable("validation_too_slow", message, details={"field": "payload"}) from None
    found = [
        Violation(
            json_pointer(error.absolute_path),
            shorten(error.message, MAX_MESSAGE),
            str(error.validator or "false"),
        )
        for error in errors[:MAX_VIOLATIONS]
    ]
    if len(errors) > MAX_VIOLATIONS:
        found[-1] = Violation("", f"There are more violations than the {MAX_VIOLATIONS - 1} listed.", "")
    return found


def _validator(schema: Any, field: str) -> Any:
    check_limits(schema, field)
    text = canonical_bytes(schema, field)
    if len(text) > MAX_BYTES:
        raise too_large(field, f"has {len(text)} bytes; at most {MAX_BYTES} are allowed")
    key = hashlib.sha256(text).digest()
    validator = _VALIDATORS.get(key)
    if validator is None:
        # From the text again: a copy that no caller can change while it is in use.
        validator = build_validator(orjson.loads(text), field)
        _VALIDATORS.put(key, validator, len(text))
    return validator
