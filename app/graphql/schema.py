"""The schema, put together."""

from graphql import build_schema, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from app.graphql.execution.limits import Limits
from app.graphql.execution.schema import Schema
from app.graphql.mutations import Mutation
from app.graphql.queries import Query
from app.graphql.scalars import SCALARS
from app.graphql.subscriptions import Subscription


def make_schema(limits: Limits | None = None) -> Schema:
    """The schema with these limits on what may be asked."""
    return Schema(Query, Mutation, Subscription, config=StrawberryConfig(scalar_map=SCALARS), limits=limits)


def print_sdl() -> str:
    """The schema as text, sorted: what `schema.graphql` holds."""
    # Sorted from the text: the schema's own enums would lose their Python values.
    return print_schema(lexicographic_sort_schema(build_schema(make_schema().as_str()))) + "\n"
