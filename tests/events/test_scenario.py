"""What each change leaves in the log, exactly; and what leaves nothing."""

import asyncio
from typing import Any

import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from app.http import dump_json
from graph.events.event import EventType
from tests.events.log import numbers, types, whole_log
from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

AT = "2026-01-01T00:00:00.000Z"

COLLECT = workflow(
    "collect",
    step("scan", produces=[{"assetId": "Raw", "schema": {"type": "integer"}, "freshness": {"ttlMs": 60_000}}]),
    step("count", consumes=["raw"], produces=["counts"]),
    name="Collect",
)

REPORT = workflow("report", step("draw", consumes=["counts"], produces=["picture"]))


def checked(event: dict[str, Any]) -> CloudEvent:
    """The event as the `cloudevents` package reads it; raises where it is none."""
    return JSONFormat().read(CloudEvent, dump_json(event))


def facts(event: dict[str, Any]) -> dict[str, Any]:
    """What is said of a thing, without what is the same for all."""
    common = {"specversion", "id", "source", "type", "time", "datacontenttype", "sequence", "data"}
    return {name: value for name, value in event.items() if name not in common}


async def test_every_type_as_it_happens(service: Service) -> None:
    await service.register(COLLECT, REPORT)
    await service.send("POST", "/workflows/collect/run", {"partitionKey": "north"}, 202)
    asked = (await whole_log(service, types="run.requested"))[0]["run"]
    await service.send("POST", f"/workflow-runs/{asked}/start", {})
    await service.report(asked, "scan", produced({"assetId": "raw", "payload": 1}, attempt=2))
    await service.report(asked, "scan", produced({"assetId": "raw", "payload": "x"}, attempt=3))
    await service.send("POST", f"/workflow-runs/{asked}/finish", {"status": "failed", "errorMessage": "no power"})
    service.clock.forward(60_000)
    await service.lineage.expiry.look()
    await service.send("POST", "/workflows/report/assets/COUNTS/stale", {"note": "torn"}, 204)
    await service.send("DELETE", "/workflows/report", status=204)

    events = await whole_log(service)
    assert numbers(events) == list(range(1, len(events) + 1))
    assert types(events) == [
        "workflow.registered",
        "workflow.registered",
        "run.requested",
        "run.started",
        "step.finished",
        "asset.produced",
        "step.finished",
        "asset.produced",
        "asset.changed",
        "asset.invalid",
        "run.finished",
        "run-request.ended",
        "asset.expired",
        "asset.stale-marked",
        "workflow.deleted",
        "asset.stale-cleared",
    ]
    assert set(types(events)) == {each.value for each in EventType}

    for event in events:
        cloud = checked(event)
        assert cloud.get_id() == event["id"]
        assert cloud.get_extension("sequence") == f"{int(event['id']):016}"
        assert cloud.get_data() == event["data"]
    assert len({event["source"] for event in events}) == 1
    assert events[0]["source"].startswith("urn:asset-lineage:")
    assert {event["time"] for event in events[:11]} == {AT}

    registered, _, requested, started, finished, first, _, second, changed, invalid, ended = events[:11]
    done, expired, marked, deleted, cleared = events[11:]
    assert facts(registered) == {"subject": "collect", "workflow": "collect"}
    assert registered["data"]["name"] == "Collect"
    assert registered["data"]["revision"] == 1
    run = {"subject": asked, "workflow": "collect", "run": asked, "partition": "north"}
    assert facts(requested) == facts(started) == facts(ended) == facts(done) == run
    assert {each["data"]["requestId"] for each in (requested, started, ended, done)} == {done["data"]["requestId"]}
    assert (done["data"]["state"], done["data"]["lastError"]) == ("failed", "no power")
    assert [each["data"]["status"] for each in (requested, started, ended)] == ["pending", "running", "failed"]
    assert ended["data"]["errorMessage"] == "no power"
    assert facts(finished) == run | {"step": "scan", "attempt": 2}
    assert finished["data"]["snapshots"] == [first["snapshot"]]
    # The run has a partition, the asset is in none.
    version = {"subject": "raw", "asset": "raw", "workflow": "collect", "run": asked, "step": "scan"}
    version |= {"attempt": 2, "version": 1}
    assert facts(first) == version | {"snapshot": first["snapshot"]}
    assert first["data"] == {
        "assetId": "Raw",
        "workflowSlug": "collect",
        "snapshotId": first["snapshot"],
        "producedAt": AT,
        "valid": True,
        "digest": first["data"]["digest"],
        "downstream": {"assets": 2, "workflows": 2, "complete": True},
    }
    again = version | {"attempt": 3, "version": 2, "snapshot": second["snapshot"]}
    assert facts(second) == facts(changed) == facts(invalid) == facts(expired) == again
    assert second["data"]["valid"] is False
    assert changed["data"]["before"] == {"snapshotId": first["snapshot"], "digest": first["data"]["digest"]}
    assert changed["data"]["digest"] == second["data"]["digest"] != first["data"]["digest"]
    assert (expired["time"], expired["data"]["expiredAt"]) == ("2026-01-01T00:01:00.000Z",) * 2
    assert facts(deleted) == {"subject": "report", "workflow": "report"}
    assert facts(marked) == facts(cleared) == {"subject": "counts", "asset": "counts", "workflow": "report"}
    assert marked["data"] == {
        "assetId": "counts",
        "workflowSlug": "report",
        "requestedAt": "2026-01-01T00:01:00.000Z",
        "note": "torn",
        "downstream": {"assets": 1, "workflows": 1, "complete": True},
    }
    assert cleared["data"]["cause"] == "workflow_deleted"


async def test_what_is_repeated_or_refused_leaves_nothing(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect", id="run", runKey="k")
    report = produced({"assetId": "raw", "payload": 1})
    await service.report(run, "scan", report)
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})
    before = await whole_log(service)

    await service.register(COLLECT)
    await service.send("POST", "/workflows/collect/runs", {"id": run, "runKey": "k"}, 200)
    await service.report(run, "scan", report)
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "succeeded"})

    await service.send("POST", "/workflows/collect/runs", {"id": run, "runKey": "other"}, 409)
    await service.report(run, "scan", produced({"assetId": "raw", "payload": 2}), 409)
    await service.send("POST", f"/workflow-runs/{run}/finish", {"status": "failed"}, 409)
    await service.send("POST", f"/workflow-runs/{run}/steps/scan/start", {"attempt": 9}, 409)
    await service.send("POST", "/workflows", COLLECT, 409)
    await service.send("POST", "/workflows/nobody/runs", {}, 404)
    await service.send("DELETE", "/workflows/nobody", status=404)
    assert await whole_log(service) == before


async def test_a_started_step_is_told_of_when_it_is_reported(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    before = await whole_log(service)
    await service.send("POST", f"/workflow-runs/{run}/steps/scan/start", {"attempt": 1})
    assert await whole_log(service) == before


async def test_changed_means_another_payload_than_the_newest_before(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")

    async def told(attempt: int, payload: Any, at: int, **more: Any) -> list[str]:
        last = len(await whole_log(service))
        instant = f"2026-01-01T00:{at:02}:00Z"
        await service.report(
            run,
            "count",
            produced({"assetId": "counts", "payload": payload, "producedAt": instant, **more}, attempt=attempt),
        )
        return types(await whole_log(service, after=last))

    plain, other = ["step.finished", "asset.produced"], ["step.finished", "asset.produced", "asset.changed"]
    assert await told(1, {"a": 1, "b": 2}, at=10) == plain
    assert await told(2, {"b": 2, "a": 1}, at=20) == plain, "the same whatever the order of its keys"
    assert await told(3, {"a": 1}, at=30) == other
    assert await told(4, "late", at=15) == plain, "older than the newest: it changes nothing"
    assert await told(5, "elsewhere", at=40, partitionKey="north") == plain, "the first of its partition"
    assert await told(6, {"a": 1}, at=50) == plain, "the newest of its partition counts"
    assert await told(7, "late", at=55) == other


async def test_versions_of_one_transaction_are_compared_in_turn(service: Service) -> None:
    await service.register(COLLECT)
    run = await service.start("collect")
    last = len(await whole_log(service))
    payloads = [1, 1, 2, 2, 1]
    await service.bulk(
        *(
            {"runId": run, "stepId": "count", **produced({"assetId": "counts", "payload": each}, attempt=number)}
            for number, each in enumerate(payloads, 1)
        )
    )
    told = await whole_log(service, after=last, types="asset.changed")
    assert [event["version"] for event in told] == [3, 5]


async def test_a_transaction_that_fails_leaves_no_event_and_no_hole(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer halves a batch that cannot be committed; what can be is numbered as if the other had never been."""
    await service.register(COLLECT)
    family = service.lineage.recorder._family
    execute = family.execute

    async def failing(tx: Any, commands: Any, journal: Any) -> Any:
        outcomes = await execute(tx, commands, journal)
        if any(getattr(command, "run_id", "") == "culprit" for command in commands):
            await journal.flush(tx)
            raise ValueError("behind everything that was written")
        return outcomes

    monkeypatch.setattr(family, "execute", failing)
    names = [f"run-{number}" for number in range(6)]
    names.insert(3, "culprit")
    answers = await asyncio.gather(*(service.http.post("/workflows/collect/runs", json={"id": name}) for name in names))
    assert [answer.status_code for answer in answers] == [500 if name == "culprit" else 201 for name in names]
    events = await whole_log(service)
    assert numbers(events) == list(range(1, 8))
    assert {event["run"] for event in events[1:]} == set(names) - {"culprit"}
