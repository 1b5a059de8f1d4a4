"""What the nodes of webhooks hold, and what goes out and comes back. Instants are epoch milliseconds."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Literal

from graph.events.event import Event
from graph.records import Json

Status = Literal["pending", "delivered", "failed"]
STATUSES: tuple[Status, ...] = ("pending", "delivered", "failed")


@dataclasses.dataclass(slots=True)
class Webhook:
    """An address that wants events. Everything up to event `position` is either delivered, a delivery, or unwanted.

    `deliveries` counts those made, `pending` those of them that wait, `missed` the events that retention removed before
    this webhook was asked about them. `failing_since` is there from the first failure until the next success.
    """

    key: str
    url: str
    secret: str = dataclasses.field(repr=False)
    filter: Json
    position: int
    created_at: int
    updated_at: int
    deliveries: int = 0
    pending: int = 0
    missed: int = 0
    description: str | None = None
    minimum_importance: str | None = None
    previous_secret: str | None = dataclasses.field(default=None, repr=False)
    previous_until: int | None = None
    paused_at: int | None = None
    pause_reason: str | None = None
    failing_since: int | None = None
    taken_at: int | None = None
    """When the endpoint took something for the last time."""
    last_error: str | None = None

    @property
    def state(self) -> Literal["active", "failing", "paused"]:
        """How it stands."""
        if self.paused_at is not None:
            return "paused"
        return "active" if self.failing_since is None else "failing"

    def secrets_at(self, now: int) -> list[str]:
        """What to sign with: the secret, and the one before while it still counts."""
        if self.previous_secret is not None and self.previous_until is not None and now < self.previous_until:
            return [self.secret, self.previous_secret]
        return [self.secret]


@dataclasses.dataclass(slots=True)
class Delivery:
    """One event for one webhook. `subject` is the asset, run or workflow, with its kind before a slash.

    While it is pending it has a `lane`; the first of its lane also has `head` (the webhook's key) and `due`. `tries`
    are the attempts since it was made, sent again, or the webhook resumed; `since` is when the first of them ended.
    """

    key: str
    webhook: str
    seq: int
    rank: str
    event_type: str
    subject: str
    status: Status
    created_at: int
    attempts: int = 0
    tries: int = 0
    lane: str | None = None
    head: str | None = None
    due: int | None = None
    since: int | None = None
    attempted_at: int | None = None
    finished_at: int | None = None
    response_status: int | None = None
    duration: int | None = None
    error: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Outgoing:
    """One request to make. `id` is the same at each attempt; `source` is the name of the database."""

    id: str
    webhook: Webhook
    event: Event
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request: a status, or none and why; `duration` in milliseconds."""

    status: int | None
    error: str | None
    duration: int

    @property
    def taken(self) -> bool:
        """Whether the endpoint took the event."""
        return self.error is None


Send = Callable[[Outgoing], Awaitable[Answer]]
"""Makes one request, within a bounded time; whatever goes wrong is in the answer."""
