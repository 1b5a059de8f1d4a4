"""What clients do with webhooks. Not commands of the writer: docs/decisions/0006-webhooks.md, Writes."""

import asyncio
import base64
import dataclasses
import random
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import orjson

from graph.database import Database, Transaction, WriteConflict
from graph.errors import Conflict, Unavailable
from graph.events.event import Event
from graph.events.store import check_there, read_log
from graph.records import properties_of, record_from
from graph.rules.deliveries import lane_of
from graph.webhooks.ledger import LOCK_WEBHOOKS, UPDATE_DELIVERIES, UPDATE_WEBHOOKS
from graph.webhooks.records import Answer, Delivery, Outgoing, Send, Webhook
from graph.webhooks.store import MOST, DeliveryPage, all_webhooks, delivery_page, known_delivery, known_webhook
from graph.webhooks.wishes import Wishes, wanted

T = TypeVar("T")

CHANGED = """
MATCH (m:Meta {key: 'webhooks'})
SET m.revision = m.revision + 1
"""

COUNT = "MATCH (w:Webhook) RETURN count(w) AS webhooks"

CREATE = """
UNWIND $rows AS row
CREATE (w:Webhook)
SET w = row
"""

RESUME = """
MATCH (d:Delivery {head: $key})
SET d.due = $now, d.tries = 0
REMOVE d.since
"""

DELETE = """
MATCH (w:Webhook {key: $key})
DETACH DELETE w
"""

DELETE_DELIVERIES = """
MATCH (d:Delivery)
WHERE d.rank > $after AND d.rank < $end
WITH d LIMIT $limit
DETACH DELETE d
RETURN count(*) AS deleted
"""

KEPT = 24 * 3_600_000
"""Milliseconds for which a secret still signs after another one took its place."""

BATCH, BATCHES = 1_000, 20
"""Deliveries that are deleted with their webhook; more of them go with what is old."""

RETRIES = 6

PAUSED_BY_CLIENT = "A client paused it."


@dataclasses.dataclass(frozen=True, slots=True)
class Changes:
    """What a patch gives, by the names of the webhook's own fields; `paused` pauses or resumes."""

    values: dict[str, Any]
    paused: bool | None = None


class Webhooks:
    """On one database; `changed` is told after each change."""

    def __init__(
        self,
        database: Callable[[], Database],
        clock: Callable[[], int],
        send: Send,
        changed: Callable[[], None],
        *,
        traversal: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._send = send
        self._changed = changed
        self._traversal = traversal
        self._testing = asyncio.Semaphore(4)

    async def create(
        self,
        url: str,
        wishes: Wishes,
        *,
        secret: str | None = None,
        minimum_importance: str | None = None,
        description: str | None = None,
        after: int | None = None,
    ) -> Webhook:
        """A new one, for what happens from now on, or behind the event `after`.

        Raises NotFound `asset_not_found`, Conflict `too_many_webhooks` and Gone `events_gone`.
        """
        now = self._clock()
        webhook = Webhook(
            key=f"wh_{secrets.token_hex(10)}",
            url=url,
            secret=secret or make_secret(),
            filter=orjson.dumps(wishes).decode(),
            position=0,
            created_at=now,
            updated_at=now,
            minimum_importance=minimum_importance,
            description=description,
        )

        async def work(tx: Transaction) -> None:
            await tx.run(CHANGED)
            row = await tx.row(COUNT)
            if row and row["webhooks"] >= MOST:
                raise Conflict(
                    "too_many_webhooks", f"There are {MOST} webhooks already; delete one that is not needed."
                )
            await wanted(wishes, self._traversal).work_out(tx)
            state = await read_log(tx)
            if after is not None:
                check_there(state, after)
            webhook.position = state.last if after is None else min(after, state.last)
            await tx.run(CREATE, {"rows": [properties_of(webhook)]})

        await self._write(work)
        return webhook

    async def all(self) -> list[Webhook]:
        """Every one."""
        return await self._database().read(all_webhooks)

    async def get(self, key: str) -> Webhook:
        """Raises NotFound."""
        return await self._database().read(lambda tx: known_webhook(tx, key))

    async def patch(self, key: str, changes: Changes, wishes: Wishes | None = None) -> Webhook:
        """Change what is given. What is pending already is delivered all the same, to the address as it is then.

        Raises NotFound `webhook_not_found` and `asset_not_found`.
        """

        def change(webhook: Webhook, now: int) -> None:
            for name, value in changes.values.items():
                setattr(webhook, name, value)
            if wishes is not None:
                webhook.filter = orjson.dumps(wishes).decode()
            if changes.paused and webhook.paused_at is None:
                webhook.paused_at, webhook.pause_reason = now, PAUSED_BY_CLIENT
            elif changes.paused is False:
                webhook.paused_at = webhook.pause_reason = webhook.failing_since = None

        async def also(tx: Transaction, webhook: Webhook, now: int) -> None:
            if wishes is not None:
                await wanted(wishes, self._traversal).work_out(tx)
            if changes.paused is False:
                await tx.run(RESUME, {"key": webhook.key, "now": now})

        return await self._change(key, change, also)

    async def rotate(self, key: str, secret: str | None = None) -> Webhook:
        """Give it another secret; the one before signs too for a day."""

        def change(webhook: Webhook, now: int) -> None:
            webhook.previous_secret, webhook.previous_until = webhook.secret, now + KEPT
            webhook.secret = secret or make_secret()

        return await self._change(key, change)

    async def delete(self, key: str) -> None:
        """It gets nothing any more; its deliveries go too. Raises NotFound."""

        async def work(tx: Transaction) -> None:
            await known_webhook(tx, key)
            await tx.run(DELETE, {"key": key})
            await tx.run(CHANGED)

        await self._write(work)
        batch = {"after": f"{key}\x1f", "end": f"{key}\x20", "limit": BATCH}
        for _ in range(BATCHES):
            row = await self._database().write(lambda tx: tx.row(DELETE_DELIVERIES, batch))
            if row is None or row["deleted"] < BATCH:
                return

    async def deliveries(
        self, key: str, limit: int, *, status: str | None = None, before: int | None = None
    ) -> DeliveryPage:
        """A page of them, newest first. Raises NotFound."""

        async def work(tx: Transaction) -> DeliveryPage:
            return await delivery_page(tx, await known_webhook(tx, key), limit, status=status, before=before)

        return await self._database().read(work)

    async def send_again(self, key: str, delivery_key: str) -> Delivery:
        """Send a delivery now, whatever became of it; out of its turn, with all attempts before it.

        Raises NotFound, Gone `events_gone`, and Conflict `webhook_paused`.
        """

        async def work(tx: Transaction) -> Delivery:
            now = self._clock()
            webhook = await _locked(tx, key, now)
            delivery = await known_delivery(tx, key, delivery_key)
            if webhook.paused_at is not None:
                raise Conflict("webhook_paused", "The webhook is paused; resume it with a patch of 'paused': false.")
            check_there(await read_log(tx), delivery.seq - 1)
            if delivery.status != "pending":
                webhook.pending += 1
            delivery.status, delivery.tries, delivery.due = "pending", 0, now
            delivery.head, delivery.lane = key, lane_of(key, delivery.subject)
            delivery.since = delivery.finished_at = None
            await tx.run(UPDATE_WEBHOOKS, {"rows": [properties_of(webhook)]})
            await tx.run(UPDATE_DELIVERIES, {"rows": [properties_of(delivery)]})
            await tx.run(CHANGED)
            return delivery

        return await self._write(work)

    async def test(self, key: str) -> Answer:
        """Send an event of the type `webhook.test` now, once, and say what became of it. Raises NotFound."""

        async def work(tx: Transaction) -> tuple[Webhook, str]:
            return await known_webhook(tx, key), (await read_log(tx)).source

        webhook, source = await self._database().read(work)
        event = Event(seq=0, type="webhook.test", at=self._clock(), data="{}")
        async with self._testing:
            return await self._send(Outgoing(f"{key}-test-{secrets.token_hex(8)}", webhook, event, source))

    async def _change(
        self,
        key: str,
        change: Callable[[Webhook, int], None],
        also: Callable[[Transaction, Webhook, int], Awaitable[None]] | None = None,
    ) -> Webhook:
        async def work(tx: Transaction) -> Webhook:
            now = self._clock()
            webhook = await _locked(tx, key, now)
            change(webhook, now)
            webhook.updated_at = now
            if also is not None:
                await also(tx, webhook, now)
            await tx.run(UPDATE_WEBHOOKS, {"rows": [properties_of(webhook)]})
            await tx.run(CHANGED)
            return webhook

        return await self._write(work)

    async def _write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """In one transaction, again when a race was lost; the dispatcher is told."""
        for retry in range(RETRIES):
            try:
                done = await self._database().write(work)
            except WriteConflict:
                await asyncio.sleep(random.uniform(0.005, 0.02) * 2**retry)  # noqa: S311 - jitter, not a secret
            else:
                self._changed()
                return done
        raise Unavailable("Others kept changing the same things. Try again.", code="database_busy")


async def _locked(tx: Transaction, key: str, now: int) -> Webhook:
    """The webhook, which nobody else changes before the commit. Raises NotFound."""
    row = await tx.row(LOCK_WEBHOOKS, {"keys": [key], "now": now})
    return record_from(Webhook, row["webhook"]) if row else await known_webhook(tx, key)


def make_secret() -> str:
    """A new secret, as Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
