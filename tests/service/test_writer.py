"""The queue under faults: one command's trouble is its own, and the writer outlives everything."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, cast

import pytest

from graph.database import Database, DatabaseFault, Transaction, WriteConflict
from graph.errors import LineageError, NotFound, Unavailable
from graph.events.journal import Journal
from graph.writer import CONFLICT_RETRIES, MAX_COMMANDS, Writer

pytestmark = pytest.mark.anyio


class Store:
    """A database that holds a list: what a transaction appended is there only after its commit."""

    def __init__(self) -> None:
        self.committed: list[Any] = []
        self.transactions = 0
        self.lost_in_commit = False
        self.gate = asyncio.Event()
        self.gate.set()

    async def write(self, work: Callable[[Any], Awaitable[Any]]) -> Any:
        await self.gate.wait()
        self.transactions += 1
        pending: list[Any] = []
        outcome = await work(pending)
        self.committed += pending
        if self.lost_in_commit:
            self.lost_in_commit = False
            raise Unavailable("The connection was lost during the commit.")
        return outcome


class Family:
    """Writes each command; one that is an exception fails the whole transaction, a LineageError itself alone."""

    def __init__(self) -> None:
        self.conflicts = 0
        self.commits = 0

    async def execute(self, tx: Transaction, commands: Sequence[Any], journal: Journal) -> list[Any]:
        outcomes: list[Any] = []
        for command in commands:
            if isinstance(command, Exception) and not isinstance(command, LineageError):
                raise command
            if self.conflicts:
                self.conflicts -= 1
                raise WriteConflict("lost a race")
            if not isinstance(command, LineageError):
                cast(list[Any], tx).append(command)
            outcomes.append(command)
        return outcomes

    def committed(self) -> None:
        self.commits += 1


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def writer(store: Store) -> AsyncIterator[Writer]:
    writer = Writer(lambda: cast(Database, store))
    writer.start()
    yield writer
    await writer.stop()


@pytest.fixture
def family() -> Family:
    return Family()


async def all_at_once(writer: Writer, family: Family, commands: Sequence[Any]) -> list[Any]:
    return await asyncio.gather(*(writer.submit(family, each) for each in commands), return_exceptions=True)


async def test_a_refused_command_leaves_its_neighbours_in_the_same_transaction(
    writer: Writer, store: Store, family: Family
) -> None:
    refusal = NotFound("run_not_found", "No such run.")
    assert await all_at_once(writer, family, [1, refusal, 2]) == [1, refusal, 2]
    assert (store.committed, store.transactions, family.commits) == ([1, 2], 1, 1)


@pytest.mark.parametrize(
    "fault", [DatabaseFault("bad query"), WriteConflict("for ever"), ValueError("a mistake of ours")]
)
async def test_a_command_whose_transaction_fails_does_not_fail_its_neighbours(
    writer: Writer, store: Store, family: Family, fault: Exception
) -> None:
    outcomes = await all_at_once(writer, family, [*range(20), fault, *range(21, 40)])
    expected: list[Any] = list(range(40))
    if isinstance(fault, WriteConflict):
        assert isinstance(outcomes[20], Unavailable)
        assert outcomes[20].code == "database_busy"
    else:
        assert outcomes[20] is fault
    assert outcomes[:20] + outcomes[21:] == expected[:20] + expected[21:]
    assert store.committed == expected[:20] + expected[21:]


async def test_a_lost_race_is_run_again(writer: Writer, store: Store, family: Family) -> None:
    family.conflicts = CONFLICT_RETRIES - 1
    assert await all_at_once(writer, family, [1, 2]) == [1, 2]
    assert (store.committed, store.transactions, family.commits) == ([1, 2], CONFLICT_RETRIES, 1)


async def test_nobody_is_told_of_a_commit_whose_outcome_is_not_known(
    writer: Writer, store: Store, family: Family
) -> None:
    store.lost_in_commit = True
    outcomes = await all_at_once(writer, family, [1, 2])
    assert [type(each) for each in outcomes] == [Unavailable, Unavailable]
    # Not run again by the writer: the callers send the same again, and the commands know themselves again.
    assert (store.transactions, family.commits) == (1, 0)
    assert await writer.submit(family, 3) == 3


async def test_a_caller_that_goes_away_takes_nobody_along(writer: Writer, store: Store, family: Family) -> None:
    store.gate.clear()
    callers = [asyncio.create_task(writer.submit(family, number)) for number in range(5)]
    await asyncio.sleep(0)
    callers[0].cancel()
    callers[3].cancel()
    store.gate.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(each) for each in outcomes] == [asyncio.CancelledError, int, int, asyncio.CancelledError, int]
    # What was queued is carried out: the caller may have gone away after it was sent.
    assert store.committed == [0, 1, 2, 3, 4]


async def test_a_batch_is_bounded_and_keeps_the_order_of_arrival(writer: Writer, store: Store, family: Family) -> None:
    numbers = list(range(MAX_COMMANDS * 2 + 1))
    assert await all_at_once(writer, family, numbers) == numbers
    assert store.committed == numbers
    assert store.transactions == 3


async def test_stopping_commits_what_waits_and_refuses_what_comes(store: Store, family: Family) -> None:
    writer = Writer(lambda: cast(Database, store))
    writer.start()
    waiting = [asyncio.create_task(writer.submit(family, number)) for number in range(3)]
    await asyncio.sleep(0)
    await writer.stop()
    assert await asyncio.gather(*waiting) == [0, 1, 2]
    with pytest.raises(Unavailable):
        await writer.submit(family, 4)
    assert store.committed == [0, 1, 2]
