"""One hop from many assets at once: one query a level, one row of columns.

An edge holds at `$at` when `from <= $at < to`; an edge that still holds has no `to`. To ask for what holds now, `$at`
is `NOW`, behind every instant that can be stored. Observed edges have no end of their own: they hold while their step
is there.
"""

import dataclasses
import enum

from graph.database import Transaction

NEVER = (1 << 62) + 1
"""The end of what still holds."""

NOW = 1 << 62
"""Behind every stored instant, before `NEVER`."""


class Direction(enum.Enum):
    """Which way to go from an asset."""

    UPSTREAM = "UPSTREAM"
    DOWNSTREAM = "DOWNSTREAM"
    BOTH = "BOTH"


class EdgeSource(enum.Enum):
    """Which edges count: what definitions declare, what runs really did, or all of them."""

    DECLARED = "DECLARED"
    OBSERVED = "OBSERVED"
    ALL = "ALL"


DOWNSTREAM_DECLARED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[c:CONSUMES]-(s:Step)
WHERE c.from <= $at AND coalesce(c.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
OPTIONAL MATCH (s)-[p:PRODUCES]->(b:Asset)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at
WITH DISTINCT a.key AS source, s.key AS step, coalesce(b.key, '') AS target
RETURN collect(source) AS sources, collect(step) AS steps, collect(target) AS targets
"""

UPSTREAM_DECLARED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES]-(s:Step)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
OPTIONAL MATCH (s)-[c:CONSUMES]->(b:Asset)
WHERE c.from <= $at AND coalesce(c.to, $never) > $at
WITH DISTINCT coalesce(b.key, '') AS source, s.key AS step, a.key AS target
RETURN collect(source) AS sources, collect(step) AS steps, collect(target) AS targets
"""

DOWNSTREAM_OBSERVED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[c:READ]-(s:Step)
WHERE c.from <= $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
OPTIONAL MATCH (s)-[p:WROTE]->(b:Asset)
WHERE p.from <= $at
WITH DISTINCT a.key AS source, s.key AS step, coalesce(b.key, '') AS target
RETURN collect(source) AS sources, collect(step) AS steps, collect(target) AS targets
"""

UPSTREAM_OBSERVED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:WROTE]-(s:Step)
WHERE p.from <= $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
OPTIONAL MATCH (s)-[c:READ]->(b:Asset)
WHERE c.from <= $at
WITH DISTINCT coalesce(b.key, '') AS source, s.key AS step, a.key AS target
RETURN collect(source) AS sources, collect(step) AS steps, collect(target) AS targets
"""

DOWNSTREAM_ALL = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[c:CONSUMES|READ]-(s:Step)
WHERE c.from <= $at AND coalesce(c.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
OPTIONAL MATCH (s)-[p:PRODUCES|WROTE]->(b:Asset)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at
WITH DISTINCT a.key AS source, s.key AS step, coalesce(b.key, '') AS target
RETURN collect(source) AS sources, collect(step) AS steps, collect(target) AS targets
"""

UPSTREAM_ALL = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES|WROTE]-(s:Step)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
OPTIONAL MATCH (s)-[c:CONSUMES|READ]->(b:Asset)
WHERE c.from <= $at AND coalesce(c.to, $never) > $at
WITH DISTINCT coalesce(b.key, '') AS source, s.key AS step, a.key AS target
RETURN collect(source) AS sources, collect(step) AS steps, collect(target) AS targets
"""

LEVELS = {
    (Direction.DOWNSTREAM, EdgeSource.DECLARED): DOWNSTREAM_DECLARED,
    (Direction.UPSTREAM, EdgeSource.DECLARED): UPSTREAM_DECLARED,
    (Direction.DOWNSTREAM, EdgeSource.OBSERVED): DOWNSTREAM_OBSERVED,
    (Direction.UPSTREAM, EdgeSource.OBSERVED): UPSTREAM_OBSERVED,
    (Direction.DOWNSTREAM, EdgeSource.ALL): DOWNSTREAM_ALL,
    (Direction.UPSTREAM, EdgeSource.ALL): UPSTREAM_ALL,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """What a traversal goes along: which edges, as of which instant, of which workflows (keys; none means all)."""

    source: EdgeSource = EdgeSource.DECLARED
    at: int = NOW
    workflows: tuple[str, ...] = ()


Hop = tuple[str, str, str]
"""(consumed asset, step, produced asset); an asset is '' where the step has none on that side."""


async def one_hop(tx: Transaction, direction: Direction, scope: Scope, keys: list[str]) -> list[Hop]:
    """Every hop from the assets in one direction: downstream they are consumed, upstream produced."""
    query = LEVELS[(direction, scope.source)]
    parameters = {"keys": keys, "at": scope.at, "never": NEVER, "workflows": list(scope.workflows)}
    row = await tx.row(query, parameters)
    return list(zip(row["sources"], row["steps"], row["targets"], strict=True)) if row else []
