"""What an operation will cost, estimated from its document and variables before it is carried out.

The cost is the number of fields in the answer. A list holds as many items as its `first` or `limit` says, be it on the
list itself or on the field that leads to it (a connection's `first` counts its `nodes` and its `edges`), or as the
`assets` that the field names; a list without any of these is taken for `ASSUMED_ITEMS`. Items multiply downwards: 100
assets with 20 versions of three fields each are 6,000 fields and more. A `limit` is for all items together, so where
it counts groups, the lists right inside of them share it.
"""

from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_argument_values,
    get_directive_values,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.execution.values import VariableValues

from app.graphql.execution.errors import Refused, refusal
from app.graphql.execution.limits import Limits

ASSUMED_ITEMS = 10

_PAGES = ("first", "last")
_LIMIT = "limit"
_NAMED = "assets"


class _Size(NamedTuple):
    items: int
    together: bool = False
    """Lists inside the list share its items."""


_SHARED = _Size(1, together=True)
"""Of the lists inside: what they hold was counted already, one item at least in each."""


def check_cost(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: VariableValues,
    limits: Limits,
) -> None:
    """Raise Refused: `too_costly`, `page_size_out_of_range`, or what is wrong with an argument."""
    root = schema.get_root_type(operation.operation)
    assert root is not None
    cost = _Pricing(schema, document, variables, limits).price(operation.selection_set, root, None)
    if cost > limits.cost:
        message = (
            f"The answer may hold {cost} fields, more than the limit of {limits.cost}; ask for fewer items or fields."
        )
        raise Refused(refusal("too_costly", message, operation, cost=min(cost, 2**53), limit=limits.cost))


class _Pricing:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, variables: VariableValues, limits: Limits
    ) -> None:
        self.schema = schema
        self.variables = variables
        self.limits = limits
        self.fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        # A price does not depend on what it is multiplied by, so each selection is priced once, however often its
        # fragment is spread: the time is in proportion to the document.
        self.priced: dict[tuple[int, str, _Size | None], int] = {}

    def price(self, selection_set: SelectionSetNode, parent: GraphQLNamedType, size: _Size | None) -> int:
        """The fields of one object; `size` is what the way to it said of the size of lists."""
        key = (id(selection_set), parent.name, size)
        price = self.priced.get(key)
        if price is None:
            price = sum(self._selection(node, parent, size) for node in selection_set.selections)
            self.priced[key] = price
        return price

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType, size: _Size | None) -> int:
        if node.directives and self._is_left_out(node):
            return 0
        if isinstance(node, FieldNode):
            return self._field(node, parent, size)
        fragment = node if isinstance(node, InlineFragmentNode) else self.fragments[node.name.value]  # type: ignore[attr-defined]
        condition = fragment.type_condition
        on = self.schema.get_type(condition.name.value) if condition else parent
        assert on is not None
        return self.price(fragment.selection_set, on, size)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, size: _Size | None) -> int:
        if node.selection_set is None:
            return 1
        assert isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
        field = self.schema.get_field(parent, node.name.value)
        assert field is not None
        size = self._size(node, field) or size
        count, type_ = 1, get_nullable_type(field.type)
        if not is_list_type(type_) and size is _SHARED:
            size = None
        while is_list_type(type_):
            count *= size.items if size else ASSUMED_ITEMS
            size = _SHARED if size and size.together else None
            type_ = get_nullable_type(type_.of_type)
        return 1 + count * self.price(node.selection_set, get_named_type(field.type), size)

    def _size(self, node: FieldNode, field: GraphQLField) -> _Size | None:
        """What the field's own arguments say, if it has such."""
        if not any(name in field.args for name in (*_PAGES, _LIMIT, _NAMED)):
            return None
        arguments = get_argument_values(field, node, self.variables)
        for name in _PAGES:
            if type(arguments.get(name)) is int:
                self._check_page(name, arguments[name], node)
                return _Size(arguments[name])
        named = arguments.get(_NAMED)
        limit = arguments.get(_LIMIT, len(named) if isinstance(named, list) else None)
        return _Size(max(limit, 1), together=True) if type(limit) is int else _Size(ASSUMED_ITEMS)

    def _check_page(self, name: str, size: int, node: FieldNode) -> None:
        if not 1 <= size <= self.limits.page_size:
            message = f"'{name}' must be from 1 to {self.limits.page_size}; {size} came."
            details: dict[str, Any] = {"field": name, "minimum": 1, "maximum": self.limits.page_size}
            raise Refused(refusal("page_size_out_of_range", message, node, **details))

    def _is_left_out(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return bool((skip and skip["if"]) or (include and not include["if"]))
