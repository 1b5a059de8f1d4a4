"""Pydantic's findings in the words of the error contract: a path and a sentence for each."""

import difflib
import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BeforeValidator, ValidationError
from pydantic_core import ErrorDetails

from graph.errors import InvalidInput

MAX_ERRORS = 20
"""A body of a million wrong items gets an answer of a bounded size."""

_PLAIN_NAME = re.compile(r"[^\W\d][\w-]*")
_SUBJECT = re.compile(r"(Input|Value|String|List|Dictionary|Tuple|Set|Number|Decimal|Data|Object) should ")
_SHOWN = 60


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53 else value


WHOLE = BeforeValidator(_whole)
"""For integers in bodies, as the last annotation: `Annotated[int, Field(ge=1), WHOLE]` takes 5.0 as well.

JSON has one kind of number, and for JSON Schema 5.0 is an integer. Further in, pydantic would lose the range
from the JSON Schema.
"""


def field_path(location: Iterable[str | int]) -> str:
    """`("steps", 2, "id")` as `steps[2].id`; a key that is no plain name as `payload["a b"]`."""
    path = ""
    for part in location:
        if isinstance(part, int):
            path += f"[{part}]"
        elif _PLAIN_NAME.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f"[{json.dumps(shown(part), ensure_ascii=False)}]"
    return path


def shown(text: str) -> str:
    """What came, cut to a length that fits in a sentence."""
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def near_miss(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'limit'?` when a known name is close, else nothing."""
    # Without case, so that `partitionkey` finds `partitionKey`.
    by_folded = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower()[:200], by_folded, n=1)
    return f"; did you mean '{by_folded[close[0]]}'?" if close else "."


def from_validation_error(error: ValidationError, known: Iterable[str] = ()) -> InvalidInput:
    """InvalidInput with `details.field` and `details.errors` [{field, message}], at most `MAX_ERRORS` of
    them.

    The code is `unknown_field` when nothing else is wrong, else `invalid_input`. `known` are the names of the
    outermost level, for the near miss.
    """
    found = error.errors(include_url=False, include_input=False)
    errors = [{"field": field_path(one["loc"]), "message": _sentence(one, known)} for one in found[:MAX_ERRORS]]
    message = errors[0]["message"]
    if len(found) > 1:
        message += f" (The first of {len(found)} problems; details.errors lists them.)"
    unknown = all(one["type"] == "extra_forbidden" for one in found)
    details: dict[str, Any] = {"field": errors[0]["field"], "errors": errors}
    return InvalidInput("unknown_field" if unknown else "invalid_input", message, details=details)


def _sentence(found: ErrorDetails, known: Iterable[str]) -> str:
    location = found["loc"]
    subject = f"'{field_path(location)}'" if location else "The body"
    if found["type"] == "missing":
        return f"{subject} is required."
    if found["type"] == "extra_forbidden":
        candidates = known if len(location) == 1 else ()
        return f"{subject} is not a known field{near_miss(str(location[-1]), candidates)}"
    if found["type"] in ("value_error", "assertion_error"):
        text = str(found["ctx"]["error"])
        return text if text.endswith((".", "?")) else f"{subject}: {text}."
    text = found["msg"]
    if _SUBJECT.match(text):
        return f"{subject} should {_SUBJECT.sub('', text, count=1)}."
    return f"{subject}: {text}."
