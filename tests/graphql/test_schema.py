"""The schema as text."""

from pathlib import Path

import strawberry
from graphql import build_schema, validate_schema

from app.graphql.schema import print_sdl

FILE = Path(__file__).parents[2] / "schema.graphql"


def test_the_file_is_what_the_code_says() -> None:
    assert FILE.read_text() == print_sdl(), "run scripts/schema"


def test_the_file_is_a_valid_schema() -> None:
    assert validate_schema(build_schema(FILE.read_text())) == []


def test_every_type_and_argument_of_a_page_is_described(schema: strawberry.Schema) -> None:
    types = schema._schema.type_map.values()
    bare = [
        kind.name
        for kind in types
        if not kind.name.startswith("__")
        and kind.description is None
        and kind.name not in ("Query", "Mutation", "Subscription", "Int", "String")
        and not kind.name.endswith("Result")
    ]
    assert bare == []
