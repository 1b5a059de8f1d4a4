"""Webhooks and their deliveries."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict

from app.rest.answers.values import Timestamp

Importance = Literal["low", "normal", "high"]
DeliveryStatus = Literal["pending", "delivered", "failed"]


class WebhookFilter(TypedDict):
    """Which events it gets; all that is given must hold."""

    types: NotRequired[list[str]]
    assets: NotRequired[list[str]]
    workflows: NotRequired[list[str]]
    upstreamOf: NotRequired[str]


class Webhook(TypedDict):
    """An address that gets events. Callers without the scope `write` see no more of `url` than scheme and host.

    `state` is `failing` from the first failure until the next success. `cursor` is the number of the last event that
    it was asked about, `pendingDeliveries` those that wait, `missedEvents` those that were removed before it was asked.
    """

    id: str
    url: str
    description: str | None
    filter: WebhookFilter
    minimumImportance: Importance | None
    state: Literal["active", "failing", "paused"]
    pausedAt: Timestamp | None
    pauseReason: str | None
    failingSince: Timestamp | None
    lastError: str | None
    lastDeliveredAt: Timestamp | None
    cursor: int
    pendingDeliveries: int
    missedEvents: int
    previousSecretUntil: Timestamp | None
    createdAt: Timestamp
    updatedAt: Timestamp


class NewWebhook(Webhook):
    """With its secret, which cannot be had again."""

    secret: str


class WebhookSecret(TypedDict):
    """The new secret, which cannot be had again; the one before signs too until then."""

    secret: str
    previousSecretUntil: Timestamp


class Delivery(TypedDict):
    """One event for one webhook. `id` is what the header `webhook-id` says, `event` the number of the event.

    A pending one that has no `nextAttemptAt` waits for an earlier one about the same thing.
    """

    id: str
    event: int
    eventType: str
    subject: str
    status: DeliveryStatus
    attempts: int
    lastAttemptAt: Timestamp | None
    nextAttemptAt: Timestamp | None
    responseStatus: int | None
    error: str | None
    durationMs: int | None
    createdAt: Timestamp
    finishedAt: Timestamp | None


class DeliveryPage(TypedDict):
    """Deliveries, newest first; `nextCursor` goes on behind them, null at the end."""

    deliveries: list[Delivery]
    nextCursor: int | None


class TestOutcome(TypedDict):
    """What became of a test event."""

    delivered: bool
    responseStatus: int | None
    error: str | None
    durationMs: int
