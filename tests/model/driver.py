"""The service, called from plain code: one event loop that runs for as long as a call takes."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from urllib.parse import quote

import httpx

from app.main import make_app
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from graph.database import Database, Row
from graph.schema import ensure_schema
from tests.conftest import wipe


class Driver:
    """Calls over HTTP without a network, and a look into the database."""

    def __init__(self, runner: asyncio.Runner, http: httpx.AsyncClient, database: Database) -> None:
        self._runner = runner
        self._http = http
        self._database = database

    def call(self, method: str, path: str, body: Any = None, **parameters: Any) -> httpx.Response:
        """The answer; a GET's body is None."""
        sent = {} if body is None else {"json": body}
        return self._runner.run(self._http.request(method, path, params=parameters, **sent))

    def data(self, path: str, **parameters: Any) -> Any:
        """The data that a GET answers with."""
        answer = self.call("GET", path, **parameters)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()["data"]

    def lines(self, path: str, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """NDJSON in and out."""
        content = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        headers = {"content-type": "application/x-ndjson"}
        answer = self._runner.run(self._http.post(path, content=content, headers=headers))
        assert answer.status_code == 200, answer.text
        # Not by splitlines: other line ends of Unicode may stand in a text.
        return [json.loads(line) for line in answer.text.removesuffix("\n").split("\n") if line]

    def rows(self, query: str) -> list[Row]:
        """What the database itself says."""
        return self._runner.run(self._database.rows(query))


@contextlib.contextmanager
def driver(address: Address, clock: Callable[[], int]) -> Iterator[Driver]:
    """A new service on an empty database."""
    with asyncio.Runner() as runner, contextlib.ExitStack() as stack:

        def enter(context: contextlib.AbstractAsyncContextManager[Any]) -> Any:
            async def leave() -> None:
                await context.__aexit__(None, None, None)

            stack.callback(lambda: runner.run(leave()))
            return runner.run(_entered(context.__aenter__()))

        database = enter(Database(address))
        runner.run(ensure_schema(database))
        runner.run(wipe(database))
        app = make_app(Settings(), clock=clock, source=FixedSource(address))
        enter(app.router.lifespan_context(app))
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        yield Driver(runner, enter(httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")), database)


async def _entered(entering: Awaitable[Any]) -> Any:
    return await entering


def path(*parts: str) -> str:
    """A path with every part percent-encoded, as clients send it."""
    return "".join("/" + quote(part, safe="") for part in parts)
