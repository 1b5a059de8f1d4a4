"""What the HTTP kit costs on top of bare Starlette: `python -m bench.http_overhead`."""

import asyncio
import time

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from app.http.auth import create_token, parse_tokens
from tests.http.asgi import Exchange, chunk
from tests.http.sample import make_app

PATH = "/shelves/fiction/a:b"
ROUNDS = 300


async def bare(request: Request) -> Response:
    return Response(b'{"data":{}}', media_type="application/json")


def microseconds(app: ASGIApp, headers: list[tuple[bytes, bytes]]) -> float:
    """The best of several averages: what else the machine does only ever adds."""

    async def measure() -> float:
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            for _ in range(ROUNDS):
                done = Exchange("GET", PATH, [chunk(b"", more=False)], headers)
                await app(done.scope, done.receive, done.send)
                assert done.status == 200
            best = min(best, (time.perf_counter() - start) / ROUNDS)
        return best * 1e6

    return asyncio.run(measure())


def main() -> None:
    """Print both and their ratio."""
    secret, line = create_token("bench", ["read"])
    headers = [(b"authorization", f"Bearer {secret}".encode()), (b"accept-encoding", b"gzip")]
    base = microseconds(Starlette(routes=[Route("/shelves/{shelf}/{bookId}", bare)]), headers)
    kit = microseconds(make_app(parse_tokens(line)), headers)
    print(f"bare Starlette {base:.0f} µs, with the kit {kit:.0f} µs: {kit / base:.1f} times")


if __name__ == "__main__":
    main()
