"""Operations: chosen from a document, checked, and carried out in time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_variable_values,
)
from strawberry.types import ExecutionResult

from app.graphql.execution.cost import check_cost
from app.graphql.execution.documents import Document
from app.graphql.execution.errors import Refused, refusal
from app.graphql.execution.limits import too_deep
from app.graphql.execution.schema import Schema

_MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a valid document."""

    text: str
    document: Document
    node: OperationDefinitionNode
    name: str | None
    """As it was asked for; None where the document has one operation only."""

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.node.operation

    @property
    def root_fields(self) -> frozenset[str]:
        """The names of the fields at its root, those in fragments included."""
        return frozenset(node.name.value for node in self.root_nodes)

    @property
    def root_nodes(self) -> list[FieldNode]:
        """The fields at its root, those in fragments included."""
        assert self.document.tree is not None
        fragments = {
            definition.name.value: definition.selection_set
            for definition in self.document.tree.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        nodes: list[FieldNode] = []
        waiting: list[SelectionSetNode] = [self.node.selection_set]
        while waiting:
            for selection in waiting.pop().selections:
                if isinstance(selection, FieldNode):
                    nodes.append(selection)
                else:
                    inner = getattr(selection, "selection_set", None)
                    # A valid document spreads no fragment in itself.
                    waiting.append(inner if inner is not None else fragments[selection.name.value])  # type: ignore[attr-defined]
        return nodes


def choose(schema: Schema, text: str, name: str | None) -> Operation:
    """The operation of this name, or the only one. Raises Refused: the document's errors, `operation_not_found`."""
    document = schema.documents.get(schema._schema, text)
    if document.errors or document.tree is None:
        raise Refused(*document.errors)
    operations = [node for node in document.tree.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        if len(operations) != 1:
            came = "none" if not operations else f"{len(operations)}, so 'operationName' must choose one"
            raise Refused(refusal("operation_not_found", f"A request carries out one operation; there is {came}."))
        return Operation(text, document, operations[0], None)
    for node in operations:
        if node.name is not None and node.name.value == name:
            return Operation(text, document, node, name)
    raise Refused(refusal("operation_not_found", f"The document has no operation named '{name[:100]}'."))


def check(schema: Schema, operation: Operation, variables: Mapping[str, Any]) -> None:
    """Raise Refused when the variables do not fit or the operation would cost too much."""
    graphql_schema, tree = schema._schema, operation.document.tree
    assert tree is not None
    values = get_variable_values(
        graphql_schema,
        operation.node.variable_definitions or (),
        dict(variables),
        max_errors=_MAX_ERRORS,
        hide_suggestions=not schema.limits.introspection,
    )
    if isinstance(values, list):
        raise Refused(*(_with_code(error, "invalid_variables") for error in values))
    try:
        check_cost(graphql_schema, tree, operation.node, values, schema.limits)
    except GraphQLError as error:
        raise Refused(_with_code(error, "invalid_argument")) from None
    except RecursionError:
        raise Refused(too_deep(schema.limits)) from None


async def carry_out(
    schema: Schema, operation: Operation, variables: Mapping[str, Any], context: Any
) -> ExecutionResult:
    """The result of an operation that was checked. Raises Refused `query_timeout`."""
    async with in_time(schema, operation):
        return await schema.execute(
            operation.text, dict(variables), context_value=context, operation_name=operation.name
        )


@contextlib.asynccontextmanager
async def in_time(schema: Schema, operation: Operation) -> AsyncIterator[None]:
    """Gives what runs inside the time of one operation. Raises Refused `query_timeout`."""
    seconds = schema.limits.seconds
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        message = f"The operation took longer than {seconds:g} s; ask for less."
        if operation.kind is OperationType.MUTATION:
            message = f"The operation took longer than {seconds:g} s; what it changes may still come into force."
        raise Refused(refusal("query_timeout", message, operation.node, limit=seconds)) from None


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
