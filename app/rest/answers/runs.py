"""Runs, their steps and what they produced."""

from typing import Any, NotRequired

from typing_extensions import TypedDict

from app.rest.answers.values import JsonObject, JsonObjectOrNull, RunStatus, StepStatus, Timestamp, Violation, Warning


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
    requestId: str | None
    retrySummary: RetrySummary
    health: str


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
