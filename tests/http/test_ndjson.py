import asyncio
import logging
from collections.abc import AsyncIterator

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect

from app.http import NdjsonResponse, read_lines
from graph.errors import TooLarge, Unavailable
from tests.http.asgi import DISCONNECT, Exchange, chunk, exchange

BOOK = b'{"title":"t"}'


def lines_of(chunks: list[bytes], limit: int = 20) -> list[tuple[int, bytes | None]]:
    messages = [chunk(body) for body in chunks] + [chunk(b"", more=False)]

    async def receive() -> dict:
        return messages.pop(0)

    async def collect() -> list[tuple[int, bytes | None]]:
        return [(line.number, line.raw) async for line in read_lines(receive, limit=limit)]

    return asyncio.run(collect())


@pytest.mark.parametrize(
    ("chunks", "lines"),
    [
        ([], []),
        ([b"a\nb\n"], [(1, b"a"), (2, b"b")]),
        ([b"a\r\nb"], [(1, b"a"), (2, b"b")]),
        ([b"a", b"b\n", b"\nc", b"d"], [(1, b"ab"), (3, b"cd")]),
        ([b" \n\r\n\tx\n"], [(3, b"\tx")]),
        ([b"x" * 20 + b"\r", b"\n" + b"y" * 21], [(1, b"x" * 20), (2, None)]),
        ([b"x" * 21 + b"\nb"], [(1, None), (2, b"b")]),
        ([b"x" * 15, b"x" * 15, b"x" * 15, b"\nb"], [(1, None), (2, b"b")]),
        ([b"x" * 22, b"\n"], [(1, None)]),
    ],
)
def test_lines_whatever_the_chunks(chunks: list[bytes], lines: list[tuple[int, bytes | None]]) -> None:
    assert lines_of(chunks) == lines


@given(st.lists(st.text("ab \r\n", max_size=12).map(str.encode), max_size=8), st.integers(1, 6))
def test_lines_do_not_depend_on_how_the_body_is_cut(chunks: list[bytes], limit: int) -> None:
    body = b"".join(chunks)
    expected = []
    for number, piece in enumerate(body.split(b"\n"), start=1):
        raw = piece.removesuffix(b"\r")
        if len(raw) > limit:
            expected.append((number, None))
        elif raw.strip():
            expected.append((number, raw))
    assert lines_of([body], limit) == expected
    assert lines_of(chunks, limit) == expected


def test_a_line_past_the_limit_names_it() -> None:
    async def first() -> None:
        async def receive() -> dict:
            return chunk(b"x" * 30, more=False)

        async for line in read_lines(receive, limit=20):
            line.parse()

    with pytest.raises(TooLarge, match="Line 1 is larger than the limit of 20 bytes") as caught:
        asyncio.run(first())
    assert caught.value.code == "line_too_large"


def test_one_outcome_a_line_and_the_stream_goes_on(app: Starlette) -> None:
    body = b"\n".join([BOOK, b"{", b"", b'{"title":"%s"}' % (b"t" * 60), b'{"a":1,"a":2}', BOOK])
    done = exchange(app, "POST", "/import", [chunk(body, more=False)])
    assert (b"content-type", b"application/x-ndjson") in done.sent[0]["headers"]
    outcomes = [orjson.loads(line) for line in done.body.splitlines()]
    assert [(outcome["line"], outcome["code"]) for outcome in outcomes] == [
        (1, None),
        (2, "invalid_json"),
        (4, "line_too_large"),
        (5, "duplicate_key"),
        (6, None),
    ]


def test_a_body_without_end_is_read_as_it_is_answered(app: Starlette) -> None:
    """Each chunk is asked for only after the outcomes of the one before have been sent."""

    class Watching(Exchange):
        async def receive(self) -> dict:
            outcomes = sum(message["type"] == "http.response.body" for message in self.sent)
            assert outcomes == self.received * 3
            return await super().receive()

    messages = [chunk((BOOK + b"\n") * 3) for _ in range(1000)] + [chunk(b"", more=False)]
    done = Watching("POST", "/import", messages, [])
    asyncio.run(app(done.scope, done.receive, done.send))
    assert len(done.body.splitlines()) == 3000


def test_a_client_that_goes_away_ends_it_quietly(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "app.http"):
        done = exchange(app, "POST", "/import", [chunk(BOOK + b"\n" + BOOK), DISCONNECT])
    assert len(done.body.splitlines()) == 1
    assert done.sent[-1]["more_body"]
    assert not caplog.records


def test_lines_of_a_client_that_goes_away() -> None:
    async def receive() -> dict:
        return DISCONNECT

    async def take() -> None:
        async for _ in read_lines(receive, limit=1):
            pass

    with pytest.raises(ClientDisconnect):
        asyncio.run(take())


def stream(app: Starlette, items: AsyncIterator[object]) -> Exchange:
    async def serve(scope: dict, receive: object, send: object) -> None:
        await NdjsonResponse(items)(scope, receive, send)

    app.router.default = serve
    done = Exchange("GET", "/stream", [], [])
    asyncio.run(app(done.scope, done.receive, done.send))
    return done


def test_what_fails_at_the_start_is_an_error_answer(app: Starlette) -> None:
    async def items() -> AsyncIterator[object]:
        raise Unavailable("The database is away; try again.")
        yield

    done = stream(app, items())
    assert done.status == 503
    assert orjson.loads(done.body)["code"] == "database_unavailable"


def test_what_fails_later_cuts_the_stream(app: Starlette, caplog: pytest.LogCaptureFixture) -> None:
    async def items() -> AsyncIterator[object]:
        yield 1
        raise KeyError("inside")

    with pytest.raises(KeyError):
        stream(app, items())
    assert "internal error" in caplog.text


def test_nothing_to_stream_is_an_empty_answer(app: Starlette) -> None:
    async def items() -> AsyncIterator[object]:
        return
        yield

    done = stream(app, items())
    assert (done.status, done.body) == (200, b"")
