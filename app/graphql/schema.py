"""The schema, put together."""

from typing import Any

import strawberry
from graphql import build_schema, lexicographic_sort_schema, print_schema
from strawberry.schema.config import StrawberryConfig

from app.graphql.mutations import Mutation
from app.graphql.queries import Query
from app.graphql.scalars import SCALARS


def make_schema(**options: Any) -> strawberry.Schema:
    """A schema; `options` are Strawberry's (`execution_context_class`, `extensions`)."""
    config = StrawberryConfig(scalar_map=SCALARS)
    return strawberry.Schema(query=Query, mutation=Mutation, config=config, **options)


def print_sdl() -> str:
    """The schema as text, sorted: what `schema.graphql` holds."""
    # Sorted from the text: the schema's own enums would lose their Python values.
    return print_schema(lexicographic_sort_schema(build_schema(make_schema().as_str()))) + "\n"
