"""Freshness where it may stand: beside a schema, or inside it (docs: "include TTL or cadence in the schema").

Inside a schema it is an object `freshness`, or the keys `ttlMs`, `cadenceMs`, `maxAgeMs` at its top. What
stands beside the schema wins over both, and the object wins over the keys; they are not mixed. The schema
itself is kept as sent.
"""

from typing import Any

from pydantic import ValidationError

from graph.declarations.models import Freshness
from graph.declarations.problems import problems_of, refusal

_KEYS = ("ttlMs", "cadenceMs", "maxAgeMs")


def parse_freshness(value: Any, field: str) -> Freshness:
    """Freshness as declared, or InvalidInput naming the place under `field`."""
    try:
        return Freshness.model_validate(value)
    except ValidationError as error:
        raise refusal(problems_of(error, field)) from None


def freshness_in(schema: dict[str, Any] | None, field: str) -> Freshness | None:
    """The freshness that a schema declares, None when it declares none; InvalidInput when it is wrong."""
    if not schema:
        return None
    if schema.get("freshness") is not None:
        return parse_freshness(schema["freshness"], f"{field}.freshness")
    hints = {key: schema[key] for key in _KEYS if schema.get(key) is not None}
    return parse_freshness(hints, field) if hints else None
