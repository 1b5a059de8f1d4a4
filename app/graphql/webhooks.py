"""Webhooks as the explorer shows them: their state, their deliveries, and once more. REST makes and changes them."""

import enum
from typing import Annotated

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime, Long, instant
from app.graphql.types.enums import Importance
from app.graphql.types.failures import Conflict, InvalidInput, NotFound, TooLarge, Unprocessable
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from app.graphql.written import written
from app.http.auth import READ, WRITE
from app.webhooks.origin import origin_of
from graph.webhooks import records
from graph.webhooks.service import Changes
from graph.webhooks.store import ordinal_of


@strawberry.enum(description="How a webhook stands.")
class WebhookState(enum.Enum):
    """Of a webhook."""

    ACTIVE = "active"
    FAILING = "failing"
    PAUSED = "paused"


@strawberry.enum(description="What became of a delivery.")
class DeliveryStatus(enum.Enum):
    """Of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@strawberry.type(description="An address that is sent events.")
class Webhook:
    """A webhook."""

    id: str
    url: str = strawberry.field(description="Without the scope `write` no more than scheme and host.")
    description: str | None
    filter: JSON = strawberry.field(description="Which events, as `POST /webhooks` has it.")
    minimum_importance: Importance | None
    state: WebhookState
    paused_at: DateTime | None
    pause_reason: str | None
    failing_since: DateTime | None = strawberry.field(description="From the first failure until the next success.")
    last_error: str | None
    last_delivered_at: DateTime | None
    cursor: Long = strawberry.field(description="The number of the last event that it was asked about.")
    pending_deliveries: int
    missed_events: Long = strawberry.field(description="Events that were removed before it was asked about them.")
    created_at: DateTime
    updated_at: DateTime

    @classmethod
    def of(cls, it: records.Webhook, info: Info) -> "Webhook":
        """As this caller may see it."""
        whole = WRITE in info.context.principal.allowed
        return cls(
            id=it.key,
            url=it.url if whole else origin_of(it.url),
            description=it.description,
            filter=JSON(it.filter),
            minimum_importance=Importance(it.minimum_importance) if it.minimum_importance else None,
            state=WebhookState(it.state),
            paused_at=instant(it.paused_at),
            pause_reason=it.pause_reason,
            failing_since=instant(it.failing_since),
            last_error=it.last_error,
            last_delivered_at=instant(it.taken_at),
            cursor=Long(it.position),
            pending_deliveries=it.pending,
            missed_events=Long(it.missed),
            created_at=DateTime(it.created_at),
            updated_at=DateTime(it.updated_at),
        )


@strawberry.type(description="One event for one webhook.")
class Delivery:
    """A delivery."""

    id: str = strawberry.field(description="What the header `webhook-id` says, at each attempt.")
    sequence: Long = strawberry.field(description="The number of the event.")
    event_type: str
    subject: str = strawberry.field(description="The asset, run or workflow that the event is about.")
    status: DeliveryStatus
    attempts: int
    last_attempt_at: DateTime | None
    next_attempt_at: DateTime | None = strawberry.field(
        description="Null while it waits for an earlier one about the same thing, and when it has ended."
    )
    response_status: int | None
    error: str | None
    duration_ms: int | None
    created_at: DateTime
    finished_at: DateTime | None

    @classmethod
    def of(cls, it: records.Delivery) -> "Delivery":
        """As it is shown."""
        return cls(
            id=it.key,
            sequence=Long(it.seq),
            event_type=it.event_type,
            subject=it.subject.partition("/")[2],
            status=DeliveryStatus(it.status),
            attempts=it.attempts,
            last_attempt_at=instant(it.attempted_at),
            next_attempt_at=instant(it.due),
            response_status=it.response_status,
            error=it.error,
            duration_ms=it.duration,
            created_at=DateTime(it.created_at),
            finished_at=instant(it.finished_at),
        )


@strawberry.type(description="What became of a test event.")
class WebhookTest:
    """An outcome that is not kept."""

    delivered: bool
    response_status: int | None
    error: str | None
    duration_ms: int


@strawberry.type(description="A webhook after a write.")
class WebhookPayload:
    """What a write about a webhook answers."""

    webhook: Webhook


@strawberry.type(description="A delivery after a write.")
class DeliveryPayload:
    """What sending again answers."""

    delivery: Delivery


Failures = InvalidInput | NotFound | Conflict | TooLarge | Unprocessable
WebhookResult = Annotated[WebhookPayload | Failures, strawberry.union("WebhookResult")]
RedeliverResult = Annotated[DeliveryPayload | Failures, strawberry.union("RedeliverResult")]
TestWebhookResult = Annotated[WebhookTest | Failures, strawberry.union("TestWebhookResult")]


async def all_webhooks(info: Info) -> list[Webhook]:
    """As GET /webhooks."""
    info.context.require(READ)
    return [Webhook.of(each, info) for each in await info.context.lineage.webhooks.all()]


async def webhook_deliveries(
    info: Info,
    webhook: Annotated[str, strawberry.argument(description="Its id.")],
    status: DeliveryStatus | None = None,
    first: First = PAGE,
    after: After = None,
) -> Connection[Delivery]:
    """As GET /webhooks/{webhookId}/deliveries; NotFound for a webhook that is not there."""
    info.context.require(READ)
    limit, outcome = check_first(first), status.value if status else None
    cursors = Cursors("webhookDeliveries", webhook, outcome)
    before = cursors.numbers(after, 1)
    page = await info.context.lineage.webhooks.deliveries(
        webhook, limit, status=outcome, before=before[0] if before else None
    )
    return Connection.of(
        [(Delivery.of(each), cursors.seal([ordinal_of(each)])) for each in page.deliveries],
        after=after,
        end=None if page.before is None else cursors.seal([page.before]),
        truncated=page.before is not None and len(page.deliveries) < limit,
    )


async def set_paused(info: Info, id: str, paused: bool) -> WebhookResult:
    """As PATCH /webhooks/{webhookId}."""

    async def write() -> WebhookPayload:
        changed = await info.context.lineage.webhooks.patch(id, Changes({}, paused))
        return WebhookPayload(webhook=Webhook.of(changed, info))

    return await written(info, WRITE, write)


async def redeliver(info: Info, webhook: str, delivery: str) -> RedeliverResult:
    """As POST /webhooks/{webhookId}/deliveries/{deliveryId}/redeliver."""

    async def write() -> DeliveryPayload:
        again = await info.context.lineage.webhooks.send_again(webhook, delivery)
        return DeliveryPayload(delivery=Delivery.of(again))

    return await written(info, WRITE, write)


async def test_webhook(info: Info, id: str) -> TestWebhookResult:
    """As POST /webhooks/{webhookId}/test."""

    async def write() -> WebhookTest:
        answer = await info.context.lineage.webhooks.test(id)
        return WebhookTest(
            delivered=answer.taken,
            response_status=answer.status,
            error=answer.error,
            duration_ms=answer.duration,
        )

    return await written(info, WRITE, write)
