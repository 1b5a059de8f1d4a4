"""What many ask for at about the same time is made once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Shared(Generic[K, V]):
    """The last values made, by key. A failure reaches those who wait for it and is not kept.

    Who waits may be cancelled: the value is made all the same, for the others.
    """

    def __init__(self, kept: int) -> None:
        self._kept: LRUCache[K, asyncio.Future[V]] = LRUCache(kept)

    async def get(self, key: K, make: Callable[[], Awaitable[V]]) -> V:
        """The value under the key; `make` is awaited when there is none and nobody makes it already."""
        found = self._kept.get(key)
        if found is None or (found.done() and (found.cancelled() or found.exception() is not None)):
            found = self._kept[key] = asyncio.ensure_future(make())
        return found.result() if found.done() else await asyncio.shield(found)
