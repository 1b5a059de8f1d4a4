"""The queue against a slow, obviously right one: whatever is done to it in whatever order, both say the same."""

import collections
import random
from collections.abc import Callable
from typing import Any

import pytest

from tests.events.log import whole_log
from tests.requests.queue import MINUTE, SECOND, ask, register, request
from tests.requests.reference import Ended, Lost, Queue, Request
from tests.service.client import Service, produced

pytestmark = pytest.mark.anyio

ROLL = 0.5
STEPS = 250
LEASES = (5 * SECOND, 20 * SECOND, 60 * SECOND)


class Walk:
    """Random acts on the service and on the reference alike."""

    def __init__(self, service: Service, seed: int) -> None:
        self.service = service
        self.queue = Queue(ROLL)
        self.random = random.Random(seed)
        self.claims: list[tuple[str, int, str]] = []
        """Every (request, fence, run) that was ever handed out."""

    @property
    def now(self) -> int:
        return self.service.clock.now

    async def ask(self) -> None:
        slug, partition = self.random.choice("vw"), self.random.choice((None, "north", "south"))
        priority, most = self.random.choice((0, 0, 1, 9)), self.random.randint(1, 3)
        body = {"priority": priority, "maxAttempts": most} | ({"partitionKey": partition} if partition else {})
        id = await ask(self.service, slug, **body)
        self.queue.requests[id] = Request(id, slug, partition, priority, self.now, most, self.now)

    async def claim(self) -> None:
        limit, lease = self.random.randint(1, 4), self.random.choice(LEASES)
        workflows = self.random.choice(([], [], ["v"], ["w", "v"]))
        body: dict[str, Any] = {"owner": "walker", "limit": limit, "leaseMs": lease}
        answer = await self.service.send(
            "POST", "/run-requests/claim", body | ({"workflows": workflows} if workflows else {})
        )
        handed = [(each["request"]["id"], each["request"]["fence"]) for each in answer["data"]]
        assert handed == self.queue.claim(self.now, limit, lease, workflows)
        runs = [each["run"]["id"] for each in answer["data"]]
        assert not {run for _, _, run in self.claims} & set(runs), "each attempt is a run of its own"
        self.claims += [(id, fence, run) for (id, fence), run in zip(handed, runs, strict=True)]

    async def pass_time(self) -> None:
        self.service.clock.forward(self.random.choice((1, SECOND, 4 * SECOND, 10 * SECOND, MINUTE)))

    async def look(self) -> None:
        await self.service.lineage.requests.watch.look()
        self.queue.expire(self.now)

    async def heartbeat(self) -> None:
        id, fence, _ = self.random.choice(self.claims[-12:])
        await self.held(id, "heartbeat", {"fence": fence}, lambda: self.queue.heartbeat(id, fence, self.now))

    async def complete(self) -> None:
        id, fence, _ = self.random.choice(self.claims[-8:])
        status = self.random.choice(("succeeded", "failed", "failed", "canceled"))
        body = {"fence": fence, "status": status}
        await self.held(id, "complete", body, lambda: self.queue.complete(id, fence, status, self.now))

    async def give_up(self) -> None:
        id, fence, _ = self.random.choice(self.claims[-8:])
        retry = self.random.random() < 0.7
        body = {"fence": fence, "reason": "tired", "retry": retry}
        await self.held(id, "give-up", body, lambda: self.queue.give_up(id, fence, retry, self.now))

    async def report(self) -> None:
        """A step of any run that was ever handed out: recorded unless its lease was lost."""
        id, fence, run = self.random.choice(self.claims)
        reference = self.queue.requests[id]
        attempt = self.random.randint(1, 10_000)
        body = produced({"assetId": "made", "payload": attempt}, attempt=attempt)
        answer = await self.service.http.post(f"/workflow-runs/{run}/steps/s/report", json=body)
        if reference.lease is not None and reference.fence == fence:
            assert answer.status_code == 200
        else:
            shown = (await self.service.get(f"/workflow-runs/{run}"))["data"]
            fenced = shown["status"] == "canceled" and (reference.told != (fence, "canceled"))
            assert answer.status_code == (409 if fenced else 200), answer.text
            assert not fenced or answer.json()["code"] == "lease_lost"

    async def cancel(self) -> None:
        id = self.random.choice(list(self.queue.requests))
        await self.held(id, "cancel", {}, lambda: self.queue.cancel(id))

    async def retry(self) -> None:
        failed = [each.id for each in self.queue.requests.values() if each.state == "failed"]
        id = self.random.choice(failed or list(self.queue.requests))
        await self.held(id, "retry", None, lambda: self.queue.retry(id, self.now))

    async def run_by_hand(self) -> None:
        waiting = [each for each in self.queue.requests.values() if each.state == "waiting"]
        if waiting:
            chosen = self.random.choice(waiting)
            run = (await request(self.service, chosen.id))["runId"]
            await self.service.send("POST", f"/workflow-runs/{run}/start", {})
            await self.service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})
            self.queue.run_by_hand(chosen.id)

    async def held(self, id: str, act: str, body: Any, expected: Callable[[], None]) -> None:
        """What both say to it."""
        answer = await self.service.http.post(f"/run-requests/{id}/{act}", json=body)
        try:
            expected()
        except Lost:
            assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
        except Ended:
            assert (answer.status_code, answer.json()["code"]) == (409, "run_request_ended")
        else:
            assert answer.status_code == 200, answer.text
            self.compare(answer.json()["data"], self.queue.requests[id])

    def compare(self, shown: Any, reference: Request) -> None:
        state = (shown["state"], shown["attempts"], shown["fence"], shown["leaseUntil"] is not None)
        assert state == (reference.state, reference.attempts, reference.fence, reference.lease is not None)

    async def step(self) -> None:
        acts = {self.ask: 6, self.claim: 6, self.pass_time: 5, self.cancel: 1, self.retry: 1, self.run_by_hand: 1}
        acts |= {self.look: 1} | ({self.heartbeat: 3, self.complete: 5, self.give_up: 2, self.report: 3})
        act = self.random.choices(list(acts), list(acts.values()))[0]
        needs_claim = (self.heartbeat, self.complete, self.give_up, self.report)
        if act in needs_claim and not self.claims:
            act = self.claim
        if act in (self.cancel, self.retry) and not self.queue.requests:
            act = self.ask
        await act()

    async def drain(self) -> None:
        """Everything comes to its end, with time and somebody who works."""
        for _ in range(len(self.queue.requests) * 2 + 2):
            if all(each.state not in ("waiting", "claimed") for each in self.queue.requests.values()):
                return
            self.service.clock.forward(20 * MINUTE)
            before = len(self.claims)
            await self.claim()
            for id, fence, _ in self.claims[before:]:
                done = {"fence": fence, "status": "succeeded"}
                await self.held(
                    id,
                    "complete",
                    done,
                    lambda id=id, fence=fence: self.queue.complete(id, fence, "succeeded", self.now),
                )
        raise AssertionError("something waits for ever")


@pytest.mark.parametrize("seed", range(4))
async def test_the_queue_does_what_the_reference_does(service: Service, seed: int) -> None:
    service.lineage.requests._roll = service.lineage.recorder._roll = lambda: ROLL
    await register(service, "v", "w")
    walk = Walk(service, seed)
    for _ in range(STEPS):
        await walk.step()
    await walk.drain()
    for id, reference in walk.queue.requests.items():
        walk.compare(await request(service, id), reference)
    ended = await whole_log(service, types="run-request.ended", limit=1000)
    ends = collections.Counter(event["data"]["requestId"] for event in ended)
    assert ends == {id: reference.ends for id, reference in walk.queue.requests.items()}
    statuses = collections.Counter(reference.state for reference in walk.queue.requests.values())
    assert statuses.keys() == {"succeeded", "failed", "canceled"}, "the walk saw too little"
