"""What the routes about partitions take."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from app.rest.fields import PartitionFilter, text_of
from app.rest.requests import Strict

PartitionName = Annotated[
    PartitionFilter, Field(description="Required for a partitioned asset; blank is as if it were not there.")
]


class PartitionsQuery(BaseModel):
    """Which page of which partitions."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0)] = 0
    lookback: Annotated[
        int | None,
        Field(ge=1, le=10_000, description="Time windows that are listed, produced or not; else as declared, else 50."),
    ] = None
    partitionKey: PartitionFilter = None


class PartitionQuery(BaseModel):
    """Which partition."""

    partitionKey: PartitionName = None


class StaleRequest(Strict):
    """Marks a partition, or an asset without any."""

    partitionKey: text_of(200, "partitionKey") | None = None  # type: ignore[valid-type]
    note: Annotated[str | None, Field(min_length=1, max_length=500)] = None


class PartitionParametersRequest(Strict):
    """The parameters to make a partition with."""

    parameters: Annotated[Any, Field(description="Any JSON value.")]
    partitionKey: text_of(200, "partitionKey") | None = None  # type: ignore[valid-type]
