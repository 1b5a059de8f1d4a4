from typing import Any

import pytest
from pydantic import BaseModel
from starlette.routing import Route
from starlette.testclient import TestClient

from app.http import Answer, Call, Endpoint
from app.http.routing import build_routes
from tests.http.sample import BookPath, make_app, make_client


async def nothing(call: Call[Any, Any, Any]) -> Answer:
    return Answer(status=204)


def endpoint(method: str = "GET", path: str = "/x", **fields: Any) -> Endpoint:
    defaults: dict[str, Any] = {
        "handler": nothing,
        "name": f"{method} {path}",
        "summary": "",
        "tag": "",
        "scope": "read",
        "answers": {204: None},
    }
    return Endpoint(method=method, path=path, **{**defaults, **fields})


@pytest.mark.parametrize("shown", ["a:b", "a%3Ab", "a%3ab", "%61:b"])
def test_an_id_may_be_percent_encoded(client: TestClient, shown: str) -> None:
    response = client.get(f"/shelves/fiction/{shown}")
    assert response.json() == {"data": {"shelf": "fiction", "bookId": "a:b", "title": "First", "year": 1999}}


def test_an_answer_has_data_and_meta(client: TestClient) -> None:
    response = client.get("/books")
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"data", "meta"}
    assert response.json()["meta"] == {"total": 1}


def test_status_and_headers_are_the_handlers(client: TestClient) -> None:
    first = client.put("/shelves/fiction/x", json={"title": "t"})
    second = client.put("/shelves/fiction/x", json={"title": "t"})
    assert (first.status_code, first.headers["x-created"]) == (201, "True")
    assert (second.status_code, second.headers["x-created"]) == (200, "False")


def test_fixed_segments_win_over_parameters() -> None:
    class Path(BaseModel):
        id: str

    table = [
        endpoint(path="/a/{id}", path_model=Path),
        endpoint(path="/a/graph"),
        endpoint("PUT", "/a/graph"),
    ]
    assert [route.path for route in build_routes(table, max_body=1)] == ["/a/graph", "/a/{id}"]


@pytest.mark.parametrize(
    ("second", "part"),
    [({}, "declared twice"), ({"path": "/y", "name": "GET /x"}, "declared twice")],
)
def test_nothing_is_declared_twice(second: dict[str, Any], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        build_routes([endpoint(), endpoint(**second)], max_body=1)


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"path": "/{id}"}, "different parameters"),
        ({"path_model": BookPath}, "different parameters"),
        ({"scope": "admin"}, "no scope 'admin'"),
        ({"method": "POST", "cacheable": True}, "only GET"),
        ({"path": "/{shelf}/{bookId}", "path_model": BookPath, "scope": None}, "cannot be open"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(fields: dict[str, Any], part: str) -> None:
    with pytest.raises(ValueError, match=part):
        endpoint(**fields)


def test_further_routes_stand_behind_the_same_guards() -> None:
    async def hello(request: Any) -> Any:
        raise KeyError("inside")

    client = make_client(make_app(routes=[Route("/hello", hello)]))
    assert client.get("/hello").json()["code"] == "internal_error"
    assert client.post("/hello").headers["allow"]
    assert client.post("/hello").json()["code"] == "method_not_allowed"
    assert client.get("/hello", headers={"Host": "evil.example"}).status_code == 403
