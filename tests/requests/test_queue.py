"""Requests for runs, one at a time: who gets which when, and what becomes of it."""

import asyncio
from typing import Any

import pytest

from graph.rules.requests import FIRST_PAUSE
from tests.events.log import whole_log
from tests.requests.queue import MINUTE, SECOND, Held, act, ask, claim, ids, register, request, run
from tests.service.client import Service, produced

pytestmark = pytest.mark.anyio


async def only(service: Service, **body: Any) -> Held:
    """The one request that can be claimed."""
    [held] = await claim(service, **body)
    return held


async def test_a_run_that_is_asked_for_is_claimed_reported_and_completed(service: Service) -> None:
    await register(service)
    asked = await service.send("POST", "/workflows/w/run", {"parameters": {"deep": True}, "priority": 7}, 202)
    id = asked["data"]["requestId"]
    waiting = await request(service, id)
    assert (waiting["state"], waiting["priority"], waiting["attempts"]) == ("waiting", 7, 0)
    assert (waiting["runId"], waiting["reason"], waiting["owner"]) == (asked["data"]["id"], "manual", None)

    service.clock.forward(5)
    [claimed] = (await service.send("POST", "/run-requests/claim", {"owner": "a", "leaseMs": 5_000}))["data"]
    assert claimed["request"] == await request(service, id)
    assert claimed["run"] == await run(service, asked["data"]["id"])
    assert (claimed["run"]["status"], claimed["run"]["parameters"]) == ("running", {"deep": True})
    assert claimed["run"]["startedAt"] == "2026-01-01T00:00:00.005Z"
    assert (claimed["request"]["state"], claimed["request"]["owner"]) == ("claimed", "a")
    assert (claimed["request"]["leaseUntil"], claimed["request"]["attempts"]) == ("2026-01-01T00:00:05.005Z", 1)
    assert await claim(service) == []

    await service.report(claimed["run"]["id"], "s", produced({"assetId": "w.made", "payload": 1}))
    held = Held(id, claimed["request"]["fence"], claimed["run"]["id"])
    ended = await act(service, held, "complete", status="succeeded", output={"files": 3}, metrics={"seconds": 2})
    assert (ended["state"], ended["owner"], ended["leaseUntil"], ended["lastError"]) == ("succeeded", None, None, None)
    finished = await run(service, held.run)
    assert (finished["status"], finished["output"], finished["metrics"]) == ("succeeded", {"files": 3}, {"seconds": 2})
    assert await act(service, held, "complete", status="succeeded") == ended, "the same again"
    refused = await act(service, held, "complete", 409, status="failed")
    assert (refused["code"], refused["details"]) == ("run_request_ended", {"state": "succeeded"})
    assert (await act(service, held, "heartbeat", 409))["code"] == "lease_lost"


async def test_one_at_a_time_of_a_workflow_and_partition_priority_before_age(service: Service) -> None:
    await register(service, "w", "x")
    low = await ask(service)
    service.clock.forward(1)
    high = await ask(service, priority=9)
    service.clock.forward(1)
    also_high = await ask(service, priority=9)
    north = await ask(service, partitionKey="north", priority=1)
    other = await ask(service, "x")
    assert [each.id for each in await claim(service, limit=10)] == [high, north, other]
    assert await claim(service, limit=10) == [], "the lane is busy"
    # What comes meanwhile, however urgent, waits behind the one that is claimed.
    urgent = await ask(service, priority=1_000_000)
    assert await claim(service) == []
    await act(service, Held(high, 1, ""), "complete", status="succeeded")
    for expected in (urgent, also_high, low):
        held = await only(service)
        assert held.id == expected
        await act(service, held, "complete", status="canceled")
    assert await claim(service) == []


async def test_a_more_urgent_one_goes_before_the_first_that_waits(service: Service) -> None:
    await register(service)
    first = await ask(service)
    urgent = await ask(service, priority=1)
    assert (await only(service)).id == urgent
    await service.send("POST", f"/run-requests/{urgent}/cancel")
    assert (await only(service)).id == first


async def test_claims_of_some_workflows(service: Service) -> None:
    await register(service, "a", "b", "c")
    wanted = {slug: await ask(service, slug) for slug in "abc"}
    assert await claim(service, workflows=["none"]) == []
    found = await claim(service, workflows=["C", "a"], limit=5)
    assert {each.id for each in found} == {wanted["a"], wanted["c"]}
    assert (await only(service)).id == wanted["b"]


async def test_a_failed_run_is_tried_again_after_longer_and_longer_pauses_then_dead(service: Service) -> None:
    await register(service)
    id = await ask(service, maxAttempts=3, runKey="nightly", parameters=[1], triggeredBy="me", trigger={"by": "hand"})
    runs = []
    for attempt in (1, 2, 3):
        held = await only(service)
        assert (held.id, held.fence) == (id, attempt)
        runs.append(held.run)
        left = await act(service, held, "complete", status="failed", errorMessage=f"no disk {attempt}")
        assert left["lastError"] == f"no disk {attempt}"
        assert await act(service, held, "complete", status="failed") == left, "the same again"
        if attempt < 3:
            assert (left["state"], left["attempts"]) == ("waiting", attempt)
            assert left["runId"] not in runs
            assert await claim(service) == [], "not due"
            pause = FIRST_PAUSE * 2 ** (attempt - 1)
            service.clock.forward(int(pause * 0.8) - 1)
            assert await claim(service) == []
            service.clock.forward(int(pause * 0.2) + 1)
    assert (left["state"], left["runId"], left["endedAt"]) == ("failed", runs[2], left["updatedAt"])
    shown = [await run(service, each) for each in runs]
    assert [each["status"] for each in shown] == ["failed"] * 3
    same = ("runKey", "parameters", "triggeredBy", "trigger", "requestId", "workflowSlug")
    assert all(each[name] == shown[0][name] for each in shown for name in same)
    # Dead letters wait for somebody who has an idea.
    service.clock.forward(MINUTE)
    assert await claim(service) == []
    again = (await service.send("POST", f"/run-requests/{id}/retry"))["data"]
    assert (again["state"], again["attempts"], again["endedAt"]) == ("waiting", 0, None)
    assert (await service.send("POST", f"/run-requests/{id}/retry"))["data"] == again, "the same again"
    held = await only(service)
    assert (held.id, held.fence) == (id, 4)


async def test_a_request_that_is_not_due_holds_up_no_other_of_its_lane(service: Service) -> None:
    await register(service)
    first, second = await ask(service), await ask(service)
    held = await only(service)
    assert held.id in (first, second)
    await act(service, held, "complete", status="failed")
    # One that is not due holds nobody up.
    other = await only(service)
    assert {held.id, other.id} == {first, second}
    service.clock.forward(FIRST_PAUSE)
    assert await claim(service) == [], "the lane is busy"
    await act(service, other, "complete", status="succeeded")
    assert (await only(service)).id == held.id


async def test_a_lost_lease_cannot_report(service: Service) -> None:
    await register(service)
    id = await ask(service)
    lost = await only(service, leaseMs=10 * SECOND)
    await service.send("POST", f"/workflow-runs/{lost.run}/steps/s/start")
    service.clock.forward(9 * SECOND)
    kept = await act(service, lost, "heartbeat")
    assert kept["leaseUntil"] == "2026-01-01T00:00:19.000Z"
    await act(service, lost, "heartbeat", leaseMs=5 * SECOND)
    service.clock.forward(5 * SECOND - 1)
    assert await claim(service) == []
    service.clock.forward(1)
    taken = await only(service, owner="other")
    assert (taken.id, taken.fence) == (id, 2)
    assert taken.run != lost.run
    before = await run(service, lost.run)
    assert (before["status"], before["errorMessage"]) == ("canceled", "'worker' let its lease expire.")
    body = produced({"assetId": "w.made", "payload": 1})
    for path, said in (
        ("start", {}),
        ("finish", {"status": "succeeded"}),
        ("steps/s/start", {"attempt": 2}),
        ("steps/s/report", body),
    ):
        refused = await service.send("POST", f"/workflow-runs/{lost.run}/{path}", said, 409)
        assert refused["code"] == "lease_lost", path
    for act_, said in (
        ("heartbeat", {}),
        ("complete", {"status": "succeeded"}),
        ("give-up", {"reason": "late"}),
    ):
        refused = await act(service, lost, act_, 409, **said)
        assert (refused["code"], refused["details"]) == ("lease_lost", {"state": "claimed", "fence": 2})
    assert await run(service, lost.run) == before
    # Who holds it now is not touched.
    await service.report(taken.run, "s", body)
    assert (await act(service, taken, "complete", status="succeeded"))["state"] == "succeeded"
    assert (await service.history("w", "w.made"))["history"][0]["runId"] == taken.run


async def test_what_was_recorded_before_the_lease_was_lost_is_answered_as_before(service: Service) -> None:
    await register(service)
    await ask(service)
    held = await only(service)
    body = produced({"assetId": "w.made", "payload": 1})
    first = await service.report(held.run, "s", body)
    service.clock.forward(2 * MINUTE)
    assert len(await claim(service)) == 1
    assert await service.report(held.run, "s", body) == first


async def test_leases_that_keep_being_lost_end_as_a_dead_letter(service: Service) -> None:
    await register(service)
    id = await ask(service, maxAttempts=2)
    for _ in range(2):
        assert (await only(service)).id == id, "at once: the lease was the pause"
        service.clock.forward(2 * MINUTE)
    assert await claim(service) == []
    dead = await request(service, id)
    assert (dead["state"], dead["attempts"], dead["lastError"]) == ("failed", 2, "'worker' let its lease expire.")


async def test_giving_up(service: Service) -> None:
    await register(service)
    id = await ask(service)
    held = await only(service)
    left = await act(service, held, "give-up", reason="shutting down")
    assert (left["state"], left["lastError"]) == ("waiting", "'worker' gave it up: shutting down")
    assert await act(service, held, "give-up", reason="again") == left, "the same again"
    assert (await run(service, held.run))["status"] == "canceled"
    refused = await service.send("POST", f"/workflow-runs/{held.run}/finish", {"status": "succeeded"}, 409)
    assert refused["code"] == "lease_lost"
    service.clock.forward(MINUTE)
    held = await only(service)
    dead = await act(service, held, "give-up", reason="no such table", retry=False)
    assert (dead["id"], dead["state"], dead["attempts"]) == (id, "failed", 2)
    assert dead["lastError"] == "'worker' gave it up: no such table"
    assert await claim(service) == []


async def test_canceling(service: Service) -> None:
    await register(service)
    waiting = await ask(service, partitionKey="waiting")
    body = {"reason": "not today"}
    canceled = (await service.send("POST", f"/run-requests/{waiting}/cancel", body))["data"]
    assert (canceled["state"], canceled["lastError"]) == ("canceled", "not today")
    assert (await service.send("POST", f"/run-requests/{waiting}/cancel"))["data"] == canceled, "the same again"
    assert (await run(service, canceled["runId"]))["status"] == "canceled"

    claimed = await ask(service, partitionKey="claimed")
    held = await only(service)
    await service.send("POST", f"/run-requests/{claimed}/cancel", body)
    assert (await act(service, held, "complete", 409, status="succeeded"))["code"] == "lease_lost"
    assert (await service.send("POST", f"/workflow-runs/{held.run}/finish", {"status": "failed"}, 409))[
        "code"
    ] == "lease_lost"

    await ask(service, partitionKey="done")
    held = await only(service)
    await act(service, held, "complete", status="succeeded")
    for path in ("cancel", "retry"):
        refused = await service.send("POST", f"/run-requests/{held.id}/{path}", status=409)
        assert refused["code"] == "run_request_ended"


@pytest.mark.parametrize(("status", "state"), [("succeeded", "succeeded"), ("canceled", "canceled")])
async def test_finishing_the_run_ends_the_request(service: Service, status: str, state: str) -> None:
    await register(service)
    first, second = await ask(service), await ask(service)
    held = await only(service)
    await service.send("POST", f"/workflow-runs/{held.run}/finish", {"status": status})
    assert (await request(service, held.id))["state"] == state
    assert (await act(service, held, "complete", status=status))["state"] == state, "said once more, the other way"
    assert {(await only(service)).id, held.id} == {first, second}


async def test_a_failed_run_that_is_finished_by_its_id_is_tried_again(service: Service) -> None:
    await register(service)
    await ask(service)
    held = await only(service)
    await service.send("POST", f"/workflow-runs/{held.run}/finish", {"status": "failed", "errorMessage": "no disk"})
    left = await request(service, held.id)
    assert (left["state"], left["lastError"]) == ("waiting", "no disk")
    # Its own run has ended in the ordinary way: a late report is recorded, with a warning.
    late = await service.report(held.run, "s", produced({"assetId": "w.made", "payload": 1}))
    assert [each["code"] for each in late["meta"]["warnings"]] == ["run_finished"]
    service.clock.forward(MINUTE)
    assert (await only(service)).id == held.id


async def test_a_run_that_is_started_by_its_id_leaves_the_queue(service: Service) -> None:
    await register(service)
    ours, theirs = await ask(service, priority=5), await ask(service)
    by_hand = (await request(service, ours))["runId"]
    await service.send("POST", f"/workflow-runs/{by_hand}/start")
    started = await request(service, ours)
    assert (started["state"], started["owner"], started["leaseUntil"]) == ("claimed", None, None)
    assert [each.id for each in await claim(service, limit=5)] == [theirs], "nobody waits for a run without a lease"
    service.clock.forward(1_000 * MINUTE)
    await claim(service)
    assert (await request(service, ours))["state"] == "claimed"
    await service.send("POST", f"/workflow-runs/{by_hand}/finish", {"status": "failed", "errorMessage": "no disk"})
    ended = await request(service, ours)
    assert (ended["state"], ended["lastError"]) == ("failed", "no disk"), "whoever starts it looks after it"


async def test_a_pending_run_that_is_canceled_by_its_id_is_not_handed_out(service: Service) -> None:
    await register(service)
    id = await ask(service)
    held = await only(service)
    await act(service, held, "complete", status="failed")
    pending = (await request(service, id))["runId"]
    await service.send("POST", f"/workflow-runs/{pending}/finish", {"status": "canceled"})
    canceled = await request(service, id)
    assert canceled["state"] == "canceled"
    service.clock.forward(MINUTE)
    assert await claim(service) == []
    assert await act(service, held, "complete", status="failed") == canceled, "the same again"


async def test_a_run_key_stands_for_the_request_over_all_its_attempts(service: Service) -> None:
    await register(service)
    id = await ask(service, runKey="nightly", maxAttempts=1)
    held = await only(service)
    twice = await service.send("POST", "/workflows/w/run", {"runKey": "nightly"}, 409)
    assert (twice["code"], twice["data"]["id"]) == ("run_key_active", held.run)
    await act(service, held, "complete", status="failed")
    other = await service.start("w", runKey="nightly")
    refused = await service.send("POST", f"/run-requests/{id}/retry", status=409)
    assert (refused["code"], refused["data"]["id"]) == ("run_key_active", other)
    await service.send("POST", f"/workflow-runs/{other}/finish", {"status": "succeeded"})
    assert (await service.send("POST", f"/run-requests/{id}/retry"))["data"]["state"] == "waiting"


async def test_deleting_a_workflow_cancels_what_waits_for_it(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.registry.waiting.BATCH", 3)
    await register(service, "w", "x")
    waiting = [await ask(service) for _ in range(8)]
    other = await ask(service, "x")
    held = await only(service, workflows=["w"])
    backing_off = await ask(service, partitionKey="p")
    [failed] = await claim(service, workflows=["w"])
    await act(service, failed, "complete", status="failed")
    await service.send("DELETE", "/workflows/w", status=204)
    for id in [*waiting, backing_off]:
        if id != held.id:
            left = await request(service, id)
            assert (left["state"], left["lastError"]) == ("canceled", "The workflow was deleted.")
            assert (await run(service, left["runId"]))["status"] == "canceled"
    # What is under way may come to its end, and is not tried again.
    assert (await act(service, held, "heartbeat"))["state"] == "claimed"
    left = await act(service, held, "complete", status="failed")
    assert (left["state"], left["lastError"]) == ("canceled", "The workflow was deleted.")
    await register(service)
    assert [each.id for each in await claim(service, limit=5)] == [other]


async def test_a_claim_holds_the_run_to_the_definition_of_its_moment(service: Service) -> None:
    await register(service)
    await ask(service)
    await service.register({"slug": "w", "steps": [{"id": "new"}]})
    held = await only(service)
    assert (await run(service, held.run))["workflowRevision"] == 2
    await service.report(held.run, "new", produced())


async def test_the_listing(service: Service) -> None:
    await register(service, "w", "x")
    asked = []
    for n in range(9):
        service.clock.forward(1)
        asked.append(await ask(service, "wx"[n % 2], partitionKey=str(n)))
    asked.reverse()
    assert await ids(service) == asked
    assert await ids(service, limit=2) == asked
    assert await ids(service, limit=2, workflow="W") == asked[::2]
    [held] = await claim(service, workflows=["x"])
    await act(service, held, "complete", status="succeeded")
    left = [each for each in asked if each != held.id]
    assert await ids(service, state="waiting", limit=3) == left
    assert await ids(service, state="waiting", workflow="x") == [each for each in left if each in asked[1::2]]
    assert await ids(service, state="succeeded") == [held.id]
    assert await ids(service, state="failed") == []
    assert await ids(service, workflow="none") == []
    page = (await service.get("/run-requests", limit=2))["data"]
    refused = await service.get("/run-requests", 400, workflow="w", before=page["nextCursor"])
    assert refused["code"] == "invalid_cursor"


async def test_requests_that_do_not_exist(service: Service) -> None:
    nothing = Held("rq_" + "0" * 20, 1, "")
    for path, body in (("heartbeat", {}), ("complete", {"status": "failed"}), ("give-up", {"reason": "no"})):
        assert (await act(service, nothing, path, 404, **body))["code"] == "run_request_not_found"
    for path in ("cancel", "retry"):
        refused = await service.send("POST", f"/run-requests/{nothing.id}/{path}", status=404)
        assert refused["code"] == "run_request_not_found"
    assert (await service.get(f"/run-requests/{nothing.id}", 404))["code"] == "run_request_not_found"


async def test_the_events_tell_the_story(service: Service) -> None:
    await register(service)
    id = await ask(service, maxAttempts=2)
    for _ in range(2):
        await act(service, await only(service), "complete", status="failed", errorMessage="no disk")
        service.clock.forward(MINUTE)
    events = [each for each in await whole_log(service) if each["type"] != "workflow.registered"]
    assert [each["type"] for each in events] == [
        *("run.requested", "run.started", "run.finished") * 2,
        "run-request.ended",
    ]
    assert {each["data"]["requestId"] for each in events} == {id}
    assert events[2]["data"]["status"] == "failed"
    ended = events[-1]
    assert ended["data"] == {
        "workflowSlug": "w",
        "requestId": id,
        "state": "failed",
        "attempts": 2,
        "reason": "manual",
        "lastError": "no disk",
    }
    assert (ended["workflow"], ended["run"]) == ("w", (await request(service, id))["runId"])


async def test_a_claim_waits_for_something_to_come(service: Service) -> None:
    await register(service)
    waiting = asyncio.create_task(service.http.post("/run-requests/claim?wait=30", json={"owner": "patient"}))
    others = asyncio.create_task(service.http.post("/run-requests/claim?wait=1", json={"owner": "less patient"}))
    assert (await others).json() == {"data": []}
    assert not waiting.done()
    id = await ask(service)
    answer = await asyncio.wait_for(waiting, 20)
    assert [each["request"]["id"] for each in answer.json()["data"]] == [id]


async def test_a_claim_waits_for_a_lane_and_ends_with_the_service(service: Service) -> None:
    await register(service)
    await ask(service)
    await ask(service)
    held = await only(service)
    waiting = asyncio.create_task(claim_when_free(service))
    await act(service, held, "complete", status="succeeded")
    assert len(await asyncio.wait_for(waiting, 20)) == 1
    last = asyncio.create_task(claim_when_free(service))
    await asyncio.sleep(0)
    service.lineage.requests.release()
    assert await asyncio.wait_for(last, 20) == []


async def claim_when_free(service: Service) -> Any:
    return (await service.send("POST", "/run-requests/claim", {"owner": "patient"}, wait=30))["data"]


async def test_nothing_is_taken_for_a_client_that_has_gone(service: Service) -> None:
    await register(service)
    gone = asyncio.Event()
    waiting = asyncio.create_task(service.lineage.requests.claim("gone", limit=1, lease=MINUTE, wait=30, gone=gone))
    await asyncio.sleep(0)
    gone.set()
    assert await asyncio.wait_for(waiting, 20) == []
    id = await ask(service)
    assert (await only(service)).id == id


async def test_the_watch_sees_to_leases_and_pauses_by_itself(service: Service) -> None:
    await register(service)
    id = await ask(service)
    await ask(service, partitionKey="p")
    lost, failed = await claim(service, limit=2, leaseMs=SECOND)
    waiting = asyncio.create_task(claim_when_free(service))
    service.clock.forward(SECOND)
    async with asyncio.timeout(30):
        assert {each["request"]["id"] for each in await waiting} <= {lost.id, failed.id}
        while (await request(service, id))["attempts"] + (await request(service, failed.id))["attempts"] < 2:
            await asyncio.sleep(0.02)
