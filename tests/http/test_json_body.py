import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.json_body import MAX_INTEGER, dump_json, parse_json
from graph.errors import InvalidInput

DEEP = 100_000


def refusal(raw: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        parse_json(raw)
    assert caught.value.message.endswith(".")
    return caught.value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n",
        b"{",
        b"[1,]",
        b"{'a':1}",
        b"[1] 2",
        b"01",
        b"NaN",
        b"[Infinity]",
        b"[-Infinity]",
        b"nul",
        b'"\x01"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        b"/* */ 1",
        b"\xa0{}",
        b'"\\ud800"',
        b'"\\ud800\\u0041"',
        b'"\\udfff"',
        b'{"\\ud800":1}',
        b'"\\x"',
    ],
)
def test_what_is_no_json_is_refused(raw: bytes) -> None:
    assert refusal(raw).code == "invalid_json"


def test_the_place_of_a_mistake_is_told() -> None:
    error = refusal(b'{"a": 1,\n "b": }')
    assert error.details == {"line": 2, "column": 7}
    assert "line 2, column 7" in error.message


def test_half_a_surrogate_pair_is_explained_and_a_whole_one_taken() -> None:
    assert "surrogate" in refusal(b'"\\ud800"').message
    assert parse_json(b'"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b'{"a":1,"a":1}', "a"),
        (b'[{"x":{"b c":1,\n"b c":2}}]', "b c"),
        (b'{"a":1,"\\u0061":2}', "a"),
        (b'{"%s":1,"%s":2}' % (b"k" * 500, b"k" * 500), "k" * 60 + "…"),
        (b'{" at line 9 column 9":1," at line 9 column 9":2}', " at line 9 column 9"),
    ],
)
def test_a_key_that_occurs_twice_is_named(raw: bytes, key: str) -> None:
    error = refusal(raw)
    assert error.code == "duplicate_key"
    assert error.details is not None
    assert error.details["key"] == key
    assert key in error.message


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_nesting_ends_at_64(opening: bytes, closing: bytes) -> None:
    assert parse_json(opening * 64 + b"1" + closing * 64) is not None
    for depth in (65, 200, 201, 202, 203, DEEP):
        assert refusal(opening * depth + b"1" + closing * depth).code == "nesting_too_deep"


def test_a_smaller_depth_can_be_asked_for() -> None:
    assert parse_json(b"[[1]]", max_depth=2) == [[1]]
    with pytest.raises(InvalidInput, match="2 levels"):
        parse_json(b"[[[1]]]", max_depth=2)


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        (b'{"steps":[0,{"x y":1e999}]}', 'steps[1]["x y"]'),
        (b'{"a":-1e999}', "a"),
        (b"[9223372036854775808]", "[0]"),
        (b'{"a":{"b":-9223372036854775808}}', "a.b"),
        (b'{"a":%s.5}' % (b"1" * 400), "a"),
    ],
)
def test_a_number_out_of_range_is_named(raw: bytes, field: str) -> None:
    error = refusal(raw)
    assert error.code == "number_out_of_range"
    assert error.details == {"field": field}


def test_numbers_out_of_range_without_a_field() -> None:
    assert refusal(b"1e999").code == "number_out_of_range"
    assert refusal(b"1" * 5000).code == "number_out_of_range"


def test_the_largest_numbers_are_taken() -> None:
    assert parse_json(b"[9223372036854775807,-9223372036854775807]") == [MAX_INTEGER, -MAX_INTEGER]
    assert parse_json(b"[1.7976931348623157e308, true, 1e-999]") == [1.7976931348623157e308, True, 0.0]


def test_a_large_body_is_checked_quickly() -> None:
    raw = b"[" + b",".join(b'{"a":%d,"b":[1.5,"x"]}' % number for number in range(35_000)) + b"]"
    assert 0.8e6 < len(raw) < 1.2e6
    start = time.perf_counter()
    parse_json(raw)
    # About 30 ms here; the bound only catches a walk that is not linear.
    assert time.perf_counter() - start < 2


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=5) | st.dictionaries(st.text(), children, max_size=5),
    max_leaves=20,
)


@given(json_values)
def test_what_is_written_is_read_again(value: object) -> None:
    assert parse_json(dump_json(value)) == value


@given(st.binary(max_size=50))
def test_any_bytes_give_a_document_that_can_be_sent_back_or_a_refusal(raw: bytes) -> None:
    try:
        document = parse_json(raw)
    except InvalidInput:
        return
    assert parse_json(dump_json(document)) == document


def test_what_has_no_json_form_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        dump_json(object())
