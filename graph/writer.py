"""The queue that every write of the process goes through: one writer, many commands a transaction.

Group commit is what makes ingest fast on both engines (one `fdatasync` for many reports), and one writer is what keeps
versions and counters right on an engine without row locks (docs/decisions/0001-shape.md, Writing). A caller awaits
`submit` and gets its own outcome: a value after the commit, or the LineageError that refused this one command.
Neighbours in the transaction are not touched by it.
"""

import asyncio
import collections
import contextlib
import dataclasses
import logging
import random
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from graph.database import Database, Transaction, WriteConflict
from graph.errors import Unavailable
from graph.events.journal import Journal
from graph.events.reach import Reaches

log = logging.getLogger(__name__)

MAX_COMMANDS = 500
"""Commands in one transaction at most; measured gains end at a few hundred rows."""

MAX_BYTES = 8 * 1024 * 1024
"""Bytes of the commands in one transaction at most, so that big payloads do not pile up in one."""

LINGER = 0.01
"""Seconds at most to wait, after a batch of several commands, until as many wait again. Most callers come back at once
with their next command; without the wait the first of them is committed alone while the others queue (sixteen
reporters: twice the transactions). A single caller never waits."""

CONFLICT_RETRIES = 6


class Family(Protocol):
    """Commands that are loaded, applied and flushed together."""

    async def execute(self, tx: Transaction, commands: Sequence[Any], journal: Journal) -> list[Any]:
        """One outcome a command, in order; a LineageError among them refuses that command alone.

        What happened is noted in the journal.
        """

    def committed(self) -> None:
        """Called once the transaction holds; for memories that may only know what is durable."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Waiting:
    family: Family
    command: Any
    size: int
    outcome: asyncio.Future[Any]


class Writer:
    """Takes commands from any number of callers and commits them in the order in which they came.

    `max_commands` is how many share a transaction at most; 1 turns group commit off, to measure what it is worth.
    """

    def __init__(
        self,
        database: Callable[[], Database],
        *,
        max_commands: int = MAX_COMMANDS,
        on_events: Sequence[Callable[[int], None]] = (),
    ) -> None:
        """`on_events` are called with the number of the last event after each commit that wrote one."""
        self.max_commands = max_commands
        self._database = database
        self._on_events = on_events
        self._reaches = Reaches()
        self._waiting: collections.deque[_Waiting] = collections.deque()
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to commit; belongs to the running event loop."""
        self._task = asyncio.create_task(self._run(), name="writer")

    async def stop(self) -> None:
        """Commit what waits, then end; later submits are refused with Unavailable."""
        self._closing = True
        self._wake.set()
        if self._task:
            await self._task

    async def submit(self, family: Family, command: Any, *, size: int = 0) -> Any:
        """Queue one command and wait until it is durable or refused."""
        if self._closing:
            raise Unavailable("The service is shutting down; nothing was changed. Try again shortly.")
        outcome: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(family, command, size, outcome))
        self._wake.set()
        return await outcome

    async def _run(self) -> None:
        while True:
            if not self._waiting:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            batch = self._take()
            await self._commit(batch)
            if len(batch) > 1:
                await self._linger(min(len(batch) + len(self._waiting), MAX_COMMANDS))

    async def _linger(self, expected: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER):
                while len(self._waiting) < expected and not self._closing:
                    self._wake.clear()
                    await self._wake.wait()

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        size = 0
        while self._waiting and len(batch) < self.max_commands:
            if batch and size + self._waiting[0].size > MAX_BYTES:
                break
            each = self._waiting.popleft()
            size += each.size
            batch.append(each)
        return batch

    async def _commit(self, batch: list[_Waiting]) -> None:
        """Commit the batch; one that cannot be committed as a whole is halved until the culprit stands alone.

        The database away is nobody's fault: all are told so, also when it went away in the middle of the commit,
        where nobody knows whether the batch holds. Every command can be sent again.
        """
        try:
            outcomes = await self._attempt(batch)
        except Unavailable as error:
            _fail(batch, error)
        except Exception as error:  # the writer must outlive whatever one batch brings
            if len(batch) > 1:
                middle = len(batch) // 2
                await self._commit(batch[:middle])
                await self._commit(batch[middle:])
            elif isinstance(error, WriteConflict):
                _fail(batch, Unavailable("Others kept changing the same things. Try again.", code="database_busy"))
            else:
                log.exception("a command failed: %s", type(batch[0].command).__name__)
                _fail(batch, error)
        else:
            for each, outcome in zip(batch, outcomes, strict=True):
                _hand_out(each, outcome)

    async def _attempt(self, batch: list[_Waiting]) -> list[Any]:
        for retry in range(CONFLICT_RETRIES):
            try:
                return await self._transaction(batch)
            except WriteConflict:
                # A lost race against another process: what is loaded next time tells a true duplicate.
                if retry == CONFLICT_RETRIES - 1:
                    raise
                await asyncio.sleep(random.uniform(0.005, 0.02) * 2**retry)  # noqa: S311 - jitter, not a secret
        raise AssertionError("unreachable")

    async def _transaction(self, batch: list[_Waiting]) -> list[Any]:
        by_family: dict[Family, list[int]] = {}
        for index, each in enumerate(batch):
            by_family.setdefault(each.family, []).append(index)

        async def work(tx: Transaction) -> tuple[list[Any], int | None]:
            outcomes: list[Any] = [None] * len(batch)
            journal = Journal(self._reaches)
            for family, indexes in by_family.items():
                answers = await family.execute(tx, [batch[i].command for i in indexes], journal)
                for index, answer in zip(indexes, answers, strict=True):
                    outcomes[index] = answer
            await journal.flush(tx)
            return outcomes, journal.last

        outcomes, last = await self._database().write(work)
        for family in by_family:
            family.committed()
        if last is not None:
            for listener in self._on_events:
                listener(last)
        return outcomes


def _hand_out(each: _Waiting, outcome: Any) -> None:
    # A caller that went away cancelled its future; its command was carried out all the same.
    with contextlib.suppress(asyncio.InvalidStateError):
        if isinstance(outcome, BaseException):
            each.outcome.set_exception(outcome)
        else:
            each.outcome.set_result(outcome)


def _fail(batch: list[_Waiting], error: BaseException) -> None:
    for each in batch:
        _hand_out(each, error)
