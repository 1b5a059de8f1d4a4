"""Completion compiled for one selection: a Python function that turns objects into what GraphQL answers.

graphql-core completes an answer field by field, with a path, an info object and a resolver call for each. A field
without a resolver needs none of them: it is an attribute and a check of its type. `compile_list` and `compile_object`
write those down as source, once for each selection, and compile it.

What the function does not know (null where none may be, another type, an exception or an awaitable as a value, an
object of another class) makes it raise, and the caller has the whole done by graphql-core: data, errors and paths are
then the stock ones. What cannot be compiled at all raises `Unsupported` when the function is made.

Measured for 2,000 objects of ten fields and 5,700 of three (38,000 fields), in ms of CPU: graphql-core 140, closures
built from the selection 6.0, the same by columns (`zip`, `map`) 8.7, generated source 2.6. Making it takes 0.5 ms
against 0.03 for closures; it is made once for a document.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetails
from strawberry.execution import optimized_is_awaitable
from strawberry.types.enum import StrawberryEnumDefinition

Complete = Callable[[Any], Any]
FieldGroup = dict[str, list[FieldDetails]]

_INDENT = "    "
_SUPPORTED_DIRECTIVES = frozenset({"skip", "include"})

_AS_IT_IS: Mapping[GraphQLScalarType, str] = {
    GraphQLString: "type({0}) is not str",
    GraphQLID: "type({0}) is not str",
    GraphQLBoolean: "type({0}) is not bool",
    GraphQLInt: "(type({0}) is not int or not -2147483648 <= {0} <= 2147483647)",
    GraphQLFloat: "(type({0}) is not float or not isfinite({0}))",
}
"""When a value of a built-in scalar is not already what graphql-core would make of it."""

_PLAIN = frozenset({bool, bytes, dict, float, int, list, str, tuple})
"""Types whose values are neither awaitable nor an exception."""


class Unsupported(Exception):
    """The selection holds something that is left to graphql-core."""


class Unusual(Exception):
    """A value is not of the shape that the function was made for."""


def compile_list(executor: Executor[Any], list_type: GraphQLList[Any], fields: Sequence[FieldDetails]) -> Complete:
    """The function that completes a list or tuple of this type."""
    writer = _Writer(executor)
    result = writer.value(GraphQLNonNull(list_type), list(fields), "given", 1)
    return writer.function(result)


def compile_object(
    executor: Executor[Any], parent: GraphQLObjectType, group: FieldGroup
) -> tuple[Complete, frozenset[str]]:
    """The function that completes what is plain in a selection on one object, and the response names left out.

    Left out are fields with resolvers, and lists of objects: these are long, and get a function of their own.
    Raises Unsupported when nothing is plain.
    """
    writer = _Writer(executor, object_lists=False)
    left_out: set[str] = set()
    entries: list[str] = []
    for name, details in group.items():
        mark = len(writer.lines)
        try:
            entries.append(writer.entry(parent, name, details, "given", 1))
        except Unsupported:
            del writer.lines[mark:]
            left_out.add(name)
    if not entries:
        raise Unsupported
    return writer.function("{" + ", ".join(entries) + "}"), frozenset(left_out)


class _Writer:
    """Writes the source. Only names that GraphQL's grammar or Python's own allow get into it; all else is bound."""

    def __init__(self, executor: Executor[Any], *, object_lists: bool = True) -> None:
        self.executor = executor
        self.object_lists = object_lists
        self.lines: list[str] = []
        self.bound: dict[str, Any] = {}
        self.variables = 0

    def function(self, result: str) -> Complete:
        source = "\n".join(["def complete(given):", *self.lines, f"{_INDENT}return {result}"])
        names = {
            **self.bound,
            "check_object": _check_object,
            "isfinite": math.isfinite,
            "leaf": _leaf,
            "plain": _PLAIN,
            "seen": set[type](),
            "undefined": Undefined,
            "unusual": Unusual,
        }
        exec(compile(source, "<completion>", "exec"), names)  # noqa: S102  see the class: nothing of a client's is in it
        complete: Complete = names["complete"]
        return complete

    def value(self, type_: GraphQLOutputType, fields: list[FieldDetails], source: str, depth: int) -> str:
        """Write what completes the value in the variable `source`; the expression of the result."""
        nullable = not isinstance(type_, GraphQLNonNull)
        inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(inner, GraphQLScalarType | GraphQLEnumType):
            return self._leaf(inner, nullable, source, depth)
        if not isinstance(inner, GraphQLList | GraphQLObjectType):
            raise Unsupported
        result = self._variable()
        if nullable:
            self._write(depth, f"if {source} is None: {result} = None")
            self._write(depth, "else:")
            depth += 1
        if isinstance(inner, GraphQLList):
            self._list(inner, fields, source, result, depth)
        else:
            self._object(inner, fields, source, result, depth)
        return result

    def entry(self, parent: GraphQLObjectType, name: str, details: list[FieldDetails], source: str, depth: int) -> str:
        """Write what completes one field of the object in `source`; its entry of a dict display."""
        for detail in details:
            if detail.defer_usage is not None or detail.fragment_variable_values is not None:
                raise Unsupported
            if any(directive.name.value not in _SUPPORTED_DIRECTIVES for directive in detail.node.directives or ()):
                raise Unsupported
        field_name = details[0].node.name.value
        if field_name == "__typename":
            return f"{name!r}: {parent.name!r}"
        field = self.executor.schema.get_field(parent, field_name)
        attribute = _attribute(field)
        assert field is not None
        variable = self._variable()
        self._write(depth, f"{variable} = {source}.{attribute}")
        return f"{name!r}: {self.value(field.type, details, variable, depth)}"

    def _leaf(self, type_: GraphQLScalarType | GraphQLEnumType, nullable: bool, source: str, depth: int) -> str:
        unless_null = f" and {source} is not None" if nullable else ""
        coerce = self._bind(type_.coerce_output_value)
        result = self._variable()
        if isinstance(type_, GraphQLScalarType) and type_ in _AS_IT_IS:
            self._write(
                depth, f"if {_AS_IT_IS[type_].format(source)}{unless_null}: {source} = leaf({coerce}, {source})"
            )
            return source
        if nullable:
            self._write(depth, f"if {source} is None: {result} = None")
            self._write(depth, "else:")
            depth += 1
        if isinstance(type_, GraphQLEnumType) and (names := _enum_names(type_)):
            enum = self._bind(type(next(iter(names))))
            known = self._bind(names)
            self._write(
                depth, f"{result} = {known}[{source}] if type({source}) is {enum} else leaf({coerce}, {source})"
            )
            return result
        self._write(depth, f"{result} = {coerce}({source}) if type({source}) in plain else leaf({coerce}, {source})")
        self._write(depth, f"if {result} is None or {result} is undefined: raise unusual")
        return result

    def _list(self, type_: GraphQLList[Any], fields: list[FieldDetails], source: str, result: str, depth: int) -> None:
        if not self.object_lists and fields[0].node.selection_set is not None:
            raise Unsupported
        item, append = self._variable(), self._variable()
        self._write(depth, f"if type({source}) is not list and type({source}) is not tuple: raise unusual")
        self._write(depth, f"{result} = []")
        self._write(depth, f"{append} = {result}.append")
        self._write(depth, f"for {item} in {source}:")
        completed = self.value(type_.of_type, fields, item, depth + 1)
        self._write(depth + 1, f"{append}({completed})")

    def _object(
        self, type_: GraphQLObjectType, fields: list[FieldDetails], source: str, result: str, depth: int
    ) -> None:
        definition = type_.extensions.get("strawberry-definition")
        if definition is None or definition.is_type_of is not None:
            raise Unsupported
        # A type with interfaces has a check of its own, which objects of exactly its class pass.
        origin = self._bind(definition.origin)
        if type_.is_type_of is None:
            unknown = f"type({source}) is not {origin} and type({source}) not in seen"
            self._write(depth, f"if {unknown}: check_object({source}, seen)")
        else:
            self._write(depth, f"if type({source}) is not {origin}: raise unusual")
        collected = self.executor.collect_subfields(type_, fields)
        if collected.new_defer_usages:
            raise Unsupported
        entries = [self.entry(type_, name, group, source, depth) for name, group in collected.grouped_field_set.items()]
        self._write(depth, f"{result} = {{{', '.join(entries)}}}")

    def _write(self, depth: int, text: str) -> None:
        self.lines.append(_INDENT * depth + text)

    def _variable(self) -> str:
        self.variables += 1
        return f"v{self.variables}"

    def _bind(self, value: Any) -> str:
        name = f"c{len(self.bound)}"
        self.bound[name] = value
        return name


def _attribute(field: GraphQLField | None) -> str:
    """The attribute that the field reads; Unsupported when it is more than an attribute."""
    if field is None or field.args or not getattr(field.resolve, "_is_default", False):
        raise Unsupported
    definition = field.extensions.get("strawberry-definition")
    if definition is None or not definition.is_basic_field or definition.default_resolver is not getattr:
        raise Unsupported
    attribute: str = definition.python_name
    return attribute


def _enum_names(type_: GraphQLEnumType) -> dict[Any, str] | None:
    """What graphql-core answers for each member, where the enum is one of Strawberry's."""
    definition = type_.extensions.get("strawberry-definition")
    if not isinstance(definition, StrawberryEnumDefinition):
        return None
    members: Mapping[str, Any] = definition.wrapped_cls.__members__
    return {member: type_.coerce_output_value(member) for member in members.values()}


def _leaf(coerce: Callable[[Any], Any], value: Any) -> Any:
    """A value of a scalar or enum that is not already in its final form."""
    if value is Undefined or isinstance(value, Exception) or optimized_is_awaitable(value):
        raise Unusual
    completed = coerce(value)
    if completed is None or completed is Undefined:
        raise Unusual
    return completed


def _check_object(value: Any, seen: set[type]) -> None:
    """An object of another class: fine as long as it has the attributes, and is not to be awaited or raised.

    `seen` gets its class where all objects of the class are alike in this, so that each is not looked at again.
    """
    if value is None or value is Undefined or isinstance(value, Exception) or optimized_is_awaitable(value):
        raise Unusual
    if dataclasses.is_dataclass(value):
        seen.add(type(value))
