"""The rules of requests for runs: how they move, their order, the pauses between their attempts."""

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.rules.instants import MAX_INSTANT
from graph.rules.requests import (
    ATTEMPTS,
    ENDED,
    FIRST_PAUSE,
    HIGHEST_PRIORITY,
    JITTER,
    LONGEST_PAUSE,
    TRANSITIONS,
    Act,
    RequestState,
    after_failure,
    lane_of,
    pause_after,
    prefix_end,
    prefix_of,
    rank_of,
    recency_of,
    request_of,
)

INSTANTS = st.integers(0, MAX_INSTANT)
PRIORITIES = st.integers(0, HIGHEST_PRIORITY)
IDS = st.text("0123456789abcdef", min_size=1, max_size=4).map(lambda text: f"rq_{text}")
NAMES = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=5)

WAITING, CLAIMED, SUCCEEDED, FAILED, CANCELED = RequestState


@pytest.mark.parametrize("state", RequestState)
def test_what_can_happen_to_a_request(state: RequestState) -> None:
    allowed = {
        WAITING: {Act.CLAIM: CLAIMED, Act.START: CLAIMED, Act.CANCEL: CANCELED},
        CLAIMED: {Act.SUCCEED: SUCCEEDED, Act.TRY_AGAIN: WAITING, Act.BURY: FAILED, Act.CANCEL: CANCELED},
        SUCCEEDED: {},
        FAILED: {Act.REVIVE: WAITING},
        CANCELED: {},
    }
    assert {act: after for (before, act), after in TRANSITIONS.items() if before is state} == allowed[state]


def test_every_request_can_end() -> None:
    for start in set(RequestState) - ENDED:
        seen, waiting = {start}, deque([start])
        while waiting:
            here = waiting.popleft()
            further = {after for (before, _), after in TRANSITIONS.items() if before is here} - seen
            seen |= further
            waiting += further
        assert seen >= ENDED


@given(st.tuples(PRIORITIES, INSTANTS, IDS), st.tuples(PRIORITIES, INSTANTS, IDS))
def test_ranks_are_ordered_by_priority_then_age_then_id(one: tuple[int, int, str], other: tuple[int, int, str]) -> None:
    assert (rank_of(*one) < rank_of(*other)) == ((-one[0], *one[1:]) < (-other[0], *other[1:]))
    assert request_of(rank_of(*one)) == one[2]


@given(INSTANTS, IDS, INSTANTS, IDS)
def test_recencies_are_ordered_by_age_the_newest_first(at: int, id: str, other_at: int, other: str) -> None:
    assert (recency_of(at, id) < recency_of(other_at, other)) == ((-at, id) < (-other_at, other))
    assert request_of(recency_of(at, id)) == id


@given(NAMES, NAMES, NAMES)
def test_a_prefix_holds_what_begins_with_it_and_nothing_else(name: str, other: str, rest: str) -> None:
    prefix = prefix_of(name)
    assert prefix < prefix_of(name) + "0" + rest < prefix_end(prefix)
    inside = prefix < prefix_of(other) + "0" + rest < prefix_end(prefix)
    assert inside == (name == other)


def test_lanes() -> None:
    assert lane_of("nightly", None) == "nightly#"
    assert len({lane_of("w", None), lane_of("w", "a"), lane_of("w", "b"), lane_of("v", "a")}) == 4


def test_pauses_double_up_to_ten_minutes() -> None:
    assert [pause_after(n, 0.0) // 1_000 for n in range(1, 10)] == [5, 10, 20, 40, 80, 160, 320, 600, 600]


@given(st.integers(1, 1_000), st.floats(0, 1, exclude_max=True))
def test_chance_shortens_a_pause_by_a_fifth_at_most(attempts: int, roll: float) -> None:
    longest = pause_after(attempts, 0.0)
    assert FIRST_PAUSE <= longest <= LONGEST_PAUSE
    assert round(longest * (1 - JITTER)) <= pause_after(attempts, roll) <= longest


def test_the_last_attempt_is_the_last() -> None:
    assert [after_failure(n, ATTEMPTS) for n in range(1, 6)] == [Act.TRY_AGAIN] * 4 + [Act.BURY]
