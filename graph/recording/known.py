"""What is durably in the database for ever, so that a batch need not write it again.

Schemas and observed edges are never removed. Only what a committed transaction wrote may be remembered; forgetting is
harmless.
"""

from collections.abc import Collection
from typing import TypeVar

from graph.recording.state import Changes

T = TypeVar("T")

LIMIT = 100_000
"""Entries of a set before it is emptied; about 20 MB each at the most."""


class Known:
    """Bounded memory of written schemas (digests) and observed edges ((step key, asset key))."""

    def __init__(self) -> None:
        self.schemas: set[str] = set()
        self.wrote: set[tuple[str, str]] = set()
        self.read: set[tuple[str, str]] = set()

    def remember(self, changes: Changes) -> None:
        """Take in what a transaction that holds has written."""
        _add(self.schemas, changes.schemas)
        _add(self.wrote, changes.wrote)
        _add(self.read, changes.read)


def _add(known: set[T], written: Collection[T]) -> None:
    if len(known) + len(written) > LIMIT:
        known.clear()
    known.update(written)
