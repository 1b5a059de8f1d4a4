"""Old deliveries go, a batch at a time."""

from graph.database import Transaction

REMOVE = """
MATCH (d:Delivery)
WHERE d.createdAt < $before AND (d.lane IS NULL OR NOT EXISTS { MATCH (:Webhook {key: d.webhook}) })
WITH d LIMIT $limit
DETACH DELETE d
RETURN count(*) AS removed
"""

FIND = """
MATCH (d:Delivery)
WHERE d.createdAt < $before AND (d.lane IS NULL OR NOT EXISTS { MATCH (:Webhook {key: d.webhook}) })
RETURN d.key AS key LIMIT 1
"""


async def any_old(tx: Transaction, before: int) -> bool:
    """Whether there is anything for `remove_old`."""
    return await tx.row(FIND, {"before": before}) is not None


async def remove_old(tx: Transaction, before: int, limit: int) -> int:
    """Remove up to `limit` deliveries that were made before an instant; how many there were.

    One that still waits stays, however old, unless its webhook was deleted.
    """
    row = await tx.row(REMOVE, {"before": before, "limit": limit})
    return int(row["removed"]) if row else 0
