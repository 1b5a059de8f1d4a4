"""The dispatcher's transactions, all behind the fence: events become deliveries, answers become outcomes."""

import collections
import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import orjson

from graph.database import Transaction
from graph.events.event import Event
from graph.records import properties_of, record_from
from graph.rules.deliveries import conclude, give_up, lane_of, subject_of
from graph.rules.ranks import rank
from graph.webhooks.planning import highest
from graph.webhooks.records import Answer, Delivery, Webhook

LOCK_WEBHOOKS = """
UNWIND $keys AS key
MATCH (w:Webhook {key: key})
SET w.lockedAt = $now
RETURN properties(w) AS webhook
"""

UPDATE_WEBHOOKS = """
UNWIND $rows AS row
MATCH (w:Webhook {key: row.key})
SET w = row
"""

MOVE = """
UNWIND $rows AS row
MATCH (w:Webhook {key: row.key})
SET w.position = row.position
"""

TAKEN_LANES = """
UNWIND $keys AS key
CALL (key) {
  MATCH (d:Delivery {lane: key})
  RETURN d LIMIT 1
}
RETURN d.lane AS lane
"""

CREATE_DELIVERIES = """
UNWIND $rows AS row
CREATE (d:Delivery)
SET d = row
"""

DELIVERIES = """
UNWIND $keys AS key
MATCH (d:Delivery {key: key})
RETURN properties(d) AS delivery
"""

UPDATE_DELIVERIES = """
UNWIND $rows AS row
MATCH (d:Delivery {key: row.key})
SET d = row
"""

FIRST_OF_LANES = """
UNWIND $keys AS key
CALL (key) {
  MATCH (d:Delivery {lane: key})
  RETURN d ORDER BY d.seq LIMIT 1
}
RETURN properties(d) AS delivery
"""

HEADS = """
UNWIND $keys AS key
CALL (key) {
  MATCH (d:Delivery {head: key})
  RETURN d ORDER BY d.due, d.seq LIMIT $limit
}
RETURN properties(d) AS delivery
"""

DECLARED = """
UNWIND $keys AS key
MATCH (:Step)-[e:PRODUCES]->(a:Asset {key: key})
WHERE e.to IS NULL
RETURN a.key AS asset, collect(e.declaration) AS declarations
"""

EVENTS = """
UNWIND $numbers AS number
MATCH (e:Event {seq: number})
RETURN properties(e) AS event
"""

NOT_KEPT = "The event is not kept any more."


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """A webhook's cursor goes to `position`, and these events before it become deliveries; `missed` are lost ones."""

    webhook: str
    position: int
    events: Sequence[Event]
    missed: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What became of an attempt; `attempts` is how many there had been. No answer: the event is not kept any more."""

    delivery: str
    webhook: str
    attempts: int
    answer: Answer | None


async def importance_of(tx: Transaction, assets: Sequence[str]) -> dict[str, str]:
    """Asset key → the highest importance that a producer of it declares now."""
    if not assets:
        return {}
    found = {}
    for row in await tx.rows(DECLARED, {"keys": sorted(set(assets))}):
        declared = [orjson.loads(each).get("importance") for each in row["declarations"]]
        found[row["asset"]] = highest([each for each in declared if each is not None])
    return found


async def move(tx: Transaction, moves: Sequence[Move], now: int) -> list[Webhook]:
    """Make the deliveries and move the cursors; the webhooks as they are then. A paused one does not move."""
    webhooks = await _lock(tx, {each.webhook for each in moves}, now)
    made: list[Delivery] = []
    for each in moves:
        webhook = webhooks.get(each.webhook)
        if webhook is None or webhook.paused_at is not None:
            continue
        webhook.position = each.position
        webhook.missed += each.missed
        webhook.pending += len(each.events)
        for event in each.events:
            webhook.deliveries += 1
            made.append(_delivery(webhook, event, now))
    if made:
        keys = sorted({str(each.lane) for each in made})
        taken = {row["lane"] for row in await tx.rows(TAKEN_LANES, {"keys": keys})}
        for delivery in made:
            if delivery.lane not in taken:
                delivery.head, delivery.due = delivery.webhook, now
                taken.add(delivery.lane)
        await tx.run(CREATE_DELIVERIES, {"rows": [properties_of(each) for each in made]})
    await tx.run(UPDATE_WEBHOOKS, {"rows": [properties_of(each) for each in webhooks.values()]})
    return list(webhooks.values())


async def note_positions(tx: Transaction, positions: dict[str, int]) -> None:
    """Store cursors that moved over unwanted events."""
    rows = [{"key": key, "position": position} for key, position in sorted(positions.items())]
    if rows:
        await tx.run(MOVE, {"rows": rows})


async def settle(tx: Transaction, results: Sequence[Result], now: int, roll: Callable[[], float]) -> list[Webhook]:
    """Note what became of attempts, and let the next of each free lane go; the webhooks as they are then.

    A result that was noted already changes nothing.
    """
    webhooks = await _lock(tx, {each.webhook for each in results}, now)
    rows = await tx.rows(DELIVERIES, {"keys": sorted({each.delivery for each in results})})
    deliveries = {each.key: each for each in (record_from(Delivery, row["delivery"]) for row in rows)}
    freed: set[str] = set()
    changed: list[Delivery] = []
    for result in results:
        webhook, delivery = webhooks.get(result.webhook), deliveries.get(result.delivery)
        if webhook is None or delivery is None:
            continue
        if delivery.attempts != result.attempts or delivery.status != "pending":
            continue
        lane = delivery.lane
        if result.answer is None:
            give_up(webhook, delivery, NOT_KEPT, now)
        else:
            conclude(webhook, delivery, result.answer, now, roll())
        changed.append(delivery)
        if delivery.lane is None and lane is not None:
            freed.add(lane)
    await _store(tx, changed)
    await _let_go(tx, freed, now)
    await tx.run(UPDATE_WEBHOOKS, {"rows": [properties_of(each) for each in webhooks.values()]})
    return list(webhooks.values())


async def heads(tx: Transaction, webhooks: Sequence[str], limit: int) -> dict[str, list[Delivery]]:
    """Webhook → the first `limit` of its deliveries that may go out, by when they are due."""
    found: dict[str, list[Delivery]] = collections.defaultdict(list)
    for row in await tx.rows(HEADS, {"keys": sorted(webhooks), "limit": limit}):
        delivery = record_from(Delivery, row["delivery"])
        found[delivery.webhook].append(delivery)
    return found


async def events_of(tx: Transaction, numbers: Sequence[int]) -> dict[int, Event]:
    """Events by number; those that are not kept any more are missing."""
    rows = await tx.rows(EVENTS, {"numbers": sorted(set(numbers))})
    return {event.seq: event for event in (record_from(Event, row["event"]) for row in rows)}


async def _lock(tx: Transaction, keys: set[str], now: int) -> dict[str, Webhook]:
    rows = await tx.rows(LOCK_WEBHOOKS, {"keys": sorted(keys), "now": now})
    return {each.key: each for each in (record_from(Webhook, row["webhook"]) for row in rows)}


async def _store(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
    if deliveries:
        await tx.run(UPDATE_DELIVERIES, {"rows": [properties_of(each) for each in deliveries]})


async def _let_go(tx: Transaction, lanes: set[str], now: int) -> None:
    if not lanes:
        return
    waiting: list[Delivery] = []
    for row in await tx.rows(FIRST_OF_LANES, {"keys": sorted(lanes)}):
        delivery = record_from(Delivery, row["delivery"])
        if delivery.head is None:
            delivery.head, delivery.due = delivery.webhook, now
            waiting.append(delivery)
    await _store(tx, waiting)


def _delivery(webhook: Webhook, event: Event, now: int) -> Delivery:
    subject = subject_of(event)
    parameters: dict[str, Any] = {"event_type": event.type, "subject": subject, "status": "pending", "created_at": now}
    return Delivery(
        key=delivery_key(webhook.key, event.seq),
        webhook=webhook.key,
        seq=event.seq,
        rank=rank(webhook.key, webhook.deliveries),
        lane=lane_of(webhook.key, subject),
        **parameters,
    )


def delivery_key(webhook: str, seq: int) -> str:
    """The id of the delivery of an event to a webhook: what its receiver tells repeats by."""
    return f"{webhook}-{seq}"
