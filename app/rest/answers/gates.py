"""What a gate says."""

from typing_extensions import TypedDict

from app.rest.answers.values import FreshnessState, Timestamp


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
