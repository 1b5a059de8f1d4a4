import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.http.caching import entity_tag, is_known
from tests.http.asgi import exchange

TAG = entity_tag(b"body")
OPAQUE = TAG.removeprefix("W/")


@pytest.mark.parametrize("sent", [TAG, OPAQUE, "*", " * ", f'"x", {TAG}', f'W/"a,b",{OPAQUE},"y"', f'"",{TAG}'])
def test_a_known_tag(sent: str) -> None:
    assert is_known(TAG, sent)


@pytest.mark.parametrize("sent", [None, "", '"x"', OPAQUE.strip('"'), f'"x{OPAQUE[1:]}', 'W/"x", "y"', "**"])
def test_an_unknown_tag(sent: str | None) -> None:
    assert not is_known(TAG, sent)


def test_different_bodies_have_different_tags() -> None:
    assert entity_tag(b"a") != entity_tag(b"b")


def test_what_is_unchanged_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/books")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/books", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["vary"] == "Accept-Encoding"
    assert "content-type" not in again.headers
    client.put("/shelves/a/new", json={"title": "t"})
    changed = client.get("/books", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_an_answer_that_is_not_cacheable_has_no_tag(client: TestClient) -> None:
    response = client.get("/healthz", headers={"If-None-Match": "*"})
    assert response.status_code == 200
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_an_error_is_never_304(client: TestClient) -> None:
    assert client.get("/shelves/fiction/none", headers={"If-None-Match": "*"}).status_code == 404


def test_gzip_keeps_the_tag_and_says_that_it_varies(client: TestClient, app: Starlette) -> None:
    for number in range(50):
        client.put(f"/shelves/a/book{number}", json={"title": "t"})
    plain = client.get("/books?limit=100", headers={"Accept-Encoding": "identity"})
    packed = client.get("/books?limit=100", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 4
    assert packed.json() == plain.json()
    assert packed.headers["etag"] == plain.headers["etag"]
    assert packed.headers["etag"].startswith("W/")
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", ["/books", "/shelves/fiction/a:b", "/nowhere", "/healthz"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_head_is_get_without_the_body(client: TestClient, path: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding, "X-Request-Id": "same"}
    get, head = client.get(path, headers=headers), client.head(path, headers=headers)
    assert head.content == b""
    assert (head.status_code, dict(head.headers)) == (get.status_code, dict(get.headers))


def test_the_body_of_head_is_kept_back_by_the_application_itself(app: Starlette) -> None:
    for path in ("/books", "/nowhere"):
        done = exchange(app, "HEAD", path, [])
        assert done.body == b""
        assert int(dict(done.sent[0]["headers"])[b"content-length"]) > 0
