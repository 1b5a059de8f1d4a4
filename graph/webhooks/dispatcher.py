"""Hands events out to webhooks, while this process holds the lease (docs/decisions/0006-webhooks.md)."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable

import orjson

from graph.database import Database, Transaction, WriteConflict
from graph.errors import LineageError, NotFound
from graph.events.event import Event
from graph.events.filter import EventFilter
from graph.events.store import WINDOW, read_range
from graph.rules.deliveries import CONCURRENT
from graph.webhooks import ledger
from graph.webhooks.lease import Lease, Look, LostLease, read_look
from graph.webhooks.ledger import Move, Result
from graph.webhooks.planning import Line, clusters
from graph.webhooks.records import Answer, Delivery, Outgoing, Send, Webhook
from graph.webhooks.store import all_webhooks
from graph.webhooks.wishes import wanted

log = logging.getLogger(__name__)

ALL = 64
"""Requests at once, over all webhooks."""

POLL = 0.25
"""Seconds between two looks of the holder: other processes write events too."""

WATCH = 1.0
"""Seconds between two looks of who does not dispatch, and while the database is away."""

FAREWELL = 3.0
"""Seconds that requests under way are given when the service stops."""

BROKEN = Answer(None, "The service could not make the request; its log says why.", 0)


class Dispatcher:
    """One a process; at most one of them works."""

    def __init__(
        self, database: Callable[[], Database], clock: Callable[[], int], send: Send, *, traversal: int
    ) -> None:
        """`traversal` is how many assets the way upstream of a filter may look at."""
        self._database = database
        self._clock = clock
        self._send = send
        self._traversal = traversal
        self._lease = Lease()
        self._lines: dict[str, Line] = {}
        self._state: tuple[int, int] | None = None
        """The revision of the webhooks and of the definitions that `_lines` are of."""
        self._working = False
        self._flying: dict[str, set[str]] = {}
        """By webhook, the deliveries from their start until the outcome is stored."""
        self._sending: dict[str, asyncio.Task[None]] = {}
        self._results: list[Result] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for work; belongs to the running event loop."""
        self._task = asyncio.create_task(self._run(), name="dispatcher")

    def notify(self, _: int) -> None:
        """This process wrote events."""
        if self._working:
            self._wake.set()

    def changed(self) -> None:
        """A client changed a webhook, or asked to send something again."""
        self._wake.set()

    async def stop(self) -> None:
        """Let what is under way end, note what became of it, and let another process go on."""
        if self._task is None:
            return
        self._closing = True
        self._wake.set()
        await self._task
        self._task = None
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=FAREWELL)
        await self._forget()
        with contextlib.suppress(LostLease, LineageError, WriteConflict):
            await self._settle()
            await self._lease.release(self._database())

    async def _run(self) -> None:
        while not self._closing:
            self._wake.clear()
            try:
                pause = await self._turn()
            except LostLease:
                await self._forget()
                pause = WATCH
            except (LineageError, WriteConflict):
                # What the database holds now is read anew: a commit may have come through or not.
                self._state, pause = None, WATCH
            except Exception:  # it must outlive whatever one turn brings
                log.exception("the dispatcher of webhooks stumbled")
                self._state, pause = None, WATCH
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def _turn(self) -> float:
        """Do what is there to do; the seconds after which to look again, if nothing wakes it before."""
        database = self._database()
        look = await database.read(read_look)
        if (look.revision, look.definitions) != self._state:
            await self._load(look)
        if not self._lines and not self._flying:
            self._working = False
            await self._lease.release(database)
            return WATCH
        if not self._lease.is_held(look):
            if self._working:
                raise LostLease
            if not await self._lease.take(database, look, self._clock()):
                return WATCH
            log.info("this process sends the webhooks")
            await self._load(look)
        self._working = True
        await self._settle()
        await self._move(look)
        await self._send_due(look)
        if self._lease.needs_beat:
            ahead = {key: line.position for key, line in self._lines.items() if line.position > line.webhook.position}
            await self._lease.write(database, lambda tx: ledger.note_positions(tx, ahead))
            for key, position in ahead.items():
                self._lines[key].webhook.position = position
        more = self._results or clusters(list(self._lines.values()), look.last, WINDOW)
        return 0.0 if more else POLL

    async def _load(self, look: Look) -> None:
        """The webhooks as they are now; cursors that are further than what is stored stay where they are."""
        ahead = {key: line.position for key, line in self._lines.items()} if self._working else {}
        self._flying = {key: flying for key, flying in self._flying.items() if flying}

        async def work(tx: Transaction) -> dict[str, Line]:
            active = [each for each in await all_webhooks(tx) if each.paused_at is None]
            return {
                each.key: Line(
                    each,
                    await self._filter(tx, each),
                    max(each.position, ahead.get(each.key, 0)),
                    self._flying.get(each.key, set()),
                )
                for each in active
            }

        self._lines = await self._database().read(work)
        self._state = (look.revision, look.definitions)

    async def _filter(self, tx: Transaction, webhook: Webhook) -> EventFilter:
        try:
            return await wanted(orjson.loads(webhook.filter), self._traversal).work_out(tx)
        except NotFound:
            return EventFilter(among=())

    async def _move(self, look: Look) -> None:
        """Make deliveries of the events that the log has behind the webhooks' cursors."""
        for start, lines in clusters(list(self._lines.values()), look.last, WINDOW):
            oldest = look.first - 1
            events, importance = await self._read(max(start, oldest), look.last, lines)
            moves = []
            for line in lines:
                missed = max(0, oldest - line.position)
                line.position += missed
                owed, position = line.owed(events, importance)
                if owed or missed:
                    moves.append(Move(line.webhook.key, position, owed, missed))
                else:
                    line.position = position
            await self._note(moves)

    async def _read(self, after: int, last: int, lines: list[Line]) -> tuple[list[Event], dict[str, str]]:
        """The next events, and the importance of their assets if it matters to one of these webhooks."""
        matters = any(line.webhook.minimum_importance for line in lines)

        async def work(tx: Transaction) -> tuple[list[Event], dict[str, str]]:
            events = await read_range(tx, after, min(after + WINDOW, last))
            assets = [event.asset for event in events if event.asset is not None]
            return events, await ledger.importance_of(tx, assets if matters else [])

        return await self._database().read(work)

    async def _note(self, moves: list[Move]) -> None:
        if moves:
            now = self._clock()
            self._refresh(await self._lease.write(self._database(), lambda tx: ledger.move(tx, moves, now)))

    async def _settle(self) -> None:
        """Note what became of the attempts that ended."""
        results = list(self._results)
        if not results:
            return
        now = self._clock()
        self._refresh(
            await self._lease.write(self._database(), lambda tx: ledger.settle(tx, results, now, random.random))
        )
        self._results = self._results[len(results) :]
        for result in results:
            if flying := self._flying.get(result.webhook):
                flying.discard(result.delivery)
                if not flying:
                    del self._flying[result.webhook]

    def _refresh(self, webhooks: list[Webhook]) -> None:
        for webhook in webhooks:
            line = self._lines.get(webhook.key)
            if line is None:
                continue
            line.webhook = webhook
            line.position = max(line.position, webhook.position)
            line.quiet_until = 0
            if webhook.paused_at is not None:
                log.warning("webhook %s is paused: %s", webhook.key, webhook.pause_reason)
                del self._lines[webhook.key]

    async def _send_due(self, look: Look) -> None:
        """Start requests for what is due, as many as there may be."""
        now = self._clock()
        asked = [line for line in self._lines.values() if line.has_due(now)]
        if not asked or len(self._sending) >= ALL or not self._lease.sure:
            return
        limit = 2 * CONCURRENT + 1

        async def read(tx: Transaction) -> tuple[dict[str, list[Delivery]], dict[int, Event]]:
            found = await ledger.heads(tx, [line.webhook.key for line in asked], limit)
            due = [each.seq for some in found.values() for each in some if each.due is not None and each.due <= now]
            return found, await ledger.events_of(tx, due) if due else {}

        found, events = await self._database().read(read)
        # Who has the fewest under way comes first: slow endpoints cannot keep all places among themselves.
        for line in sorted(asked, key=lambda line: len(line.flying)):
            self._start(line, found.get(line.webhook.key, []), events, look.source, now, limit)

    def _start(
        self, line: Line, heads: list[Delivery], events: dict[int, Event], source: str, now: int, limit: int
    ) -> None:
        """Start what is due of one webhook; remember when there will be more."""
        waiting = [each for each in heads if each.key not in line.flying]
        for delivery in waiting:
            assert delivery.due is not None
            if delivery.due > now or line.slots <= 0 or len(self._sending) >= ALL:
                line.quiet_until = delivery.due
                return
            line.flying.add(delivery.key)
            self._flying[line.webhook.key] = line.flying
            event = events.get(delivery.seq)
            if event is None:
                self._results.append(Result(delivery.key, delivery.webhook, delivery.attempts, None))
                self._wake.set()
                continue
            outgoing = Outgoing(delivery.key, line.webhook, event, source)
            task = asyncio.create_task(self._carry(delivery, outgoing), name=f"delivery {delivery.key}")
            self._sending[delivery.key] = task
        # Those that follow the heads read, if there are more, come up when one of these is settled.
        line.quiet_until = None if len(heads) < limit else 0

    async def _carry(self, delivery: Delivery, outgoing: Outgoing) -> None:
        try:
            answer = await self._send(outgoing)
        except Exception:
            log.exception("a request to a webhook could not be made")
            answer = BROKEN
        finally:
            self._sending.pop(delivery.key, None)
        self._results.append(Result(delivery.key, delivery.webhook, delivery.attempts, answer))
        self._wake.set()

    async def _forget(self) -> None:
        """Another process may send now: end what is under way, and know nothing."""
        sending = list(self._sending.values())
        for task in sending:
            task.cancel()
        if sending:
            await asyncio.wait(sending)
        if not self._closing:
            self._results, self._flying = [], {}
        self._lines, self._state, self._working = {}, None, False
