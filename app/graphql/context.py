"""What every resolver of one operation shares: the service, the instant, the caller, and the loaders."""

import strawberry
from graphql import GraphQLError

from app.graphql.loaders import Loaders
from app.http.auth import LOCAL, READ, Principal
from graph.lineage import Lineage


class Context:
    """One operation. `now` is one instant for all its fields, so that no two verdicts in an answer disagree;
    `traversal` is how many assets one question may look at, `resumed` the number of the last event that the caller got
    over a connection that was lost.
    """

    def __init__(
        self,
        lineage: Lineage,
        principal: Principal = LOCAL,
        *,
        traversal: int = 100_000,
        resumed: int | None = None,
    ) -> None:
        self.lineage = lineage
        self.traversal = traversal
        self.principal = principal
        self.resumed = resumed
        self.forget()

    @property
    def loaders(self) -> Loaders:
        """For callers who may read: one who may only report is answered what the report says of itself."""
        self.require(READ)
        return self._loaders

    def forget(self) -> None:
        """At the beginning, and after a write: what was read before it must not be shown after it."""
        self.now = self.lineage.clock()
        self._loaders = Loaders(self.lineage, self.now)

    def require(self, scope: str) -> None:
        """Refuse a caller whose token does not have the scope."""
        if scope not in self.principal.allowed:
            raise GraphQLError(
                f"The token '{self.principal.name}' lacks the scope '{scope}', which this field needs.",
                extensions={"code": "forbidden", "details": {"neededScope": scope}},
            )


Info = strawberry.Info[Context, None]
"""What resolvers are handed."""
