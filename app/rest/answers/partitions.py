"""Partitions, their marks and their parameters."""

from typing import Any, Literal

from typing_extensions import TypedDict

from app.rest.answers.assets import Snapshot
from app.rest.answers.values import JsonObjectOrNull, Timestamp

ParametersSource = Literal["manual", "workflow-run", "system"]


class StaleMetadata(TypedDict):
    """A stale mark."""

    requestedAt: Timestamp
    requestedBy: str | None
    note: str | None


class Partition(TypedDict):
    """A partition of an asset; `materializations` counts its versions."""

    assetId: str
    partitionKey: str | None
    materializations: int
    latest: Snapshot | None
    isStale: bool
    staleMetadata: StaleMetadata | None
    parameters: Any
    parametersSource: ParametersSource | None
    parametersCapturedAt: Timestamp | None
    parametersUpdatedAt: Timestamp | None


class Pagination(TypedDict):
    """Where the page lies; `nextOffset` is null on the last one."""

    limit: int
    offset: int
    total: int
    nextOffset: int | None


class Partitions(TypedDict):
    """A page of an asset's partitions."""

    assetId: str
    partitioning: JsonObjectOrNull
    partitions: list[Partition]
    partitionKey: str | None
    pagination: Pagination


class PartitionParameters(TypedDict):
    """The parameters of a partition."""

    assetId: str
    partitionKey: str | None
    parameters: Any
    source: ParametersSource
    capturedAt: Timestamp
    updatedAt: Timestamp
