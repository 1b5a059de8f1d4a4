"""Which assets lie within so many hops of given ones, level by level: one query a level, one row of lists each."""

import dataclasses
from collections.abc import Iterable

from graph.database import Transaction

DOWNSTREAM_LEVEL = """
UNWIND $keys AS key
MATCH (:Asset {key: key})<-[c:CONSUMES]-(:Step)-[p:PRODUCES]->(b:Asset)
WHERE c.to IS NULL AND p.to IS NULL
RETURN collect(DISTINCT b.key) AS keys
"""

UPSTREAM_LEVEL = """
UNWIND $keys AS key
MATCH (:Asset {key: key})<-[p:PRODUCES]-(:Step)-[c:CONSUMES]->(b:Asset)
WHERE c.to IS NULL AND p.to IS NULL
RETURN collect(DISTINCT b.key) AS keys
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """Asset key → distance in hops, nearest first; `truncated` when there was more than `limit` allowed."""

    distances: dict[str, int]
    truncated: bool


async def reach(tx: Transaction, roots: Iterable[str], query: str, depth: int | None, limit: int) -> Reach:
    """Everything within `depth` hops of the roots (None: to the end) along a level query, at most `limit`."""
    distances = dict.fromkeys(sorted(set(roots)), 0)
    level = list(distances)
    distance = 0
    while level and (depth is None or distance < depth):
        distance += 1
        row = await tx.row(query, {"keys": level})
        found = sorted(key for key in (row["keys"] if row else []) if key not in distances)
        room = limit - len(distances)
        distances |= dict.fromkeys(found[:room], distance)
        if len(found) > room:
            return Reach(distances, truncated=True)
        level = found
    return Reach(distances, truncated=False)
