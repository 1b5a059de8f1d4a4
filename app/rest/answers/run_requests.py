"""Requests for runs."""

from typing import Any, Literal

from typing_extensions import TypedDict

from app.rest.answers.runs import Run
from app.rest.answers.values import Timestamp


class RunRequest(TypedDict):
    """A request for a run. `runId` is the newest of its runs, one for each attempt; `attempts` counts those that began.

    While it is claimed, `owner` and `leaseUntil` tell by whom and until when, `fence` which claim it is; a claimed one
    without owner was started by its run's id. `dueAt` is the instant before which a waiting one is not handed out.
    `lastError` is why the last attempt came to nothing, or why it was canceled. `causes` is a list, null for none.
    """

    id: str
    workflowSlug: str
    partitionKey: str | None
    state: Literal["waiting", "claimed", "succeeded", "failed", "canceled"]
    priority: int
    reason: str
    causes: Any
    runId: str
    attempts: int
    maxAttempts: int
    owner: str | None
    fence: int
    leaseUntil: Timestamp | None
    dueAt: Timestamp
    lastError: str | None
    createdAt: Timestamp
    updatedAt: Timestamp
    endedAt: Timestamp | None


class ClaimedRequest(TypedDict):
    """A request that was handed out, and its run, which has been started."""

    request: RunRequest
    run: Run


class RunRequestPage(TypedDict):
    """Requests, newest first; `nextCursor` goes on behind them, null at the end."""

    requests: list[RunRequest]
    nextCursor: str | None
