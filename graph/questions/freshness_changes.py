"""What an event changed in how fresh assets are: the verdicts a millisecond before it, and at it.

A production changes the verdict on its asset, and may put those right downstream of it out of date; the passing of a
limit, and a stale mark that comes or goes, change the verdict on their asset. Verdicts are those of
`graph.questions.at_instant`, by the version known then.
"""

import dataclasses
from collections.abc import Mapping

import orjson

from graph.database import Transaction
from graph.events.event import Event, EventType
from graph.questions.at_instant import verdicts_at
from graph.questions.levels import NEVER
from graph.rules.freshness import Verdict
from graph.rules.instants import parse_instant
from graph.store.snapshots import records_by_key

DOWNSTREAM_AT = """
MATCH (a:Asset {key: $key})<-[c:CONSUMES]-(:Step)-[p:PRODUCES]->(d:Asset)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at AND c.from <= $at AND coalesce(c.to, $never) > $at
  AND d.key <> a.key
WITH DISTINCT d.key AS key ORDER BY key LIMIT $limit
RETURN collect(key) AS keys
"""

MOST = 1_000
"""Assets right downstream of one that are looked at."""

MARKS = frozenset({EventType.ASSET_STALE_MARKED.value, EventType.ASSET_STALE_CLEARED.value})

TELLING = MARKS | {EventType.ASSET_PRODUCED.value, EventType.ASSET_EXPIRED.value}
"""The events that may change a verdict."""


@dataclasses.dataclass(frozen=True, slots=True)
class VerdictChange:
    """The verdict on an asset (its key) before and at an instant, in epoch milliseconds."""

    asset: str
    at: int
    before: Verdict
    after: Verdict


async def verdict_changes(tx: Transaction, event: Event) -> list[VerdictChange]:
    """The assets whose state is another one since the event, its own first; empty for an event of another type."""
    if event.type not in TELLING or event.asset is None:
        return []
    at, keys = await _place(tx, event, event.asset)
    if not keys:
        return []
    before = await verdicts_at(tx, keys, at - 1)
    after = await verdicts_at(tx, keys, at)
    return [VerdictChange(key, at, before[key], after[key]) for key in keys if before[key].state != after[key].state]


async def _place(tx: Transaction, event: Event, asset: str) -> tuple[int, list[str]]:
    """At which instant the event may have changed verdicts, and of which assets."""
    if event.type in MARKS:
        return event.at, [asset]
    assert event.snapshot is not None, "events of versions name them"
    arrived = (await records_by_key(tx, [event.snapshot]))[event.snapshot].created_at
    if event.type == EventType.ASSET_PRODUCED:
        row = await tx.row(DOWNSTREAM_AT, {"key": asset, "at": arrived, "never": NEVER, "limit": MOST})
        return arrived, [asset, *(row["keys"] if row else ())]
    limit = parse_instant(orjson.loads(event.data)["expiredAt"])
    # One that had passed when the version arrived was told by the production.
    return limit, [asset] if limit > arrived else []


class Told:
    """What one reader was told of an instant: several events of one millisecond share their verdicts."""

    def __init__(self) -> None:
        self._at = -1
        self._verdicts: dict[str, Verdict] = {}

    def of(self, change: VerdictChange) -> VerdictChange | None:
        """The change as the reader has not heard it yet; None when there is nothing new in it."""
        if change.at != self._at:
            self._at, self._verdicts = change.at, {}
        known: Mapping[str, Verdict] = self._verdicts
        before = known.get(change.asset, change.before)
        self._verdicts[change.asset] = change.after
        if before.state == change.after.state:
            return None
        return dataclasses.replace(change, before=before)
