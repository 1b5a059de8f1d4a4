"""What a database of an older version lacks, made from what is there; may be carried out again at any time.

From 1 to 2: assets note how long their versions last, and when the newest one expires. To 3 and 4: nothing that is not
made as needed; runs that were asked for before 4 have no request, and are started by their ids.
"""

from graph.database import Database
from graph.registry.deadlines import set_deadlines

ALL_ASSETS = "MATCH (a:Asset) RETURN a.key AS key"

BATCH = 500


async def upgrade(database: Database, version: int) -> None:
    """Bring the data of a database of this version up to date; its constraints and indexes are so already."""
    if version == 1:
        keys = sorted(row["key"] for row in await database.rows(ALL_ASSETS))
        for start in range(0, len(keys), BATCH):
            await _set_deadlines(database, keys[start : start + BATCH])


async def _set_deadlines(database: Database, keys: list[str]) -> None:
    await database.write(lambda tx: set_deadlines(tx, keys, 0))
