"""What can be done with requests for runs, ready to be applied (docs/decisions/0008-run-requests.md).

`now` is when the service received it; `roll`, from 0 up to 1, is the chance in the pause before another attempt.
"""

import dataclasses

from graph.records import Json


@dataclasses.dataclass(frozen=True, slots=True)
class Claim:
    """Hand out up to `limit` of the first requests, of these workflows (keys; empty: all), for `lease` milliseconds."""

    owner: str
    limit: int
    lease: int
    now: int
    workflows: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class Heartbeat:
    """The lease goes on for `lease` milliseconds from now, as many as before where None."""

    request: str
    fence: int
    now: int
    lease: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Complete:
    """The run ends as `status`, and the request with it, unless it failed and is tried again."""

    request: str
    fence: int
    now: int
    roll: float
    status: str
    digest: str
    output: Json | None = None
    metrics: Json | None = None
    error_message: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class GiveUp:
    """Whoever holds the lease goes on no further; `retry` lets another try."""

    request: str
    fence: int
    now: int
    roll: float
    reason: str
    retry: bool


@dataclasses.dataclass(frozen=True, slots=True)
class CancelRequest:
    """Nobody wants it any more."""

    request: str
    now: int
    reason: str


@dataclasses.dataclass(frozen=True, slots=True)
class RetryRequest:
    """A dead letter waits again, with all its attempts before it."""

    request: str
    now: int


@dataclasses.dataclass(frozen=True, slots=True)
class Sweep:
    """Take away the leases that have expired, and put those that have become due into the queue, 200 each at most."""

    now: int


Named = Heartbeat | Complete | GiveUp | CancelRequest | RetryRequest
"""Names one request."""

RequestCommand = Claim | Sweep | Named
