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
        """Each event of the log came to whom it was for, at least once, in order for each thing, always by one id.

        What is younger than this reading of the log may come too: assets expire after the last report.
        """
        last = int(log[-1]["id"])
        for receiver, webhook, wanted in zip(self._receivers, self._webhooks, WANTED, strict=True):
            expected = by_subject(log, wanted.get("types"))
            await everything(receiver, {event for events in expected.values() for event in events})
            came = {
                subject: kept
                for subject, events in receiver.by_subject.items()
                if (kept := [event for event in events if event <= last])
            }
            # What differs alone: the whole would fill pages.
            differing = {each for each in {*came, *expected} if came.get(each) != expected.get(each)}
            assert {each: came.get(each) for each in differing} == {each: expected.get(each) for each in differing}
            assert all(request.id == f"{webhook}-{request.event['id']}" for request in receiver.requests)


def by_subject(log: list[dict[str, Any]], types: list[str] | None) -> dict[str, list[int]]:
    """The numbers of the wanted events about each thing, in order."""
    found: dict[str, list[int]] = {}
    for event in log:
        if types is None or event["type"] in types:
            found.setdefault(event["subject"], []).append(int(event["id"]))
    return found


async def everything(receiver: Receiver, wanted: set[int]) -> None:
    """Wait until all of these came. However much is behind: it must go on."""

    def missing() -> int:
        return len(wanted.difference(receiver.events))

    while behind := missing():
        await receiver.until(lambda behind=behind: missing() < behind, 60)


@contextlib.asynccontextmanager
async def listeners() -> AsyncIterator[Listeners]:
    """Receivers that take everything."""
    async with contextlib.AsyncExitStack() as stack:
        yield Listeners([await stack.enter_async_context(receiving()) for _ in WANTED])
