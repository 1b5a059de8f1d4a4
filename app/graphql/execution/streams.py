"""Subscriptions: a source of events, and one execution of the operation for each of them.

The source comes from the field's resolver. Each event is executed as an operation of its own: a context of its own, so
that nothing is shown that was read before it, and the time limit of a query. What many ask for in the same words is
executed once: subscribers of one page differ in where they begin, not in what they want to see.
"""

import contextlib
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from graphql import (
    SKIP,
    ArgumentNode,
    ExecutionResult,
    VariableNode,
    Visitor,
    VisitorAction,
    create_source_event_stream,
    execute,
    located_error,
    visit,
)
from graphql.execution import MiddlewareManager
from strawberry.execution import optimized_is_awaitable
from strawberry.utils.await_maybe import await_maybe

from app.graphql.execution.completion import CompiledExecutor
from app.graphql.execution.errors import Refused
from app.graphql.execution.operations import Operation, in_time
from app.graphql.execution.schema import Schema
from app.http.json_body import dump_json
from graph.shared import Shared

_is_awaitable: Any = optimized_is_awaitable

KEPT = 1_000
"""Answers that are kept for subscribers who want the same."""


class Interrupted(Exception):
    """A source's way to say that it ends here without being complete: the service stops."""


class Event(Protocol):
    """What a source yields."""

    sequence: int

    @property
    def identity(self) -> Hashable:
        """Equal for those of one type whose answers are the same."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """The answer to one event."""

    result: ExecutionResult
    sequence: int
    """The number that `after` goes on behind."""
    text: bytes | None
    """`{"data": …}` as JSON, where there were no errors."""


class Streams:
    """The subscriptions of one schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._answers: Shared[tuple[Any, ...], Streamed] = Shared(KEPT)

    async def subscribe(
        self, operation: Operation, variables: Mapping[str, Any], make_context: Callable[[], Any], group: object
    ) -> AsyncGenerator[Streamed, None]:
        """The answers to a checked subscription, as they come.

        `group` tells callers apart who may see different things. Raises Refused for what goes wrong in the source,
        before the first answer or behind any, and Interrupted.
        """
        own = _used_below_root(operation)
        words = (operation.text, operation.name, dump_json({name: variables.get(name) for name in own}), group)
        async with contextlib.aclosing(self._source(operation, variables, make_context())) as source:
            async for event in source:
                answering = partial(self._answer, operation, variables, make_context, event)
                answer = await self._answers.get((*words, type(event), event.identity), answering)
                # An error is each caller's own: it carries the number of the request.
                yield await answering() if answer.result.errors else answer

    async def _source(
        self, operation: Operation, variables: Mapping[str, Any], context: Any
    ) -> AsyncGenerator[Event, None]:
        tree = operation.document.tree
        assert tree is not None
        executor = CompiledExecutor.build(
            self.schema._schema,
            tree,
            None,
            context,
            dict(variables),
            operation.name,
            middleware=MiddlewareManager(),
            is_awaitable=_is_awaitable,
        )
        if isinstance(executor, list):
            raise Refused(*executor)
        source: Any = await await_maybe(create_source_event_stream(executor))
        if isinstance(source, ExecutionResult):
            raise Refused(*(source.errors or ()))
        try:
            async with contextlib.aclosing(source):
                async for event in source:
                    yield event
        except (Interrupted, GeneratorExit):
            raise
        except Exception as error:
            raise Refused(located_error(error, operation.root_nodes)) from error

    async def _answer(
        self,
        operation: Operation,
        variables: Mapping[str, Any],
        make_context: Callable[[], Any],
        event: Event,
    ) -> Streamed:
        tree = operation.document.tree
        assert tree is not None
        async with in_time(self.schema, operation):
            result = await await_maybe(
                execute(
                    self.schema._schema,
                    tree,
                    event,
                    make_context(),
                    dict(variables),
                    operation.name,
                    middleware=MiddlewareManager(),
                    is_awaitable=_is_awaitable,
                    executor_class=CompiledExecutor,
                )
            )
        assert isinstance(result, ExecutionResult)
        return Streamed(result, event.sequence, None if result.errors else dump_json({"data": result.data}))


class _Used(Visitor):
    """The names of the variables in a document, but for those in some of its arguments."""

    def __init__(self, left_out: set[int]) -> None:
        super().__init__()
        self.left_out = left_out
        self.names: set[str] = set()

    def enter_variable_definition(self, *_: Any) -> VisitorAction:
        """A declaration is no use."""
        return SKIP

    def enter_argument(self, node: ArgumentNode, *_: Any) -> VisitorAction:
        """Pass over what is left out."""
        return SKIP if id(node) in self.left_out else None

    def enter_variable(self, node: VariableNode, *_: Any) -> None:
        """Here it is used."""
        self.names.add(node.name.value)


def _used_below_root(operation: Operation) -> list[str]:
    """The variables that an answer depends on: all but those that only choose the events."""
    assert operation.document.tree is not None
    used = _Used({id(argument) for field in operation.root_nodes for argument in field.arguments or ()})
    visit(operation.document.tree, used)
    return sorted(used.names)
