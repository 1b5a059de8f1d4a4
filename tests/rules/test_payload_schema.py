"""Payloads against schemas: the same verdict as plain jsonschema, told in our shape."""

import threading

import jsonschema
import pytest
from hypothesis import assume, given, settings

from graph.errors import InvalidInput
from graph.rules import deadline
from graph.rules.dialects import DIALECTS
from graph.rules.payload_schema import Violation, check_schema, validate_payload
from tests.rules.strategies import JSON, SCHEMAS

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2019 = "https://json-schema.org/draft/2019-09/schema"


@given(schema=SCHEMAS, payload=JSON)
@settings(max_examples=400, deadline=None)
def test_the_verdict_is_that_of_plain_jsonschema(schema, payload):
    found = validate_payload(schema, payload, budget_ms=60_000)
    assert (found == []) is jsonschema.Draft202012Validator(schema).is_valid(payload)


@given(schema=SCHEMAS, payload=JSON)
@settings(max_examples=200, deadline=None)
def test_so_it_is_in_2019_09(schema, payload):
    assume("unevaluated" not in str(schema))  # jsonschema takes what is merely named as evaluated there
    schema = {**schema, "$schema": DRAFT_2019}
    found = validate_payload(schema, payload, budget_ms=60_000)
    assert (found == []) is jsonschema.Draft201909Validator(schema).is_valid(payload)


@given(schema=JSON.map(lambda value: {"properties": {"x": value}}) | SCHEMAS)
@settings(max_examples=200, deadline=None)
def test_the_merged_metaschema_agrees_with_the_published_one(schema):
    plain = jsonschema.Draft202012Validator
    published = plain(plain.META_SCHEMA).is_valid(schema)
    with deadline.within(60_000):
        assert DIALECTS["json-schema.org/draft/2020-12/schema"].metaschema.is_valid(schema) is published


def test_a_violation_names_place_keyword_and_reason():
    schema = {"properties": {"a/b": {"items": {"type": "integer"}}}, "required": ["c"]}
    assert validate_payload(schema, {"a/b": [1, "x"]}) == [
        Violation("/a~1b/1", "'x' is not of type 'integer'", "type"),
        Violation("", "'c' is a required property", "required"),
    ]
    assert validate_payload({"properties": {"a": False}}, {"a": 1})[0].keyword == "false"


def test_violations_are_bounded_in_number_and_length():
    found = validate_payload({"items": {"type": "integer"}}, ["x" * 5_000] * 500)
    assert len(found) == 100
    assert found[-1].message == "There are more violations than the 99 listed."
    assert all(len(violation.message) <= 300 for violation in found)
    assert len(validate_payload({"items": {"type": "integer"}}, ["x"] * 100)) == 100
    assert "more" not in validate_payload({"items": {"type": "integer"}}, ["x"] * 100)[-1].message


@pytest.mark.parametrize(
    ("payload", "unique"),
    [
        ([1, 1.0], False),
        ([1, True], True),
        ([0, False, None, ""], True),
        ([{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}], False),
        ([[1], [True]], True),
        ([["array", 1], [["array", 1]]], True),
        ([{"a": 1}, [["a", 1]]], True),
    ],
)
def test_uniqueness_is_that_of_json(payload, unique):
    assert (validate_payload({"uniqueItems": True}, payload) == []) is unique


@pytest.mark.parametrize(
    ("schema", "field", "code"),
    [
        (True, "s", "invalid_schema"),
        (["object"], "s", "invalid_schema"),
        ({"type": "objekt"}, "s.type", "invalid_schema"),
        ({"properties": {"x.y": {"minLength": -1}}}, 's.properties["x.y"].minLength', "invalid_schema"),
        ({"allOf": [{}, {"type": 5}]}, "s.allOf[1].type", "invalid_schema"),
        ({"properties": {"x": {"pattern": "("}}}, "s.properties.x.pattern", "invalid_schema"),
        ({"patternProperties": {"[": {}}}, "s.patternProperties", "invalid_schema"),
        ({"$schema": DRAFT_7, "patternProperties": {"[": {}}}, "s.patternProperties", "invalid_schema"),
        ({"$schema": "https://example.com/own"}, "s.$schema", "invalid_schema"),
        ({"$schema": "http://json-schema.org/draft-03/schema#"}, "s.$schema", "invalid_schema"),
        ({"$schema": 5}, "s.$schema", "invalid_schema"),
        ({"$defs": {"x": {"$schema": DRAFT_7}}}, "s.$defs.x.$schema", "invalid_schema"),
        ({"$ref": "#/$defs/x"}, "s.$ref", "invalid_schema"),
        ({"$ref": "#x"}, "s.$ref", "invalid_schema"),
        ({"$ref": "#/title", "title": "x"}, "s.$ref", "invalid_schema"),
        ({"$ref": "#/own", "own": {"type": 5}}, "s.own.type", "invalid_schema"),
        ({"properties": {"x": {"$ref": "http://localhost:1/x"}}}, "s.properties.x.$ref", "remote_reference"),
        ({"$ref": "other.json"}, "s.$ref", "remote_reference"),
        ({"$dynamicRef": "other.json#x"}, "s.$dynamicRef", "remote_reference"),
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, "s.$ref", "remote_reference"),
        ({"$ref": "#/own", "own": {"$ref": "file:///etc/passwd"}}, "s.own.$ref", "remote_reference"),
        (
            {"$schema": DRAFT_7, "definitions": {"x": {"$ref": "x.json"}}},
            "s.definitions.x.$ref",
            "remote_reference",
        ),
        ({"x": 2**64}, "s", "unsupported_value"),
        ({"$id": "http://["}, "s.$id", "invalid_schema"),
    ],
)
def test_what_cannot_be_checked_against_is_refused_with_its_place(schema, field, code):
    with pytest.raises(InvalidInput) as refused:
        check_schema(schema, "s")
    assert (refused.value.details["field"], refused.value.code) == (field, code)


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        ({"$schema": "https://json-schema.org/draft-07/schema", "items": [{"type": "string"}]}, [5]),
        ({"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": True}, 1),
        ({"$schema": DRAFT_2019, "items": [True], "unevaluatedItems": False}, [1, 2]),
        ({"$schema": DRAFT_2019, "properties": {"a": True}, "unevaluatedProperties": False}, {"b": 1}),
        (
            {
                "$schema": DRAFT_2019,
                "$recursiveAnchor": True,
                "items": {"$recursiveRef": "#"},
                "type": "array",
            },
            [5],
        ),
        ({"$id": "https://example.com/a", "$ref": "a#/$defs/n", "$defs": {"n": {"type": "null"}}}, 5),
        ({"$defs": {"n": {"$id": "n.json", "type": "null"}}, "$ref": "n.json"}, 5),
        ({"$defs": {"n": {"$anchor": "n", "type": "null"}}, "$ref": "#n"}, 5),
        ({"$dynamicRef": "#n", "$defs": {"n": {"$dynamicAnchor": "n", "type": "null"}}}, 5),
        ({"definitions": {"n": {"type": "null"}}, "$ref": "#/definitions/n"}, 5),
        ({"properties": {"$ref": {"type": "string"}}}, {"$ref": 5}),
        ({"const": {"$ref": "http://localhost:1/x"}}, 5),
        ({"type": "array", "items": {"$ref": "#"}}, [[5]]),
    ],
)
def test_dialects_and_references_within_the_document_work(schema, wrong):
    check_schema(schema)
    assert validate_payload(schema, wrong) != []


def test_a_schema_is_not_confused_with_the_one_it_was_before():
    schema = {"type": "string"}
    assert validate_payload(schema, 5) != []
    schema["type"] = "integer"
    assert validate_payload(schema, 5) == []


def test_one_schema_serves_many_threads():
    schema = {"items": {"type": "integer", "multipleOf": 3}}
    outcomes = []

    def validate(of: int) -> None:
        found = [validate_payload(schema, [3 * of, of], budget_ms=60_000) for _ in range(20)]
        outcomes.append(all([violation.path for violation in each] == ["/1"] for each in found))

    threads = [threading.Thread(target=validate, args=(of,)) for of in (1, 2, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [True] * 4
