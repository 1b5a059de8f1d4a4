"""Two versions side by side, over REST."""

import pytest

from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

CHAIN = workflow(
    "w",
    step("seed", produces=["seed"]),
    step("clean", consumes=["seed"], produces=["clean"]),
    step("extra", produces=["extra"]),
    step("report", consumes=["clean", "extra"], produces=["report"]),
)


async def test_everything_that_differs_is_told(service: Service) -> None:
    await service.register(CHAIN)
    await service.produce("w", "seed", "seed", 1)
    await service.produce("w", "clean", "clean", 1)
    first_run = await service.start("w", parameters={"day": 1})
    first = await _report(service, first_run, {"rows": [1, 2, 3]}, schema={"type": "object"})
    await service.produce("w", "seed", "seed", 2)
    await service.produce("w", "clean", "clean", 2)
    await service.produce("w", "extra", "extra", 1)
    await service.register({**CHAIN, "description": "changed"})
    second_run = await service.start("w", parameters={"day": 2})
    second = await _report(service, second_run, {"rows": [1, 3]}, freshness={"ttlMs": 5})
    found = (await service.get(f"/snapshots/{first}/diff", to=second))["data"]
    assert found["payload"] == [{"op": "remove", "path": "/rows/1"}]
    assert found["schema"] == [{"op": "replace", "path": "", "value": None}]
    assert found["freshness"] == [{"op": "replace", "path": "", "value": {"ttlMs": 5}}]
    assert found["runs"]["parameters"] == [{"op": "replace", "path": "/day", "value": 2}]
    assert [found["runs"][side]["workflowRevision"] for side in ("base", "compare")] == [1, 2]
    assert (found["sameAsset"], found["runs"]["sameRun"]) == (True, False)
    assert [_input(each) for each in found["inputs"]] == [
        ("clean", "CHANGED", [1], [2], 1),
        ("extra", "ADDED", [], [1], 1),
    ]
    deep = (await service.get(f"/snapshots/{first}/diff", to=second, depth=9))["data"]
    assert [_input(each) for each in deep["inputs"]][2:] == [("seed", "CHANGED", [1], [2], 2)]
    back = (await service.get(f"/snapshots/{second}/diff", to=first))["data"]
    assert [_input(each)[:2] for each in back["inputs"]] == [("clean", "CHANGED"), ("extra", "GONE")]


async def test_a_version_does_not_differ_from_itself(service: Service) -> None:
    await service.register(CHAIN)
    made = (await service.produce("w", "seed", "seed", {"a": 1}))["snapshotId"]
    found = (await service.get(f"/snapshots/{made}/diff", to=made))["data"]
    assert [found[part] for part in ("payload", "schema", "freshness", "inputs")] == [[], [], [], []]
    assert found["runs"]["sameRun"]


async def test_versions_of_different_assets_can_be_compared(service: Service) -> None:
    await service.register(CHAIN)
    one = (await service.produce("w", "seed", "seed", 1))["snapshotId"]
    other = (await service.produce("w", "extra", "extra", 1.0))["snapshotId"]
    found = (await service.get(f"/snapshots/{one}/diff", to=other))["data"]
    assert not found["sameAsset"]
    assert found["payload"] == [{"op": "replace", "path": "", "value": 1.0}]


async def test_an_unknown_version_is_named(service: Service) -> None:
    await service.register(CHAIN)
    made = (await service.produce("w", "seed", "seed", 1))["snapshotId"]
    refused = await service.get(f"/snapshots/{made}/diff", 404, to="sn_none")
    assert refused["code"] == "snapshot_not_found"
    assert "sn_none" in refused["error"]


async def test_a_version_and_its_provenance(service: Service) -> None:
    await service.register(CHAIN)
    seed = (await service.produce("w", "seed", "SEED", 1))["snapshotId"]
    clean = (await service.produce("w", "clean", "clean", {"n": 2}))["snapshotId"]
    shown = (await service.get(f"/snapshots/{clean}"))["data"]
    assert (shown["assetId"], shown["version"], shown["payload"]) == ("clean", 1, {"n": 2})
    found = (await service.get(f"/snapshots/{clean}/provenance", direction="upstream"))["data"]
    assert [(each["snapshotId"], each["assetId"], each["distance"]) for each in found["snapshots"]] == [
        (clean, "clean", 0),
        (seed, "seed", 1),
    ]
    assert found["edges"] == [{"from": seed, "to": clean}]
    assert [each["stepId"] for each in found["steps"]] == ["clean", "seed"]
    assert (found["truncated"], found["totalKnown"], found["depthReached"]) == (False, 2, 1)
    assert (await service.get("/snapshots/sn_none", 404))["code"] == "snapshot_not_found"
    assert (await service.get("/snapshots/sn_none/provenance", 404))["code"] == "snapshot_not_found"


async def _report(service: Service, run: str, payload: object, **more: object) -> str:
    body = produced({"assetId": "report", "payload": payload, **more})
    answer = await service.report(run, "report", body)
    return str(answer["data"]["producedAssets"][0]["snapshotId"])


def _input(each: dict[str, object]) -> tuple[object, ...]:
    versions = [[version["version"] for version in each[side]] for side in ("base", "compare")]  # type: ignore[attr-defined]
    return (each["assetId"], each["difference"], *versions, each["distance"])
