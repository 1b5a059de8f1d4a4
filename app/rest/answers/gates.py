"""What a gate says, and whether a step may begin."""

from typing_extensions import TypedDict

from app.rest.answers.values import FreshnessState, StepType, Timestamp


class GateObjection(TypedDict):
    """One thing for which an asset does not pass; `assetId` is the upstream asset that it comes from."""

    code: str
    message: str
    since: Timestamp | None
    assetId: str | None


class GateVersion(TypedDict):
    """The newest version of an asset."""

    snapshotId: str
    version: int
    partitionKey: str | None
    producedAt: Timestamp
    ageMs: int
    valid: bool
    workflowSlug: str
    runId: str


class GateAsset(TypedDict):
    """An asset; `distance` is its hops upstream of those asked for, 0 for one of them."""

    assetId: str
    distance: int
    passed: bool
    state: FreshnessState
    freshUntil: Timestamp | None
    objections: list[GateObjection]
    latest: GateVersion | None


class GateResult(TypedDict):
    """May it go ahead? As of the instant `checkedAt`."""

    passed: bool
    checkedAt: Timestamp
    assets: list[GateAsset]


class StepInputReadiness(TypedDict):
    """A consumed asset; `partitionKey` is the run's own where the asset is declared in partitions."""

    assetId: str
    partitionKey: str | None
    ready: bool
    state: FreshnessState
    freshUntil: Timestamp | None
    objections: list[GateObjection]
    latest: GateVersion | None


class Producer(TypedDict):
    """A step that makes an asset."""

    workflowSlug: str
    workflowName: str
    stepId: str
    stepName: str
    stepType: StepType


class NeededAsset(TypedDict):
    """An asset that must be made; without producers nobody can."""

    assetId: str
    producers: list[Producer]


class StepReadiness(TypedDict):
    """May a step begin? `needed` is what must be made first, in that order."""

    ready: bool
    possible: bool
    checkedAt: Timestamp
    inputs: list[StepInputReadiness]
    needed: list[NeededAsset]
