"""The queue of requests for runs as a test talks to it."""

import dataclasses
from typing import Any

from tests.service.client import Service, step, workflow

SECOND = 1_000
MINUTE = 60_000


@dataclasses.dataclass(frozen=True)
class Held:
    """A claimed request: its id, the fence of the claim and the run that it started."""

    id: str
    fence: int
    run: str


async def ask(service: Service, slug: str = "w", **body: Any) -> str:
    """Ask for a run; the request's id."""
    answer = await service.send("POST", f"/workflows/{slug}/run", body, 202)
    return str(answer["data"]["requestId"])


async def claim(service: Service, owner: str = "worker", **body: Any) -> list[Held]:
    """Claim, and tell what was handed out."""
    answer = await service.send("POST", "/run-requests/claim", {"owner": owner, **body})
    return [Held(each["request"]["id"], each["request"]["fence"], each["run"]["id"]) for each in answer["data"]]


async def act(service: Service, held: Held, act: str, expected: int = 200, **body: Any) -> Any:
    """Heartbeat, complete or give up under the fence of a claim; the request, or the error."""
    answer = await service.send("POST", f"/run-requests/{held.id}/{act}", {"fence": held.fence, **body}, expected)
    return answer["data"] if expected == 200 else answer


async def request(service: Service, id: str) -> Any:
    """As it stands."""
    return (await service.get(f"/run-requests/{id}"))["data"]


async def run(service: Service, id: str) -> Any:
    """A run as it stands."""
    return (await service.get(f"/workflow-runs/{id}"))["data"]


async def register(service: Service, *slugs: str) -> None:
    """Workflows of one step each."""
    await service.register(*(workflow(slug, step("s", produces=[f"{slug}.made"])) for slug in slugs or ("w",)))


async def ids(service: Service, **query: Any) -> list[str]:
    """The ids of all requests that are listed, over as many pages as it takes."""
    found: list[str] = []
    before: dict[str, str] = {}
    while True:
        page = (await service.get("/run-requests", **query, **before))["data"]
        found += [each["id"] for each in page["requests"]]
        if page["nextCursor"] is None:
            return found
        before = {"before": page["nextCursor"]}
