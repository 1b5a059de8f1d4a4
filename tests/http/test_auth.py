import hashlib

import pytest
from starlette.testclient import TestClient

from app.http.auth import Token, check_bind, create_token, parse_tokens
from tests.http.sample import make_app, make_client

SECRETS = {scope: create_token(scope, [scope]) for scope in ("read", "report", "write")}
TOKENS = parse_tokens(" ".join(line for _, line in SECRETS.values()))
BEARER = {scope: {"Authorization": f"Bearer {secret}"} for scope, (secret, _) in SECRETS.items()}


@pytest.fixture
def guarded() -> TestClient:
    return make_client(make_app(TOKENS))


@pytest.mark.parametrize("path", ["/books", "/nowhere", "/shelves/-/-", "/shelves/a/%2F", "/broken"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer lin_wrong"},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": ""},
        {"Authorization": "Bearer é".encode()},
        [("Authorization", BEARER["read"]["Authorization"]), ("Authorization", "Bearer x")],
    ],
)
def test_a_caller_without_a_token_learns_nothing(guarded: TestClient, path: str, headers: dict) -> None:
    for method in ("GET", "DELETE"):
        response = guarded.request(method, path, headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "unauthorized")
        assert response.headers["www-authenticate"].startswith('Bearer realm="api"')


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("read", "GET", "/books", 200),
        ("write", "GET", "/books", 200),
        ("report", "GET", "/books", 403),
        ("read", "PUT", "/shelves/a/x", 403),
        ("report", "PUT", "/shelves/a/x", 403),
        ("write", "PUT", "/shelves/a/x", 201),
        ("report", "POST", "/shelves/a/x/mark", 204),
        ("write", "POST", "/shelves/a/x/mark", 403),
        ("read", "GET", "/nowhere", 404),
    ],
)
def test_scopes(guarded: TestClient, scope: str, method: str, path: str, status: int) -> None:
    body = {"title": "t"} if method == "PUT" else {"note": "n"} if method == "POST" else None
    response = guarded.request(method, path, headers=BEARER[scope], json=body)
    assert response.status_code == status
    if status == 403:
        assert response.json()["code"] == "forbidden"
        assert response.json()["details"]["neededScope"] in response.json()["error"]


def test_a_forbidden_body_is_not_even_parsed(guarded: TestClient) -> None:
    response = guarded.put("/shelves/-/-?x=1", headers=BEARER["read"], content=b"{" * 5_000_000)
    assert response.status_code == 403


def test_open_paths_need_no_token(guarded: TestClient) -> None:
    assert guarded.get("/healthz").status_code == 200
    assert guarded.get("/healthz", headers={"Authorization": "Bearer lin_wrong"}).status_code == 200


def test_the_scheme_has_no_case(guarded: TestClient) -> None:
    headers = {"Authorization": BEARER["read"]["Authorization"].replace("Bearer", "bearer")}
    assert guarded.get("/books", headers=headers).status_code == 200


def test_a_token_is_made_and_only_its_digest_kept() -> None:
    secret, line = create_token("ci", {"report", "read"})
    assert secret.startswith("lin_")
    assert len(secret) >= 4 + 43
    assert secret not in line
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert parse_tokens(f" {line},\n") == (Token("ci", frozenset({"read", "report"}), digest),)


DIGEST = "a" * 64


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ci", "Token 1 must be written"),
        ("a:b:c:d", "Token 1"),
        (f"ci:read:{DIGEST} x", "Token 2"),
        (f"ci:admin:{DIGEST}", "scope 'admin'"),
        (f"ci::{DIGEST}", "scope ''"),
        (f"c!:read:{DIGEST}", "Token 1"),
        ("ci:read:lin_secret", "64 hexadecimal"),
        (f"ci:read:{DIGEST},ci:read:{'b' * 64}", "named 'ci'"),
        (f"ci:read:{DIGEST},cd:read:{DIGEST}", "digest of another"),
    ],
)
def test_a_wrong_setting_is_explained_without_its_secret(text: str, part: str) -> None:
    with pytest.raises(ValueError, match=part) as caught:
        parse_tokens(text)
    assert "lin_secret" not in str(caught.value)


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("a:b", ["read"]), ("ci", ["admin"]), ("ci", [])])
def test_no_token_is_made_that_the_setting_would_refuse(name: str, scopes: list[str]) -> None:
    with pytest.raises(ValueError, match=r"(?i)token"):
        create_token(name, scopes)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_needs_no_token(host: str) -> None:
    check_bind(host, ())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "10.0.0.1", "example.org", "localhost.example.org"])
def test_any_other_address_needs_a_token(host: str) -> None:
    with pytest.raises(ValueError, match="tokens must be configured"):
        check_bind(host, ())
    check_bind(host, TOKENS)
