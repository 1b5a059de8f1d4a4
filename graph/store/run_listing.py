"""Runs by how they stand, the newest first, each page at a bounded cost.

No index tells a run's status, which changes: the newest runs are looked through, and a page may end before it is full.
"""

import dataclasses
from collections.abc import Sequence

from graph.database import Transaction
from graph.rules.ranks import run_of
from graph.store.listing import RUNS, Page, keys_behind, scan

WITH_STATUS = """
UNWIND $keys AS key
MATCH (r:Run {key: key})
WHERE r.status IN $statuses
RETURN collect(r.key) AS keys
"""

PLACES_WITH_STATUS = """
UNWIND $places AS place
MATCH (r:Run {workflow: place[0], ordinal: place[1]})
WHERE r.status IN $statuses
RETURN collect([r.workflow, r.ordinal]) AS places
"""

SCAN = 2_000
"""Runs that one page looks at, at most."""

CHUNK = 500


@dataclasses.dataclass(slots=True)
class RunsPage:
    """Ordinals of a workflow's runs, falling; `scanned` is the lowest that was looked at."""

    ordinals: list[int]
    scanned: int


async def list_runs(tx: Transaction, limit: int, after: str, statuses: Sequence[str] = ()) -> Page[str]:
    """The ids of up to `limit` runs of all workflows behind `after` (a recency); no statuses means all."""

    async def behind(count: int, last: str) -> list[str]:
        return await keys_behind(tx, RUNS, count, last)

    async def matching(places: list[str]) -> list[tuple[str, str]]:
        keys = [run_of(place) for place in places]
        if statuses:
            row = await tx.row(WITH_STATUS, {"keys": keys, "statuses": list(statuses)})
            having = set(row["keys"]) if row else set()
        else:
            having = set(keys)
        return [(place, key) for place, key in zip(places, keys, strict=True) if key in having]

    return await scan(behind, matching, limit, after, chunk=CHUNK if statuses else limit + 1, most=SCAN)


async def runs_with_status(
    tx: Transaction, asks: Sequence[tuple[str, int]], statuses: Sequence[str], limit: int
) -> dict[tuple[str, int], RunsPage]:
    """One more than `limit` runs, where there are so many, of each workflow below an ordinal.

    `asks` are (workflow, ordinal). Rounds of one query for all that are not full yet, each twice as wide.
    """
    pages = {ask: RunsPage([], ask[1]) for ask in asks}
    waiting = {ask: page for ask, page in pages.items() if page.scanned > 1}
    width = limit + 1
    while waiting:
        floors = {ask: max(1, ask[1] - SCAN, page.scanned - width) for ask, page in waiting.items()}
        places = {
            (workflow, ordinal)
            for (workflow, below), page in waiting.items()
            for ordinal in range(floors[(workflow, below)], page.scanned)
        }
        parameters = {"places": [list(place) for place in sorted(places)], "statuses": list(statuses)}
        row = await tx.row(PLACES_WITH_STATUS, parameters)
        having = {(workflow, ordinal) for workflow, ordinal in (row["places"] if row else ())}
        for ask, page in waiting.items():
            looked_at = range(page.scanned - 1, floors[ask] - 1, -1)
            page.ordinals += [ordinal for ordinal in looked_at if (ask[0], ordinal) in having]
            page.scanned = floors[ask]
        width *= 2
        waiting = {
            ask: page
            for ask, page in waiting.items()
            if len(page.ordinals) <= limit and page.scanned > max(1, ask[1] - SCAN)
        }
    return pages
