"""Assets, workflows and steps that a text occurs in, by kind and key, each page at a bounded cost."""

import dataclasses
from collections.abc import Awaitable, Callable

from graph.database import Transaction
from graph.records import Workflow
from graph.store.asset_listing import AssetFilter, list_assets
from graph.store.assets import AssetFacts
from graph.store.listing import STEPS, WORKFLOWS, keys_behind
from graph.store.steps import StepFacts, steps_by_key
from graph.store.workflows import workflows_by_key

SCAN = 2_000
"""Workflows, and steps, that one page looks at, at most."""

CHUNK = 500

Hit = AssetFacts | Workflow | StepFacts


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where a search goes on: behind the key, among the things of the kind (0 assets, 1 workflows, 2 steps)."""

    kind: int = 0
    key: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Hits:
    """What was found, each with its place; `end` is None when there is nothing more to look at."""

    found: list[tuple[Place, Hit]]
    end: Place | None
    truncated: bool


@dataclasses.dataclass(frozen=True, slots=True)
class _Part:
    """What one kind gave: hits by key, the key behind which it goes on, and whether a scan was cut."""

    hits: list[Hit]
    end: str | None
    truncated: bool


Look = Callable[[Transaction, str, int, str, int], Awaitable[_Part]]


async def search(tx: Transaction, text: str, limit: int, after: Place, now: int) -> Hits:
    """Up to `limit` things in whose id, name, description, owner or tags the text occurs, without case."""
    found: list[tuple[Place, Hit]] = []
    start = after.key
    for kind in range(after.kind, len(KINDS)):
        part = await KINDS[kind](tx, text.lower(), limit - len(found), start, now)
        found += [(Place(kind, hit.key), hit) for hit in part.hits]
        if part.end is not None:
            return Hits(found, Place(kind, part.end), part.truncated)
        if len(found) == limit and kind + 1 < len(KINDS):
            return Hits(found, Place(kind + 1), truncated=False)
        start = ""
    return Hits(found, None, truncated=False)


async def _assets(tx: Transaction, text: str, limit: int, after: str, now: int) -> _Part:
    listing = await list_assets(tx, AssetFilter(text=text), limit, after, now)
    return _Part(list(listing.assets), listing.end, listing.truncated)


async def _workflows(tx: Transaction, text: str, limit: int, after: str, now: int) -> _Part:
    hits: list[Hit] = []
    for _ in range(0, SCAN, CHUNK):
        keys = await keys_behind(tx, WORKFLOWS, CHUNK, after)
        found = await workflows_by_key(tx, keys)
        hits += [it for key in keys if (it := found[key]).deleted_at is None and text in _words_of(it)]
        if len(hits) > limit:
            return _Part(hits[:limit], hits[limit - 1].key, truncated=False)
        if len(keys) < CHUNK:
            return _Part(hits, None, truncated=False)
        after = keys[-1]
    return _Part(hits, after, truncated=True)


async def _steps(tx: Transaction, text: str, limit: int, after: str, now: int) -> _Part:
    hits: list[Hit] = []
    for _ in range(0, SCAN, CHUNK):
        keys = await keys_behind(tx, STEPS, CHUNK, after)
        found = await steps_by_key(tx, keys)
        hits += [it for key in keys if (it := found[key]).active and text in f"{it.step_id}\n{it.name}".lower()]
        if len(hits) > limit:
            return _Part(hits[:limit], hits[limit - 1].key, truncated=False)
        if len(keys) < CHUNK:
            return _Part(hits, None, truncated=False)
        after = keys[-1]
    return _Part(hits, after, truncated=True)


def _words_of(workflow: Workflow) -> str:
    return f"{workflow.slug}\n{workflow.name}\n{workflow.description or ''}".lower()


KINDS: tuple[Look, ...] = (_assets, _workflows, _steps)
