import logging

import orjson
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.http.asgi import DISCONNECT, chunk, exchange
from tests.http.sample import make_app, make_client

PATH = "/shelves/fiction/x"
LIMIT = 1000


@pytest.fixture
def small() -> Starlette:
    return make_app(max_body=LIMIT)


def test_an_announced_body_over_the_limit_is_not_read(small: Starlette) -> None:
    done = exchange(small, "PUT", PATH, [], [(b"content-length", str(LIMIT + 1).encode())])
    assert (done.status, done.received) == (413, 0)
    error = orjson.loads(done.body)
    assert error["code"] == "body_too_large"
    assert str(LIMIT) in error["error"]


def test_an_absurd_length_is_over_the_limit(small: Starlette) -> None:
    assert exchange(small, "PUT", PATH, [], [(b"content-length", b"9" * 6000)]).status == 413


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"10")], [(b"content-length", b"odd")]])
def test_chunks_are_read_up_to_the_limit_alone(small: Starlette, headers: list[tuple[bytes, bytes]]) -> None:
    done = exchange(small, "PUT", PATH, [chunk(b" " * 400) for _ in range(10)], headers)
    assert (done.status, done.received) == (413, 3)


def test_a_body_of_exactly_the_limit_is_taken(small: Starlette) -> None:
    body = b'{"title":"t"}'.ljust(LIMIT)
    assert exchange(small, "PUT", PATH, [chunk(body[:7]), chunk(b""), chunk(body[7:], more=False)]).status == 201
    assert exchange(small, "PUT", PATH, [chunk(body + b" ", more=False)]).status == 413


def test_a_client_that_goes_away_is_no_error(small: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        done = exchange(small, "PUT", PATH, [chunk(b"{"), DISCONNECT])
    assert done.sent == []
    assert not [record for record in caplog.records if record.name != "asyncio"]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'APPLICATION/JSON;charset="UTF-8"',
        "application/merge-patch+json",
        "application/x-www-form-urlencoded",
        None,
    ],
)
def test_media_types_that_are_taken(client: TestClient, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    assert client.put(PATH, content=b'{"title": "t"}', headers=headers).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "json"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Encoding": "gzip"},
        {"Content-Type": "application/x-ndjson"},
    ],
)
def test_media_types_that_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    response = client.put(PATH, content=b'{"title": "t"}', headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    assert response.headers["accept"] == "application/json"


@pytest.mark.parametrize("content", [b"", b" \n", b"{}"])
def test_an_optional_body_may_be_empty(client: TestClient, app: Starlette, content: bytes) -> None:
    response = client.post(f"{PATH}/mark", content=content)
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" not in response.headers
    assert app.state.documents == [{}]


def test_an_optional_body_is_still_checked(client: TestClient) -> None:
    assert client.post(f"{PATH}/mark", content=b"null").json()["code"] == "invalid_input"
    assert client.post(f"{PATH}/mark", json={"not": 1}).json()["code"] == "unknown_field"


def test_the_document_is_kept_as_sent(client: TestClient, app: Starlette) -> None:
    sent = {"title": "t", "extra": {"z": 1.5, "a": [None, "é", 9007199254740993]}}
    client.put(PATH, json=sent)
    assert app.state.documents == [sent]
    assert list(app.state.documents[0]["extra"]) == ["z", "a"]


def test_the_next_request_after_a_refusal_is_served() -> None:
    client = make_client(make_app(max_body=LIMIT))
    assert client.put(PATH, content=b"x" * (LIMIT + 1)).status_code == 413
    assert client.put(PATH, json={"title": "t"}).status_code == 201
