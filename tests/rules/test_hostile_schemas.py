"""Schemas and payloads made to be slow end in time, as an error that says so."""

import time

import pytest

from graph.errors import InvalidInput, Unprocessable
from graph.rules.patterns import compile_pattern, search
from graph.rules.payload_schema import check_schema, validate_payload

GENEROUS_S = 5
"""Against hours: wide enough for a busy machine."""


def _doubling(step: dict, depth: int = 40) -> dict:
    """A schema whose every level applies the next one twice."""
    levels = {f"d{level}": step(f"#/$defs/d{level + 1}") for level in range(depth)}
    return {"$ref": "#/$defs/d0", "$defs": {**levels, f"d{depth}": {}}}


SLOW = {
    "catastrophic pattern": ({"pattern": "(a|a)*$"}, "a" * 50 + "b"),
    "catastrophic pattern in patternProperties": (
        {"patternProperties": {"(a|a)*$": {}}},
        {"a" * 50 + "b": 1},
    ),
    "catastrophic pattern beside additionalProperties": (
        {"additionalProperties": False, "patternProperties": {"(a|a)*$": {}}},
        {"a" * 50 + "b": 1},
    ),
    "catastrophic pattern under unevaluatedProperties": (
        {"unevaluatedProperties": False, "anyOf": [True, {"patternProperties": {"(a|a)*$": {}}}]},
        {"a" * 50 + "b": 1},
    ),
    "exponential references": (_doubling(lambda name: {"allOf": [{"$ref": name}, {"$ref": name}]}), 5),
    "exponential anyOf": (_doubling(lambda name: {"anyOf": [{"not": {"$ref": name}}, {"$ref": name}]}), 5),
    "exponential unevaluatedProperties": (
        {
            "unevaluatedProperties": False,
            **_doubling(lambda name: {"dependentSchemas": {"a": {"$ref": name}, "b": {"$ref": name}}}),
        },
        {"a": 1, "b": 1, "c": 1},
    ),
    "endless recursion": ({"$ref": "#"}, {}),
    "endless recursion in two steps": (
        {"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#"}}}},
        5,
    ),
    "dialect named inside": (
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$ref": "#/$defs/d0",
            "$defs": {
                **_doubling(lambda name: {"allOf": [{"$ref": name}, {"$ref": name}]})["$defs"],
                "d0": {
                    "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "allOf": [{"$ref": "#/$defs/d1"}],
                },
            },
        },
        5,
    ),
    "contains over a long array": ({"contains": {"allOf": [{"const": 5}] * 20}}, [1] * 200_000),
    "contains nothing": ({"contains": False}, [1] * 3_000_000),
    "patterns times properties": (
        {"patternProperties": {f"^a{i}$": {} for i in range(300)}},
        {f"x{i}": 1 for i in range(50_000)},
    ),
}


@pytest.mark.parametrize("case", SLOW)
def test_a_slow_validation_is_stopped(case):
    schema, payload = SLOW[case]
    check_schema(schema)
    started = time.monotonic()
    with pytest.raises(Unprocessable) as stopped:
        validate_payload(schema, payload, budget_ms=50)
    assert stopped.value.code == "validation_too_slow"
    assert time.monotonic() - started < GENEROUS_S


def test_long_arrays_are_checked_in_linear_time():
    started = time.monotonic()
    objects = [{"n": i} for i in range(100_000)]
    assert validate_payload({"uniqueItems": True}, objects, budget_ms=60_000) == []
    assert validate_payload({"uniqueItems": True}, [*objects, {"n": 5.0}], budget_ms=60_000) != []
    marked = {"contains": {"const": 1}, "unevaluatedItems": False}
    assert validate_payload(marked, [1] * 50_000, budget_ms=60_000) == []
    assert time.monotonic() - started < GENEROUS_S


@pytest.mark.parametrize(
    "schema",
    [
        {"description": "x" * 300_000},
        {"enum": [str(i) for i in range(20_001)]},
        {"properties": {f"p{i}": {} for i in range(20_001)}},
        {"properties": {f"p{i}": {"pattern": f"a{{{15_000 + i}}}"} for i in range(2_500)}},
    ],
)
def test_a_schema_past_the_limits_is_refused_in_time(schema):
    started = time.monotonic()
    with pytest.raises(InvalidInput) as refused:
        check_schema(schema, "s")
    assert refused.value.code == "schema_too_large"
    assert time.monotonic() - started < GENEROUS_S


def test_a_schema_may_be_64_levels_deep_and_no_more():
    schema: dict = {}
    for _ in range(63):
        schema = {"not": schema}
    check_schema(schema)
    with pytest.raises(InvalidInput, match="64 levels"):
        check_schema({"not": schema})


def test_a_payload_at_the_depth_limit_is_not_taken_for_endless():
    payload: dict = {}
    for _ in range(31):
        payload = {"children": [payload]}
    tree = {
        "$ref": "#/$defs/node",
        "$defs": {"node": {"properties": {"children": {"items": {"allOf": [{"$ref": "#/$defs/node"}]}}}}},
    }
    assert validate_payload(tree, payload, budget_ms=60_000) == []


@pytest.mark.parametrize(
    "pattern",
    [
        "((((a{100}){100}){100}){100})",
        "(?:(?:[ab]{1000}){1000}){1000}",
        "(?:(?:a{60,}){60,}){60,}",
        "a{100000000}",
        "a" * 5_000,
        "(" * 500 + "a" + ")" * 500,
    ],
)
def test_a_pattern_that_would_not_compile_in_time_is_refused(pattern):
    started = time.monotonic()
    with pytest.raises(ValueError, match=r"unroll|characters|deeply"):
        compile_pattern(pattern)
    assert time.monotonic() - started < GENEROUS_S


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^\d+$", "\N{ARABIC-INDIC DIGIT ONE}", False),
        (r"^\w$", "é", False),
        (r"^a$", "a\n", False),
        (r"\p{Lu}", "É", True),
        (r"^(?<y>\d{4})-\k<y>$", "2026-2026", True),
        (r"^\u{1F600}$", "😀", True),
        (r"^\cJ$", "\n", True),
        (r"^[^]$", "\n", True),
        (r"[]", "a", False),
        (r"^[[:alpha:]$", ":", True),
        (r"^a{,3}$", "a{,3}", True),
        (r"^(?:foo){e<=2}$", "fxx", False),
        (r"^{}$", "{}", True),
        (r"^[\]$]+$", "]$", True),
        (r"^\$$", "$", True),
        (r"^.{0,5000}$", "x" * 4_999, True),
        (r"^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$", "10.0.0.1", True),
    ],
)
def test_patterns_mean_what_ecma_262_says(pattern, text, found):
    assert search(pattern, text, 1) is found
