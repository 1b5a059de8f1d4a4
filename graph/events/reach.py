"""How many assets and workflows depend on an asset, as declared now: the downstream summary of its events."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cachetools import LRUCache

from graph.database import Transaction
from graph.questions.levels import Direction, Scope, one_hop

MOST = 2_000
"""Assets behind which counting ends; the summary then says "at least"."""

LEVELS = 50
"""Levels behind which it ends too: each is a query, and other processes may wait for it."""

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
        self._state: int | None = None
        self._known: LRUCache[str, Reach] = LRUCache(REMEMBERED)

    async def of(self, tx: Transaction, assets: Iterable[str], state: int) -> dict[str, Reach]:
        """Asset key → what depends on it.

        `state` is the number of changes of definitions so far; none may be committed while this runs.
        """
        if state != self._state:
            self._state, self._known = state, LRUCache(REMEMBERED)
        keys = set(assets)
        found = {key: self._known[key] for key in keys if key in self._known}
        if missing := sorted(keys - found.keys()):
            counted = await _count(tx, missing)
            found |= counted
            self._known.update(counted)
        return found


class _Walk:
    """The way downstream from one asset, a level at a time."""

    __slots__ = ("assets", "complete", "level", "workflows")

    def __init__(self, root: str) -> None:
        self.assets = {root}
        self.workflows: set[str] = set()
        self.level = [root]
        self.complete = True

    def go_on(self, hops: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Take the hops from the level, and find the next one."""
        level, self.level = self.level, []
        for asset in level:
            for step, target in hops.get(asset, ()):
                self.workflows.add(step.partition("/")[0])
                if target and target not in self.assets:
                    self.assets.add(target)
                    self.level.append(target)
        if self.level and len(self.assets) > MOST:
            self.complete, self.level = False, []

    def reach(self) -> Reach:
        """What was found; an asset does not depend on itself."""
        return Reach(len(self.assets) - 1, len(self.workflows), self.complete and not self.level)


async def _count(tx: Transaction, roots: Sequence[str]) -> dict[str, Reach]:
    """All roots together: one query a level, however many there are. Each root's count is as it would be alone."""
    walks = {root: _Walk(root) for root in roots}
    hops: dict[str, list[tuple[str, str]]] = {}
    for _ in range(LEVELS):
        if not any(walk.level for walk in walks.values()):
            break
        if unread := {asset for walk in walks.values() for asset in walk.level} - hops.keys():
            hops.update((asset, []) for asset in unread)
            for source, step, target in await one_hop(tx, Direction.DOWNSTREAM, Scope(), sorted(unread)):
                hops[source].append((step, target))
        for walk in walks.values():
            walk.go_on(hops)
    return {root: walk.reach() for root, walk in walks.items()}
