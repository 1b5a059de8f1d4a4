"""What the routes take: path, query and body models. Bodies are strict unless their docstring says otherwise."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.http.validation import WHOLE
from app.rest.fields import (
    AssetId,
    Attempt,
    Instant,
    NestedAssetId,
    PartitionFilter,
    RootAssetId,
    RunId,
    Slug,
    StepId,
    WorkflowFilter,
    nested_text,
    run_id_in,
    slug_in,
    text_of,
)
from graph.recording.commands import InputName
from graph.rules.requests import ATTEMPTS, HIGHEST_PRIORITY

SnapshotId = Annotated[str, Field(pattern="^[A-Za-z0-9_]+$", min_length=1, max_length=200)]


class WorkflowPath(BaseModel):
    """A workflow."""

    slug: Slug


class AssetPath(WorkflowPath):
    """An asset as a workflow sees it."""

    assetId: AssetId


class RunPath(BaseModel):
    """A run."""

    runId: RunId


class StepPath(RunPath):
    """A step of a run."""

    stepId: StepId


class InventoryQuery(BaseModel):
    """Whose newest version is shown."""

    scope: Annotated[
        Literal["all", "workflow"],
        Field(description="`latest` by any workflow (assets are shared), or this workflow's own alone."),
    ] = "all"


class HistoryQuery(InventoryQuery):
    """Which page of which versions."""

    limit: Annotated[int, Field(ge=1, le=100)] = 10
    partitionKey: PartitionFilter = None
    before: Annotated[str | None, Field(max_length=1000, description="`nextCursor` of the page before.")] = None


class GraphQuery(BaseModel):
    """Which part of the graph; without any, the whole."""

    workflow: Annotated[
        WorkflowFilter | None, Field(description="Only assets that this workflow declares or produced.")
    ] = None
    assetId: Annotated[AssetId | None, Field(description="Only what lies around this asset.")] = None
    direction: Annotated[
        Literal["upstream", "downstream", "both"],
        Field(description="From `assetId`; both never means the siblings between."),
    ] = "both"
    depth: Annotated[
        int | None, Field(ge=0, le=10_000, description="Hops from `assetId`; a hop is asset, step, asset.")
    ] = None
    limit: Annotated[int | None, Field(ge=1, le=1_000_000, description="Assets at most; `meta` says when it cut.")] = (
        None
    )


class LineageQuery(BaseModel):
    """Whose lineage, how far, as of when, along which edges, and in which format."""

    asset: Annotated[
        list[RootAssetId],
        Field(
            min_length=1,
            max_length=1_000,
            description="The roots; may be given several times, as long as the request line stays below 64 KiB.",
        ),
    ]
    direction: Annotated[
        Literal["upstream", "downstream", "both"],
        Field(
            description="`both` is what is upstream and what is downstream of the roots, never the siblings between."
        ),
    ] = "both"
    depth: Annotated[
        int | None, Field(ge=0, le=10_000, description="Hops from the nearest root; without, to the end.")
    ] = None
    asOf: Annotated[
        str | None,
        Field(min_length=1, max_length=200, description="An instant with an offset, or a run id: when it started."),
    ] = None
    source: Annotated[
        Literal["declared", "observed", "all"],
        Field(description="What definitions declare, what runs really read and wrote, or both."),
    ] = "declared"
    workflow: Annotated[
        list[Slug],
        Field(max_length=100, description="Only through steps of these workflows; may be given several times."),
    ] = []
    format: Literal["json", "csv", "mermaid", "dot", "graphml"] = "json"
    limit: Annotated[
        int, Field(ge=1, le=100_000, description="Assets at most, nearest first; X-Lineage-Truncated tells of a cut.")
    ] = 100_000


class SnapshotPath(BaseModel):
    """A version."""

    snapshotId: SnapshotId


class ProvenanceQuery(BaseModel):
    """Which way and how far."""

    direction: Annotated[
        Literal["upstream", "downstream", "both"],
        Field(description="What it was made from, what was made from it, or both."),
    ] = "both"
    depth: Annotated[int | None, Field(ge=0, le=10_000, description="Hops; without, to the end.")] = None
    limit: Annotated[
        int, Field(ge=1, le=100_000, description="Versions at most, nearest first; `truncated` tells of a cut.")
    ] = 10_000


class SnapshotDiffQuery(BaseModel):
    """The other version, and how far upstream the inputs are compared."""

    to: SnapshotId
    depth: Annotated[int, Field(ge=1, le=10_000, description="Hops upstream; 1 compares the direct inputs.")] = 1


class RunsQuery(BaseModel):
    """How many of the newest runs come with a workflow."""

    limit: Annotated[int, Field(ge=1, le=50)] = 20


class DiffQuery(BaseModel):
    """The other run."""

    compareTo: run_id_in("compareTo")  # type: ignore[valid-type]


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class RunFacts(Strict):
    """What a run is for."""

    parameters: Any = None
    triggeredBy: text_of(200, "triggeredBy") | None = None  # type: ignore[valid-type]
    trigger: Any = None
    partitionKey: text_of(200, "partitionKey") | None = None  # type: ignore[valid-type]
    runKey: text_of(120, "runKey") | None = None  # type: ignore[valid-type]


class RunRequest(RunFacts):
    """Asks for a run."""

    priority: Annotated[
        int, Field(ge=0, le=HIGHEST_PRIORITY, description="Higher ones are handed out first, then older ones."), WHOLE
    ] = 0
    maxAttempts: Annotated[int, Field(ge=1, le=100, description="Runs that it may take until one succeeds."), WHOLE] = (
        ATTEMPTS
    )


class RunStart(RunFacts):
    """Starts a run; with an `id` of the client's own the same request again answers with the same run."""

    id: run_id_in("id") | None = None  # type: ignore[valid-type]
    context: Any = None
    startedAt: Instant | None = None


class RunBegin(Strict):
    """Starts a run that was asked for."""

    startedAt: Instant | None = None


class RunFinish(Strict):
    """Ends a run."""

    status: Literal["succeeded", "failed", "canceled"]
    completedAt: Instant | None = None
    output: Any = None
    metrics: Any = None
    context: Any = None
    errorMessage: Annotated[str | None, Field(max_length=10_000)] = None


class StepStart(Strict):
    """Begins an attempt at a step."""

    attempt: Attempt = 1
    startedAt: Instant | None = None
    parameters: Any = None
    requireFresh: Annotated[
        bool, Field(description="Refuse with 409 unless everything that the step consumes will do.")
    ] = False


class StepInput(Strict):
    """An input as a report names it: a snapshot, or a version of an asset (the newest where none is named)."""

    snapshotId: nested_text(200, "snapshotId") | None = None  # type: ignore[valid-type]
    assetId: NestedAssetId | None = None
    partitionKey: nested_text(200, "partitionKey") | None = None  # type: ignore[valid-type]
    version: Annotated[int | None, Field(ge=1, le=2**53), WHOLE] = None

    @model_validator(mode="after")
    def one_way(self) -> "StepInput":
        """Either by snapshot or by asset."""
        by_asset = self.assetId is not None
        if (self.snapshotId is not None) == by_asset:
            raise ValueError("give either snapshotId or assetId")
        if not by_asset and (self.partitionKey is not None or self.version is not None):
            raise ValueError("partitionKey and version go with assetId")
        return self

    def name(self) -> InputName:
        """The input as the graph knows it."""
        asset = self.assetId.lower() if self.assetId is not None else None
        return InputName(self.snapshotId, asset, self.partitionKey, self.version)


class StepReport(BaseModel):
    """A job handler's return value as it is, and what an orchestrator may add; further keys are kept."""

    model_config = ConfigDict(extra="allow")

    status: Literal["succeeded", "failed", "skipped"]
    result: Annotated[
        Any, Field(description="`assets` in it holds what was produced: a list, one object, or a map by id.")
    ] = None
    errorMessage: Annotated[str | None, Field(max_length=10_000)] = None
    attempt: Attempt = 1
    startedAt: Instant | None = None
    completedAt: Instant | None = None
    parameters: Any = None
    inputs: Annotated[list[StepInput] | None, Field(max_length=1_000)] = None


class BulkStart(RunStart):
    """A line that starts a run."""

    op: Literal["start"]
    workflowSlug: slug_in("workflowSlug")  # type: ignore[valid-type]
    id: run_id_in("id")  # type: ignore[valid-type]


class BulkReport(StepReport):
    """A line that reports a step."""

    op: Literal["report"] = "report"
    runId: RunId
    stepId: StepId


class BulkFinish(RunFinish):
    """A line that finishes a run."""

    op: Literal["finish"]
    runId: RunId
