"""Somebody who reads the log page by page whatever happens to the service, and remembers what was in it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.life.process import Process


class Follower:
    """Goes on behind the last number that it got."""

    def __init__(self, service: Process) -> None:
        self._service = service
        self.events: list[dict[str, Any]] = []
        self.refused: list[str] = []
        """answers that are neither success nor 503"""

    @contextlib.asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Read while the block runs, and on to the end of what was written in it."""
        done = asyncio.Event()
        task = asyncio.create_task(self._follow(done))
        try:
            yield
        finally:
            done.set()
            await task

    async def _follow(self, done: asyncio.Event) -> None:
        async with httpx.AsyncClient(base_url=self._service.url, timeout=60) as http:
            after = 0
            while True:
                last = done.is_set()
                with contextlib.suppress(httpx.TransportError):
                    answer = await http.get("/events", params={"after": after, "limit": 1000})
                    if answer.status_code == 200:
                        page = answer.json()["data"]
                        self.events += page["events"]
                        after = page["nextCursor"]
                        if last and not page["more"]:
                            return
                    elif answer.status_code != 503:
                        self.refused.append(answer.text)
                        return
                await asyncio.sleep(0.02)
