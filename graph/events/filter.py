"""Which events a reader wants: pure."""

import dataclasses
from collections.abc import Collection

from graph.events.event import Event


@dataclasses.dataclass(frozen=True, slots=True)
class EventFilter:
    """All that is given must hold; an empty one holds for every event.

    `types` are types; `assets` are asset keys or, ending in `*`, beginnings of keys; `workflows` are workflow keys;
    `among` are asset keys, such as everything upstream of another one.
    """

    types: frozenset[str] = frozenset()
    assets: tuple[str, ...] = ()
    workflows: frozenset[str] = frozenset()
    among: Collection[str] | None = None

    def matches(self, event: Event) -> bool:
        """Whether the reader wants the event."""
        if self.types and event.type not in self.types:
            return False
        if self.workflows and event.workflow not in self.workflows:
            return False
        if self.among is not None and event.asset not in self.among:
            return False
        return not self.assets or (event.asset is not None and any(_named(event.asset, name) for name in self.assets))


def _named(asset: str, name: str) -> bool:
    return asset.startswith(name[:-1]) if name.endswith("*") else asset == name
