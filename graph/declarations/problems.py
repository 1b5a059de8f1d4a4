"""What is wrong with a document: every problem at once, each with its place, as one error."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from graph.errors import InvalidInput
from graph.rules.fields import field_path, shorten

MAX_LISTED = 100

_MESSAGES = {
    "missing": "is required",
    "string_type": "must be text",
    "string_unicode": "must be valid Unicode text",
    "string_too_short": "must have at least {min_length} character(s)",
    "string_too_long": "must have at most {max_length} characters",
    "int_type": "must be an integer, without quotes or a fraction",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "tuple_type": "must be a list",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "literal_error": "must be {expected}",
    "union_tag_invalid": "needs a type that is one of {expected_tags}",
    "union_tag_not_found": "needs a type: 'static', 'timeWindow' or 'dynamic'",
}
_UNION_TAGS = ("static", "timeWindow", "dynamic")


class Problem(NamedTuple):
    """One thing that is wrong, and where."""

    field: str
    message: str
    code: str


def refusal(problems: list[Problem]) -> InvalidInput:
    """The error that tells them all: the first one as its sentence and code, the list in `details.errors`."""
    first = problems[0]
    more = f" There are {len(problems) - 1} more problems." if len(problems) > 2 else ""
    more = " There is one more problem." if len(problems) == 2 else more
    listed = [problem._asdict() for problem in problems[:MAX_LISTED]]
    return InvalidInput(first.code, first.message + more, details={"field": first.field, "errors": listed})


def problems_of(error: ValidationError, base: str = "") -> list[Problem]:
    """What pydantic found, in this service's words, with fields under `base`."""
    found = error.errors(include_url=False)
    # `too_short` counts only the entries that are right; `text.entries` counted them all before.
    return [_problem(one, base) for one in found if one["type"] != "too_short"]


def _problem(found: Mapping[str, Any], base: str) -> Problem:
    context: dict[str, Any] = found.get("ctx", {})
    place = [part for at, part in enumerate(found["loc"]) if not _is_union_tag(found["loc"], at)]
    if "within" in context:
        place.append(context["within"])
    field = field_path(base, place)
    kind = found["type"]
    if kind in _MESSAGES:
        rule, code = _MESSAGES[kind].format_map(context), "invalid_definition"
    else:
        rule, code = found["msg"], kind
    untold = kind == "missing" or isinstance(found["input"], dict | list | tuple)
    sent = "" if untold else f"; {_shown(found['input'])} was sent"
    return Problem(field, f"'{field}' {rule}{sent}.", code)


def _is_union_tag(loc: tuple[int | str, ...], at: int) -> bool:
    """Pydantic names the member of the union that it tried, which is no place in the document."""
    return at > 0 and loc[at - 1] == "partitioning" and loc[at] in _UNION_TAGS


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return shorten(repr(value), 60) if isinstance(value, str) else shorten(str(value), 60)
