import enum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AfterValidator, BaseModel, Field
from starlette.testclient import TestClient

from app.http.parameters import Parameters
from graph.errors import InvalidInput
from tests.http.sample import ListQuery

PARAMETERS = Parameters(ListQuery, "query")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=", "'limit' must be an integer from 1 to 100; '' came."),
        ("limit=abc", "'limit' must be an integer from 1 to 100; 'abc' came."),
        ("limit=0", "'limit' must be an integer from 1 to 100; '0' came."),
        ("limit=101", "'limit' must be an integer from 1 to 100; '101' came."),
        ("limit=1.0", "'limit' must be an integer from 1 to 100; '1.0' came."),
        ("limit=1_0", "'limit' must be an integer from 1 to 100; '1_0' came."),
        ("limit=+1", "'limit' must be an integer from 1 to 100; ' 1' came."),
        ("limit=%D9%A1", "'limit' must be an integer from 1 to 100; '\u0661' came."),
        ("limit=" + "9" * 5000, "'limit' must be an integer from 1 to 100; '" + "9" * 60 + "…' came."),
        ("limit", "'limit' must be an integer from 1 to 100; '' came."),
        ("offset=-1", "'offset' must be an integer from 0 to 9223372036854775807; '-1' came."),
        (
            "offset=9223372036854775808",
            "'offset' must be an integer from 0 to 9223372036854775807; '9223372036854775808' came.",
        ),
        ("sort=size", "'sort' must be one of 'title', 'year'; 'size' came."),
        ("exact=yes", "'exact' must be true or false; 'yes' came."),
        ("author=", "'author' must be text of 1 to 20 characters; '' came."),
    ],
)
def test_a_wrong_value_names_parameter_range_and_what_came(client: TestClient, query: str, message: str) -> None:
    response = client.get(f"/books?{query}")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_parameter"
    assert response.json()["error"] == message
    assert response.json()["details"]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    ("query", "code", "part"),
    [
        ("Limit=1", "unknown_parameter", "did you mean 'limit'?"),
        ("zzz=1", "unknown_parameter", "'zzz' is no parameter"),
        ("=1", "unknown_parameter", "'' is no parameter"),
        ("limit=1&limit=2", "repeated_parameter", "'limit' was given more than once"),
        ("author=%ff", "invalid_query", "percent-encoded"),
        ("author=%zz", "invalid_query", "percent-encoded"),
        ("%ff=1", "invalid_query", "percent-encoded"),
        ("&".join("tag=x" for _ in range(106)), "invalid_query", "105 parameters"),
    ],
)
def test_a_wrong_query_is_refused(client: TestClient, query: str, code: str, part: str) -> None:
    response = client.get(f"/books?{query}")
    assert (response.status_code, response.json()["code"]) == (400, code)
    assert part in response.json()["error"]


def test_a_parameter_is_refused_where_none_is_known(client: TestClient) -> None:
    assert client.get("/healthz?x=1").json()["code"] == "unknown_parameter"


def test_values_arrive_typed() -> None:
    query = PARAMETERS.parse_query(b"limit=7&exact=true&author=J%C3%BC+x&tag=a&tag=b&sort=year")
    assert query == ListQuery(limit=7, exact=True, author="Jü x", tag=["a", "b"], sort="year")
    assert PARAMETERS.parse_query(b"") == ListQuery()


@given(st.binary(max_size=40))
def test_any_query_is_parsed_or_refused(raw: bytes) -> None:
    try:
        query = PARAMETERS.parse_query(raw)
    except InvalidInput:
        return
    assert isinstance(query, ListQuery)


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


def even(number: int) -> int:
    if number % 2:
        raise ValueError("an even number is needed")
    return number


class Odd(BaseModel):
    colour: Colour
    pairs: Annotated[int, AfterValidator(even)] = 0
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    code: Annotated[str, Field(pattern="^x+$")] = "x"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (b"", "'colour' must be one of 'red', 'blue'; it is missing."),
        (b"colour=green", "'colour' must be one of 'red', 'blue'; 'green' came."),
        (b"colour=red&pairs=3", "'pairs': an even number is needed."),
        (b"colour=red&share=2", "'share' must be a number from 0 to 1; '2' came."),
        (b"colour=red&share=inf", "'share' must be a number from 0 to 1; 'inf' came."),
        (b"colour=red&code=y", "'code' must be text matching ^x+$; 'y' came."),
    ],
)
def test_other_kinds_of_parameters(query: bytes, message: str) -> None:
    parameters = Parameters(Odd, "query")
    with pytest.raises(InvalidInput) as caught:
        parameters.parse_query(query)
    assert caught.value.message == message
    assert parameters.parse_query(b"colour=red&share=0.25") == Odd(colour=Colour.RED, share=0.25)


def test_a_range_must_be_one_that_a_refusal_can_name() -> None:
    class Open(BaseModel):
        limit: Annotated[int, Field(gt=0)]

    with pytest.raises(ValueError, match="ge and le"):
        Parameters(Open, "query")
