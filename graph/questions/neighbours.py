"""What is one hop away from many assets: how much of it, counted by the database, and the steps that produce them."""

from collections.abc import Sequence

from graph.database import Transaction
from graph.questions.levels import NEVER, Direction, EdgeSource, Scope, one_hop
from graph.questions.names import LineageStep, named_steps

CONSUMERS_DECLARED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[c:CONSUMES]-(s:Step)-[p:PRODUCES]->(b:Asset)
WHERE c.from <= $at AND coalesce(c.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND p.from <= $at AND coalesce(p.to, $never) > $at AND b.key <> a.key
WITH a.key AS asset, count(DISTINCT b.key) AS neighbours
RETURN collect([asset, neighbours]) AS counts
"""

SOURCES_DECLARED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES]-(s:Step)-[c:CONSUMES]->(b:Asset)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND c.from <= $at AND coalesce(c.to, $never) > $at AND b.key <> a.key
WITH a.key AS asset, count(DISTINCT b.key) AS neighbours
RETURN collect([asset, neighbours]) AS counts
"""

CONSUMERS_OBSERVED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[c:READ]-(s:Step)-[p:WROTE]->(b:Asset)
WHERE c.from <= $at AND p.from <= $at AND b.key <> a.key AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
WITH a.key AS asset, count(DISTINCT b.key) AS neighbours
RETURN collect([asset, neighbours]) AS counts
"""

SOURCES_OBSERVED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:WROTE]-(s:Step)-[c:READ]->(b:Asset)
WHERE p.from <= $at AND c.from <= $at AND b.key <> a.key AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
WITH a.key AS asset, count(DISTINCT b.key) AS neighbours
RETURN collect([asset, neighbours]) AS counts
"""

CONSUMERS_ALL = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[c:CONSUMES|READ]-(s:Step)-[p:PRODUCES|WROTE]->(b:Asset)
WHERE c.from <= $at AND coalesce(c.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND p.from <= $at AND coalesce(p.to, $never) > $at AND b.key <> a.key
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
WITH a.key AS asset, count(DISTINCT b.key) AS neighbours
RETURN collect([asset, neighbours]) AS counts
"""

SOURCES_ALL = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES|WROTE]-(s:Step)-[c:CONSUMES|READ]->(b:Asset)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at AND (size($workflows) = 0 OR s.workflow IN $workflows)
  AND c.from <= $at AND coalesce(c.to, $never) > $at AND b.key <> a.key
  AND any(i IN range(0, size(s.lifetimes) - 1)
          WHERE i % 2 = 0 AND s.lifetimes[i] <= $at AND coalesce(s.lifetimes[i + 1], $never) > $at)
WITH a.key AS asset, count(DISTINCT b.key) AS neighbours
RETURN collect([asset, neighbours]) AS counts
"""

COUNTS = {
    (Direction.DOWNSTREAM, EdgeSource.DECLARED): CONSUMERS_DECLARED,
    (Direction.UPSTREAM, EdgeSource.DECLARED): SOURCES_DECLARED,
    (Direction.DOWNSTREAM, EdgeSource.OBSERVED): CONSUMERS_OBSERVED,
    (Direction.UPSTREAM, EdgeSource.OBSERVED): SOURCES_OBSERVED,
    (Direction.DOWNSTREAM, EdgeSource.ALL): CONSUMERS_ALL,
    (Direction.UPSTREAM, EdgeSource.ALL): SOURCES_ALL,
}


async def neighbour_counts(tx: Transaction, keys: Sequence[str], direction: Direction, scope: Scope) -> dict[str, int]:
    """How many other assets are one hop away upstream or downstream; an asset with none is missing."""
    query = COUNTS[(direction, scope.source)]
    parameters = {"keys": keys, "at": scope.at, "never": NEVER, "workflows": list(scope.workflows)}
    row = await tx.row(query, parameters)
    return dict(row["counts"]) if row else {}


async def producing_steps(tx: Transaction, keys: Sequence[str], scope: Scope) -> dict[str, list[LineageStep]]:
    """The steps that produce each asset, by key, by the names of the instant; they are one hop from it."""
    pairs = {(target, step) for _, step, target in await one_hop(tx, Direction.UPSTREAM, scope, list(keys))}
    named = {step.key: step for step in await named_steps(tx, {step: 1 for _, step in pairs}, scope.at)}
    found: dict[str, list[LineageStep]] = {}
    for asset, step in sorted(pairs):
        found.setdefault(asset, []).append(named[step])
    return found
