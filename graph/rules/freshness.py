"""Is what was last produced still good? One verdict, with every reason, from what was declared and what
happened.

The words are those of the whole service: a production is *fresh* until `producedAt + ttlMs`, when it
*expires*; the next one is *due* at `producedAt + cadenceMs`; past `maxAgeMs` it is overage and so *stale*, as
it is by a mark or by an upstream that was produced later. Never produced is *missing*; nothing declared and
nothing against it is *unknown*.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

State = Literal["fresh", "due", "stale", "expired", "missing", "unknown"]
ReasonCode = Literal["never_produced", "expired", "overage", "marked_stale", "outdated_upstream", "due"]


class StaleMark(NamedTuple):
    """Somebody's word that a production is not to be relied on."""

    requested_at: int
    requested_by: str | None = None
    note: str | None = None


class Reason(NamedTuple):
    """One thing that is against a production."""

    code: ReasonCode
    message: str
    since: int | None = None
    """Epoch milliseconds, where it began at a known instant."""
    asset_id: str | None = None
    """The upstream asset that it comes from."""


class Verdict(NamedTuple):
    """The state, everything that is against it, and the instant up to which time alone does not change it."""

    state: State
    reasons: tuple[Reason, ...]
    deadline: int | None
    """The first instant at which the declared limits make, or made, it no longer fresh."""


_STATE_OF: dict[ReasonCode, State] = {
    "never_produced": "missing",
    "expired": "expired",
    "overage": "stale",
    "marked_stale": "stale",
    "outdated_upstream": "stale",
    "due": "due",
}
"""The gravest first: the first reason gives the state."""


def verdict(
    *,
    latest_produced_at: int | None,
    ttl_ms: int | None,
    cadence_ms: int | None,
    max_age_ms: int | None,
    marked: Sequence[StaleMark],
    outdated_upstreams: Sequence[str],
    now: int,
) -> Verdict:
    """Judge one asset, or one partition of it. All times in epoch milliseconds, durations in milliseconds.

    `marked` are the stale marks that no production has cleared yet, `outdated_upstreams` the ids of direct
    upstream assets whose newest production is later than this one's.
    """
    reasons = [Reason("marked_stale", _told(mark), mark.requested_at) for mark in marked]
    reasons += [
        Reason("outdated_upstream", f"{asset_id} was produced later", asset_id=asset_id)
        for asset_id in outdated_upstreams
    ]
    limits: dict[ReasonCode, tuple[int, str]] = {}
    if latest_produced_at is None:
        reasons.append(Reason("never_produced", "it was never produced"))
    else:
        if ttl_ms is not None:
            limits["expired"] = (latest_produced_at + ttl_ms, f"its time to live of {ttl_ms} ms is over")
        if max_age_ms is not None:
            # Past the age, not at it.
            limits["overage"] = (latest_produced_at + max_age_ms + 1, f"it is older than {max_age_ms} ms")
        if cadence_ms is not None:
            limits["due"] = (latest_produced_at + cadence_ms, f"the next one is due every {cadence_ms} ms")
    reasons += [Reason(code, why, since) for code, (since, why) in limits.items() if now >= since]
    gravity = list(_STATE_OF)
    reasons.sort(key=lambda reason: gravity.index(reason.code))
    deadline = min((since for since, _ in limits.values()), default=None)
    if reasons:
        return Verdict(_STATE_OF[reasons[0].code], tuple(reasons), deadline)
    return Verdict("fresh" if limits else "unknown", (), deadline)


def first_limit(produced_at: int, hints: Mapping[str, int]) -> int | None:
    """The first instant at which limits (`ttlMs`, `cadenceMs`, `maxAgeMs`) make a production no longer fresh."""
    return verdict(
        latest_produced_at=produced_at,
        ttl_ms=hints.get("ttlMs"),
        cadence_ms=hints.get("cadenceMs"),
        max_age_ms=hints.get("maxAgeMs"),
        marked=(),
        outdated_upstreams=(),
        now=produced_at,
    ).deadline


def _told(mark: StaleMark) -> str:
    by = f" by {mark.requested_by}" if mark.requested_by else ""
    return f"it was marked stale{by}" + (f": {mark.note}" if mark.note else "")
