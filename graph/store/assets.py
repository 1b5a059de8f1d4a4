"""Assets, many at once: themselves, their declarations, newest versions and partitions; one query each."""

import dataclasses
from collections.abc import Iterable, Sequence

import orjson

from graph.database import Row, Transaction
from graph.records import Json, Snapshot, record_from
from graph.rules.identifiers import partition_key

ASSETS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
RETURN collect([a.key, a.assetId, a.productions]) AS assets
"""

PRODUCERS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[e:PRODUCES]-(s:Step)
WHERE e.to IS NULL
RETURN collect([a.key, a.assetId, s.key, e.from, e.declaration]) AS declarations
"""

PRODUCERS_AT = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[e:PRODUCES]-(s:Step)
WHERE e.from <= $at AND coalesce(e.to, $never) > $at
RETURN collect([a.key, a.assetId, s.key, e.from, e.declaration]) AS declarations
"""

CONSUMERS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[e:CONSUMES]-(s:Step)
WHERE e.to IS NULL
RETURN collect([a.key, a.assetId, s.key, e.from, e.declaration]) AS declarations
"""

PRODUCED_BY_STEPS = """
UNWIND $keys AS key
MATCH (s:Step {key: key})-[e:PRODUCES]->(a:Asset)
WHERE e.to IS NULL
RETURN collect([a.key, a.assetId, s.key, e.from, e.declaration]) AS declarations
"""

CONSUMED_BY_STEPS = """
UNWIND $keys AS key
MATCH (s:Step {key: key})-[e:CONSUMES]->(a:Asset)
WHERE e.to IS NULL
RETURN collect([a.key, a.assetId, s.key, e.from, e.declaration]) AS declarations
"""

LATEST = """
UNWIND $keys AS key
MATCH (:Asset {key: key})-[:LATEST]->(s:Snapshot)
RETURN key AS key, properties(s) AS snapshot
"""

PARTITIONS = """
UNWIND $keys AS key
CALL (key) {
  MATCH (:Asset {key: key})<-[:PARTITION_OF]-(p:Partition)
  WHERE p.key > $after
  RETURN p ORDER BY p.key LIMIT $limit
}
RETURN collect([key, p.key, coalesce(p.partitionKey, ''), p.versions]) AS partitions
"""

PARTITIONED = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
WHERE EXISTS { MATCH (a)<-[:PARTITION_OF]-(p:Partition) WHERE p.partitionKey IS NOT NULL AND p.versions > 0 }
RETURN collect(a.key) AS keys
"""

OWNERS_OF_PARTITIONS = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})
WHERE p.versions > 0
RETURN collect(p.asset) AS keys
"""

LATEST_OF_PARTITIONS = """
UNWIND $keys AS key
MATCH (:Partition {key: key})-[:LATEST]->(s:Snapshot)
RETURN key AS key, properties(s) AS snapshot
"""


@dataclasses.dataclass(frozen=True, slots=True)
class AssetFacts:
    """An asset: `asset_id` as first declared, `productions` over all its partitions."""

    key: str
    asset_id: str
    productions: int


@dataclasses.dataclass(frozen=True, slots=True)
class Declared:
    """What a step declares of an asset that it produces or consumes, since the instant `since`."""

    asset: str
    asset_id: str
    step: str
    since: int
    said: Row


@dataclasses.dataclass(frozen=True, slots=True)
class PartitionFacts:
    """One series of versions; `partition_key` is None for what is in no partition."""

    key: str
    asset: str
    partition_key: str | None
    versions: int


async def assets_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, AssetFacts]:
    """The assets that exist."""
    row = await tx.row(ASSETS, {"keys": keys})
    return {each[0]: AssetFacts(*each) for each in (row["assets"] if row else ())}


async def declarations_by_asset(tx: Transaction, query: str, keys: Sequence[str]) -> dict[str, list[Declared]]:
    """What holds now of each asset (PRODUCERS or CONSUMERS), by step."""
    return _by_asset(_declared(await tx.row(query, {"keys": keys})))


async def declarations_by_step(tx: Transaction, query: str, keys: Sequence[str]) -> dict[str, list[Declared]]:
    """What each step declares now (PRODUCED_BY_STEPS or CONSUMED_BY_STEPS), by asset."""
    found: dict[str, list[Declared]] = {}
    for each in _declared(await tx.row(query, {"keys": keys})):
        found.setdefault(each.step, []).append(each)
    return found


async def declarations_at(tx: Transaction, keys: Sequence[str], at: int, never: int) -> dict[str, list[Declared]]:
    """What the producers of each asset declared at the instant, by step; `never` is the end of what still holds."""
    row = await tx.row(PRODUCERS_AT, {"keys": keys, "at": at, "never": never})
    return _by_asset(_declared(row))


async def latest_by_asset(tx: Transaction, keys: Sequence[str]) -> dict[str, Snapshot]:
    """The newest version of each asset that has one."""
    rows = await tx.rows(LATEST, {"keys": keys})
    return {row["key"]: record_from(Snapshot, row["snapshot"]) for row in rows}


async def partitions_by_asset(
    tx: Transaction, keys: Sequence[str], limit: int, after: str = ""
) -> dict[str, list[PartitionFacts]]:
    """Up to `limit` partitions of each asset by key, behind the key `after`."""
    row = await tx.row(PARTITIONS, {"keys": keys, "limit": limit, "after": after})
    found: dict[str, list[PartitionFacts]] = {}
    for asset, key, partition, versions in row["partitions"] if row else ():
        found.setdefault(asset, []).append(PartitionFacts(key, asset, partition or None, versions))
    for each in found.values():
        each.sort(key=lambda partition: partition.key)
    return found


async def partitioned(tx: Transaction, keys: Sequence[str]) -> set[str]:
    """Those of the assets of which a partition with a key was produced."""
    row = await tx.row(PARTITIONED, {"keys": keys})
    return set(row["keys"]) if row else set()


async def with_partition(tx: Transaction, keys: Sequence[str], partition: str) -> set[str]:
    """Those of the assets of which this partition was produced."""
    row = await tx.row(OWNERS_OF_PARTITIONS, {"keys": [partition_key(key, partition) for key in keys]})
    return set(row["keys"]) if row else set()


async def latest_by_partition(tx: Transaction, keys: Sequence[str]) -> dict[str, Snapshot]:
    """The newest version of each partition, by whichever workflow."""
    newest: dict[str, Snapshot] = {}
    for row in await tx.rows(LATEST_OF_PARTITIONS, {"keys": keys}):
        snapshot = record_from(Snapshot, row["snapshot"])
        if row["key"] not in newest or newest[row["key"]].order < snapshot.order:
            newest[row["key"]] = snapshot
    return newest


def said_of(declared: Declared, name: str) -> Json | None:
    """One thing that was declared, as JSON text; None when nothing was said of it."""
    value = declared.said.get(name)
    return None if value is None else orjson.dumps(value).decode()


def _by_asset(declared: Iterable[Declared]) -> dict[str, list[Declared]]:
    found: dict[str, list[Declared]] = {}
    for each in declared:
        found.setdefault(each.asset, []).append(each)
    return found


def _declared(row: Row | None) -> list[Declared]:
    found = [
        Declared(asset, asset_id, step, since, orjson.loads(said))
        for asset, asset_id, step, since, said in (row["declarations"] if row else ())
    ]
    found.sort(key=lambda each: (each.step, each.asset))
    return found
