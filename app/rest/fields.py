"""The types of single fields, as the contract fixes them: each with its check and its JSON Schema."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from app.http.validation import WHOLE
from graph.errors import InvalidInput, invalid
from graph.rules.identifiers import (
    ASSET_ID,
    RUN_ID,
    SLUG,
    check_asset_id,
    check_run_id,
    check_slug,
    check_text,
)
from graph.rules.instants import parse_instant


def _instant(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError("an instant is text such as 2026-01-31T12:00:00.000Z")
    return parse_instant(value)


def _text(limit: int, field: str) -> Callable[[str], str]:
    return lambda text: check_text(text, field, limit)


def _pattern(pattern: str, limit: int) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{pattern}$", "minLength": 1, "maxLength": limit}


AssetId = Annotated[str, AfterValidator(check_asset_id), WithJsonSchema(_pattern(ASSET_ID.pattern, 200))]


def slug_in(field: str) -> Any:
    """A workflow's slug in this field."""
    return Annotated[str, AfterValidator(partial(check_slug, field=field)), WithJsonSchema(_pattern(SLUG.pattern, 100))]


def run_id_in(field: str) -> Any:
    """A run's id in this field."""
    check = AfterValidator(partial(check_run_id, field=field))
    return Annotated[str, check, WithJsonSchema(_pattern(RUN_ID.pattern, 200))]


Slug = slug_in("slug")
WorkflowFilter = slug_in("workflow")
RunId = run_id_in("runId")
RootAssetId = Annotated[
    str,
    AfterValidator(partial(check_asset_id, field="asset")),
    WithJsonSchema(_pattern(ASSET_ID.pattern, 200)),
]

_PRINTABLE = r"^[^\x00-\x1f\x7f-\x9f]+$"


def text_of(limit: int, field: str) -> Any:
    """Free text of 1 to `limit` characters without control characters."""
    schema = {"type": "string", "minLength": 1, "maxLength": limit, "pattern": _PRINTABLE}
    return Annotated[str, AfterValidator(_text(limit, field)), WithJsonSchema(schema)]


StepId = text_of(200, "stepId")


def nested(check: Callable[[str], str]) -> AfterValidator:
    """For fields of entries: pydantic knows their place, such as `inputs[0].assetId`, and the check does not."""

    def checked(text: str) -> str:
        try:
            return check(text)
        except InvalidInput as error:
            raise ValueError(error.message) from None

    return AfterValidator(checked)


NestedAssetId = Annotated[str, nested(check_asset_id), WithJsonSchema(_pattern(ASSET_ID.pattern, 200))]


def nested_text(limit: int, field: str) -> Any:
    """`text_of` for a field of an entry."""
    schema = {"type": "string", "minLength": 1, "maxLength": limit, "pattern": _PRINTABLE}
    return Annotated[str, nested(_text(limit, field)), WithJsonSchema(schema)]


NestedSlug = Annotated[str, nested(check_slug), WithJsonSchema(_pattern(SLUG.pattern, 100))]

Instant = Annotated[
    int,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "pattern": r"^(19[7-9][0-9]|20[0-9]{2})-",
            "description": "ISO 8601 with an offset, 1970 to 2100",
        }
    ),
]
"""Text when it comes in, epoch milliseconds inside."""

Attempt = Annotated[int, Field(ge=1, le=10_000), WHOLE]


def _partition_filter(text: str | None) -> str | None:
    """A partition key in a query: blank means no filter."""
    if text is None or not text.strip():
        return None
    try:
        return check_text(text, "partitionKey", 200)
    except InvalidInput as error:
        raise invalid("partitionKey", error.message, code="invalid_parameter") from None


PartitionFilter = Annotated[
    str | None,
    AfterValidator(_partition_filter),
    Field(description="Blank means no filter."),
    WithJsonSchema(
        {"anyOf": [{"type": "string", "maxLength": 200, "pattern": r"^[^\x00-\x1f\x7f-\x9f]*$"}, {"type": "null"}]}
    ),
]
