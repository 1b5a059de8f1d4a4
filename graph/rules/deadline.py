"""The time that one validation may take, carried to where the time goes.

Kept per thread and task in a context variable, since the validators are shared by all of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from time import monotonic

from graph.rules.patterns import search

_DEADLINE: ContextVar[float] = ContextVar("deadline")


class DeadlinePassed(Exception):
    """The time given to `within` is over."""


@contextmanager
def within(milliseconds: float) -> Iterator[None]:
    """Gives what runs inside so much time, never more than a `within` around it has left.

    DeadlinePassed comes from `check` and `matches` afterwards.
    """
    token = _DEADLINE.set(min(monotonic() + milliseconds / 1000, _DEADLINE.get(inf)))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def check() -> None:
    """To be called wherever work is passed on."""
    if monotonic() > _DEADLINE.get():
        raise DeadlinePassed


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern occurs in the text, found out within the time left."""
    left = _DEADLINE.get() - monotonic()
    if left <= 0:
        raise DeadlinePassed
    try:
        return search(pattern, text, left)
    except TimeoutError:
        raise DeadlinePassed from None
