"""When the newest version of an asset stops to be fresh by itself, worked out anew after definitions changed.

A version's own limits hold for good. One that was made under none is held to those that are declared now, as every
answer about freshness has it (graph.store.freshness); so declaring, changing or removing limits moves its deadline.
"""

from collections.abc import Collection

import orjson

from graph.database import Row, Transaction
from graph.rules.freshness import first_limit
from graph.store.assets import PRODUCERS, declarations_by_asset
from graph.store.freshness import declared_limits

LOCK_NEWEST = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
SET a.lockedAt = $now
WITH a
OPTIONAL MATCH (a)-[:LATEST]->(s:Snapshot)
RETURN a.key AS key, a.expired AS expired, s.key AS snapshot, s.producedAt AS producedAt, s.freshness AS freshness
"""

SET_DEADLINES = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.key})
SET a.lasts = row.lasts, a.expiresAt = row.at
"""


async def set_deadlines(tx: Transaction, assets: Collection[str], now: int) -> int | None:
    """Note on each asset how long its versions last as declared now, and when the newest one expires.

    Returns the first of those instants. What was told of as expired is not told of again.
    """
    keys = sorted(assets)
    newest = await tx.rows(LOCK_NEWEST, {"keys": keys, "now": now})
    producers = await declarations_by_asset(tx, PRODUCERS, keys)
    rows = []
    for row in newest:
        limits = declared_limits(producers.get(row["key"], ()))
        lasts = first_limit(0, limits) if limits else None
        rows.append({"key": row["key"], "lasts": lasts, "at": _deadline(row, lasts)})
    await tx.run(SET_DEADLINES, {"rows": rows})
    return min((row["at"] for row in rows if row["at"] is not None), default=None)


def _deadline(newest: Row, lasts: int | None) -> int | None:
    if newest["snapshot"] is None or newest["snapshot"] == newest["expired"]:
        return None
    if newest["freshness"] is not None:
        return first_limit(newest["producedAt"], orjson.loads(newest["freshness"]))
    return None if lasts is None else int(newest["producedAt"]) + lasts
