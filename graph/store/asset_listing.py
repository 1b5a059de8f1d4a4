"""Assets by filters, a page at a time, at a bounded cost: a scan that finds too little says where it stopped."""

import dataclasses

from graph.database import Transaction
from graph.records import Snapshot
from graph.rules.freshness import State
from graph.store.assets import (
    CONSUMERS,
    PRODUCERS,
    AssetFacts,
    Declared,
    assets_by_key,
    declarations_by_asset,
    latest_by_asset,
    partitioned,
    with_partition,
)
from graph.store.freshness import verdicts
from graph.store.listing import ASSETS, END, Page, keys_behind, scan
from graph.store.workflows import assets_by_workflow

CHUNK = 250
"""Assets that are looked at in one step of a scan."""

SCAN = 2_000
"""Assets that one page looks at, at most."""

COUNT_CHUNK = 1_000
COUNT_SCAN = 20_000
"""Assets that a count looks at, at most."""


@dataclasses.dataclass(frozen=True, slots=True)
class AssetFilter:
    """What all must hold. `workflow` and `prefix` are keys; `text` is looked for without case in the id and in what
    is declared (description, owner, tags). `produced_since` and `produced_before` are instants, the second one not
    included; they and `valid` are about the newest version, so what was never produced matches none of them.
    """

    workflow: str | None = None
    prefix: str | None = None
    text: str | None = None
    state: State | None = None
    produced_since: int | None = None
    produced_before: int | None = None
    valid: bool | None = None
    partitioned: bool | None = None
    partition_key: str | None = None


async def list_assets(tx: Transaction, wanted: AssetFilter, limit: int, after: str, now: int) -> Page[AssetFacts]:
    """Up to `limit` assets behind the key `after` that somebody declares now or ever produced."""
    own = await _own(tx, wanted)

    async def behind(count: int, last: str) -> list[str]:
        return await _keys(tx, wanted, own, count, last)

    async def matching(keys: list[str]) -> list[tuple[str, AssetFacts]]:
        return [(each.key, each) for each in await _matching(tx, wanted, keys, now)]

    # One more than fits on the page tells whether there are more.
    chunk = min(CHUNK, limit + 1) if wanted == AssetFilter() else CHUNK
    return await scan(behind, matching, limit, after, chunk=chunk, most=SCAN)


async def count_assets(tx: Transaction, wanted: AssetFilter, now: int) -> int | None:
    """How many assets there are in all; None when there are more to look at than a count may."""
    own = await _own(tx, wanted)
    count, after = 0, ""
    for _ in range(0, COUNT_SCAN, COUNT_CHUNK):
        keys = await _keys(tx, wanted, own, COUNT_CHUNK, after)
        count += len(await _matching(tx, wanted, keys, now))
        if len(keys) < COUNT_CHUNK:
            return count
        after = keys[-1]
    return None


async def _own(tx: Transaction, wanted: AssetFilter) -> list[str] | None:
    """The keys among which to look where a workflow is wanted: its own."""
    if wanted.workflow is None:
        return None
    return (await assets_by_workflow(tx, [wanted.workflow])).get(wanted.workflow, [])


async def _keys(tx: Transaction, wanted: AssetFilter, own: list[str] | None, limit: int, after: str) -> list[str]:
    prefix = wanted.prefix or ""
    if own is not None:
        return [key for key in own if key > after and key.startswith(prefix)][:limit]
    # The prefix itself may be a key: the range begins just before it.
    start = max(after, prefix[:-1] + chr(ord(prefix[-1]) - 1) + END) if prefix else after
    return await keys_behind(tx, ASSETS, limit, start, prefix + END)


async def _matching(tx: Transaction, wanted: AssetFilter, keys: list[str], now: int) -> list[AssetFacts]:
    if not keys:
        return []
    facts = await assets_by_key(tx, keys)
    producers = await declarations_by_asset(tx, PRODUCERS, keys)
    # Whether somebody consumes it matters only where nobody produces it.
    rest = [key for key in keys if key in facts and not facts[key].productions and key not in producers]
    consumers = await declarations_by_asset(tx, CONSUMERS, rest) if rest else {}
    kept = [
        facts[key] for key in keys if key in facts and (facts[key].productions or key in producers or key in consumers)
    ]
    if wanted.text is not None:
        text = wanted.text.lower()
        kept = [each for each in kept if text in _words(each, producers.get(each.key, []))]
    if wanted.partitioned is not None and kept:
        having = await partitioned(tx, [each.key for each in kept])
        kept = [each for each in kept if (each.key in having) == wanted.partitioned]
    if wanted.partition_key is not None and kept:
        having = await with_partition(tx, [each.key for each in kept], wanted.partition_key)
        kept = [each for each in kept if each.key in having]
    if (wanted.produced_since, wanted.produced_before, wanted.valid) != (None, None, None) and kept:
        latest = await latest_by_asset(tx, [each.key for each in kept])
        kept = [each for each in kept if each.key in latest and _fits(wanted, latest[each.key])]
    if wanted.state is not None and kept:
        judged = await verdicts(tx, [each.key for each in kept], now)
        kept = [each for each in kept if judged[each.key].state == wanted.state]
    return kept


def _fits(wanted: AssetFilter, newest: Snapshot) -> bool:
    return (
        (wanted.produced_since is None or newest.produced_at >= wanted.produced_since)
        and (wanted.produced_before is None or newest.produced_at < wanted.produced_before)
        and (wanted.valid is None or newest.valid == wanted.valid)
    )


def _words(asset: AssetFacts, declared: list[Declared]) -> str:
    """Everything that a text may be found in, in lower case, a line each."""
    words = [asset.asset_id]
    for each in declared:
        words += [each.said.get("description") or "", each.said.get("owner") or "", *each.said.get("tags", ())]
    return "\n".join(words).lower()
