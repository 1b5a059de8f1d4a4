import pytest
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.http.auth import create_token, parse_tokens
from tests.http.sample import make_app, make_client

PATH = "/shelves/fiction/x"
BODY = {"title": "t"}


@pytest.mark.parametrize("host", ["127.0.0.1:4000", "localhost", "LOCALHOST:99", "[::1]:4000", "[::1]", "127.0.0.1"])
def test_loopback_names_are_taken(client: TestClient, host: str) -> None:
    assert client.get("/books", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4000",
        "127.0.0.1.evil.example",
        "localhost.",
        "user@localhost",
        "localhost/x",
        "localhost:x",
        "localhost:99999",
        "[::1",
        "",
        " ",
        "127.0.0.1 evil",
    ],
)
def test_any_other_host_is_refused_without_tokens(client: TestClient, host: str) -> None:
    for path in ("/books", "/healthz", "/nowhere"):
        response = client.get(path, headers={"Host": host})
        assert (response.status_code, response.json()["code"]) == (403, "host_not_allowed")


def test_further_hosts_and_origins_can_be_allowed() -> None:
    client = make_client(make_app(allowed_hosts=["Lineage.example"], allowed_origins=["https://Pages.example/"]))
    assert client.get("/books", headers={"Host": "lineage.example:80"}).status_code == 200
    assert client.put(PATH, json=BODY, headers={"Origin": "https://pages.example"}).status_code == 201
    assert client.put(PATH, json=BODY, headers={"Origin": "http://pages.example"}).status_code == 403


def test_any_host_will_do_with_a_token() -> None:
    secret, line = create_token("ci", ["read"])
    client = make_client(make_app(parse_tokens(line)))
    headers = {"Host": "lineage.example", "Authorization": f"Bearer {secret}"}
    assert client.get("/books", headers=headers).status_code == 200


FOREIGN = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:3000"},
    {"Origin": ""},
    {"Origin": "http://localhost:4000"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://127.0.0.1:4000.evil.example"},
]
OWN = [{}, {"Origin": "http://127.0.0.1:4000"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_foreign_page_changes_nothing(client: TestClient, headers: dict[str, str]) -> None:
    response = client.put(PATH, json=BODY, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "cross_origin")
    assert client.get(PATH).status_code == 404
    assert client.get("/books", headers=headers).status_code == 200


@pytest.mark.parametrize("headers", OWN)
def test_the_own_page_and_programs_may(client: TestClient, headers: dict[str, str]) -> None:
    assert client.put(PATH, json=BODY, headers=headers).status_code == 201


def test_the_default_port_may_be_left_out(client: TestClient) -> None:
    headers = {"Host": "localhost", "Origin": "http://localhost:80"}
    assert client.put(PATH, json=BODY, headers=headers).status_code == 201


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("hello")
    await socket.close()


def test_a_foreign_page_opens_no_web_socket() -> None:
    client = make_client(make_app(routes=[WebSocketRoute("/socket", greet)]))
    with client.websocket_connect("/socket", headers={"Host": "127.0.0.1:4000"}) as socket:
        assert socket.receive_text() == "hello"
    for headers in ({"Origin": "http://evil.example", "Host": "127.0.0.1:4000"}, {"Host": "evil.example"}):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/socket", headers=headers):
            pass
