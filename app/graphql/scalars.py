"""The scalars: instants, JSON and whole numbers past 32 bits. Inside they are what the graph holds."""

import math
from typing import Any, NewType

import orjson
import strawberry
from graphql import GraphQLError, ValueNode, value_from_ast_untyped
from strawberry.types.scalar import ScalarDefinition

from graph.records import Json
from graph.rules.instants import format_instant, parse_instant

DateTime = NewType("DateTime", int)
"""Epoch milliseconds."""

JSON = NewType("JSON", object)
"""On the way out JSON text, which goes into the answer as it is; on the way in plain values."""

Long = NewType("Long", int)


def instant(value: int | None) -> DateTime | None:
    """An instant of the graph as it is shown."""
    return None if value is None else DateTime(value)


def json(text: Json | None) -> JSON | None:
    """JSON text of the graph as it is shown."""
    return None if text is None else JSON(text)


class Moment(int):
    """An instant that came in as text; told apart from other numbers where a whole input becomes a document."""


def _instant(value: Any) -> Moment:
    if not isinstance(value, str):
        raise GraphQLError("An instant is text such as 2026-01-31T12:00:00.000Z.")
    try:
        return Moment(parse_instant(value))
    except ValueError as error:
        raise GraphQLError(f"{error}.") from None


def _json_literal(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    return _storable(value_from_ast_untyped(node, variables))


def _storable(value: Any) -> Any:
    """The value, unless a number in it has no place in JSON: it would be written as null."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, float) and not math.isfinite(one):
            raise GraphQLError("A number in the JSON value is too large to be kept.")
    return value


def _long(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**53:
        raise GraphQLError("A Long is a whole number of at most 53 bits.")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant, ISO 8601. In: with any offset, 1970 to 2100. Out: in UTC with milliseconds and `Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time",
        serialize=format_instant,
        parse_value=_instant,
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="Any JSON value, as it was sent.",
        serialize=orjson.Fragment,
        parse_value=_storable,
        parse_literal=_json_literal,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number of up to 53 bits: durations in milliseconds, counts.",
        serialize=int,
        parse_value=_long,
    ),
}
