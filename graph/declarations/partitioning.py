"""The three ways in which an asset is partitioned, and which partition keys each accepts."""

from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, field_validator, model_validator
from pydantic_core import PydanticCustomError

from graph.declarations.base import Declared
from graph.declarations.text import Name, Timezone, entries
from graph.declarations.window_format import Granularity, window_format
from graph.errors import invalid

DAY = 86_400_000
"""In milliseconds."""


class StaticPartitioning(Declared):
    """A fixed list of partitions."""

    type: Literal["static"]
    keys: Annotated[tuple[Name, ...], Field(min_length=1, max_length=500), entries(1, 500)]

    @field_validator("keys")
    @classmethod
    def _fold_repeated(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(keys))

    def check_key(self, key: str, field: str) -> None:
        """InvalidInput `unknown_partition` unless the key is one of the list."""
        if key not in self.keys:
            known = ", ".join(self.keys[:10]) + (", …" if len(self.keys) > 10 else "")
            message = f"'{field}' must be one of {known}; {key!r} is not."
            raise invalid(field, message, code="unknown_partition")


class TimeWindowPartitioning(Declared):
    """One partition for each minute, hour, day, week or month."""

    type: Literal["timeWindow"]
    granularity: Granularity
    timezone: Timezone | None = None
    format: Name | None = None
    lookback_windows: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None

    @model_validator(mode="after")
    def _check_format(self) -> Self:
        try:
            window_format(self.granularity, self.format)
        except ValueError as error:
            context = {"why": str(error), "within": "format"}
            raise PydanticCustomError("invalid_format", "cannot be used: {why}", context) from None
        return self

    def check_key(self, key: str, field: str) -> None:
        """InvalidInput `unknown_partition` unless the key names a window, written as the format says."""
        form = window_format(self.granularity, self.format)
        if form.start_of(key) is None:
            rule = f"must name the start of a {self.granularity} such as {form.example!r}"
            message = f"'{field}' {rule}; {key!r} does not."
            raise invalid(field, message, code="unknown_partition")


class DynamicPartitioning(Declared):
    """Partitions that come into being when they are first produced, and stay for `retention_days` behind the last
    time.
    """

    type: Literal["dynamic"]
    max_keys: Annotated[StrictInt, Field(ge=1, le=100_000)] | None = None
    retention_days: Annotated[StrictInt, Field(ge=1, le=10_000)] | None = None

    def check_key(self, key: str, field: str) -> None:
        """Any key will do; how many there may be is for the store to count."""

    def kept_since(self, now: int) -> int:
        """Partitions that were last produced before this instant are not kept; all in epoch milliseconds."""
        return now - self.retention_days * DAY if self.retention_days is not None else 0


Partitioning = Annotated[StaticPartitioning | TimeWindowPartitioning | DynamicPartitioning, Field(discriminator="type")]
