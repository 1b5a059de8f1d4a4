"""Digests, derived ids and the order of versions."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import InvalidInput
from graph.rules.digests import canonical_json, digest, snapshot_id
from graph.rules.instants import MAX_INSTANT
from graph.rules.order import instant_of, order_of

INSTANTS = st.integers(0, MAX_INSTANT)


def test_the_order_of_members_does_not_matter_and_numbers_stay_as_sent():
    assert canonical_json({"b": [1, 1.0], "a": {"d": None, "c": "é"}}) == '{"a":{"c":"é","d":null},"b":[1,1.0]}'
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) == hashlib.sha256(b'{"a":1,"b":2}').hexdigest()
    assert len({digest(1), digest(1.0), digest(True), digest("1")}) == 4


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\ud800", {"\udfff": 1}])
def test_what_cannot_be_kept_is_refused(value):
    with pytest.raises(InvalidInput) as refused:
        digest([value])
    assert refused.value.code == "unsupported_value"


def test_a_snapshot_id_is_derived_and_differs_with_every_part():
    parts = ("run-1", "scan", 1, "a#")
    first = snapshot_id(*parts)
    assert first == snapshot_id(*parts)
    assert first.startswith("sn_")
    assert len(first) == 27
    assert first[3:].isalnum()
    assert first[3:] == first[3:].lower()
    others = {
        snapshot_id("run-2", "scan", 1, "a#"),
        snapshot_id("run-1", "scan/", 1, "a#"),
        snapshot_id("run-1", "scan", 2, "a#"),
        snapshot_id("run-1", "scan", 1, "a#b"),
    }
    assert len(others - {first}) == 4
    assert snapshot_id("a", "b/c", 1, "x") != snapshot_id("a/b", "c", 1, "x")


@given(early=INSTANTS, late=INSTANTS, ordinal=st.integers(0, 2**21 - 2), other=st.integers(0, 2**60))
def test_order_rises_with_time_then_with_arrival(early, late, ordinal, other):
    assert order_of(early, ordinal) < order_of(early, ordinal + 1)
    if early < late:
        assert order_of(early, other) < order_of(late, ordinal)
    assert instant_of(order_of(early, other)) == early
    assert 0 <= order_of(late, other) < 2**63
