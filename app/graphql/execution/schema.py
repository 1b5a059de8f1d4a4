"""The Strawberry schema with this package's way of execution."""

from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from app.graphql.execution.completion import CompiledExecutor
from app.graphql.execution.documents import Documents, Prepared
from app.graphql.execution.limits import Limits


class Schema(strawberry.Schema):
    """`strawberry.Schema` with compiled completion, kept documents and limits.

    An extension with a `resolve` hook is refused with ValueError: it would be called for every field of every item
    (measured: ten times the time of a large answer for an asynchronous one), and nothing would be compiled any more.
    """

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        *,
        types: Iterable[Any] = (),
        limits: Limits | None = None,
        config: StrawberryConfig | None = None,
        extensions: Iterable[type[SchemaExtension]] = (),
    ) -> None:
        self.limits = limits or Limits()
        self.documents = Documents(self.limits)
        extensions = tuple(extensions)
        for extension in extensions:
            if extension._implements_resolve():
                raise ValueError(f"{extension.__name__} has a resolve hook, which every field would pay for.")
        super().__init__(
            query,
            mutation,
            subscription,
            types=types,
            config=config,
            extensions=[*extensions, lambda: Prepared(self.documents)],
            execution_context_class=CompiledExecutor,
        )

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Leave the log to `errors.describe`, which knows the request and tells our faults from the client's."""
