"""What an operation may ask for, before anything of it is carried out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationRule,
)

from app.graphql.execution.errors import refusal
from app.settings import Settings

INTROSPECTION = frozenset({"__schema", "__type"})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The settings' limits; each has a code of its own (`errors`)."""

    tokens: int = 4_000
    """Words and marks of a document. Parsing and validating 4,000 of them may take 0.2 s, once for a document."""
    length: int = 100_000
    """Characters of a document."""
    depth: int = 15
    """Fields within fields; introspection is bounded by a rule of graphql-core instead."""
    aliases: int = 200
    """Of one operation, a fragment's for each time it is spread."""
    root_fields: int = 20
    """Questions in one operation."""
    cost: int = 500_000
    """Fields of the answer, as estimated (`cost`)."""
    page_size: int = 100
    """The greatest `first`."""
    seconds: float = 15.0
    """Time for carrying out one operation."""
    introspection: bool = True

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The limits that the settings name."""
        return cls(
            tokens=settings.graphql_max_tokens,
            depth=settings.graphql_max_depth,
            aliases=settings.graphql_max_aliases,
            root_fields=settings.graphql_max_root_fields,
            cost=settings.graphql_max_cost,
            page_size=settings.max_page_size,
            seconds=settings.graphql_timeout_ms / 1000,
            introspection=settings.graphql_introspection,
        )


class Extent(NamedTuple):
    """How far a selection goes, its fragments included."""

    depth: int = 0
    aliases: int = 0
    fields: int = 0
    """Of the selection itself, not those within them."""


def exceeded(document: DocumentNode, limits: Limits) -> Iterator[GraphQLError]:
    """The limits that the document's operations pass, checked ahead of validation, which can be slow.

    Takes time in proportion to the document, whatever its fragments multiply to.
    """
    measure = _Measure(document)
    for definition in document.definitions:
        if not isinstance(definition, OperationDefinitionNode):
            continue
        try:
            extent = measure.selection(definition.selection_set)
        except RecursionError:
            yield too_deep(limits, definition)
            continue
        if extent.depth > limits.depth:
            yield too_deep(limits, definition)
        for code, what, count, limit in (
            ("too_many_aliases", "aliases", extent.aliases, limits.aliases),
            ("too_many_root_fields", "fields at its root", extent.fields, limits.root_fields),
        ):
            if count > limit:
                yield refusal(code, f"The operation has more than {limit} {what}; split it.", definition, limit=limit)


def too_deep(limits: Limits, node: OperationDefinitionNode | None = None) -> GraphQLError:
    """The refusal of a document that nests deeper than the limit, or than can be followed at all."""
    message = f"The operation nests fields deeper than the limit of {limits.depth} levels; ask in several steps."
    return refusal("too_deep", message, node, limit=limits.depth)


class _Measure:
    """Each fragment is measured once; a cycle counts once too, and validation tells of it."""

    def __init__(self, document: DocumentNode) -> None:
        self.fragments: Mapping[str, FragmentDefinitionNode] = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self.measured: dict[str, Extent] = {}

    def selection(self, selection_set: SelectionSetNode | None) -> Extent:
        depth = aliases = fields = 0
        for node in selection_set.selections if selection_set else ():
            if isinstance(node, FieldNode):
                inner = self.selection(node.selection_set)
                own = Extent(
                    depth=0 if node.name.value in INTROSPECTION else inner.depth + 1,
                    aliases=inner.aliases + (node.alias is not None),
                    fields=1,
                )
            elif isinstance(node, InlineFragmentNode):
                own = self.selection(node.selection_set)
            else:
                assert isinstance(node, FragmentSpreadNode)
                own = self._fragment(node.name.value)
            depth, aliases, fields = max(depth, own.depth), aliases + own.aliases, fields + own.fields
        return Extent(depth, aliases, fields)

    def _fragment(self, name: str) -> Extent:
        if name not in self.measured:
            self.measured[name] = Extent()
            fragment = self.fragments.get(name)
            self.measured[name] = self.selection(fragment.selection_set) if fragment else Extent()
        return self.measured[name]


class NoIntrospection(ValidationRule):
    """Refuses `__schema` and `__type`; `__typename` stays, since clients need it."""

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Report a field of the introspection."""
        if node.name.value in INTROSPECTION:
            message = "Introspection is turned off here; the schema is published as schema.graphql."
            self.report_error(refusal("introspection_disabled", message, node))
