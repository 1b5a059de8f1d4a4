"""What one process does at a time, what is removed, and who may see what."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from app.http import create_token
from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database, Transaction
from graph.webhooks.lease import PATIENCE, SURE, Lease, LostLease, read_look
from graph.webhooks.retention import remove_old
from tests.service.client import Service
from tests.webhooks.conftest import ALLOWED
from tests.webhooks.receiver import Receiver, answering
from tests.webhooks.test_delivering import ASSETS, attempted, defined, deliveries, hooked, producing, settled

pytestmark = pytest.mark.anyio

FREE = "MATCH (d:Meta {key: 'dispatcher'}) SET d.holder = ''"
NOTE = "CREATE (:Delivery {key: $key})"
NOTED = "MATCH (d:Delivery) RETURN count(d) AS noted"


class Time:
    """A clock of one machine."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def noting(key: str) -> Callable[[Transaction], Awaitable[None]]:
    return lambda tx: tx.run(NOTE, {"key": key})


@pytest.fixture
async def leases(database: Database) -> tuple[Lease, Lease, Time]:
    """Two processes, and the clock that both go by."""
    await database.write(lambda tx: tx.run(FREE))
    time = Time()
    return Lease(time), Lease(time), time


async def taken(lease: Lease, database: Database) -> bool:
    return await lease.take(database, await database.read(read_look), 0)


async def test_one_process_holds_the_lease_and_keeps_it_by_its_signs_of_life(
    database: Database, leases: tuple[Lease, Lease, Time]
) -> None:
    holder, other, time = leases
    assert await taken(holder, database)
    assert holder.is_held(await database.read(read_look))
    for beat in range(3):
        assert not await taken(other, database)
        time.now += PATIENCE - 0.1
        await holder.write(database, noting(f"kept {beat}"))
    assert not await taken(other, database)
    time.now += PATIENCE
    assert not holder.sure
    assert await taken(other, database)
    assert other.sure


async def test_who_lost_the_lease_writes_nothing(database: Database, leases: tuple[Lease, Lease, Time]) -> None:
    holder, other, time = leases
    assert await taken(holder, database)
    assert not await taken(other, database)
    time.now += PATIENCE
    assert await taken(other, database)
    with pytest.raises(LostLease):
        await holder.write(database, noting("late"))
    assert await database.row(NOTED) == {"noted": 0}
    assert not holder.is_held(await database.read(read_look))
    await other.write(database, noting("new"))
    assert await database.row(NOTED) == {"noted": 1}


async def test_of_two_that_reach_for_it_at_once_one_gets_it(
    database: Database, leases: tuple[Lease, Lease, Time]
) -> None:
    one, other, _ = leases
    look = await database.read(read_look)
    got = await asyncio.gather(*(each.take(database, look, 0) for each in (one, other)))
    assert sorted(got) == [False, True]


async def test_what_is_let_go_can_be_taken_at_once(database: Database, leases: tuple[Lease, Lease, Time]) -> None:
    holder, other, time = leases
    assert await taken(holder, database)
    time.now += SURE
    assert not holder.sure
    await holder.release(database)
    assert await taken(other, database)


async def test_old_deliveries_go_and_those_that_wait_stay(
    service: Service, database: Database, receiver: Receiver
) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await producing(service, 1, 2)
    await settled(service, made["id"], "delivered", 2)
    receiver.behave = answering(500)
    await producing(service, 3)
    await receiver.until(lambda: len(receiver.requests) == 3)
    await attempted(service, made["id"], receiver.events[-1], 1)
    later = service.clock.now + 1
    assert await database.write(lambda tx: remove_old(tx, service.clock.now, 10)) == 0
    assert await database.write(lambda tx: remove_old(tx, later, 1)) == 1
    assert await database.write(lambda tx: remove_old(tx, later, 10)) == 1
    assert [each["status"] for each in await deliveries(service, made["id"])] == ["pending"]
    assert await deliveries(service, made["id"], "delivered") == []


async def test_events_that_were_removed_before_a_paused_webhook_saw_them_are_counted(
    service: Service, database: Database, receiver: Receiver
) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await service.send("PATCH", f"/webhooks/{made['id']}", {"paused": True})
    await producing(service, 1, 2)
    last = (await service.get("/events"))["data"]["nextCursor"]
    remove = "MATCH (e:Event) DETACH DELETE e"
    first = "MATCH (m:Meta {key: 'events'}) SET m.first = m.last + 1"

    async def retain(tx: Transaction) -> None:
        await tx.run(remove)
        await tx.run(first)

    await database.write(retain)
    cursor = (await service.get(f"/webhooks/{made['id']}"))["data"]["cursor"]
    await service.send("PATCH", f"/webhooks/{made['id']}", {"paused": False})
    await producing(service, 3)
    await settled(service, made["id"], "delivered")
    shown = (await service.get(f"/webhooks/{made['id']}"))["data"]
    assert shown["missedEvents"] == last - cursor > 0
    assert [request.event["version"] for request in receiver.requests] == [3]


async def test_a_delivery_whose_event_is_gone_is_given_up(
    service: Service, database: Database, receiver: Receiver
) -> None:
    receiver.behave = answering(500)
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await producing(service, 1)
    await receiver.until(lambda: len(receiver.requests) == 1)
    await attempted(service, made["id"], receiver.events[0], 1)
    await database.write(lambda tx: tx.run("MATCH (e:Event) DETACH DELETE e"))
    service.clock.forward(60_000)
    failed = await settled(service, made["id"], "failed")
    assert failed[0]["error"] == "The event is not kept any more."
    assert len(receiver.requests) == 1


async def test_a_test_event_tells_at_once_what_came_of_it(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver, filter={"assets": ["none"]})
    test = f"/webhooks/{made['id']}/test"
    done = (await service.send("POST", test))["data"]
    assert (done["delivered"], done["responseStatus"], done["error"]) == (True, 204, None)
    assert receiver.requests[0].event["type"] == "webhook.test"
    receiver.behave = answering(401)
    done = (await service.send("POST", test))["data"]
    assert (done["delivered"], done["responseStatus"]) == (False, 401)
    assert receiver.requests[0].id != receiver.requests[1].id
    assert await deliveries(service, made["id"]) == []
    assert (await service.get(f"/webhooks/{made['id']}"))["data"]["state"] == "active"


async def test_readers_see_no_more_of_an_address_than_its_host(
    database: Database, address: Address, receiver: Receiver
) -> None:
    secrets, lines = zip(*(create_token(scope, [scope]) for scope in ("read", "report", "write")), strict=True)
    settings = Settings(webhook_allowed=ALLOWED, tokens=" ".join(lines))
    app = make_app(settings, source=FixedSource(address))
    reader, reporter, writer = ({"Authorization": f"Bearer {secret}"} for secret in secrets)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://x") as http:
        body = {"url": receiver.url}
        for headers in (reader, reporter):
            assert (await http.post("/webhooks", json=body, headers=headers)).status_code == 403
        made = (await http.post("/webhooks", json=body, headers=writer)).json()["data"]
        assert made["url"] == receiver.url
        path = f"/webhooks/{made['id']}"
        host = f"http://127.0.0.1:{receiver.port}/…"
        assert (await http.get(path, headers=reader)).json()["data"]["url"] == host
        assert (await http.get("/webhooks", headers=reader)).json()["data"][0]["url"] == host
        assert (await http.get(path, headers=writer)).json()["data"]["url"] == receiver.url
        for headers in (reader, writer):
            assert "secret" not in (await http.get(path, headers=headers)).json()["data"]
        assert (await http.get(path, headers=reporter)).status_code == 403
        for change in ("test", "secret"):
            assert (await http.post(f"{path}/{change}", json={}, headers=reader)).status_code == 403
        document = {"query": "{ webhooks { id url } }"}
        asked = (await http.post("/graphql", json=document, headers=reader)).json()
        assert asked == {"data": {"webhooks": [{"id": made["id"], "url": host}]}}
        await http.delete(path, headers=writer)


async def test_graphql_shows_webhooks_and_sends_again(service: Service, receiver: Receiver) -> None:
    async def ask(query: str) -> dict[str, dict[str, object]]:
        answer = (await service.http.post("/graphql", json={"query": query})).json()
        assert "errors" not in answer
        found: dict[str, dict[str, object]] = answer["data"]
        return found

    made = await hooked(service, receiver, filter=ASSETS, minimumImportance="low")
    await defined(service, "a")
    await producing(service, 1, 2, 3)
    done = await settled(service, made["id"], "delivered", 3)
    fields = "id state minimumImportance pendingDeliveries filter"
    assert await ask(f"{{ webhooks {{ {fields} }} }}") == {
        "webhooks": [
            {
                "id": made["id"],
                "state": "ACTIVE",
                "minimumImportance": "LOW",
                "pendingDeliveries": 0,
                "filter": ASSETS,
            }
        ]
    }
    found, after = [], ""
    while True:
        page = f'webhookDeliveries(webhook: "{made["id"]}", status: DELIVERED, first: 2 {after})'
        shown = (await ask(f"{{ {page} {{ nodes {{ id status subject }} pageInfo {{ hasNextPage endCursor }} }} }}"))[
            "webhookDeliveries"
        ]
        found += shown["nodes"]  # type: ignore[arg-type]
        info: dict[str, object] = shown["pageInfo"]  # type: ignore[assignment]
        if not info["hasNextPage"]:
            break
        after = f'after: "{info["endCursor"]}"'
    assert found == [{"id": each["id"], "status": "DELIVERED", "subject": "a"} for each in done]

    failure = "... on Failure { code }"
    names = f'webhook: "{made["id"]}", delivery: "{done[0]["id"]}"'
    again = f"mutation {{ redeliver({names}) {{ ... on DeliveryPayload {{ delivery {{ status }} }} {failure} }} }}"
    assert await ask(again) == {"redeliver": {"delivery": {"status": "PENDING"}}}
    await receiver.until(lambda: len(receiver.requests) == 4)
    test = f'mutation {{ testWebhook(id: "{made["id"]}") {{ ... on WebhookTest {{ delivered }} {failure} }} }}'
    assert await ask(test) == {"testWebhook": {"delivered": True}}
    for paused, state in ((True, "PAUSED"), (False, "ACTIVE")):
        change = f'setWebhookPaused(id: "{made["id"]}", paused: {str(paused).lower()})'
        assert await ask(
            f"mutation {{ {change} {{ ... on WebhookPayload {{ webhook {{ state }} }} {failure} }} }}"
        ) == {"setWebhookPaused": {"webhook": {"state": state}}}
    unknown = f'mutation {{ testWebhook(id: "wh_none") {{ ... on WebhookTest {{ delivered }} {failure} }} }}'
    assert await ask(unknown) == {"testWebhook": {"code": "webhook_not_found"}}
