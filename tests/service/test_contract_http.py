"""What every route has in common: one success and one error shape, conditional reads, compression, percent-encoding."""

import pytest

from app.main import ENDPOINTS
from tests.service.client import Service, produced, step, workflow

pytestmark = pytest.mark.anyio

POLLED = (
    "/workflows",
    "/workflows/collect",
    "/workflows/collect/revisions",
    "/workflows/collect/assets",
    "/workflows/collect/assets/raw/history",
    "/workflows/collect/assets/raw/partitions",
    "/assets/graph",
    "/snapshots/{snapshot}",
    "/snapshots/{snapshot}/provenance",
    "/snapshots/{snapshot}/diff?to={snapshot}",
    "/workflow-runs/polled",
    "/workflow-runs/polled/steps",
    "/workflow-runs/polled/diff?compareTo=polled",
)


async def prepare(service: Service) -> str:
    """The id of a version that a run made which is under way."""
    await service.register(workflow("collect", step("scan", produces=["raw"])))
    await service.start("collect", id="polled")
    made = await service.report("polled", "scan", produced({"assetId": "raw", "payload": 1}))
    return str(made["data"]["producedAssets"][0]["snapshotId"])


async def test_a_polled_read_is_answered_with_304_until_it_changes(service: Service) -> None:
    snapshot = await prepare(service)
    tags = {}
    for path in (each.format(snapshot=snapshot) for each in POLLED):
        answer = await service.http.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.json().keys() <= {"data", "meta"}
        tags[path] = answer.headers["etag"]
        again = await service.http.get(path, headers={"If-None-Match": f'"other", {tags[path]}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tags[path])
    await service.send("POST", "/workflow-runs/polled/finish", {"status": "succeeded"})
    changed = await service.http.get("/workflow-runs/polled", headers={"If-None-Match": tags["/workflow-runs/polled"]})
    assert changed.status_code == 200
    assert changed.json()["data"]["status"] == "succeeded"
    same = await service.http.get("/workflows", headers={"If-None-Match": tags["/workflows"]})
    assert same.status_code == 304


async def test_every_read_that_carries_a_tag_is_asked() -> None:
    polled = {endpoint.path for endpoint in ENDPOINTS if endpoint.cacheable}
    names = {"polled": "{runId}", "collect": "{slug}", "raw": "{assetId}", "{snapshot}": "{snapshotId}"}
    asked = {"/".join(names.get(part, part) for part in path.partition("?")[0].split("/")) for path in POLLED}
    assert asked == polled


async def test_a_state_that_changes_by_time_alone_changes_the_tag(service: Service) -> None:
    await service.register(
        workflow("collect", step("scan", produces=[{"assetId": "raw", "freshness": {"ttlMs": 1000}}]))
    )
    await service.produce("collect", "scan", "raw", 1)
    tag = (await service.http.get("/workflows/collect/assets")).headers["etag"]
    service.clock.forward(999)
    known = {"If-None-Match": tag}
    assert (await service.http.get("/workflows/collect/assets", headers=known)).status_code == 304
    service.clock.forward(1)
    assert (await service.http.get("/workflows/collect/assets", headers=known)).status_code == 200


async def test_answers_are_compressed_for_those_who_take_it(service: Service) -> None:
    await service.register(*(workflow(f"w{n}", step("only", produces=["raw"])) for n in range(10)))
    plain = await service.http.get("/workflows", headers={"Accept-Encoding": "identity"})
    packed = await service.http.get("/workflows", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.json() == plain.json()
    assert packed.headers["etag"] == plain.headers["etag"]
    assert packed.num_bytes_downloaded < len(plain.content) / 3


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "route_not_found"),
        ("GET", "/workflows/", 404, "route_not_found"),
        ("DELETE", "/workflows", 405, "method_not_allowed"),
        ("GET", "/workflows/%zz/assets", 400, "invalid_path"),
        ("GET", "/workflows/a%2Fb/assets", 400, "invalid_path"),
        ("GET", "/workflows/_x/assets", 400, "invalid_slug"),
        ("GET", "/workflow-runs/%20", 400, "invalid_run_id"),
        ("GET", "/workflows?x=%ff", 400, "invalid_query"),
        ("GET", "/workflows?limit=1", 400, "unknown_parameter"),
        ("GET", "/assets/graph?limit=1&limit=2", 400, "repeated_parameter"),
        ("POST", "/workflows", 400, "invalid_json"),
    ],
)
async def test_every_error_has_the_one_shape(service: Service, method: str, path: str, status: int, code: str) -> None:
    answer = await service.http.request(method, path)
    document = answer.json()
    assert (answer.status_code, document["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/json"
    assert document.keys() <= {"error", "code", "details", "requestId"}
    assert document["error"].endswith(".")
    assert document["requestId"] == answer.headers["x-request-id"]


async def test_a_fault_of_ours_tells_nothing_of_the_inside(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await prepare(service)

    async def broken(*_: object) -> None:
        raise RuntimeError("MATCH (secret) RETURN secret")

    monkeypatch.setattr(service.lineage, "read", broken)
    answer = await service.http.get("/workflows")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


async def test_times_come_in_with_any_offset_and_never_without(service: Service) -> None:
    await service.register(workflow("collect", step("scan")))
    for sent, shown in (
        ("2025-12-31T23:00:00-01:00", "2026-01-01T00:00:00.000Z"),
        ("2026-01-01T00:00:00.123456Z", "2026-01-01T00:00:00.123Z"),
    ):
        run = await service.start("collect", startedAt=sent)
        assert (await service.get(f"/workflow-runs/{run}"))["data"]["startedAt"] == shown
    for sent in ("2026-01-01T00:00:00", "2026-01-01", "yesterday", 1767225600000):
        refused = await service.send("POST", "/workflows/collect/runs", {"startedAt": sent}, 400)
        assert refused["details"]["field"] == "startedAt"
