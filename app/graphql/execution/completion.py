"""The executor: graphql-core's, with compiled functions for what is plain (`plan`)."""

import asyncio
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, ClassVar

from cachetools import LRUCache
from graphql import GraphQLList, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetails
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.graphql.execution.plan import Complete, FieldGroup, Unsupported, compile_list, compile_object

CHUNK = 250
"""Items completed before others get a turn: about 1 ms for ten fields each."""

_Fields = list[FieldDetails]
_Key = tuple[object, ...]


class Plan:
    """A compiled function, once it pays."""

    __slots__ = ("_compile", "_seen", "complete", "left_out", "nodes")

    def __init__(self, nodes: tuple[object, ...]) -> None:
        self.nodes = nodes
        """Kept, so that the ids in the plan's key stay theirs."""
        self.complete: Complete | None = None
        self.left_out: frozenset[str] = frozenset()
        self._seen = 0
        self._compile = True

    def ready(self, items: int, after: int, compile_: Callable[[], tuple[Complete, frozenset[str]]]) -> bool:
        """Whether the function is there; it is made when `after` items have been seen over all requests."""
        if self._compile:
            self._seen += items
            if self._seen < after:
                return False
            self._compile = False
            try:
                self.complete, self.left_out = compile_()
            except (Unsupported, SyntaxError):
                # SyntaxError: Python nests no more than 20 loops.
                return False
        return self.complete is not None


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """For `Schema(execution_context_class=…)`; answers exactly as graphql-core does, only sooner."""

    compile_after: ClassVar[int] = 50
    """Compiling costs as much as completing some twelve items the slow way; a document used once is not worth it."""

    plans: ClassVar[LRUCache[_Key, Plan]] = LRUCache(1000)
    """By the nodes of a document, so that only documents that are kept (`documents`) find theirs again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._compiles = self.abort_signal is None and not (
            self.middleware_manager and self.middleware_manager.middlewares
        )
        self._found: dict[int, tuple[object, Plan]] = {}
        # What @skip and @include can depend on.
        self._switches = tuple((k, v) for k, v in self.variable_values.coerced.items() if type(v) is bool)

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a list by its compiled function when it has one and the list is as expected."""
        if self._compiles and position_context is None and (type(result) is list or type(result) is tuple):
            plan = self._plan(field_details_list, return_type)
            if plan.ready(
                len(result),
                self.compile_after,
                lambda: (compile_list(self, return_type, field_details_list), frozenset()),
            ):
                assert plan.complete is not None
                if len(result) > CHUNK and _in_event_loop():
                    return self._complete_in_chunks(
                        plan.complete, return_type, field_details_list, info, path, result, position_context
                    )
                try:
                    return plan.complete(result)
                except Exception:  # noqa: S110  the stock path below tells exactly what is wrong
                    pass
        return super().complete_list_value(return_type, field_details_list, info, path, result, position_context)

    async def _complete_in_chunks(
        self,
        complete: Complete,
        return_type: GraphQLList[Any],
        fields: list[FieldDetails],
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Sequence[Any],
        position_context: Any,
    ) -> Any:
        """The same with a pause after every chunk, in which small requests are served."""
        completed: list[Any] = []
        try:
            for start in range(0, len(result), CHUNK):
                await asyncio.sleep(0)
                completed += complete(result[start : start + CHUNK])
        except Exception:
            stock = super().complete_list_value(return_type, fields, info, path, result, position_context)
            return await stock if self.is_awaitable(stock) else stock
        return completed

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: FieldGroup,
        position_context: Any,
    ) -> Any:
        """Complete the plain fields of an object by a compiled function, and the others one by one."""
        if not self._compiles or position_context is not None or path is None:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        plan = self._plan(grouped_field_set, parent_type)
        if not plan.ready(1, self.compile_after, lambda: compile_object(self, parent_type, grouped_field_set)):
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        assert plan.complete is not None
        try:
            plain = plan.complete(source_value)
        except Exception:
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        if not plan.left_out:
            return plain
        group = {name: details for name, details in grouped_field_set.items() if name in plan.left_out}
        others = super().execute_fields(parent_type, source_value, path, group, position_context)
        if isinstance(others, dict):
            return _merge(grouped_field_set, plain, others)
        return _merge_awaited(grouped_field_set, plain, others)

    def _plan(self, fields: _Fields | FieldGroup, type_: object) -> Plan:
        """The plan of a selection; graphql-core keeps one and the same `fields` for it during the request."""
        found = self._found.get(id(fields))
        if found is None:
            details = fields if isinstance(fields, list) else chain.from_iterable(fields.values())
            nodes = (type_, *(detail.node for detail in details))
            key = (*map(id, nodes), self._switches)
            plan = self.plans.get(key)
            if plan is None:
                plan = self.plans[key] = Plan(nodes)
            found = self._found[id(fields)] = (fields, plan)
        return found[1]


def _merge(order: FieldGroup, plain: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """One answer in the order of the selection."""
    merged = plain | others
    return {name: merged[name] for name in order if name in merged}


async def _merge_awaited(order: FieldGroup, plain: dict[str, Any], others: Any) -> dict[str, Any]:
    return _merge(order, plain, await others)


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
