"""Lineage, versions and what lies between two of them."""

from typing import Any, Literal

from typing_extensions import TypedDict

from app.rest.answers.assets import Snapshot
from app.rest.answers.runs import Run
from app.rest.answers.values import RunStatus, StepType, Timestamp

TruncationReason = Literal["LIMIT", "TRAVERSAL"]


class Cut(TypedDict):
    """How complete an answer is: `depthReached` is the last distance of which nothing is missing."""

    truncated: bool
    truncationReason: TruncationReason | None
    depthReached: int
    totalKnown: int | None


class LineageAsset(TypedDict):
    """An asset and its hops from the nearest root."""

    assetId: str
    key: str
    distance: int


class LineageStep(TypedDict):
    """A step on the way; `key` is what edges name."""

    key: str
    stepId: str
    name: str
    type: StepType
    workflowSlug: str
    workflowName: str
    distance: int


LineageEdge = TypedDict("LineageEdge", {"from": str, "step": str, "to": str, "distance": int})
"""By keys: a step consumes one asset and produces another."""


class LineageGraph(Cut):
    """The lineage of assets."""

    assets: list[LineageAsset]
    steps: list[LineageStep]
    edges: list[LineageEdge]


class AssetSnapshot(Snapshot):
    """A version, with its asset."""

    assetId: str


class ProvenanceSnapshot(TypedDict):
    """A version that something was made from, or that was made from it."""

    snapshotId: str
    assetId: str
    partitionKey: str | None
    version: int
    producedAt: Timestamp
    valid: bool
    runId: str
    workflowSlug: str
    stepId: str
    attempt: int
    distance: int


class ProvenanceRun(TypedDict):
    """A run that made one of the versions or, downstream, read one."""

    runId: str
    workflowSlug: str
    status: RunStatus
    distance: int


ProvenanceEdge = TypedDict("ProvenanceEdge", {"from": str, "to": str})
"""By snapshot ids: `to` was made from `from`."""


class Provenance(Cut):
    """Where a version came from, and what came from it."""

    snapshots: list[ProvenanceSnapshot]
    edges: list[ProvenanceEdge]
    runs: list[ProvenanceRun]
    steps: list[LineageStep]


class InputChange(TypedDict):
    """What differs in one asset's partition upstream."""

    assetId: str
    partitionKey: str | None
    difference: Literal["ADDED", "GONE", "CHANGED"]
    base: list[ProvenanceSnapshot]
    compare: list[ProvenanceSnapshot]
    distance: int


class SnapshotRunDifferences(TypedDict):
    """The runs behind the versions; `parameters` are operations (RFC 6902)."""

    sameRun: bool
    base: Run
    compare: Run
    parameters: list[Any]


class SnapshotDiff(TypedDict):
    """Two versions; the lists of operations (RFC 6902) turn the first one's into the second one's, null for none."""

    base: AssetSnapshot
    compare: AssetSnapshot
    sameAsset: bool
    payload: list[Any]
    schema: list[Any]
    freshness: list[Any]
    runs: SnapshotRunDifferences
    inputs: list[InputChange]
