"""How fresh an asset is."""

from typing import Self

import strawberry

from app.graphql.scalars import DateTime, instant
from app.graphql.types.enums import FreshnessState
from graph.rules.freshness import Verdict


@strawberry.type(description="One thing that is against a production.")
class FreshnessReason:
    """A reason."""

    code: str
    message: str
    since: DateTime | None
    asset_id: str | None = strawberry.field(description="The upstream asset that it comes from.")


@strawberry.type(description="Is what was last produced still good? As of the moment of the question.")
class Freshness:
    """A verdict."""

    state: FreshnessState
    stale: bool = strawberry.field(description="Stale or expired.")
    reasons: list[FreshnessReason]
    fresh_until: DateTime | None = strawberry.field(
        description="The first instant at which the declared limits make, or made, it no longer fresh."
    )

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """The verdict as it is shown."""
        return cls(
            state=FreshnessState(verdict.state),
            stale=verdict.state in ("stale", "expired"),
            reasons=[
                FreshnessReason(
                    code=each.code,
                    message=each.message,
                    since=instant(each.since),
                    asset_id=each.asset_id,
                )
                for each in verdict.reasons
            ],
            fresh_until=instant(verdict.deadline),
        )
