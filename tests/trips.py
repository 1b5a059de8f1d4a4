"""What passes the seam to the database, for tests that count it."""

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from graph.database import Database, Transaction


@dataclasses.dataclass
class Trips:
    """The queries that were run, how many rows they brought, and the kinds of their transactions."""

    queries: list[str] = dataclasses.field(default_factory=list)
    rows: list[int] = dataclasses.field(default_factory=list)
    transactions: list[str] = dataclasses.field(default_factory=list)

    def clear(self) -> None:
        self.queries.clear()
        self.rows.clear()
        self.transactions.clear()


def recorded(monkeypatch: pytest.MonkeyPatch) -> Trips:
    """Records from now on what this event loop asks; services of other tests may be at work in threads of their own."""
    found = Trips()
    here = asyncio.get_running_loop()

    def note(owner: type, name: str, behind: Callable[[Any, Any], None]) -> None:
        inner = getattr(owner, name)

        async def noted(self: Any, argument: Any, *rest: Any) -> Any:
            answer = await inner(self, argument, *rest)
            if asyncio.get_running_loop() is here:
                behind(argument, answer)
            return answer

        monkeypatch.setattr(owner, name, noted)

    def asked(query: str, rows: list[Any] | None) -> None:
        found.queries.append(query)
        found.rows.append(len(rows or ()))

    # `row` asks by `rows`; `Database.row` and `rows` by `read`.
    note(Transaction, "rows", asked)
    note(Transaction, "run", asked)
    note(Database, "read", lambda *_: found.transactions.append("read"))
    note(Database, "write", lambda *_: found.transactions.append("write"))
    return found
