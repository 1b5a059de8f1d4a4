"""The service as a test talks to it: over HTTP, with the shortest words for what tests do all the time."""

import dataclasses
import itertools
from typing import Any

import httpx
import orjson

from graph.lineage import Lineage

START = 1_767_225_600_000
"""2026-01-01T00:00:00Z"""

_numbers = itertools.count(1)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now

    def forward(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now += milliseconds


def workflow(slug: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A definition."""
    return {"slug": slug, "steps": list(steps), **more}


def step(id: str, *, consumes: Any = (), produces: Any = (), **more: Any) -> dict[str, Any]:
    """A step; assets as ids or as whole declarations."""
    return {"id": id, "consumes": [_asset(a) for a in consumes], "produces": [_asset(a) for a in produces], **more}


def _asset(asset: str | dict[str, Any]) -> dict[str, Any]:
    return {"assetId": asset} if isinstance(asset, str) else asset


def produced(*assets: dict[str, Any], status: str = "succeeded", **more: Any) -> dict[str, Any]:
    """A step report with these assets."""
    return {"status": status, "result": {"assets": list(assets)}, **more}


@dataclasses.dataclass
class Service:
    """The client, the clock and the service's own object."""

    http: httpx.AsyncClient
    clock: Clock
    lineage: Lineage

    async def quiet(self) -> None:
        """End what the service does by itself, for tests that count queries."""
        background = (self.lineage.dispatcher, self.lineage.expiry, self.lineage.requests.watch, self.lineage.retention)
        for each in background:
            await each.stop()

    async def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """The answer's document."""
        return _checked(await self.http.get(path, params=parameters), status)

    async def send(self, method: str, path: str, body: Any = None, status: int = 200, **parameters: Any) -> Any:
        """The answer's document, None for 204."""
        answer = await self.http.request(method, path, json=body, params=parameters)
        return _checked(answer, status)

    async def register(self, *definitions: dict[str, Any]) -> None:
        """Register new workflows or replace known ones."""
        for definition in definitions:
            answer = await self.http.put(f"/workflows/{definition['slug']}", json=definition)
            assert answer.status_code in (200, 201), answer.text

    async def start(self, slug: str, **body: Any) -> str:
        """The id of a new run."""
        body = {"id": f"run-{next(_numbers)}", **body}
        started = await self.send("POST", f"/workflows/{slug}/runs", body, 201)
        return str(started["data"]["id"])

    async def report(self, run: str, step: str, body: dict[str, Any], status: int = 200) -> Any:
        """Report a step."""
        return await self.send("POST", f"/workflow-runs/{run}/steps/{step}/report", body, status)

    async def bulk(self, *lines: dict[str, Any]) -> list[Any]:
        """One outcome a line."""
        content = b"\n".join(orjson.dumps(line) for line in lines)
        answer = await self.http.post("/reports", content=content, headers={"content-type": "application/x-ndjson"})
        assert answer.status_code == 200, answer.text
        return [orjson.loads(line) for line in answer.content.splitlines()]

    async def produce(self, slug: str, step: str, asset: str, payload: Any, **more: Any) -> Any:
        """One version of an asset by a run of its own; the produced asset."""
        run = await self.start(slug)
        answer = await self.report(run, step, produced({"assetId": asset, "payload": payload, **more}))
        return answer["data"]["producedAssets"][0]

    async def history(self, slug: str, asset: str, **parameters: Any) -> Any:
        """A page of an asset's history."""
        return (await self.get(f"/workflows/{slug}/assets/{asset}/history", **parameters))["data"]

    async def inventory(self, slug: str, **parameters: Any) -> dict[str, Any]:
        """A workflow's assets by id."""
        found = (await self.get(f"/workflows/{slug}/assets", **parameters))["data"]["assets"]
        return {asset["assetId"]: asset for asset in found}


def _checked(answer: httpx.Response, status: int) -> Any:
    assert answer.status_code == status, f"{answer.status_code} for {answer.request.url}: {answer.text}"
    return answer.json() if answer.content else None
