"""The service's one object: everything that the edge may ask of the graph goes through it."""

import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from graph.connection import Connection
from graph.database import Transaction
from graph.events.event import Event
from graph.events.expiry import ExpiryWatch
from graph.events.hub import Hub
from graph.events.retention import Others, Retention
from graph.partitions.curator import Curator
from graph.questions.freshness_changes import VerdictChange, verdict_changes
from graph.questions.readiness import require_ready
from graph.recording.recorder import Recorder
from graph.registry.registrar import Registrar
from graph.requests.queue import RunRequests
from graph.shared import Shared
from graph.store.documents import Documents
from graph.webhooks.dispatcher import Dispatcher
from graph.webhooks.records import Send
from graph.webhooks.retention import any_old, remove_old
from graph.webhooks.service import Webhooks
from graph.writer import Writer

T = TypeVar("T")

CHANGES = 1_000
"""Events of which is kept what they changed; readers ask for the newest at about the same time."""


def system_clock() -> int:
    """Now, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


class Lineage:
    """Workflows (`registrar`), runs (`recorder`), the queue of requests for runs (`requests`), what is said of
    partitions (`curator`), questions (`read`), what happens (`events`) and who is told of it (`webhooks`) on one
    database.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        send: Send,
        clock: Callable[[], int] = system_clock,
        payload_limit: int = 1024 * 1024,
        validation_budget_ms: int = 1_000,
        event_retention_days: int = 30,
        traversal: int = 100_000,
        roll: Callable[[], float] = random.random,
    ) -> None:
        """`send` makes the requests to webhooks; `traversal` is how many assets one question may look at; `roll` gives
        chances from 0 up to 1, for the pauses before another attempt at a run.
        """
        self.connection = connection
        self.clock = clock
        self._traversal = traversal
        self.documents = Documents()
        self.events = Hub(connection.database)
        self._changes: Shared[int, list[VerdictChange]] = Shared(CHANGES)
        self.dispatcher = Dispatcher(connection.database, clock, send, traversal=traversal)
        self.webhooks = Webhooks(connection.database, clock, send, self.dispatcher.changed, traversal=traversal)
        self.writer = Writer(connection.database, on_events=(self.events.notify, self.dispatcher.notify))
        self.expiry = ExpiryWatch(connection.database, self.writer, clock)
        self.retention = Retention(
            connection.database, self.writer, clock, days=event_retention_days, also=(Others(any_old, remove_old),)
        )
        self.registrar = Registrar(connection.database, self.writer, clock, on_deadline=self.expiry.note)
        self.requests = RunRequests(connection.database, self.writer, clock, roll=roll, on_deadline=self.expiry.note)
        self.recorder = Recorder(
            connection.database,
            self.writer,
            self.documents,
            clock,
            payload_limit=payload_limit,
            validation_budget_ms=validation_budget_ms,
            family=self.requests.family,
            roll=roll,
        )
        self.curator = Curator(connection.database, self.writer, self.documents, clock)

    async def start(self) -> None:
        """Open the database and begin to write."""
        await self.connection.start()
        self.writer.start()
        self.expiry.start()
        self.requests.start()
        self.retention.start()
        self.dispatcher.start()

    async def stop(self) -> None:
        """Write what waits, let the readers of events and the webhooks go, then close the database."""
        await self.retention.stop()
        await self.expiry.stop()
        await self.requests.stop()
        await self.writer.stop()
        await self.dispatcher.stop()
        await self.events.stop()
        await self.connection.stop()

    async def read(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Ask something in one read transaction."""
        return await self.connection.database().read(work)

    async def verdict_changes(self, event: Event) -> list[VerdictChange]:
        """What an event changed in how fresh assets are; worked out once for all who ask."""
        return await self._changes.get(event.seq, lambda: self.read(lambda tx: verdict_changes(tx, event)))

    async def require_ready(self, run_id: str, step_id: str, attempt: int) -> None:
        """Raise Conflict `inputs_not_ready` unless what the step consumes will do, or this attempt at it began before.

        Raises what `graph.questions.readiness` raises besides.
        """
        now, most = self.clock(), self._traversal
        await self.read(lambda tx: require_ready(tx, self.documents, run_id, step_id, attempt, most=most, now=now))
