"""What an answer means for a delivery and for its webhook: pure (docs/decisions/0006-webhooks.md, Attempts)."""

from graph.events.event import Event
from graph.webhooks.records import Answer, Delivery, Status, Webhook

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000

SCHEDULE = (
    *(5 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 8 * HOUR),
)
"""Milliseconds between one attempt and the next: about a day from the first to the last."""

JITTER = 0.2
"""Of a pause, less or more: what failed together does not come back together."""

GONE = 410

CONCURRENT = 8
"""Requests to one webhook at once."""


def subject_of(event: Event) -> str:
    """What an event is about: deliveries about one thing go out in order."""
    if event.asset is not None:
        return f"asset/{event.asset}"
    return f"run/{event.run}" if event.run is not None else f"workflow/{event.workflow}"


def lane_of(webhook: str, subject: str) -> str:
    """The queue in which a delivery waits."""
    return f"{webhook}/{subject}"


def pause_after(tries: int, roll: float) -> int | None:
    """Milliseconds until the next attempt after so many, or None after the last; `roll` is from 0 up to 1."""
    if tries > len(SCHEDULE):
        return None
    return round(SCHEDULE[tries - 1] * (1 - JITTER + 2 * JITTER * roll))


def slots_of(webhook: Webhook) -> int:
    """Requests that may be under way to it: a failing one is only probed, so that it holds up nobody else."""
    return CONCURRENT if webhook.failing_since is None else 1


def conclude(webhook: Webhook, delivery: Delivery, answer: Answer, now: int, roll: float) -> None:
    """Note an attempt's answer in both: delivered, to be tried again, given up, or the webhook paused."""
    delivery.attempts += 1
    delivery.tries += 1
    delivery.attempted_at = now
    delivery.response_status = answer.status
    delivery.duration = answer.duration
    delivery.error = answer.error
    if delivery.since is None:
        delivery.since = now
    if answer.taken:
        webhook.taken_at = now
        webhook.failing_since = webhook.last_error = None
        _finish(webhook, delivery, "delivered", now)
        return
    webhook.failing_since = webhook.failing_since or now
    webhook.last_error = answer.error
    pause = pause_after(delivery.tries, roll)
    delivery.due = now if pause is None else now + pause
    if answer.status == GONE:
        _pause(webhook, "The endpoint answered 410 Gone: it wants no more events.", now)
    elif pause is None and webhook.taken_at is not None and webhook.taken_at >= delivery.since:
        # Others got through: it is this event that the endpoint does not take.
        _finish(webhook, delivery, "failed", now)
    elif pause is None:
        _pause(webhook, f"The endpoint took nothing for about a day; the last error: {answer.error}", now)


def give_up(webhook: Webhook, delivery: Delivery, error: str, now: int) -> None:
    """End a delivery that cannot be sent at all; the endpoint is not to blame."""
    delivery.error = error
    _finish(webhook, delivery, "failed", now)


def _finish(webhook: Webhook, delivery: Delivery, status: Status, now: int) -> None:
    delivery.status = status
    delivery.finished_at = now
    delivery.lane = delivery.head = delivery.due = delivery.since = None
    webhook.pending -= 1


def _pause(webhook: Webhook, reason: str, now: int) -> None:
    if webhook.paused_at is None:
        webhook.paused_at, webhook.pause_reason = now, reason
