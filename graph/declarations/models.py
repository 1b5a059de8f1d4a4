"""A workflow's definition as clients send it: shapes that requests and their OpenAPI description share."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from graph.declarations.base import Declared
from graph.declarations.partitioning import Partitioning
from graph.declarations.text import AssetId, Description, Milliseconds, Name, Slug, Tag, entries

StepType = Literal["job", "service", "fanout"]
Importance = Literal["low", "normal", "high"]
OnInvalidPayload = Literal["record", "reject"]

MAX_STEPS = 100
MAX_ASSETS = 50
MAX_VERSION = 2**53 - 1
"""The last integer that every JSON reader keeps."""


class Freshness(Declared):
    """How long a production serves: until it expires, until the next one is due, and at the very most."""

    ttl_ms: Milliseconds | None = None
    cadence_ms: Milliseconds | None = None
    max_age_ms: Milliseconds | None = None

    @model_validator(mode="after")
    def _say_something(self) -> Self:
        if self.ttl_ms is None and self.cadence_ms is None and self.max_age_ms is None:
            rule = "needs at least one of ttlMs, cadenceMs and maxAgeMs"
            raise PydanticCustomError("empty_freshness", rule)
        return self


class AutoMaterialize(Declared):
    """When the catalog asks for a new production by itself."""

    enabled: StrictBool | None = None
    on_upstream_update: StrictBool | None = None
    priority: Annotated[StrictInt, Field(ge=0, le=1_000_000)] | None = None
    parameter_defaults: Any = None

    @model_validator(mode="after")
    def _say_something(self) -> Self:
        if not self.model_fields_set:
            rule = "needs at least one of enabled, onUpstreamUpdate, priority and parameterDefaults"
            raise PydanticCustomError("empty_auto_materialize", rule)
        return self

    def as_document(self) -> dict[str, Any]:
        """As declared, nulls included: here a null is a value of its own."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


class AssetDocument(Declared):
    """An entry of `produces` or `consumes`."""

    asset_id: AssetId
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")
    freshness: Freshness | None = None
    auto_materialize: AutoMaterialize | None = None
    partitioning: Partitioning | None = None
    description: Description | None = None
    owner: Name | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=50), entries(0, 50)] | None = None
    importance: Importance | None = None


Assets = Annotated[tuple[AssetDocument, ...], Field(max_length=MAX_ASSETS), entries(0, MAX_ASSETS)]


class StepDocument(Declared):
    """A step of a workflow; other keys of orchestrators (`jobSlug`, `parameters`, …) are kept as sent."""

    id: Name
    name: Name | None = None
    type: StepType | None = None
    depends_on: Annotated[tuple[Name, ...], Field(max_length=25), entries(0, 25)] | None = None
    produces: Assets | None = None
    consumes: Assets | None = None


Steps = Annotated[tuple[StepDocument, ...], Field(min_length=1, max_length=MAX_STEPS), entries(1, MAX_STEPS)]


class WorkflowDocument(Declared):
    """A whole definition; other keys of orchestrators (`triggers`, `parameters`, …) are kept as sent."""

    slug: Slug
    name: Name | None = None
    version: Annotated[StrictInt, Field(ge=1, le=MAX_VERSION)] | None = None
    description: Description | None = None
    on_invalid_payload: OnInvalidPayload | None = None
    steps: Steps
