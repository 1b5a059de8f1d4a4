"""What the routes answer, field by field: the contract's names, types and null-ness, and ours beside them.

OpenAPI is made from these types, and mypy holds the functions that fill them (`shapes`) against them. `Any` is any
JSON value.
"""

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


class Violation(TypedDict):
    """Where a payload breaks its schema; `path` is a JSON pointer into the payload."""

    path: str
    message: str
    keyword: str


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


class WorkflowStep(TypedDict, extra_items=Any):  # type: ignore[call-arg]
    """A step as declared, with what it falls back to."""

    id: str
    name: str
    type: StepType


class Workflow(TypedDict, extra_items=Any):  # type: ignore[call-arg]
    """A workflow, its facts and everything else that its definition says."""

    id: str
    slug: str
    name: str
    version: int
    description: str | None
    steps: list[WorkflowStep]
    createdAt: Timestamp
    updatedAt: Timestamp
    revision: int


class RetrySummary(TypedDict):
    """What waits for another try."""

    pendingSteps: int
    nextAttemptAt: Timestamp | None
    overdueSteps: int


class Run(TypedDict):
    """A run of a workflow."""

    id: str
    workflowDefinitionId: str
    workflowSlug: str
    workflowRevision: int
    status: RunStatus
    runKey: str | None
    parameters: Any
    context: Any
    output: Any
    errorMessage: str | None
    currentStepId: str | None
    currentStepIndex: int | None
    metrics: Any
    triggeredBy: str | None
    trigger: Any
    partitionKey: str | None
    startedAt: Timestamp | None
    completedAt: Timestamp | None
    durationMs: int | None
    createdAt: Timestamp
    updatedAt: Timestamp
    retrySummary: RetrySummary
    health: str


class WorkflowAndRuns(TypedDict):
    """A workflow and its newest runs."""

    workflow: Workflow
    runs: list[Run]


class WorkflowRevision(TypedDict):
    """One definition of a workflow and while it held."""

    revision: int
    definition: JsonObject
    digest: str
    validFrom: Timestamp
    validTo: Timestamp | None


class Revisions(TypedDict):
    """Every revision, the newest first."""

    revisions: list[WorkflowRevision]


class ProducedAsset(TypedDict):
    """A version as a step's production."""

    id: str
    snapshotId: str
    version: int
    workflowDefinitionId: str
    workflowRunId: str
    workflowRunStepId: str
    stepId: str
    assetId: str
    payload: Any
    payloadDigest: str
    valid: bool
    violations: list[Violation]
    schema: JsonObjectOrNull
    freshness: JsonObjectOrNull
    partitionKey: str | None
    producedAt: Timestamp
    createdAt: Timestamp
    updatedAt: Timestamp


class RunStep(TypedDict):
    """An attempt at a step of a run."""

    id: str
    workflowRunId: str
    stepId: str
    status: StepStatus
    attempt: int
    startedAt: Timestamp | None
    completedAt: Timestamp | None
    errorMessage: str | None
    result: Any
    parameters: Any
    producedAssets: list[ProducedAsset]


class RunAndSteps(TypedDict):
    """A run with its steps."""

    run: Run
    steps: list[RunStep]


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


class Health(TypedDict):
    """The process answers."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """The database answers too."""

    status: Literal["ready"]


class BulkProduced(TypedDict):
    """A version that a line made; its payload is not sent back."""

    snapshotId: str
    assetId: str
    partitionKey: str | None
    version: int
    valid: bool


class BulkData(TypedDict):
    """The run of a line that starts or finishes one, or the attempt that a line reports."""

    id: str
    status: str
    producedAssets: NotRequired[list[BulkProduced]]


class BulkOutcome(TypedDict):
    """What became of one line; `status` is what a request of its own would have been answered with."""

    line: int
    status: int
    data: NotRequired[BulkData | Any]
    warnings: NotRequired[list[Warning]]
    error: NotRequired[str]
    code: NotRequired[str]
    details: NotRequired[JsonObject]
    requestId: NotRequired[str]
