"""Which events somebody wants, as it is said and kept; `filter` makes of it what holds for single events now."""

import dataclasses
from typing import Any

from graph.database import Transaction
from graph.events.filter import EventFilter
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, check_roots, traverse
from graph.rules.identifiers import asset_key, workflow_key


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """All that is given must hold. `assets` are ids or, ending in `*`, beginnings of ids; `upstream_of` is the id of an
    asset: it and everything that it depends on, as declared.
    """

    types: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    upstream_of: str | None = None

    async def filter(self, tx: Transaction, cap: int) -> EventFilter:
        """The filter as the graph is now; `cap` is how many assets the way upstream may look at.

        Raises NotFound `asset_not_found` for an `upstream_of` that nobody declares.
        """
        among = None
        if self.upstream_of is not None:
            roots = {asset_key(self.upstream_of): self.upstream_of}
            await check_roots(tx, roots)
            walk = await traverse(tx, LineageQuestion(roots, Direction.UPSTREAM, limit=cap, cap=cap))
            among = frozenset(walk.distances)
        return EventFilter(
            types=frozenset(self.types),
            assets=tuple(asset_key(asset) for asset in self.assets),
            workflows=frozenset(workflow_key(slug) for slug in self.workflows),
            among=among,
        )

    def as_document(self) -> dict[str, Any]:
        """As JSON; what is not given is left out."""
        fields = {
            "types": list(self.types),
            "assets": list(self.assets),
            "workflows": list(self.workflows),
            "upstreamOf": self.upstream_of,
        }
        return {name: value for name, value in fields.items() if value}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Wanted":
        """What `as_document` made."""
        return cls(
            types=tuple(document.get("types", ())),
            assets=tuple(document.get("assets", ())),
            workflows=tuple(document.get("workflows", ())),
            upstream_of=document.get("upstreamOf"),
        )
