"""Inventory, history and the graph over all workflows."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from app.rest.answers.values import (
    FreshnessState,
    JsonObject,
    JsonObjectOrNull,
    RunStatus,
    StepStatus,
    StepType,
    Timestamp,
    Violation,
)


class Role(TypedDict):
    """A step of the workflow that produces or consumes an asset."""

    stepId: str
    stepName: str
    stepType: StepType
    schema: JsonObjectOrNull
    freshness: JsonObjectOrNull
    autoMaterialize: JsonObjectOrNull
    partitioning: JsonObjectOrNull
    description: NotRequired[str]
    owner: NotRequired[str]
    tags: NotRequired[list[str]]
    importance: NotRequired[Literal["low", "normal", "high"]]


class Snapshot(TypedDict):
    """One version of an asset."""

    snapshotId: str
    version: int
    workflowSlug: str
    runId: str
    runStatus: RunStatus
    stepId: str
    stepName: str
    stepType: StepType
    stepStatus: StepStatus
    attempt: int
    producedAt: Timestamp
    payload: Any
    payloadDigest: str
    valid: bool
    violations: list[Violation]
    schema: JsonObjectOrNull
    freshness: JsonObjectOrNull
    partitionKey: str | None
    runStartedAt: Timestamp | None
    runCompletedAt: Timestamp | None


class FreshnessReason(TypedDict):
    """Why an asset is in its state."""

    code: str
    message: str


class Asset(TypedDict):
    """An asset of a workflow's inventory."""

    assetId: str
    producers: list[Role]
    consumers: list[Role]
    latest: Snapshot | None
    available: bool
    freshnessState: FreshnessState
    freshnessReasons: list[FreshnessReason]
    freshUntil: Timestamp | None
    stale: bool


class Inventory(TypedDict):
    """A workflow's assets, by id."""

    assets: list[Asset]


class History(TypedDict):
    """A page of an asset's versions, newest first."""

    assetId: str
    producers: list[Role]
    consumers: list[Role]
    history: list[Snapshot]
    limit: int
    partitionKey: str | None
    nextCursor: str | None


class GraphRole(TypedDict):
    """A step of any workflow that produces or consumes an asset."""

    workflowId: str
    workflowSlug: str
    workflowName: str
    stepId: str
    stepName: str
    stepType: StepType
    partitioning: NotRequired[JsonObject]
    autoMaterialize: NotRequired[JsonObject]
    freshness: NotRequired[JsonObject]


class GraphMaterialization(TypedDict):
    """The newest version that a workflow made of an asset's partition."""

    workflowId: str
    workflowSlug: str
    workflowName: str
    runId: str
    stepId: str
    stepName: str
    stepType: StepType
    runStatus: RunStatus
    stepStatus: StepStatus
    producedAt: Timestamp
    partitionKey: str | None
    freshness: JsonObjectOrNull
    runStartedAt: Timestamp | None
    runCompletedAt: Timestamp | None


class StalePartition(TypedDict):
    """A stale mark."""

    workflowId: str
    workflowSlug: str
    workflowName: str
    partitionKey: str | None
    requestedAt: Timestamp
    requestedBy: str | None
    note: str | None


class GraphAsset(TypedDict):
    """An asset of the graph over all workflows."""

    assetId: str
    normalizedAssetId: str
    producers: list[GraphRole]
    consumers: list[GraphRole]
    latestMaterializations: list[GraphMaterialization]
    stalePartitions: list[StalePartition]
    hasStalePartitions: bool
    hasOutdatedUpstreams: bool
    outdatedUpstreamAssetIds: list[str]


class GraphEdge(TypedDict):
    """A step that consumes one asset and produces another."""

    fromAssetId: str
    fromAssetNormalizedId: str
    toAssetId: str
    toAssetNormalizedId: str
    workflowId: str
    workflowSlug: str
    workflowName: str
    stepId: str
    stepName: str
    stepType: StepType


class Graph(TypedDict):
    """Assets by id, edges by from, to and slug."""

    assets: list[GraphAsset]
    edges: list[GraphEdge]


class GraphMeta(TypedDict):
    """Whether a limit cut the graph; `total` is null where it is not known how much there is."""

    truncated: bool
    reason: str | None
    total: int | None
