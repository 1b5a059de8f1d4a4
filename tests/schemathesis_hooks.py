"""What every property-based client here is told of the service, since JSON Schema has no word for it."""

from typing import Any

import schemathesis

from app.http import dump_json, ndjson
from app.http.json_body import MAX_INTEGER


@schemathesis.hook
def filter_body(context: schemathesis.HookContext, body: Any) -> bool:
    """Integers past 64 bits are refused wherever they stand, also where any JSON is taken."""
    if isinstance(body, dict):
        return all(filter_body(context, value) for value in body.values())
    if isinstance(body, list):
        return all(filter_body(context, value) for value in body)
    return not isinstance(body, int) or abs(body) <= MAX_INTEGER


@schemathesis.serializer(ndjson.MEDIA_TYPE)
def one_line(context: schemathesis.SerializationContext, value: object) -> bytes:
    """NDJSON with one line."""
    return dump_json(value) + b"\n"
