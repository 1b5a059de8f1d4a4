"""What is against an asset at a gate."""

import pytest

from graph.rules.freshness import StaleMark, Verdict, verdict
from graph.rules.gate import Gate, Made, objections

NOW = 1_000_000


def judged(produced_at: int | None = NOW - 1_000, **limits: int) -> Verdict:
    hints = {"ttl_ms": None, "cadence_ms": None, "max_age_ms": None, **limits}
    return verdict(latest_produced_at=produced_at, marked=(), outdated_upstreams=(), now=NOW, **hints)


CASES = {
    "fresh": (Gate(), judged(ttl_ms=2_000), True, []),
    "nothing declared": (Gate(), judged(), True, []),
    "nothing declared, strict": (Gate(strict=True), judged(), True, ["no_limits"]),
    "due": (Gate(), judged(cadence_ms=500), True, []),
    "due, strict": (Gate(strict=True), judged(cadence_ms=500), True, ["due"]),
    "expired and due": (Gate(), judged(ttl_ms=500, cadence_ms=500), True, ["expired"]),
    "overage": (Gate(), judged(max_age_ms=500), True, ["overage"]),
    "as old as allowed": (Gate(max_age=1_000), judged(), True, []),
    "older than allowed": (Gate(max_age=999), judged(), True, ["too_old"]),
    "expired and older than allowed": (Gate(max_age=999), judged(ttl_ms=500), True, ["expired", "too_old"]),
    "invalid": (Gate(), judged(), False, []),
    "invalid, valid required": (Gate(require_valid=True), judged(), False, ["invalid_payload"]),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_against_an_asset(name: str) -> None:
    gate, found, valid, codes = CASES[name]
    assert [each.code for each in objections(gate, found, Made(NOW - 1_000, valid), NOW)] == codes


def test_what_was_never_produced_passes_no_gate() -> None:
    gate = Gate(max_age=1, require_valid=True)
    assert [each.code for each in objections(gate, judged(None), None, NOW)] == ["never_produced"]


def test_a_reason_keeps_where_and_since_when() -> None:
    marked = verdict(
        latest_produced_at=NOW,
        ttl_ms=None,
        cadence_ms=None,
        max_age_ms=None,
        marked=[StaleMark(NOW - 5, "me")],
        outdated_upstreams=["up"],
        now=NOW,
    )
    mark, outdated = objections(Gate(), marked, Made(NOW, True), NOW)
    assert (mark.code, mark.since) == ("marked_stale", NOW - 5)
    assert (outdated.code, outdated.asset_id) == ("outdated_upstream", "up")
