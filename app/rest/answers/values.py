"""Values that several answers hold."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import WithJsonSchema
from typing_extensions import TypedDict

Timestamp = Annotated[
    str,
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}),
]
JsonObject = Annotated[Any, WithJsonSchema({"type": "object"})]
JsonObjectOrNull = Annotated[Any, WithJsonSchema({"type": ["object", "null"]})]
RunStatus = Literal["pending", "running", "succeeded", "failed", "canceled"]
StepStatus = Literal["pending", "running", "succeeded", "failed", "skipped"]
StepType = Literal["job", "service", "fanout"]
FreshnessState = Literal["fresh", "due", "stale", "expired", "missing", "unknown"]


class Warning(TypedDict):
    """Something that was accepted and may not be what was meant."""

    code: str
    message: str
    field: NotRequired[str]


class Warnings(TypedDict):
    """Beside the data of a write."""

    warnings: list[Warning]


class Violation(TypedDict):
    """Where a payload breaks its schema; `path` is a JSON pointer into the payload."""

    path: str
    message: str
    keyword: str
