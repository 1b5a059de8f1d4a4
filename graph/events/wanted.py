"""What a reader asks for: a filter, and the part of it that only the graph can tell."""

import dataclasses

from graph.database import Transaction
from graph.events.filter import EventFilter
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, check_roots, traverse
from graph.rules.identifiers import asset_key


@dataclasses.dataclass(frozen=True, slots=True)
class Wanted:
    """Events that the filter matches and, with `upstream_of`, that are about this asset or one that it depends on.

    `cap` is how many assets the way upstream may look at.
    """

    filter: EventFilter
    upstream_of: str | None = None
    cap: int = 100_000

    async def work_out(self, tx: Transaction) -> EventFilter:
        """The filter by what is declared now. Raises NotFound `asset_not_found`."""
        if self.upstream_of is None:
            return self.filter
        roots = {asset_key(self.upstream_of): self.upstream_of}
        await check_roots(tx, roots)
        walk = await traverse(tx, LineageQuestion(roots, Direction.UPSTREAM, limit=self.cap, cap=self.cap))
        return dataclasses.replace(self.filter, among=frozenset(walk.distances))
