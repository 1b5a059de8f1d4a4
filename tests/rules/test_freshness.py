"""Verdicts: the state, every reason, and the instant at which time alone changes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.rules.freshness import StaleMark, Verdict, verdict

LIMITS = st.none() | st.integers(1, 1_000)


def judge(produced: int | None = 1_000, now: int = 1_000, **given: object) -> Verdict:
    said = {
        "ttl_ms": None,
        "cadence_ms": None,
        "max_age_ms": None,
        "marked": [],
        "outdated_upstreams": [],
        **given,
    }
    return verdict(latest_produced_at=produced, now=now, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verdict_", "state", "reasons", "deadline"),
    [
        (judge(), "unknown", [], None),
        (judge(None), "missing", ["never_produced"], None),
        (judge(None, ttl_ms=5), "missing", ["never_produced"], None),
        (judge(now=1_004, ttl_ms=5), "fresh", [], 1_005),
        (judge(now=1_005, ttl_ms=5), "expired", ["expired"], 1_005),
        (judge(now=1_005, max_age_ms=5), "fresh", [], 1_006),
        (judge(now=1_006, max_age_ms=5), "stale", ["overage"], 1_006),
        (judge(now=1_004, cadence_ms=5), "fresh", [], 1_005),
        (judge(now=1_005, cadence_ms=5), "due", ["due"], 1_005),
        (judge(marked=[StaleMark(1_001)]), "stale", ["marked_stale"], None),
        (judge(outdated_upstreams=["a"]), "stale", ["outdated_upstream"], None),
        (judge(None, marked=[StaleMark(1)]), "missing", ["never_produced", "marked_stale"], None),
        (judge(now=2_000, ttl_ms=1, cadence_ms=2), "expired", ["expired", "due"], 1_001),
        (
            judge(
                now=2_000,
                ttl_ms=3,
                cadence_ms=1,
                max_age_ms=4,
                marked=[StaleMark(1)],
                outdated_upstreams=["a", "b"],
            ),
            "expired",
            ["expired", "overage", "marked_stale", "outdated_upstream", "outdated_upstream", "due"],
            1_001,
        ),
        (judge(produced=5_000, now=1_000, ttl_ms=5), "fresh", [], 5_005),
    ],
)
def test_verdict(verdict_, state, reasons, deadline):
    assert verdict_.state == state
    assert [reason.code for reason in verdict_.reasons] == reasons
    assert verdict_.deadline == deadline


def test_reasons_tell_who_and_what():
    mark, upstream = judge(marked=[StaleMark(7, "ann", "bad input")], outdated_upstreams=["raw"]).reasons
    assert (mark.message, mark.since) == ("it was marked stale by ann: bad input", 7)
    assert (upstream.message, upstream.asset_id) == ("raw was produced later", "raw")


@given(ttl=LIMITS, cadence=LIMITS, age=LIMITS, now=st.integers(0, 5_000))
def test_it_is_fresh_exactly_until_the_deadline(ttl, cadence, age, now):
    found = judge(now=now, ttl_ms=ttl, cadence_ms=cadence, max_age_ms=age)
    if found.deadline is None:
        assert found.state == "unknown"
    else:
        assert (found.state == "fresh") is (now < found.deadline)
        assert (found.reasons == ()) is (now < found.deadline)
