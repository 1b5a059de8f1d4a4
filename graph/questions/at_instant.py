"""Assets as they were at an instant: the newest version that the service knew then, and how fresh it was.

What was known at an instant is what had arrived by then (`createdAt`), whatever was reported late since. Versions are
numbered as they arrive and `createdAt` never falls from one to the next (graph.recording.steps), so a search over the
numbers finds the last one known; its `ceiling` is the highest order up to it, and an order tells its version's number.
"""

import dataclasses
from collections.abc import Collection, Sequence

from graph.database import Transaction
from graph.questions.levels import NEVER
from graph.records import Snapshot, record_from
from graph.rules.freshness import Verdict
from graph.rules.order import ordinals_of
from graph.store.assets import declarations_at, latest_by_asset
from graph.store.freshness import verdict_on
from graph.store.marks import judged_series, marks_at
from graph.store.newest import VERSIONS_OF_ASSETS

ARRIVALS = """
UNWIND $places AS place
MATCH (s:Snapshot {asset: place[0], ordinal: place[1]})
RETURN collect([s.asset, s.ordinal, s.createdAt, s.ceiling]) AS arrivals
"""

UPSTREAMS_AT = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES]-(:Step)-[c:CONSUMES]->(u:Asset)
WHERE p.from <= $at AND coalesce(p.to, $never) > $at AND c.from <= $at AND coalesce(c.to, $never) > $at
  AND u.key <> a.key
RETURN collect(DISTINCT [a.key, u.key, u.assetId]) AS upstreams
"""

PROBES = 3
"""Versions of each asset that one round of the search looks at: a history of a million takes ten rounds."""


@dataclasses.dataclass(slots=True)
class _Search:
    """The last version known lies at `known` or behind it, before `unknown`; 0 is before the first."""

    unknown: int
    known: int = 0
    ceiling: int = 0

    def probes(self) -> set[int]:
        """Numbers that part the rest evenly; none when the search is over."""
        rest = self.unknown - self.known
        return {self.known + rest * part // (PROBES + 1) for part in range(1, PROBES + 1)} - {self.known}

    def take(self, ordinal: int, ceiling: int, *, known: bool) -> None:
        """What a probe found; those of a round come in order."""
        if not known:
            self.unknown = min(ordinal, self.unknown)
        elif ordinal < self.unknown:
            self.known, self.ceiling = ordinal, ceiling


async def latest_at(tx: Transaction, keys: Collection[str], at: int) -> dict[str, Snapshot]:
    """The version with the highest `producedAt` of each asset that had one by the instant.

    Rounds of one query for all assets; how many depends on the longest history alone.
    """
    latest = await latest_by_asset(tx, list(keys))
    found = {key: newest for key, newest in latest.items() if newest.created_at <= at}
    searches = {key: _Search(newest.ordinal) for key, newest in latest.items() if key not in found}
    while places := [(key, number) for key, search in searches.items() for number in sorted(search.probes())]:
        row = await tx.row(ARRIVALS, {"places": list(map(list, places))})
        arrivals = {(key, ordinal): rest for key, ordinal, *rest in (row["arrivals"] if row else ())}
        for key, ordinal in places:
            # All numbers are there: a gap would be a KeyError, not a search without end.
            created_at, ceiling = arrivals[(key, ordinal)]
            searches[key].take(ordinal, ceiling, known=created_at <= at)
    standing = [
        [key, ordinal] for key, search in searches.items() for ordinal in ordinals_of(search.ceiling, search.known)
    ]
    for each in await tx.rows(VERSIONS_OF_ASSETS, {"places": standing}) if standing else ():
        snapshot = record_from(Snapshot, each["snapshot"])
        if snapshot.order == searches[snapshot.asset].ceiling:
            found[snapshot.asset] = snapshot
    return found


async def verdicts_at(tx: Transaction, keys: Sequence[str], at: int) -> dict[str, Verdict]:
    """How fresh each asset was at the instant, by the versions known, the limits and the upstreams declared, and
    the marks that stood then."""
    producers = await declarations_at(tx, keys, at, NEVER)
    row = await tx.row(UPSTREAMS_AT, {"keys": keys, "at": at, "never": NEVER})
    upstreams: dict[str, dict[str, str]] = {}
    for key, upstream, asset_id in row["upstreams"] if row else ():
        upstreams.setdefault(key, {})[upstream] = asset_id
    latest = await latest_at(tx, {*keys, *(each for found in upstreams.values() for each in found)}, at)
    series = judged_series(keys, latest)
    marks = await marks_at(tx, series.values(), at, NEVER)
    return {
        key: verdict_on(
            latest.get(key),
            producers.get(key, ()),
            {
                asset_id: latest[upstream].produced_at
                for upstream, asset_id in upstreams.get(key, {}).items()
                if upstream in latest
            },
            marks.get(series[key], ()),
            at,
        )
        for key in keys
    }
