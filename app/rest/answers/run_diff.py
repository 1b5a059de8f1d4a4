"""What differs between two runs."""

from typing import Any

from typing_extensions import TypedDict

from app.rest.answers.runs import Run
from app.rest.answers.values import Timestamp


class AssetVersionRef(TypedDict):
    """An asset as one of two runs produced it."""

    assetId: str
    partitionKey: str | None
    stepId: str
    version: int
    snapshotId: str
    payloadDigest: str
    producedAt: Timestamp


class ParameterChange(TypedDict):
    """A top-level key that both runs have, with different values."""

    key: str
    base: Any
    compare: Any


class KeyedValue(TypedDict):
    """A top-level key that one run alone has."""

    key: str
    value: Any


class ParameterDifferences(TypedDict):
    """Of the runs' parameters, by top-level key."""

    baseOnly: list[KeyedValue]
    compareOnly: list[KeyedValue]
    changed: list[ParameterChange]


class StatusPair(TypedDict):
    """A status in both runs; null where the run has no such step."""

    base: str | None
    compare: str | None


class StepStatusChange(StatusPair):
    """A step whose last attempt ended differently."""

    stepId: str


class StatusDifferences(TypedDict):
    """Of the runs and of their steps' last attempts."""

    run: StatusPair
    steps: list[StepStatusChange]


class AssetChange(TypedDict):
    """An asset that both runs produced, with different content."""

    assetId: str
    partitionKey: str | None
    base: AssetVersionRef
    compare: AssetVersionRef


class AssetDifferences(TypedDict):
    """Of the runs' productions, by asset and partition."""

    baseOnly: list[AssetVersionRef]
    compareOnly: list[AssetVersionRef]
    changed: list[AssetChange]


class RunDiff(TypedDict):
    """What differs between two runs."""

    base: Run
    compare: Run
    parameters: ParameterDifferences
    status: StatusDifferences
    assets: AssetDifferences
