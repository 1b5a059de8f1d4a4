import logging
from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError
from starlette.testclient import TestClient

from app.http import WHOLE
from tests.http.sample import make_app, make_client

SHAPE = {"error", "code", "details", "data", "requestId"}

CASES = [
    ("GET", "/nowhere", {}, 404, "route_not_found"),
    ("GET", "/", {}, 404, "route_not_found"),
    ("GET", "/books/", {}, 404, "route_not_found"),
    ("GET", "/books%0A", {}, 400, "invalid_path"),
    ("POST", "/books", {}, 405, "method_not_allowed"),
    ("OPTIONS", "/books", {}, 405, "method_not_allowed"),
    ("BREW", "/books", {}, 405, "method_not_allowed"),
    ("GET", "/shelves/fiction/none", {}, 404, "book_not_found"),
    ("GET", "/shelves/fiction/-x", {}, 400, "invalid_book_id"),
    ("GET", "/shelves/FICTION/x", {}, 400, "invalid_parameter"),
    ("GET", "/shelves/fiction/a%2Fb", {}, 400, "invalid_path"),
    ("GET", "/shelves/fiction/%ff", {}, 400, "invalid_path"),
    ("GET", "/shelves/fiction/%zz", {}, 400, "invalid_path"),
    ("GET", "/shelves/fiction/a%00b", {}, 400, "invalid_path"),
    ("PUT", "/shelves/fiction/x", {"content": b"{"}, 400, "invalid_json"),
    ("PUT", "/shelves/fiction/x", {"content": b""}, 400, "invalid_json"),
    ("PUT", "/shelves/fiction/x", {"content": b"[]"}, 400, "invalid_input"),
    ("PUT", "/shelves/fiction/x", {"json": {"title": "t", "titel": "t"}}, 400, "unknown_field"),
    ("PUT", "/shelves/fiction/x", {"json": {"title": "taken"}}, 409, "title_taken"),
    ("PUT", "/shelves/fiction/x", {"content": b" " * 2_000_000}, 413, "body_too_large"),
    (
        "PUT",
        "/shelves/fiction/x",
        {"content": b"{}", "headers": {"Content-Type": "text/plain"}},
        415,
        "unsupported_media_type",
    ),
    ("GET", "/broken", {}, 500, "internal_error"),
    ("GET", "/misdeclared", {}, 500, "internal_error"),
    ("GET", "/away", {}, 503, "database_unavailable"),
]


@pytest.mark.parametrize(("method", "path", "options", "status", "code"), CASES)
def test_every_error_has_the_one_shape(
    client: TestClient, method: str, path: str, options: dict, status: int, code: str
) -> None:
    response = client.request(method, path, **options)
    body = response.json()
    assert (response.status_code, body["code"]) == (status, code)
    assert response.headers["content-type"] == "application/json"
    assert body.keys() <= SHAPE
    assert body["error"].endswith((".", "?"))
    assert body["requestId"] == response.headers["x-request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["cache-control"] == "no-store"


def test_the_wrong_method_names_all_the_right_ones(client: TestClient) -> None:
    assert client.delete("/shelves/fiction/x").headers["allow"] == "GET, HEAD, PUT"


def test_unavailable_says_when_to_come_back(client: TestClient) -> None:
    assert client.get("/away").headers["retry-after"] == "7"


def test_a_conflict_shows_what_exists(client: TestClient) -> None:
    assert client.put("/shelves/a/x", json={"title": "taken"}).json()["data"] == {"bookId": "first"}


def test_an_internal_fault_is_logged_and_masked(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "app.http"):
        response = client.get("/broken", headers={"X-Request-Id": "find-me"})
    assert "secret" not in response.text
    (record,) = caplog.records
    assert "find-me" in record.getMessage()
    assert record.exc_info is not None
    assert "secret of the inside" in str(record.exc_info[1])


def test_errors_of_the_caller_are_not_logged(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "app.http"):
        client.get("/nowhere")
        client.get("/shelves/fiction/none")
    assert not [record for record in caplog.records if record.name == "app.http"]


@pytest.mark.parametrize("sane", ["abc-1.2_3:4", "x" * 100])
def test_a_sane_request_id_is_taken_over(client: TestClient, sane: str) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": sane}).headers["x-request-id"] == sane


@pytest.mark.parametrize("odd", ["", "x" * 101, "a b", "é".encode(), b'"<script>'])
def test_any_other_request_id_is_replaced(client: TestClient, odd: str) -> None:
    first = client.get("/healthz", headers={"X-Request-Id": odd}).headers["x-request-id"]
    second = client.get("/healthz", headers={"X-Request-Id": odd}).headers["x-request-id"]
    assert len(first) == len(second) == 32
    assert first != second


def test_details_that_json_cannot_hold_still_give_the_shape(caplog: pytest.LogCaptureFixture) -> None:
    from app.http import Answer, Call, Endpoint, create_app
    from graph.errors import InvalidInput

    async def handler(call: Call[None, None, None]) -> Answer:
        raise InvalidInput("odd", "Odd.", details={"value": object()})

    app = create_app(
        [
            Endpoint(
                method="GET",
                path="/",
                handler=handler,
                name="odd",
                summary="",
                tag="",
                scope=None,
                answers={200: None},
            )
        ]
    )
    response = make_client(app).get("/")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")


def test_validation_names_each_field(client: TestClient) -> None:
    body = {"title": "", "year": "1999", "chapters": [{"title": "ok", "pages": 0}, {"pages": 1.5, "no": 1}]}
    response = client.put("/shelves/a/x", json=body)
    assert response.json()["code"] == "invalid_input"
    details = response.json()["details"]
    assert details["field"] == "title"
    assert [error["field"] for error in details["errors"]] == [
        "title",
        "year",
        "chapters[0].pages",
        "chapters[1].title",
        "chapters[1].pages",
        "chapters[1].no",
    ]
    messages = {error["field"]: error["message"] for error in details["errors"]}
    assert messages["chapters[1].title"] == "'chapters[1].title' is required."
    assert messages["year"] == "'year' should be a valid integer."
    assert messages["chapters[0].pages"] == "'chapters[0].pages' should be greater than or equal to 1."


def test_an_integer_may_be_written_as_a_whole_number(client: TestClient) -> None:
    assert client.put("/shelves/a/x", content=b'{"title": "t", "year": 1999.0}').json()["data"]["year"] == 1999
    for wrong in (b"1999.5", b"1e300", b'"1999"', b"true", b"3001.0"):
        assert client.put("/shelves/a/x", content=b'{"title": "t", "year": %s}' % wrong).status_code == 400


def test_an_unknown_field_names_the_near_miss(client: TestClient) -> None:
    error = client.put("/shelves/a/x", json={"title": "t", "Chapter": []}).json()
    assert error["error"] == "'Chapter' is not a known field; did you mean 'chapters'?"


def test_a_body_full_of_mistakes_gets_a_short_answer() -> None:
    body = {"title": "t", **{f"wrong{number}": 1 for number in range(5000)}}
    response = make_client(make_app()).put("/shelves/a/x", json=body)
    assert response.status_code == 400
    assert "5000 problems" in response.json()["error"]
    assert len(response.json()["details"]["errors"]) == 20


def test_an_undeclared_answer_is_a_fault_that_the_log_explains(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/misdeclared").status_code == 500
    assert "misdeclared answered 202, which it does not declare" in caplog.text


@pytest.mark.parametrize("huge", [2.0**53 + 2, -1e300, 1e19])
def test_a_whole_number_that_a_float_cannot_tell_exactly_is_no_integer(huge: float) -> None:
    integer = TypeAdapter(Annotated[int, WHOLE])
    assert integer.validate_python(2.0**53, strict=True) == 2**53
    with pytest.raises(ValidationError):
        integer.validate_python(huge, strict=True)
