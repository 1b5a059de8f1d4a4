"""Connections: keyset pages, each item with a cursor, behind which the next page begins."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Generic, Self, TypeVar

import strawberry

from app.cursors import seal, unseal, unusable
from graph.errors import invalid

T = TypeVar("T")

PAGE = 20
MAX_PAGE = 100

First = Annotated[int, strawberry.argument(description="Items on the page, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="A cursor of this very question; items behind it.")]


@strawberry.type(description="Where a page stands.")
class PageInfo:
    """Of a page."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None = strawberry.field(description="Go on behind it while `hasNextPage`.")
    truncated: bool = strawberry.field(
        description="A limit on the work ended the page before it was full; there may be more behind `endCursor`."
    )


@strawberry.type(description="An item and its cursor.")
class Edge(Generic[T]):
    """Of a page."""

    cursor: str
    node: T


@strawberry.type(description="A page of items.")
class Connection(Generic[T]):
    """A page."""

    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo

    @classmethod
    def of(
        cls,
        items: Iterable[tuple[T, str]],
        *,
        after: str | None,
        end: str | None,
        truncated: bool = False,
        **more: Any,
    ) -> Self:
        """The page of (item, cursor); `end` is the cursor behind which there may be more, None when there is none.

        `more` is what a connection of some kind has besides.
        """
        edges = [Edge(cursor=cursor, node=item) for item, cursor in items]
        info = PageInfo(
            has_next_page=end is not None,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=end or (edges[-1].cursor if edges else None),
            truncated=truncated,
        )
        return cls(edges=edges, nodes=[edge.node for edge in edges], page_info=info, **more)


def check_first(first: int) -> int:
    """The page's length, or InvalidInput."""
    if not 1 <= first <= MAX_PAGE:
        message = f"'first' must be 1 to {MAX_PAGE}; it is {first}."
        raise invalid("first", message, code="page_size_out_of_range")
    return first


class Cursors:
    """The cursors of one question: `question` is what makes it another one, filters included."""

    def __init__(self, *question: object) -> None:
        self._question = list(question)

    def seal(self, place: str | int | Sequence[str | int]) -> str:
        """The cursor of a place."""
        return seal(*self._question, place)

    def text(self, after: str | None) -> str:
        """The place that a cursor stands for, where it is text; the empty text without a cursor."""
        place = self._place(after)
        if place is None:
            return ""
        if not isinstance(place, str):
            raise unusable("after")
        return place

    def numbers(self, after: str | None, count: int) -> list[int] | None:
        """The place that a cursor stands for, where it is `count` numbers; None without a cursor."""
        place = self._place(after)
        if place is None:
            return None
        if not isinstance(place, list) or len(place) != count:
            raise unusable("after")
        if not all(type(number) is int and 0 <= number < 1 << 63 for number in place):
            raise unusable("after")
        return place

    def _place(self, after: str | None) -> object:
        if after is None:
            return None
        *question, place = unseal(after, "after") or [None]
        if question != self._question or place is None:
            raise unusable("after")
        return place


def numbers_below(after: list[int] | None, last: int, first: int) -> tuple[list[int], bool]:
    """The numbers of a page that counts down to 1, and whether there are more behind it."""
    top = last if after is None else min(last, after[0] - 1)
    bottom = max(0, top - check_first(first))
    return list(range(top, bottom, -1)), bottom > 0
