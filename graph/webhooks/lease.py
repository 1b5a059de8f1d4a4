"""Who dispatches: one process at a time over all that use the database (docs/decisions/0006-webhooks.md).

A process that lost the lease cannot write any more: each of its transactions begins with the fence. No clocks of
different machines are compared: a lease is free when nobody saw its holder's sign of life for `PATIENCE` seconds.
"""

import dataclasses
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

from graph.database import Database, Transaction

T = TypeVar("T")

LOOK = """
UNWIND $keys AS key
MATCH (m:Meta {key: key})
RETURN properties(m) AS state
"""

TAKE = """
MATCH (d:Meta {key: 'dispatcher'})
SET d.lockedAt = $now
WITH d
WHERE d.fence = $fence AND d.beat = $beat
SET d.fence = d.fence + 1, d.beat = 0, d.holder = $holder
RETURN d.fence AS fence
"""

BEAT = """
MATCH (d:Meta {key: 'dispatcher'})
SET d.beat = d.beat + 1
RETURN d.fence AS fence
"""
"""Locks the node, so that nobody takes over between this and the commit."""

RELEASE = "MATCH (d:Meta {key: 'dispatcher'}) SET d.holder = ''"

PATIENCE = 5.0
"""Seconds without a sign of life after which another process takes over."""

SURE = 4.0
"""Seconds after its own last sign of life in which the holder may start requests."""

REST = 1.5
"""Seconds between two signs of life when there is nothing else to write."""


class LostLease(Exception):
    """Another process dispatches now; nothing of this transaction holds."""


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """The lease, the webhooks and the log at one glance: `revision` and `definitions` rise with every change."""

    fence: int
    beat: int
    holder: str
    revision: int
    first: int
    last: int
    source: str
    definitions: int


async def read_look(tx: Transaction) -> Look:
    """How things stand."""
    rows = await tx.rows(LOOK, {"keys": ["dispatcher", "events", "webhooks"]})
    state = {name: value for row in rows for name, value in row["state"].items()}
    return Look(**{field.name: state[field.name] for field in dataclasses.fields(Look)})


class Lease:
    """This process's part in it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._name = uuid.uuid4().hex
        self._fence: int | None = None
        self._beat_at = 0.0
        self._seen: tuple[int, int] | None = None
        self._seen_at = 0.0

    def is_held(self, look: Look) -> bool:
        """Whether this process has it."""
        if self._fence != look.fence:
            self._fence = None
        return self._fence is not None

    @property
    def sure(self) -> bool:
        """Whether nobody else can have taken it meanwhile."""
        return self._fence is not None and self._monotonic() - self._beat_at < SURE

    @property
    def needs_beat(self) -> bool:
        """Whether others need a sign of life."""
        return self._monotonic() - self._beat_at >= REST

    async def take(self, database: Database, look: Look, now: int) -> bool:
        """Take it if nobody holds it."""
        moment = self._monotonic()
        if (look.fence, look.beat) != self._seen:
            self._seen, self._seen_at = (look.fence, look.beat), moment
        if look.holder and moment - self._seen_at < PATIENCE:
            return False
        wanted = {"fence": look.fence, "beat": look.beat, "holder": self._name, "now": now}
        row = await database.write(lambda tx: tx.row(TAKE, wanted))
        if row is None:
            return False
        self._fence, self._beat_at = row["fence"], moment
        return True

    async def write(self, database: Database, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Carry out `work` as the holder. Raises LostLease."""
        began = self._monotonic()

        async def fenced(tx: Transaction) -> T:
            row = await tx.row(BEAT)
            if row is None or row["fence"] != self._fence:
                self._fence = None
                raise LostLease
            return await work(tx)

        done = await database.write(fenced)
        self._beat_at = began
        return done

    async def release(self, database: Database) -> None:
        """Let go of it, so that others need not wait."""
        if self._fence is not None:
            await self.write(database, lambda tx: tx.run(RELEASE))
            self._fence = None
