"""How fresh assets are, many at once: the newest version's own hints, else the declared ones, the upstreams, and the
stale marks on the partition of the newest version.
"""

from collections.abc import Iterable, Mapping, Sequence

import orjson

from graph.database import Row, Transaction
from graph.records import Json, Snapshot
from graph.rules.freshness import StaleMark, Verdict, verdict
from graph.store.assets import PRODUCERS, Declared, declarations_by_asset, latest_by_asset
from graph.store.inventory import UPSTREAMS
from graph.store.marks import WorkflowMark, judged_series, marks_by_series


async def verdicts(tx: Transaction, keys: Sequence[str], now: int) -> dict[str, Verdict]:
    """The verdict on each asset at `now`: four queries, whatever the number of assets."""
    latest = await latest_by_asset(tx, keys)
    producers = await declarations_by_asset(tx, PRODUCERS, keys)
    upstreams: dict[str, dict[str, int]] = {}
    for row in await tx.rows(UPSTREAMS, {"keys": keys}):
        upstreams.setdefault(row["key"], {})[row["upstream"]] = row["producedAt"]
    series = judged_series(keys, latest)
    marks = await marks_by_series(tx, series.values())
    return {
        key: verdict_on(
            latest.get(key), producers.get(key, ()), upstreams.get(key, {}), marks.get(series[key], ()), now
        )
        for key in keys
    }


def verdict_on(
    newest: Snapshot | None,
    producers: Iterable[Declared],
    upstreams: Mapping[str, int],
    marks: Iterable[WorkflowMark],
    now: int,
) -> Verdict:
    """The verdict on an asset by its newest version; of its producers the first that declares limits counts."""
    declared, marked = declared_limits(producers), [each.mark for each in marks]
    if newest is None:
        return judge(None, None, declared, upstreams, marked, now)
    return judge(newest.produced_at, newest.freshness, declared, upstreams, marked, now)


def declared_limits(producers: Iterable[Declared]) -> Row | None:
    """The limits of the first producer that declares any."""
    return next((each.said["freshness"] for each in producers if "freshness" in each.said), None)


def judge(
    produced_at: int | None,
    own: Json | None,
    declared: Row | None,
    upstreams: Mapping[str, int],
    marked: Sequence[StaleMark],
    now: int,
) -> Verdict:
    """The verdict on an asset produced last at `produced_at` with its `own` hints, which win over the declared ones.

    `upstreams` are the ids of its direct upstreams and when each was produced last, `marked` the stale marks on the
    partition of its newest version.
    """
    hints = orjson.loads(own) if own else declared or {}
    return verdict(
        latest_produced_at=produced_at,
        ttl_ms=hints.get("ttlMs"),
        cadence_ms=hints.get("cadenceMs"),
        max_age_ms=hints.get("maxAgeMs"),
        marked=marked,
        outdated_upstreams=[
            upstream for upstream, at in sorted(upstreams.items()) if produced_at is not None and at > produced_at
        ],
        now=now,
    )
