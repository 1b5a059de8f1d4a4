"""How every write is carried out: by whom it may be, and its refusal as an answer."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.graphql.context import Info
from app.graphql.types.failures import AnyFailure, failure
from graph.errors import LineageError

P = TypeVar("P")


async def written(info: Info, scope: str, write: Callable[[], Awaitable[P]]) -> P | AnyFailure:
    """The payload, or why the write was refused."""
    info.context.require(scope)
    try:
        return await write()
    except LineageError as error:
        return failure(error)
    finally:
        info.context.forget()
