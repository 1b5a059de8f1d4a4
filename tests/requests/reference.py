"""A slow, obviously right queue of requests for runs, to hold the service against."""

import dataclasses
from collections.abc import Sequence

from graph.rules.requests import pause_after


@dataclasses.dataclass
class Request:
    """A request as the reference knows it; `lease` is when its lease expires."""

    id: str
    workflow: str
    partition: str | None
    priority: int
    created: int
    most: int
    due: int
    state: str = "waiting"
    attempts: int = 0
    fence: int = 0
    lease: int | None = None
    length: int = 0
    told: tuple[int, str] | None = None
    ends: int = 0

    @property
    def lane(self) -> tuple[str, str | None]:
        return self.workflow, self.partition

    def end(self, state: str) -> None:
        self.state, self.lease, self.ends = state, None, self.ends + 1

    def fail(self, due: int, again: bool = True) -> None:
        if again and self.attempts < self.most:
            self.state, self.lease, self.due = "waiting", None, due
        else:
            self.end("failed")


class Lost(Exception):
    """The fence is not that of the claim that holds."""


class Ended(Exception):
    """The request has ended otherwise."""


class Queue:
    """Every question looks at every request. The chance in each pause is `roll`."""

    def __init__(self, roll: float) -> None:
        self.roll = roll
        self.requests: dict[str, Request] = {}

    def expire(self, now: int) -> None:
        for each in self.requests.values():
            if each.lease is not None and each.lease <= now:
                each.fail(now)

    def claim(self, now: int, limit: int, length: int, workflows: Sequence[str] = ()) -> list[tuple[str, int]]:
        self.expire(now)
        busy = {each.lane for each in self.requests.values() if each.lease is not None}
        ready = [each for each in self.requests.values() if each.state == "waiting" and each.due <= now]
        found = []
        for each in sorted(ready, key=lambda each: (-each.priority, each.created, each.id)):
            if each.lane in busy:
                continue
            busy.add(each.lane)
            if len(found) < limit and (not workflows or each.workflow in workflows):
                found.append(each)
        for each in found:
            each.state, each.lease, each.length = "claimed", now + length, length
            each.attempts += 1
            each.fence += 1
        return [(each.id, each.fence) for each in found]

    def heartbeat(self, id: str, fence: int, now: int) -> None:
        request = self._held(id, fence)
        request.lease = now + request.length

    def complete(self, id: str, fence: int, status: str, now: int) -> None:
        request = self.requests[id]
        if request.told == (fence, status):
            return
        if request.told is not None and request.told[0] == fence:
            raise Ended
        self._held(id, fence).told = (fence, status)
        if status == "failed":
            request.fail(now + pause_after(request.attempts, self.roll))
        else:
            request.end(status)

    def give_up(self, id: str, fence: int, retry: bool, now: int) -> None:
        request = self.requests[id]
        if request.told == (fence, "given up"):
            return
        self._held(id, fence).told = (fence, "given up")
        request.fail(now + pause_after(request.attempts, self.roll), retry)

    def cancel(self, id: str) -> None:
        request = self.requests[id]
        if request.state in ("succeeded", "failed"):
            raise Ended
        if request.state != "canceled":
            request.end("canceled")

    def retry(self, id: str, now: int) -> None:
        request = self.requests[id]
        if request.state in ("succeeded", "canceled"):
            raise Ended
        if request.state == "failed":
            request.state, request.attempts, request.due = "waiting", 0, now

    def run_by_hand(self, id: str) -> None:
        """The run of a waiting request is started and finished by its id."""
        request = self.requests[id]
        request.attempts += 1
        request.fence += 1
        request.told = (request.fence, "succeeded")
        request.end("succeeded")

    def _held(self, id: str, fence: int) -> Request:
        request = self.requests[id]
        if request.lease is None or request.fence != fence:
            raise Lost
        return request
