"""Webhooks: who is told what happens, how that went, and once more."""

from typing import Any

import orjson

from app.http import Answer, Call
from app.http.auth import READ, WRITE, Principal
from app.rest import answers
from app.rest.table import route
from app.rest.webhook_requests import (
    DeliveriesQuery,
    DeliveryPath,
    SecretRotation,
    WebhookCreation,
    WebhookPatch,
    WebhookPath,
)
from app.webhooks.guard import Guard, Refused
from app.webhooks.origin import origin_of
from graph.errors import invalid
from graph.lineage import Lineage
from graph.rules.instants import format_instant
from graph.webhooks.records import Delivery, Webhook
from graph.webhooks.service import Changes
from graph.webhooks.wishes import Wishes


async def list_webhooks(call: Call[None, None, None]) -> Answer:
    """Every webhook."""
    lineage: Lineage = call.state.lineage
    return Answer([webhook(each, call.principal) for each in await lineage.webhooks.all()])


async def create_webhook(call: Call[None, None, WebhookCreation]) -> Answer:
    """Send what happens to an address; the answer holds the secret, which is not shown again."""
    lineage: Lineage = call.state.lineage
    body = call.body
    await _check(call.state.webhook_guard, body.url)
    made = await lineage.webhooks.create(
        body.url,
        body.filter.wishes(),
        secret=body.secret,
        minimum_importance=body.minimumImportance,
        description=body.description,
        after=body.after,
    )
    shown: answers.NewWebhook = {**webhook(made, call.principal), "secret": made.secret}
    return Answer(shown, status=201)


async def get_webhook(call: Call[WebhookPath, None, None]) -> Answer:
    """A webhook, and how it is doing."""
    lineage: Lineage = call.state.lineage
    return Answer(webhook(await lineage.webhooks.get(call.path.webhookId), call.principal))


async def patch_webhook(call: Call[WebhookPath, None, WebhookPatch]) -> Answer:
    """Change a webhook, pause it or resume it."""
    lineage: Lineage = call.state.lineage
    body = call.body
    given = body.model_fields_set
    values: dict[str, Any] = {}
    if body.url is not None:
        await _check(call.state.webhook_guard, body.url)
        values["url"] = body.url
    if "description" in given:
        values["description"] = body.description
    if "minimumImportance" in given:
        values["minimum_importance"] = body.minimumImportance
    wishes = None
    if "filter" in given:
        wishes = body.filter.wishes() if body.filter is not None else Wishes()
    changed = await lineage.webhooks.patch(call.path.webhookId, Changes(values, body.paused), wishes)
    return Answer(webhook(changed, call.principal))


async def delete_webhook(call: Call[WebhookPath, None, None]) -> Answer:
    """It gets nothing any more; its deliveries are forgotten."""
    lineage: Lineage = call.state.lineage
    await lineage.webhooks.delete(call.path.webhookId)
    return Answer(status=204)


async def rotate_webhook_secret(call: Call[WebhookPath, None, SecretRotation]) -> Answer:
    """Give it a new secret; for a day the one before signs too."""
    lineage: Lineage = call.state.lineage
    changed = await lineage.webhooks.rotate(call.path.webhookId, call.body.secret)
    assert changed.previous_until is not None
    shown: answers.WebhookSecret = {
        "secret": changed.secret,
        "previousSecretUntil": format_instant(changed.previous_until),
    }
    return Answer(shown)


async def test_webhook(call: Call[WebhookPath, None, None]) -> Answer:
    """Send an event of the type `webhook.test` now, once, and tell what became of it."""
    lineage: Lineage = call.state.lineage
    answer = await lineage.webhooks.test(call.path.webhookId)
    shown: answers.TestOutcome = {
        "delivered": answer.taken,
        "responseStatus": answer.status,
        "error": answer.error,
        "durationMs": answer.duration,
    }
    return Answer(shown)


async def list_deliveries(call: Call[WebhookPath, DeliveriesQuery, None]) -> Answer:
    """A webhook's deliveries, newest first, a page at a time."""
    lineage: Lineage = call.state.lineage
    query = call.query
    page = await lineage.webhooks.deliveries(call.path.webhookId, query.limit, status=query.status, before=query.before)
    shown: answers.DeliveryPage = {
        "deliveries": [delivery(each) for each in page.deliveries],
        "nextCursor": page.before,
    }
    return Answer(shown)


async def redeliver(call: Call[DeliveryPath, None, None]) -> Answer:
    """Send a delivery again, now and out of its turn, with the same id."""
    lineage: Lineage = call.state.lineage
    again = await lineage.webhooks.send_again(call.path.webhookId, call.path.deliveryId)
    return Answer(delivery(again), status=202)


def webhook(record: Webhook, caller: Principal) -> answers.Webhook:
    """A webhook as this caller may see it."""
    return {
        "id": record.key,
        "url": record.url if WRITE in caller.allowed else origin_of(record.url),
        "description": record.description,
        "filter": orjson.loads(record.filter),
        "minimumImportance": record.minimum_importance,  # type: ignore[typeddict-item]
        "state": record.state,
        "pausedAt": _instant(record.paused_at),
        "pauseReason": record.pause_reason,
        "failingSince": _instant(record.failing_since),
        "lastError": record.last_error,
        "lastDeliveredAt": _instant(record.taken_at),
        "cursor": record.position,
        "pendingDeliveries": record.pending,
        "missedEvents": record.missed,
        "previousSecretUntil": _instant(record.previous_until),
        "createdAt": format_instant(record.created_at),
        "updatedAt": format_instant(record.updated_at),
    }


def delivery(record: Delivery) -> answers.Delivery:
    """A delivery."""
    return {
        "id": record.key,
        "event": record.seq,
        "eventType": record.event_type,
        "subject": record.subject.partition("/")[2],
        "status": record.status,
        "attempts": record.attempts,
        "lastAttemptAt": _instant(record.attempted_at),
        "nextAttemptAt": _instant(record.due),
        "responseStatus": record.response_status,
        "error": record.error,
        "durationMs": record.duration,
        "createdAt": format_instant(record.created_at),
        "finishedAt": _instant(record.finished_at),
    }


def _instant(at: int | None) -> str | None:
    return None if at is None else format_instant(at)


async def _check(guard: Guard, url: str) -> None:
    """Refuse at once what would be refused at each delivery."""
    try:
        host, port = guard.check_form(url)
        await guard.addresses(host, port)
    except Refused as refused:
        raise invalid("url", str(refused), code="webhook_url_refused") from None


NOT_FOUND = {404: ("webhook_not_found",)}

ENDPOINTS = (
    route(
        "GET",
        "/webhooks",
        list_webhooks,
        tag="webhooks",
        scope=READ,
        answers={200: list[answers.Webhook]},
    ),
    route(
        "POST",
        "/webhooks",
        create_webhook,
        tag="webhooks",
        scope=WRITE,
        body=WebhookCreation,
        answers={201: answers.NewWebhook},
        errors={
            400: ("webhook_url_refused",),
            404: ("asset_not_found",),
            409: ("too_many_webhooks",),
            410: ("events_gone",),
        },
    ),
    route(
        "GET",
        "/webhooks/{webhookId}",
        get_webhook,
        tag="webhooks",
        scope=READ,
        path_model=WebhookPath,
        answers={200: answers.Webhook},
        errors=NOT_FOUND,
    ),
    route(
        "PATCH",
        "/webhooks/{webhookId}",
        patch_webhook,
        tag="webhooks",
        scope=WRITE,
        path_model=WebhookPath,
        body=WebhookPatch,
        answers={200: answers.Webhook},
        errors={400: ("webhook_url_refused",), 404: ("asset_not_found", "webhook_not_found")},
    ),
    route(
        "DELETE",
        "/webhooks/{webhookId}",
        delete_webhook,
        tag="webhooks",
        scope=WRITE,
        path_model=WebhookPath,
        answers={204: None},
        errors=NOT_FOUND,
    ),
    route(
        "POST",
        "/webhooks/{webhookId}/secret",
        rotate_webhook_secret,
        tag="webhooks",
        scope=WRITE,
        path_model=WebhookPath,
        body=SecretRotation,
        body_optional=True,
        answers={200: answers.WebhookSecret},
        errors=NOT_FOUND,
    ),
    route(
        "POST",
        "/webhooks/{webhookId}/test",
        test_webhook,
        tag="webhooks",
        scope=WRITE,
        path_model=WebhookPath,
        answers={200: answers.TestOutcome},
        errors=NOT_FOUND,
    ),
    route(
        "GET",
        "/webhooks/{webhookId}/deliveries",
        list_deliveries,
        tag="webhooks",
        scope=READ,
        path_model=WebhookPath,
        query=DeliveriesQuery,
        answers={200: answers.DeliveryPage},
        errors=NOT_FOUND,
    ),
    route(
        "POST",
        "/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver",
        redeliver,
        tag="webhooks",
        scope=WRITE,
        path_model=DeliveryPath,
        answers={202: answers.Delivery},
        errors={
            404: ("delivery_not_found", "webhook_not_found"),
            409: ("webhook_paused",),
            410: ("events_gone",),
        },
    ),
)
