"""How often the database is asked: a fixed number of times, whatever there is and however much is written at once."""

import asyncio
from typing import Any

import pytest

from app.main import ENDPOINTS
from graph.recording.recorder import StepMessage
from graph.store.documents import Documents
from tests.service.client import Service, produced, step, workflow
from tests.trips import Trips, recorded

pytestmark = pytest.mark.anyio


@pytest.fixture
async def trips(service: Service, monkeypatch: pytest.MonkeyPatch) -> Trips:
    """Records what passes the seam from now on."""
    await service.quiet()
    return recorded(monkeypatch)


def fan(assets: int) -> list[dict[str, Any]]:
    """A workflow whose assets each depend on one root, and a reader of them all."""
    return [
        workflow(
            "fan",
            step("root", produces=["root"]),
            *(step(f"s{n}", consumes=["root"], produces=[typed(f"a{n}")]) for n in range(assets)),
        ),
        workflow("reader", *(step(f"r{n}", consumes=[f"a{n}"]) for n in range(assets))),
    ]


def typed(asset: str) -> dict[str, Any]:
    """Each asset has a schema of its own, so that schemas are looked up too."""
    return {"assetId": asset, "schema": {"title": asset}}


READS = {
    "/workflows": "/workflows",
    "/workflows/{slug}": "/workflows/fan",
    "/workflows/{slug}/revisions": "/workflows/fan/revisions",
    "/workflows/{slug}/assets": "/workflows/fan/assets",
    "/workflows/{slug}/assets/{assetId}/history": "/workflows/fan/assets/root/history?limit=50",
    "/workflows/{slug}/assets/{assetId}/partitions": "/workflows/fan/assets/root/partitions",
    "/assets/graph": "/assets/graph?assetId=root",
    "/workflow-runs/{runId}/steps/{stepId}/readiness": "/workflow-runs/{run}/steps/s0/readiness",
    "/gates/check": "/gates/check?asset=root&upstream=true",
    "/lineage": "/lineage?asset=root",
    "/snapshots/{snapshotId}": "/snapshots/{snapshot}",
    "/snapshots/{snapshotId}/provenance": "/snapshots/{snapshot}/provenance",
    "/snapshots/{snapshotId}/diff": "/snapshots/{snapshot}/diff?to={snapshot}",
    "/workflow-runs/{runId}": "/workflow-runs/{run}",
    "/workflow-runs/{runId}/steps": "/workflow-runs/{run}/steps",
    "/workflow-runs/{runId}/diff": "/workflow-runs/{run}/diff?compareTo={run}",
    "/run-requests": "/run-requests?workflow=fan&state=waiting",
    "/run-requests/{requestId}": "/run-requests/{request}",
    "/events": "/events?limit=1000",
    "/webhooks": "/webhooks",
    "/webhooks/{webhookId}": "/webhooks/{webhook}",
    "/webhooks/{webhookId}/deliveries": "/webhooks/{webhook}/deliveries",
}

WITHOUT_END = {"/events/stream"}


async def fill(service: Service, run: str, many: int) -> None:
    """A revision and a run of it with so many steps, each with a version of its own and one of the root."""
    await service.register(*fan(many))
    await service.start("fan", id=run)
    # The root first: whether its newest version was read by the others decides how far its provenance goes.
    await asyncio.gather(
        *(service.report(run, "root", produced({"assetId": "root", "payload": n}, attempt=n + 1)) for n in range(many))
    )
    await asyncio.gather(
        *(service.report(run, f"s{n}", produced({"assetId": f"a{n}", "payload": n})) for n in range(many))
    )


async def cost(service: Service, trips: Trips, run: str) -> dict[str, int]:
    """Queries of each read, while the process remembers no document yet."""
    snapshot = (await service.history("fan", "root"))["history"][0]["snapshotId"]
    webhook = (await service.send("POST", "/webhooks", {"url": "https://1.1.1.1/"}, 201))["data"]["id"]
    request = (await service.send("POST", "/workflows/fan/run", {}, 202))["data"]["requestId"]
    found = {}
    for route, path in READS.items():
        service.lineage.documents = Documents()
        trips.clear()
        answer = await service.http.get(path.format(run=run, snapshot=snapshot, webhook=webhook, request=request))
        answer.raise_for_status()
        assert trips.transactions == ["read"], route
        found[route] = len(trips.queries)
    return found


async def test_a_read_costs_the_same_for_3_and_for_30(service: Service, trips: Trips) -> None:
    asked = {endpoint.path for endpoint in ENDPOINTS if endpoint.method == "GET" and endpoint.tag != "service"}
    assert asked - WITHOUT_END == READS.keys()
    await fill(service, "run", 3)
    few = await cost(service, trips, "run")
    await fill(service, "longer", 30)
    assert await cost(service, trips, "longer") == few
    assert max(few.values()) <= 11


async def test_fifty_reports_cost_as_many_queries_as_one(service: Service, trips: Trips) -> None:
    await service.register(*fan(50))
    run = await service.start("fan")
    await record(service, run, 1, attempt=1)
    trips.clear()
    await record(service, run, 1, attempt=2)
    one = list(trips.queries)
    trips.clear()
    await record(service, run, 50, attempt=3)
    fifty = list(trips.queries)
    assert trips.transactions == ["write"]
    assert len(set(fifty)) == len(fifty), "a query is run once for all"
    assert len(fifty) <= len(one) + 4, "what the first report of a partition writes besides"


async def record(service: Service, run: str, reports: int, attempt: int) -> None:
    """Reports of different steps, queued together."""
    recorder = service.lineage.recorder
    prepared = []
    for n in range(reports):
        body = produced({"assetId": f"a{n}", "payload": n})
        message = StepMessage(document=body, attempt=attempt, status="succeeded", result=body["result"])
        prepared.append(await recorder.prepare_report(run, f"s{n}", message))
    await asyncio.gather(*(recorder.record(each) for each in prepared))


async def test_a_registration_costs_as_many_queries_for_one_step_as_for_fifty(service: Service, trips: Trips) -> None:
    trips.clear()
    await service.register(workflow("one", step("s", consumes=["x"], produces=["y"])))
    one = list(trips.queries)
    trips.clear()
    await service.register(workflow("fifty", *(step(f"s{n}", consumes=["x"], produces=[f"y{n}"]) for n in range(50))))
    assert trips.transactions == ["write"]
    assert set(trips.queries) - set(one) <= {query for query in trips.queries if "a.declared = true" in query}
    assert len(trips.queries) <= len(one) + 1


async def test_a_page_of_partitions_costs_the_same_for_3_and_for_30(service: Service, trips: Trips) -> None:
    await service.register(workflow("w", step("s", produces=[{"assetId": "a", "partitioning": {"type": "dynamic"}}])))

    async def cost(partitions: int) -> int:
        run = await service.start("w")
        await service.report(
            run, "s", produced(*({"assetId": "a", "partitionKey": f"p{n}"} for n in range(partitions)))
        )
        trips.clear()
        await service.get("/workflows/w/assets/a/partitions")
        return len(trips.queries)

    assert await cost(3) == await cost(30) <= 8


async def test_marks_of_any_number_are_cleared_in_as_many_queries(service: Service, trips: Trips) -> None:
    await service.register(*fan(50))
    run = await service.start("fan")
    await record(service, run, 50, attempt=1)

    async def cost(marks: int, attempt: int) -> list[str]:
        for n in range(marks):
            await service.send("POST", f"/workflows/fan/assets/a{n}/stale", {}, 204)
        trips.clear()
        await record(service, run, 50, attempt)
        return sorted(trips.queries)

    assert await cost(50, 2) == await cost(1, 3)


WRITES = (
    ("PUT", "/workflows/new", workflow("new", step("s", produces=["made"]))),
    ("PATCH", "/workflows/new", {"name": "New"}),
    ("POST", "/workflows/new/run", {}),
    ("POST", "/run-requests/claim", {"owner": "worker"}),
    ("POST", "/workflows/new/runs", {"id": "written"}),
    ("POST", "/workflow-runs/written/steps/s/start", {}),
    ("POST", "/workflow-runs/written/steps/s/report", produced({"assetId": "made", "payload": 1})),
    ("POST", "/workflows/new/assets/made/stale", {"note": "wrong"}),
    ("DELETE", "/workflows/new/assets/made/stale", None),
    ("PUT", "/workflows/new/assets/made/partition-parameters", {"parameters": {}}),
    ("DELETE", "/workflows/new/assets/made/partition-parameters", None),
    ("POST", "/workflow-runs/written/finish", {"status": "succeeded"}),
    ("DELETE", "/workflows/new", None),
)


async def test_every_write_is_one_write_transaction(service: Service, trips: Trips) -> None:
    for method, path, body in WRITES:
        trips.clear()
        answer = await service.http.request(method, path, json=body)
        assert answer.is_success, answer.text
        assert trips.transactions.count("write") == 1, f"{method} {path}"
