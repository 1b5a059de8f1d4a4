"""What orchestrators may say about requests for runs."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from app.http.json_body import MAX_INTEGER
from app.http.validation import WHOLE
from app.rest.fields import NestedSlug, WorkflowFilter, text_of
from app.rest.requests import Strict

RequestId = Annotated[str, Field(pattern="^rq_[0-9a-f]{20}$")]
LeaseMs = Annotated[int, Field(ge=1_000, le=3_600_000, description="Milliseconds that the lease lasts."), WHOLE]
Fence = Annotated[int, Field(ge=1, le=MAX_INTEGER, description="`fence` of the claim."), WHOLE]


class RequestPath(BaseModel):
    """A request for a run."""

    requestId: RequestId


class RequestsQuery(BaseModel):
    """Which requests."""

    state: Annotated[
        Literal["waiting", "claimed", "succeeded", "failed", "canceled"] | None,
        Field(description="Those in this state alone."),
    ] = None
    workflow: Annotated[WorkflowFilter | None, Field(description="Those for this workflow alone.")] = None
    before: Annotated[str | None, Field(max_length=1000, description="`nextCursor` of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class WaitQuery(BaseModel):
    """How long an empty answer is held back."""

    wait: Annotated[int, Field(ge=0, le=30, description="Seconds to wait while there is nothing to claim.")] = 0


class ClaimBody(Strict):
    """Who claims how many requests for how long."""

    owner: text_of(200, "owner")  # type: ignore[valid-type]
    limit: Annotated[int, Field(ge=1, le=100), WHOLE] = 1
    leaseMs: LeaseMs = 60_000
    workflows: Annotated[list[NestedSlug] | None, Field(min_length=1, max_length=20, description="Of these alone.")] = (
        None
    )


class HeartbeatBody(Strict):
    """Keeps a lease; without `leaseMs` for as long as before."""

    fence: Fence
    leaseMs: LeaseMs | None = None


class CompleteBody(Strict):
    """Ends an attempt."""

    fence: Fence
    status: Literal["succeeded", "failed", "canceled"]
    output: Any = None
    metrics: Any = None
    errorMessage: Annotated[str | None, Field(max_length=10_000)] = None


class GiveUpBody(Strict):
    """Lets a lease go; with `retry` another attempt follows, while there is one left."""

    fence: Fence
    reason: text_of(1_000, "reason")  # type: ignore[valid-type]
    retry: bool = True


class CancelBody(Strict):
    """Why."""

    reason: text_of(1_000, "reason") = "Canceled on request."  # type: ignore[valid-type]
