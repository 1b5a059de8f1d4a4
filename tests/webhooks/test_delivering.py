"""From an event to a receiver: signed, once, in order for each asset, tried again, paused, resumed."""

import asyncio
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from standardwebhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from graph.rules.deliveries import SCHEDULE
from tests.service.client import Service, step, workflow
from tests.webhooks.receiver import Receiver, answering, receiving, silent

pytestmark = pytest.mark.anyio


async def hooked(service: Service, receiver: Receiver, **more: Any) -> Any:
    """A new webhook to the receiver."""
    return (await service.send("POST", "/webhooks", {"url": receiver.url, **more}, 201))["data"]


async def page(service: Service, webhook: str, **query: Any) -> Any:
    """A page of deliveries."""
    answer = await service.http.get(f"/webhooks/{webhook}/deliveries", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def deliveries(service: Service, webhook: str, outcome: str | None = None) -> list[Any]:
    """The newest deliveries, or the newest with this outcome."""
    found: list[Any] = (await page(service, webhook, **({"status": outcome} if outcome else {})))["deliveries"]
    return found


async def attempted(service: Service, webhook: str, event: int, times: int) -> None:
    """Wait until the outcome of so many attempts at an event is stored."""
    async with asyncio.timeout(30):
        while all((each["event"], each["attempts"]) != (event, times) for each in await deliveries(service, webhook)):
            await asyncio.sleep(0.02)


async def settled(service: Service, webhook: str, outcome: str, count: int = 1) -> list[Any]:
    """The deliveries with this outcome, once there are so many."""
    async with asyncio.timeout(30):
        while len(found := await deliveries(service, webhook, outcome)) < count:
            await asyncio.sleep(0.02)
    return found


async def state_of(service: Service, webhook: str, state: str) -> Any:
    """The webhook, once it is in this state."""
    async with asyncio.timeout(30):
        while (found := (await service.get(f"/webhooks/{webhook}"))["data"])["state"] != state:
            await asyncio.sleep(0.02)
    return found


async def test_what_happens_comes_signed_as_a_cloud_event(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver)
    await service.register(workflow("w", step("s", produces=["a"])))
    await service.produce("w", "s", "a", 1)
    log = (await service.get("/events", after=made["cursor"]))["data"]["events"]
    await receiver.until(lambda: len(receiver.requests) == len(log))
    for request in receiver.requests:
        assert Verifier(made["secret"]).verify(request.body, request.headers) == request.event
        assert request.id == f"{made['id']}-{request.event['id']}"
        assert request.headers["content-type"] == "application/cloudevents+json"
        assert request.path == "/hook?key=private"
        assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
        event = from_http_event(HTTPMessage(request.headers, request.body))
        assert event.get_subject() == request.event["subject"]
        with pytest.raises(WebhookVerificationError):
            Verifier(made["secret"]).verify(request.body + b" ", request.headers)
    assert sorted(receiver.events) == [int(event["id"]) for event in log]
    assert {request.event["id"]: request.event for request in receiver.requests} == {e["id"]: e for e in log}
    done = await settled(service, made["id"], "delivered", len(log))
    assert [(each["event"], each["attempts"], each["responseStatus"]) for each in done] == [
        (int(event["id"]), 1, 204) for event in reversed(log)
    ]
    shown = (await service.get(f"/webhooks/{made['id']}"))["data"]
    assert (shown["state"], shown["pendingDeliveries"]) == ("active", 0)


async def producing(service: Service, *payloads: Any, asset: str = "a") -> None:
    """One production a payload, each by a run of its own."""
    for payload in payloads:
        await service.produce("w", f"s-{asset}", asset, payload)


ASSETS = {"types": ["asset.produced"]}


async def defined(service: Service, *assets: str) -> None:
    await service.register(workflow("w", *(step(f"s-{asset}", produces=[asset]) for asset in assets)))


async def test_an_asset_waits_for_its_earlier_event_and_others_pass(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a", "b")
    refusing = answering(500)

    async def behave(request: Any, writer: asyncio.StreamWriter) -> None:
        await (refusing if request.event["asset"] == "a" else answering(200))(request, writer)

    receiver.behave = behave
    await producing(service, 1, 2, asset="a")
    await producing(service, 1, 2, asset="b")
    await settled(service, made["id"], "delivered", 2)
    waiting = await settled(service, made["id"], "pending", 2)
    assert [(each["subject"], each["attempts"]) for each in waiting] == [("a", 0), ("a", 1)]
    assert waiting[0]["nextAttemptAt"] is None
    assert waiting[1]["error"] == "The endpoint answered 500."
    assert len(receiver.by_subject["b"]) == 2
    assert len(receiver.by_subject["a"]) == 1

    refusing = answering(200)
    service.clock.forward(2 * SCHEDULE[0])
    await settled(service, made["id"], "delivered", 4)
    assert receiver.by_subject["a"] == sorted(receiver.by_subject["a"])
    assert len(receiver.by_subject["a"]) == 2
    repeats = [request for request in receiver.requests if request.event["asset"] == "a"]
    assert repeats[0].id == repeats[1].id != repeats[2].id
    assert repeats[0].body == repeats[1].body


async def test_an_endpoint_that_takes_nothing_for_a_day_is_paused_and_resumed(
    service: Service, receiver: Receiver
) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    receiver.behave = answering(503)
    await producing(service, 1)
    for attempt, pause in enumerate(SCHEDULE, 1):
        await receiver.until(lambda attempt=attempt: len(receiver.requests) == attempt)
        await attempted(service, made["id"], receiver.events[0], attempt)
        service.clock.forward(round(pause * 1.3))
    paused = await state_of(service, made["id"], "paused")
    assert (
        paused["pauseReason"] == "The endpoint took nothing for about a day; the last error: The endpoint answered 503."
    )
    assert (paused["pendingDeliveries"], paused["lastError"]) == (1, "The endpoint answered 503.")

    await producing(service, 2)
    pending = await deliveries(service, made["id"])
    assert [each["attempts"] for each in pending] == [len(SCHEDULE) + 1]

    receiver.behave = answering(200)
    resumed = (await service.send("PATCH", f"/webhooks/{made['id']}", {"paused": False}))["data"]
    assert (resumed["state"], resumed["pausedAt"]) == ("active", None)
    await settled(service, made["id"], "delivered", 2)
    assert receiver.by_subject["a"] == sorted(receiver.by_subject["a"])


async def test_410_pauses_at_once(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver)
    receiver.behave = answering(410)
    await defined(service, "a")
    paused = await state_of(service, made["id"], "paused")
    assert paused["pauseReason"] == "The endpoint answered 410 Gone: it wants no more events."
    assert len(receiver.requests) == 1


async def test_a_silent_endpoint_holds_up_no_other(service: Service, receiver: Receiver) -> None:
    async with receiving() as slow:
        slow.behave = silent
        for _ in range(12):
            await hooked(service, slow, filter=ASSETS)
        await hooked(service, receiver, filter=ASSETS)
        assets = [f"a{n}" for n in range(10)]
        await defined(service, *assets)
        for asset in assets:
            await producing(service, 1, asset=asset)
        await receiver.until(lambda: len(receiver.by_subject) == len(assets), 60)
        assert slow.requests


async def test_what_was_delivered_is_sent_again_with_the_same_id(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await producing(service, 1)
    first = (await settled(service, made["id"], "delivered"))[0]
    again = f"/webhooks/{made['id']}/deliveries/{first['id']}/redeliver"
    assert (await service.send("POST", again, status=202))["data"]["status"] == "pending"
    await receiver.until(lambda: len(receiver.requests) == 2)
    assert receiver.requests[0].id == receiver.requests[1].id == first["id"]
    done = await settled(service, made["id"], "delivered")
    assert done[0]["attempts"] == 2

    await service.send("PATCH", f"/webhooks/{made['id']}", {"paused": True})
    refused = await service.send("POST", again, status=409)
    assert refused["code"] == "webhook_paused"


async def test_the_filter_and_the_importance_choose(service: Service, receiver: Receiver) -> None:
    await service.register(
        workflow(
            "w",
            step("s-low", produces=[{"assetId": "low", "importance": "low"}]),
            step("s-high", consumes=["low"], produces=[{"assetId": "high", "importance": "high"}]),
            step("s-plain", produces=["plain"]),
        ),
        workflow("late", step("s", consumes=["high"], produces=["end"])),
    )
    async with receiving() as important, receiving() as upstream:
        await hooked(service, important, minimumImportance="normal")
        await hooked(service, upstream, filter={"upstreamOf": "high", **ASSETS})
        everything = await hooked(service, receiver)
        for asset in ("low", "high", "plain"):
            await producing(service, 1, asset=asset)
        log = (await service.get("/events", after=everything["cursor"]))["data"]["events"]
        await receiver.until(lambda: len(receiver.requests) == len(log))
        about = [event for event in log if event.get("asset") in ("high", "plain")]
        await important.until(lambda: len(important.requests) == len(about))
        assert set(important.by_subject) == {"high", "plain"}
        await upstream.until(lambda: len(upstream.requests) == 2)
        assert set(upstream.by_subject) == {"low", "high"}

        # What is upstream follows the definitions.
        await service.send("PATCH", "/workflows/w", {"steps": [step("s-low", produces=["low"])]})
        await service.register(workflow("v", step("s", consumes=["plain"], produces=["high"])))
        run = await service.start("w")
        await service.report(run, "s-low", {"status": "succeeded", "result": {"assets": [{"assetId": "low"}]}})
        run = await service.start("v")
        await service.report(run, "s", {"status": "succeeded", "result": {"assets": [{"assetId": "high"}]}})
        await upstream.until(lambda: len(upstream.requests) == 3)
        assert upstream.requests[2].event["asset"] == "high"


async def test_a_rotated_secret_signs_beside_the_one_before(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    rotated = (await service.send("POST", f"/webhooks/{made['id']}/secret"))["data"]
    assert rotated["secret"] != made["secret"]
    await defined(service, "a")
    await producing(service, 1)
    await receiver.until(lambda: len(receiver.requests) == 1)
    for secret in (made["secret"], rotated["secret"]):
        Verifier(secret).verify(receiver.requests[0].body, receiver.requests[0].headers)
    service.clock.forward(25 * 3_600_000)
    await producing(service, 2)
    await receiver.until(lambda: len(receiver.requests) == 2)
    Verifier(rotated["secret"]).verify(receiver.requests[1].body, receiver.requests[1].headers)
    with pytest.raises(WebhookVerificationError):
        Verifier(made["secret"]).verify(receiver.requests[1].body, receiver.requests[1].headers)


async def test_more_than_a_webhook_may_have_pending_waits_in_the_log(
    service: Service, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.webhooks.planning.MOST_PENDING", 5)
    receiver.behave = answering(500)
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await producing(service, *range(12))
    await settled(service, made["id"], "pending", 5)
    shown = (await service.get(f"/webhooks/{made['id']}"))["data"]
    assert shown["pendingDeliveries"] == 5
    receiver.behave = answering(200)
    service.clock.forward(2 * SCHEDULE[0])
    await settled(service, made["id"], "delivered", 12)
    assert receiver.by_subject["a"] == sorted(receiver.by_subject["a"])
    assert len(receiver.by_subject["a"]) == 12


async def test_a_new_webhook_may_begin_with_what_happened_before(service: Service, receiver: Receiver) -> None:
    before = (await hooked(service, receiver, filter={"assets": ["none"]}))["cursor"]
    await defined(service, "a")
    await producing(service, 1, 2, 3)
    made = await hooked(service, receiver, filter=ASSETS, after=before)
    await settled(service, made["id"], "delivered", 3)


async def test_a_page_of_deliveries_goes_on_behind_the_one_before(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await producing(service, *range(7))
    whole = [each["id"] for each in await settled(service, made["id"], "delivered", 7)]
    for query in ({"limit": 3}, {"limit": 3, "status": "delivered"}):
        found: list[str] = []
        place: dict[str, Any] = {}
        while place != {"before": None}:
            answer = await page(service, made["id"], **query, **place)
            found += [each["id"] for each in answer["deliveries"]]
            place = {"before": answer["nextCursor"]}
        assert found == whole
    assert await deliveries(service, made["id"], "failed") == []


async def test_an_event_that_only_one_asset_s_endpoint_refuses_is_given_up(
    service: Service, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.rules.deliveries.SCHEDULE", (1_000,))
    made = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a", "b")

    async def behave(request: Any, writer: asyncio.StreamWriter) -> None:
        poisoned = request.event["asset"] == "a" and request.event["version"] == 1
        await answering(500 if poisoned else 200)(request, writer)

    receiver.behave = behave
    await producing(service, 1, 2, asset="a")
    await receiver.until(lambda: len(receiver.requests) == 1)
    await attempted(service, made["id"], receiver.events[0], 1)
    await producing(service, 1, asset="b")
    await settled(service, made["id"], "delivered", 1)
    service.clock.forward(2_000)
    failed = await settled(service, made["id"], "failed")
    assert (failed[0]["attempts"], failed[0]["responseStatus"]) == (2, 500)
    await settled(service, made["id"], "delivered", 2)
    assert (await service.get(f"/webhooks/{made['id']}"))["data"]["state"] == "active"


async def test_a_deleted_webhook_gets_nothing_any_more(service: Service, receiver: Receiver) -> None:
    made = await hooked(service, receiver, filter=ASSETS)
    other = await hooked(service, receiver, filter=ASSETS)
    await defined(service, "a")
    await producing(service, 1)
    await receiver.until(lambda: len(receiver.requests) == 2)
    await settled(service, made["id"], "delivered")
    await service.send("DELETE", f"/webhooks/{made['id']}", status=204)
    await producing(service, 2)
    await settled(service, other["id"], "delivered", 2)
    assert len(receiver.requests) == 3
    assert (await service.get(f"/webhooks/{made['id']}", 404))["code"] == "webhook_not_found"
    assert (await service.get(f"/webhooks/{made['id']}/deliveries", 404))["code"] == "webhook_not_found"
