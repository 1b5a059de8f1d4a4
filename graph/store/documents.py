"""What never changes once written, kept in the process: definitions by revision and JSON Schemas by digest."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import orjson
from cachetools import LRUCache

from graph.database import Transaction
from graph.declarations.definition import WorkflowDefinition
from graph.declarations.parse import load_definition
from graph.records import Json

DEFINITIONS = """
UNWIND $keys AS key
MATCH (v:Revision {key: key})
RETURN v.key AS key, v.definition AS document
"""

SCHEMAS = """
UNWIND $keys AS key
MATCH (d:Schema {key: key})
RETURN d.key AS key, d.document AS document
"""

V = TypeVar("V")


class Kept(Generic[V]):
    """A bounded memory, least recently used out first, of values that can be read again by key."""

    def __init__(self, query: str, parse: Callable[[str, Json], V], limit: int) -> None:
        self._query = query
        self._parse = parse
        self._values: LRUCache[str, V] = LRUCache(limit)

    def peek(self, key: str) -> V | None:
        """The value if it is kept, without a query."""
        return self._values.get(key)

    async def get(self, tx: Transaction, keys: Iterable[str]) -> dict[str, V]:
        """The values of the keys that exist; one query for those that are not kept yet, none when all are."""
        wanted = set(keys)
        found = {key: self._values[key] for key in wanted if key in self._values}
        if missing := sorted(wanted - found.keys()):
            for row in await tx.rows(self._query, {"keys": missing}):
                found[row["key"]] = self._values[row["key"]] = self._parse(row["key"], row["document"])
        return found


class Documents:
    """The two memories of one service."""

    def __init__(self) -> None:
        self.definitions: Kept[WorkflowDefinition] = Kept(DEFINITIONS, _definition, 2_000)
        self.schemas: Kept[Json] = Kept(SCHEMAS, lambda _, text: text, 2_000)


def _definition(key: str, text: Json) -> WorkflowDefinition:
    # The document as sent may leave its slug to the path of the request; the key of a revision begins with it.
    return load_definition(orjson.loads(text), slug=key.rpartition("#")[0])
