"""Who is told by webhooks, whatever happens to the service meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from tests.life.process import Process
from tests.webhooks.receiver import Receiver, receiving

SETTINGS = {"LINEAGE_WEBHOOK_ALLOWED": "127.0.0.1"}
"""Receivers of a test are on loopback."""

WANTED: tuple[dict[str, Any], ...] = ({}, {"types": ["asset.produced", "asset.changed"]})
"""The filter of each webhook."""


class Listeners:
    """A receiver for each filter."""

    def __init__(self, receivers: list[Receiver]) -> None:
        self._receivers = receivers
        self._webhooks: list[str] = []

    async def listen(self, service: Process) -> None:
        """Make the webhooks."""
        for receiver, wanted in zip(self._receivers, WANTED, strict=True):
            body = {"url": receiver.url, "filter": wanted}
            answer = await asyncio.to_thread(service.http.post, "/webhooks", json=body)
            self._webhooks.append(answer.raise_for_status().json()["data"]["id"])

    async def check(self, log: list[dict[str, Any]]) -> None:
        """Each event of the log came to whom it was for, at least once, in order for each thing, always by one id."""
        for receiver, webhook, wanted in zip(self._receivers, self._webhooks, WANTED, strict=True):
            types = wanted.get("types")
            expected: dict[str, list[int]] = {}
            for event in log:
                if types is None or event["type"] in types:
                    expected.setdefault(event["subject"], []).append(int(event["id"]))
            count = sum(map(len, expected.values()))
            while (came := len(set(receiver.events))) < count:
                # However much is behind: it must go on.
                await receiver.until(lambda receiver=receiver, came=came: len(set(receiver.events)) > came, 60)
            assert receiver.by_subject == expected
            assert {request.id for request in receiver.requests} == {
                f"{webhook}-{event}" for events in expected.values() for event in events
            }
            assert all(request.id == f"{webhook}-{request.event['id']}" for request in receiver.requests)


@contextlib.asynccontextmanager
async def listeners() -> AsyncIterator[Listeners]:
    """Receivers that take everything."""
    async with contextlib.AsyncExitStack() as stack:
        yield Listeners([await stack.enter_async_context(receiving()) for _ in WANTED])
