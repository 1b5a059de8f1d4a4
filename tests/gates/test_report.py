"""How a gate's result is printed."""

import io
import json
from xml.etree import ElementTree

from rich.console import Console

from app.gates.report import as_json, as_junit, as_table
from app.rest.answers import GateAsset, GateResult

PASSED: GateAsset = {
    "assetId": "good",
    "distance": 0,
    "passed": True,
    "state": "fresh",
    "freshUntil": None,
    "objections": [],
    "latest": {
        "snapshotId": "s",
        "version": 3,
        "partitionKey": None,
        "producedAt": "2026-01-01T00:00:00.000Z",
        "ageMs": 93_784_000,
        "valid": True,
        "workflowSlug": "w",
        "runId": "r",
    },
}
FAILED: GateAsset = {
    "assetId": "bad<&>",
    "distance": 2,
    "passed": False,
    "state": "expired",
    "freshUntil": "2026-01-01T00:00:00.000Z",
    "objections": [
        {"code": "expired", "message": "it is over [now]", "since": "2026-01-01T00:00:00.000Z", "assetId": None},
        {"code": "outdated_upstream", "message": "up was produced later", "since": None, "assetId": "up"},
    ],
    "latest": None,
}
RESULT: GateResult = {"passed": False, "checkedAt": "2026-01-02T00:00:00.000Z", "assets": [PASSED, FAILED]}


def test_the_table_begins_with_what_fails_and_says_why() -> None:
    out = io.StringIO()
    as_table(RESULT, Console(file=out, width=100))
    lines = [line.rstrip() for line in out.getvalue().splitlines() if line.strip()]
    rows = [line.split() for line in lines]
    assert rows[2][:5] == ["FAIL", "bad<&>", "(2", "upstream)", "expired"]
    assert "it is over [now], since 2026-01-01T00:00:00.000Z" in lines[2]
    assert rows[3] == ["up", "was", "produced", "later"]
    assert rows[4] == ["pass", "good", "fresh", "1d", "2h"]
    assert lines[-1] == "2 assets, 1 of them do not pass."


def test_json_is_what_the_service_told() -> None:
    assert json.loads(as_json(RESULT)) == RESULT


def test_junit_has_a_case_for_each_asset() -> None:
    suite = ElementTree.fromstring(as_junit(RESULT)).find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    good, bad = suite.findall("testcase")
    assert (good.get("name"), list(good)) == ("good", [])
    failure = bad.find("failure")
    assert failure is not None
    assert (bad.get("name"), failure.get("type")) == ("bad<&>", "expired outdated_upstream")
    assert failure.text == "it is over [now], since 2026-01-01T00:00:00.000Z\nup was produced later"
