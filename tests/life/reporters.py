"""Orchestrators that go on reporting whatever happens to the service, and remember what was acknowledged."""

import asyncio
import collections
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.life.process import Process
from tests.service.client import produced, step, workflow

REPORTERS = 8

SHARED = "shared"

DEFINITION = workflow(
    "collect",
    step(
        "scan",
        produces=[
            SHARED,
            # Soon over, so that the watch for what expires is at work too.
            *({"assetId": f"own.{number}", "freshness": {"ttlMs": 100}} for number in range(REPORTERS)),
        ],
        consumes=[SHARED],
    ),
)

DONE = (200, 201)
LATER = 503


class Reporters:
    """Each reports one attempt after the other, the same one again until it is acknowledged."""

    def __init__(self, service: Process) -> None:
        self._service = service
        self._stopping = False
        self.acknowledged: dict[str, dict[str, Any]] = collections.defaultdict(dict)
        """asset → snapshot id → payload, as the service acknowledged them"""
        self.refused: list[str] = []
        """answers that are neither success nor 503"""
        self.postponed: list[httpx.Response] = []

    @contextlib.asynccontextmanager
    async def reporting(self) -> AsyncIterator[None]:
        """Report while the block runs; at its end each finishes what it is at."""
        registered = self._service.http.put("/workflows/collect", json=DEFINITION)
        assert registered.status_code in DONE
        async with asyncio.TaskGroup() as tasks:
            for number in range(REPORTERS):
                tasks.create_task(self._report(number))
            try:
                yield
            finally:
                self._stopping = True

    async def more(self, count: int = 20, seconds: float = 60.0) -> None:
        """Wait until so many more reports are acknowledged."""
        goal = self.total + count
        until = time.monotonic() + seconds
        while self.total < goal:
            assert self.refused == []
            assert time.monotonic() < until, f"only {self.total} of {goal} in time; {self._service.output}"
            await asyncio.sleep(0.02)

    @property
    def total(self) -> int:
        """Versions of the asset that all report."""
        return len(self.acknowledged[SHARED])

    async def _report(self, number: int) -> None:
        run = f"reporter-{number}"
        async with httpx.AsyncClient(base_url=self._service.url, timeout=60) as http:
            await self._send(http, "/workflows/collect/runs", {"id": run})
            attempt = 0
            while not self._stopping:
                attempt += 1
                payload = {"reporter": number, "attempt": attempt, "padding": "x" * 500}
                assets = [{"assetId": asset, "payload": payload} for asset in (SHARED, f"own.{number}")]
                answer = await self._send(
                    http, f"/workflow-runs/{run}/steps/scan/report", produced(*assets, attempt=attempt)
                )
                if answer is None:
                    return
                for made in answer["data"]["producedAssets"]:
                    self.acknowledged[made["assetId"]][made["id"]] = payload

    async def _send(self, http: httpx.AsyncClient, path: str, body: dict[str, Any]) -> Any:
        while True:
            with contextlib.suppress(httpx.TransportError):
                answer = await http.post(path, json=body)
                if answer.status_code in DONE:
                    return answer.json()
                if answer.status_code != LATER:
                    self.refused.append(f"{answer.status_code} {answer.text}")
                    return None
                self.postponed.append(answer)
            await asyncio.sleep(0.05)
