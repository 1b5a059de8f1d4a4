"""GraphQL without HTTP: operations on a service whose graph was made over REST."""

import dataclasses
from typing import Any

import orjson
import pytest
import strawberry

from app.graphql.context import Context
from app.graphql.schema import make_schema
from app.http.auth import LOCAL, Principal
from tests.service.client import Service
from tests.trips import recorded


@dataclasses.dataclass
class Graph:
    """The schema on one service."""

    schema: strawberry.Schema
    service: Service
    queries: list[str]

    async def answer(self, document: str, principal: Principal = LOCAL, **variables: Any) -> dict[str, Any]:
        """`data` and `errors`, as the HTTP layer would write them; `queries` holds the Cypher that it took."""
        self.queries.clear()
        context = Context(self.service.lineage, principal)
        result = await self.schema.execute(document, variable_values=variables, context_value=context)
        errors = result.errors or []
        answer: dict[str, Any] = {
            "data": result.data,
            "errors": [_code(error.original_error, error) for error in errors],
        }
        return orjson.loads(orjson.dumps(answer))

    async def ask(self, document: str, **variables: Any) -> Any:
        """The data of an operation that succeeds."""
        answer = await self.answer(document, **variables)
        assert answer["errors"] == []
        return answer["data"]

    async def refused(self, document: str, **variables: Any) -> str:
        """The code of the one error of an operation that fails."""
        (error,) = (await self.answer(document, **variables))["errors"]
        return str(error)


def _code(original: BaseException | None, error: Any) -> str:
    return getattr(original, "code", None) or (error.extensions or {}).get("code") or str(error)


@pytest.fixture(scope="session")
def schema() -> strawberry.Schema:
    return make_schema()


@pytest.fixture
async def graph(schema: strawberry.Schema, service: Service, monkeypatch: pytest.MonkeyPatch) -> Graph:
    """The schema, counting every query that reaches the database."""
    await service.quiet()
    return Graph(schema, service, recorded(monkeypatch).queries)
