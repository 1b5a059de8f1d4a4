"""Assets, workflows and steps that a text occurs in, by kind and key, each page at a bounded cost."""

import dataclasses
from collections.abc import Awaitable, Callable

from graph.database import Transaction
from graph.records import Workflow
from graph.store.asset_listing import AssetFilter, list_assets
from graph.store.assets import AssetFacts
from graph.store.listing import STEPS, Page, keys_behind, scan
from graph.store.steps import StepFacts, steps_by_key
from graph.store.workflows import list_workflows

SCAN = 2_000
"""Steps that one page looks at, at most."""

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


Look = Callable[[Transaction, str, int, str, int], Awaitable[Page[Hit]]]


async def search(tx: Transaction, text: str, limit: int, after: Place, now: int) -> Hits:
    """Up to `limit` things in whose id, name, description, owner or tags the text occurs, without case."""
    found: list[tuple[Place, Hit]] = []
    start = after.key
    for kind in range(after.kind, len(KINDS)):
        part = await KINDS[kind](tx, text.lower(), limit - len(found), start, now)
        found += [(Place(kind, key), hit) for key, hit in part.found]
        if part.end is not None:
            return Hits(found, Place(kind, part.end), part.truncated)
        if len(found) == limit and kind + 1 < len(KINDS):
            return Hits(found, Place(kind + 1), truncated=False)
        start = ""
    return Hits(found, None, truncated=False)


async def _assets(tx: Transaction, text: str, limit: int, after: str, now: int) -> Page[Hit]:
    return _as_hits(await list_assets(tx, AssetFilter(text=text), limit, after, now))


async def _workflows(tx: Transaction, text: str, limit: int, after: str, now: int) -> Page[Hit]:
    return _as_hits(await list_workflows(tx, limit, after, text))


async def _steps(tx: Transaction, text: str, limit: int, after: str, now: int) -> Page[Hit]:
    async def behind(count: int, last: str) -> list[str]:
        return await keys_behind(tx, STEPS, count, last)

    async def matching(keys: list[str]) -> list[tuple[str, Hit]]:
        found = await steps_by_key(tx, keys)
        return [(key, it) for key in keys if (it := found[key]).active and text in f"{it.step_id}\n{it.name}".lower()]

    return await scan(behind, matching, limit, after, chunk=CHUNK, most=SCAN)


def _as_hits(page: Page[AssetFacts] | Page[Workflow]) -> Page[Hit]:
    return Page(list(page.found), page.end, page.truncated)


KINDS: tuple[Look, ...] = (_assets, _workflows, _steps)
