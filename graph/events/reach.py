"""How many assets and workflows depend on an asset, as declared now: the downstream summary of its events."""

import collections
import dataclasses
from collections.abc import Iterable
from typing import Any

from cachetools import LRUCache

from graph.database import Transaction
from graph.questions.levels import Direction, Hop, Scope, one_hop

DEFINITIONS = "MATCH (m:Meta {key: 'events'}) RETURN m.definitions AS definitions"

MOST = 2_000
"""Assets that are looked at to count; beyond it the summary says "at least"."""

REMEMBERED = 50_000


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """What depends on an asset; not `complete`: at least so many."""

    assets: int
    workflows: int
    complete: bool

    def as_document(self) -> dict[str, Any]:
        """As it stands in an event."""
        return dataclasses.asdict(self)


class Reaches:
    """Counts once for each asset and state of the definitions."""

    def __init__(self) -> None:
        self._known: LRUCache[tuple[str, int], Reach] = LRUCache(REMEMBERED)

    async def of(self, tx: Transaction, assets: Iterable[str]) -> dict[str, Reach]:
        """Asset key → what depends on it."""
        keys = set(assets)
        if not keys:
            return {}
        row = await tx.row(DEFINITIONS)
        state = row["definitions"] if row else 0
        found = {key: self._known[(key, state)] for key in keys if (key, state) in self._known}
        if missing := sorted(keys - found.keys()):
            for key, reach in (await _count(tx, missing)).items():
                found[key] = self._known[(key, state)] = reach
        return found


async def _count(tx: Transaction, roots: list[str]) -> dict[str, Reach]:
    """All roots together, level by level: one query a level, however many there are."""
    hops: dict[str, list[Hop]] = collections.defaultdict(list)
    seen, level = set(roots), roots
    while level and len(seen) <= MOST + len(roots):
        reached: set[str] = set()
        for hop in await one_hop(tx, Direction.DOWNSTREAM, Scope(), level):
            hops[hop[0]].append(hop)
            if hop[2] and hop[2] not in seen:
                reached.add(hop[2])
        seen |= reached
        level = sorted(reached)
    return {root: _walk(root, hops, set(level)) for root in roots}


def _walk(root: str, hops: dict[str, list[Hop]], unread: set[str]) -> Reach:
    assets, workflows, waiting = {root}, set(), [root]
    complete = True
    while waiting:
        key = waiting.pop()
        complete = complete and key not in unread
        for _, step, target in hops.get(key, ()):
            workflows.add(step.partition("/")[0])
            if target and target not in assets:
                assets.add(target)
                waiting.append(target)
    return Reach(len(assets) - 1, len(workflows), complete)
