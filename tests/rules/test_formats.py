"""Formats are really checked, whatever the dialect, and never fail on odd text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.rules.formats import FORMATS
from graph.rules.payload_schema import validate_payload

CASES = {
    "date-time": ("2026-02-28T12:00:00.5+01:00", "2026-02-30T12:00:00Z", "2026-02-28"),
    "date": ("2026-02-28", "2026-02-30", "20260228"),
    "time": ("12:00:00Z", "25:00:00Z", "noon"),
    "duration": ("P1DT2H", "P", "1 day"),
    "email": ("a.b+c@example.com", "a@", "a b@example.com", "é@example.com", "@b", "a@b@c"),
    "idn-email": ("é@bücher.example", "é@"),
    "hostname": ("a-b.example", "-a.example", "a..b"),
    "idn-hostname": ("bücher.example", "a..b"),
    "ipv4": ("127.0.0.1", "256.0.0.1", "1.2.3"),
    "ipv6": ("::1", "12345::", "1"),
    "uri": ("https://example.com/a?b#c", "/relative", "not a uri"),
    "uri-reference": ("../a?b", "a b", "\\a"),
    "iri": ("https://example.com/é", "é", "https://example.com/ é"),
    "iri-reference": ("é", "é é"),
    "uri-template": ("/a/{b}", "{"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000", "123e4567e89b12d3a456426614174000", "x"),
    "json-pointer": ("/a~1b", "a"),
    "relative-json-pointer": ("1/a", "/a"),
    "regex": ("^a+$", "(", "((((a{100}){100}){100}){100})"),
}


def test_every_format_of_the_dialect_has_a_case():
    assert set(CASES) == set(FORMATS.checkers)


@pytest.mark.parametrize("name", CASES)
def test_format(name):
    right, *wrong = CASES[name]
    assert validate_payload({"format": name}, right) == []
    for text in wrong:
        assert [violation.keyword for violation in validate_payload({"format": name}, text)] == ["format"], text
    assert validate_payload({"format": name}, 5) == []


def test_older_dialects_check_newer_formats_too():
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "format": "uuid"}
    assert validate_payload(schema, "x") != []


def test_unknown_formats_are_notes():
    assert validate_payload({"format": "chess-move"}, "e4") == []


@given(name=st.sampled_from(sorted(CASES)), text=st.text())
def test_no_text_is_too_odd(name, text):
    assert FORMATS.conforms(text, name) in (True, False)


@pytest.mark.parametrize("name", CASES)
def test_hostile_text_is_answered_quickly(name):
    started = time.monotonic()
    for part in ("a", "(", "é", ":", "1", "%", "/", "a.", "{a}", "1Y", "\n"):
        for frame in ("{}", "http://{} ", "P{}", "a@{}!", '"{}'):
            FORMATS.conforms(frame.replace("{}", (part * 8_000)[:8_000]), name)
    assert time.monotonic() - started < 5
    assert not FORMATS.conforms("a" * 8_193, name)
