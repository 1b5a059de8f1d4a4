"""When a delivery is tried again, given up, and when its webhook is paused."""

from hypothesis import given
from hypothesis import strategies as st

from graph.events.event import Event
from graph.rules.deliveries import HOUR, SCHEDULE, conclude, lane_of, pause_after, slots_of, subject_of
from graph.webhooks.records import Answer, Delivery, Webhook

TAKEN, REFUSED, GONE = Answer(200, None, 5), Answer(500, "The endpoint answered 500.", 5), Answer(410, "Gone.", 5)


def webhook(**more):
    return Webhook("wh", "https://example.com", "whsec_", "{}", 0, 0, 0, **more)


def delivery():
    lane = lane_of("wh", "asset/a")
    return Delivery("wh-1", "wh", 1, "r", "asset.produced", "asset/a", "pending", 0, lane=lane, head="wh", due=0)


def test_the_attempts_are_about_a_day():
    assert 23 * HOUR < sum(SCHEDULE) < 25 * HOUR
    assert list(SCHEDULE) == sorted(SCHEDULE)
    assert pause_after(len(SCHEDULE) + 1, 0.5) is None


@given(tries=st.integers(1, len(SCHEDULE)), roll=st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_a_fifth(tries, roll):
    pause = pause_after(tries, roll)
    assert pause is not None
    assert abs(pause - SCHEDULE[tries - 1]) <= SCHEDULE[tries - 1] / 5 + 1


def test_what_is_taken_is_delivered_and_clears_the_failure():
    hook, sent = webhook(pending=1, failing_since=3, last_error="x"), delivery()
    conclude(hook, sent, TAKEN, 10, 0.5)
    assert (sent.status, sent.attempts, sent.finished_at, sent.response_status) == ("delivered", 1, 10, 200)
    assert (sent.lane, sent.head, sent.due) == (None, None, None)
    assert (hook.pending, hook.failing_since, hook.last_error, hook.taken_at) == (0, None, None, 10)
    assert slots_of(hook) > 1


def test_a_failure_is_tried_again_and_the_webhook_only_probed():
    hook, sent = webhook(pending=1), delivery()
    conclude(hook, sent, REFUSED, 10, 0.5)
    assert (sent.status, sent.due, sent.error) == ("pending", 10 + SCHEDULE[0], REFUSED.error)
    assert sent.lane is not None
    assert (hook.failing_since, hook.pending, hook.paused_at) == (10, 1, None)
    assert slots_of(hook) == 1


def attempts(hook, sent, taken_at=None):
    """All attempts at a delivery fail; `taken_at` is when the endpoint took another one."""
    now = 0
    for number in range(len(SCHEDULE) + 1):
        now = sent.due
        if number == taken_at:
            conclude(hook, Delivery("x", "wh", 2, "s", "t", "asset/b", "pending", 0), TAKEN, now, 0.5)
        conclude(hook, sent, REFUSED, now, 0.5)
    return now


def test_after_the_last_attempt_at_an_endpoint_that_takes_others_it_is_given_up():
    hook, sent = webhook(pending=2), delivery()
    now = attempts(hook, sent, taken_at=1)
    assert (sent.status, sent.finished_at, sent.attempts) == ("failed", now, len(SCHEDULE) + 1)
    assert hook.paused_at is None


def test_after_the_last_attempt_at_one_that_takes_nothing_it_is_paused():
    hook, sent = webhook(pending=1), delivery()
    now = attempts(hook, sent)
    assert (sent.status, sent.due) == ("pending", now)
    assert hook.paused_at == now
    assert "took nothing for about a day" in hook.pause_reason


def test_an_endpoint_that_took_something_only_before_counts_as_taking_nothing():
    hook, sent = webhook(pending=1, taken_at=-5), delivery()
    attempts(hook, sent)
    assert hook.paused_at is not None


def test_410_pauses_and_an_earlier_reason_stays():
    hook, sent = webhook(pending=1, paused_at=3, pause_reason="A client paused it."), delivery()
    conclude(hook, sent, GONE, 10, 0.5)
    assert (hook.paused_at, hook.pause_reason, sent.status) == (3, "A client paused it.", "pending")
    hook = webhook(pending=1)
    conclude(hook, delivery(), GONE, 10, 0.5)
    assert hook.paused_at == 10


def test_an_event_is_about_its_asset_before_its_run_before_its_workflow():
    event = {"seq": 1, "type": "t", "at": 0, "data": "{}"}
    assert subject_of(Event(**event, asset="a", run="r", workflow="w")) == "asset/a"
    assert subject_of(Event(**event, run="r", workflow="w")) == "run/r"
    assert subject_of(Event(**event, workflow="w")) == "workflow/w"
