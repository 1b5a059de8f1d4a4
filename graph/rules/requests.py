"""How a request for a run moves, in which order requests are handed out, and when a failed one is tried again: pure.

docs/decisions/0008-run-requests.md. Instants and durations are epoch milliseconds and milliseconds.
"""

import enum

from graph.rules.instants import MAX_INSTANT

HIGHEST_PRIORITY = 1_000_000
"""Of priorities from 0; higher ones are handed out first."""

ATTEMPTS = 5
"""Runs that a request may take, where it says nothing else."""

FIRST_PAUSE = 5_000
LONGEST_PAUSE = 600_000

JITTER = 0.2
"""Of a pause, less at most: what failed together does not come back together, and nothing passes the longest pause."""

END = "\x1f"
"""Ends the prefix of a rank: control characters occur in no workflow's key and in no partition key."""


class RequestState(enum.StrEnum):
    """How a request stands. A failed one is a dead letter: it stays so until somebody revives it."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class Act(enum.Enum):
    """What can happen to a request."""

    CLAIM = "handed out with a lease"
    START = "its run was started by id, without a lease"
    SUCCEED = "its run succeeded"
    TRY_AGAIN = "its run failed, or its lease was lost or given up; there is an attempt left"
    BURY = "the same, and there is none left"
    CANCEL = "canceled by whoever asked, by its run, or with its workflow"
    REVIVE = "a dead letter is tried again"


TRANSITIONS = {
    (RequestState.WAITING, Act.CLAIM): RequestState.CLAIMED,
    (RequestState.WAITING, Act.START): RequestState.CLAIMED,
    (RequestState.WAITING, Act.CANCEL): RequestState.CANCELED,
    (RequestState.CLAIMED, Act.SUCCEED): RequestState.SUCCEEDED,
    (RequestState.CLAIMED, Act.TRY_AGAIN): RequestState.WAITING,
    (RequestState.CLAIMED, Act.BURY): RequestState.FAILED,
    (RequestState.CLAIMED, Act.CANCEL): RequestState.CANCELED,
    (RequestState.FAILED, Act.REVIVE): RequestState.WAITING,
}
"""Where each act leads; what is not here cannot happen."""

ENDED = frozenset({RequestState.SUCCEEDED, RequestState.FAILED, RequestState.CANCELED})


def lane_of(workflow: str, partition: str | None) -> str:
    """The lane in which requests wait for each other: one workflow (by key) and one of its partitions."""
    return f"{workflow}#{partition or ''}"


def rank_of(priority: int, created_at: int, request: str) -> str:
    """A request's place in the queue, which begins with the lowest: priority, then age, then id."""
    return f"{HIGHEST_PRIORITY - priority:07d}/{created_at:013d}/{request}"


def request_of(rank: str) -> str:
    """The id of the request that stands there; of a recency as well."""
    return rank.rpartition("/")[2]


def recency_of(created_at: int, request: str) -> str:
    """A request's place among all: the newest has the lowest."""
    return f"{MAX_INSTANT - created_at:013d}/{request}"


def prefix_of(*names: str) -> str:
    """What ranks within a lane, a workflow or a state begin with; `prefix_end` is above all of them."""
    return "".join(name + END for name in names)


def prefix_end(prefix: str) -> str:
    """Above every text that begins with a prefix."""
    return prefix[:-1] + chr(ord(END) + 1)


def pause_after(attempts: int, roll: float) -> int:
    """Milliseconds until a request that failed so often is due again; `roll` is from 0 up to 1."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE << min(attempts, 32) - 1)
    return round(pause * (1 - JITTER * roll))


def after_failure(attempts: int, most: int) -> Act:
    """What becomes of a request whose attempt came to nothing."""
    return Act.TRY_AGAIN if attempts < most else Act.BURY
