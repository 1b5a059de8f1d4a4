"""Webhooks and their deliveries as they are read."""

import dataclasses

from graph.database import Transaction
from graph.errors import NotFound
from graph.records import record_from
from graph.rules.ranks import rank
from graph.webhooks.records import Delivery, Webhook

WEBHOOKS = "MATCH (w:Webhook) RETURN properties(w) AS webhook ORDER BY w.createdAt, w.key LIMIT $limit"

WEBHOOK = "MATCH (w:Webhook {key: $key}) RETURN properties(w) AS webhook"

RANGE = """
MATCH (d:Delivery)
WHERE d.rank > $after AND d.rank <= $until
RETURN properties(d) AS delivery ORDER BY d.rank DESC
"""

RANGE_OF_STATUS = """
MATCH (d:Delivery)
WHERE d.rank > $after AND d.rank <= $until AND d.status = $status
RETURN properties(d) AS delivery ORDER BY d.rank DESC
"""

DELIVERY = "MATCH (d:Delivery {key: $key}) RETURN properties(d) AS delivery"

MOST = 200
"""Webhooks of a database."""

WINDOW = 500
"""Deliveries that are read in one query."""

SCAN = 10_000
"""Deliveries that one page looks at, at most: behind it the page ends, wanted ones or not."""


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Deliveries, newest first; `before` is the place to go on behind, None at the end."""

    deliveries: list[Delivery]
    before: int | None


async def all_webhooks(tx: Transaction) -> list[Webhook]:
    """Every webhook, oldest first."""
    return [record_from(Webhook, row["webhook"]) for row in await tx.rows(WEBHOOKS, {"limit": MOST})]


async def known_webhook(tx: Transaction, key: str) -> Webhook:
    """The webhook. Raises NotFound."""
    row = await tx.row(WEBHOOK, {"key": key})
    if row is None:
        raise NotFound("webhook_not_found", f"There is no webhook '{key}'.")
    return record_from(Webhook, row["webhook"])


async def known_delivery(tx: Transaction, webhook: str, key: str) -> Delivery:
    """The delivery, if it is this webhook's. Raises NotFound."""
    row = await tx.row(DELIVERY, {"key": key})
    if row is None or row["delivery"]["webhook"] != webhook:
        raise NotFound("delivery_not_found", f"The webhook '{webhook}' has no delivery '{key}'.")
    return record_from(Delivery, row["delivery"])


async def delivery_page(
    tx: Transaction, webhook: Webhook, limit: int, *, status: str | None = None, before: int | None = None
) -> DeliveryPage:
    """Up to `limit` deliveries of a webhook made before its `before`th."""
    until = webhook.deliveries if before is None else min(before - 1, webhook.deliveries)
    floor = max(0, until - SCAN)
    found: list[Delivery] = []
    while until > floor and len(found) < limit:
        after = max(floor, until - (limit if status is None else WINDOW))
        place = {"after": rank(webhook.key, after), "until": rank(webhook.key, until)}
        if status is None:
            rows = await tx.rows(RANGE, place)
        else:
            rows = await tx.rows(RANGE_OF_STATUS, {**place, "status": status})
        found += [record_from(Delivery, row["delivery"]) for row in rows]
        until = after
    if len(found) > limit:
        found = found[:limit]
        until = ordinal_of(found[-1]) - 1
    return DeliveryPage(found, until + 1 if until > 0 else None)


def ordinal_of(delivery: Delivery) -> int:
    """Which of its webhook's deliveries it is: 1, 2, 3 …"""
    return int(delivery.rank[-19:])
