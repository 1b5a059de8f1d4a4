"""The way in for orchestrators: claim requests for runs, keep the lease, end it; and waiting for something to claim.

docs/decisions/0008-run-requests.md. Every change is a command in the writer's queue; a claim looks first, in a read
transaction, whether there is anything for it.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import orjson

from graph.database import Database, Transaction
from graph.recording.family import RecordingFamily
from graph.recording.load_requests import first_in_line
from graph.recording.request_commands import (
    CancelRequest,
    Claim,
    Complete,
    GiveUp,
    Heartbeat,
    Named,
    RetryRequest,
)
from graph.recording.state import Claimed
from graph.records import Json, RunRequest
from graph.requests.watch import RequestWatch
from graph.rules.digests import digest
from graph.rules.identifiers import workflow_key
from graph.writer import Writer

LOOK = 2.0
"""Seconds between two looks of one who waits: other processes write too. What this one writes is told at once."""


class RunRequests:
    """Requests for runs. `roll` gives the chance in the pause before another attempt: from 0 up to 1."""

    def __init__(
        self,
        database: Callable[[], Database],
        writer: Writer,
        clock: Callable[[], int],
        *,
        roll: Callable[[], float],
        on_deadline: Callable[[int], None],
    ) -> None:
        """`on_deadline` is called after a commit as `RecordingFamily` calls its own."""
        self._database = database
        self._writer = writer
        self._clock = clock
        self._roll = roll
        self.family = RecordingFamily(on_deadline, self._note)
        self.watch = RequestWatch(database, writer, clock, self.family)
        self._pulse = asyncio.Event()
        self._closing = False

    def start(self) -> None:
        """Begin to watch leases and pauses; belongs to the running event loop."""
        self.watch.start()

    async def stop(self) -> None:
        """Let those go that wait for something to claim, and end the watch."""
        self.release()
        await self.watch.stop()

    def release(self) -> None:
        """From now on nobody waits: the service stops."""
        self._closing = True
        self._tell()

    async def claim(
        self,
        owner: str,
        *,
        limit: int,
        lease: int,
        workflows: Iterable[str] = (),
        wait: float = 0.0,
        gone: asyncio.Event | None = None,
    ) -> list[Claimed]:
        """Up to `limit` requests for `lease` milliseconds, the first ones of free lanes.

        Waits up to `wait` seconds while there is none, and no longer once `gone` is set: nobody is there to take it.
        """
        keys = frozenset(map(workflow_key, workflows))
        until = asyncio.get_running_loop().time() + wait
        while True:
            pulse = self._pulse
            if gone is not None and gone.is_set():
                return []
            await self.watch.sweep()
            if await self._any(keys):
                command = Claim(owner=owner, limit=limit, lease=lease, now=self._clock(), workflows=keys)
                claimed: list[Claimed] = await self._writer.submit(self.family, command)
                if claimed:
                    return claimed
            left = until - asyncio.get_running_loop().time()
            if left <= 0 or self._closing:
                return []
            await _first_of(min(left, LOOK), pulse, gone)

    async def heartbeat(self, request: str, fence: int, *, lease: int | None = None) -> RunRequest:
        """Keep the lease for so many milliseconds from now. Raises NotFound, Conflict `lease_lost`."""
        return await self._submit(Heartbeat(request, fence, self._clock(), lease))

    async def complete(
        self,
        request: str,
        fence: int,
        document: dict[str, Any],
        *,
        status: str,
        output: Any = None,
        metrics: Any = None,
        error_message: str | None = None,
    ) -> RunRequest:
        """End the run, and with it the request, unless it failed and is tried again; the same again changes nothing.

        Raises NotFound, Conflict `lease_lost` and `run_request_ended`.
        """
        command = Complete(
            request=request,
            fence=fence,
            now=self._clock(),
            roll=self._roll(),
            status=status,
            digest=digest(document),
            output=_text(output),
            metrics=_text(metrics),
            error_message=error_message,
        )
        return await self._submit(command)

    async def give_up(self, request: str, fence: int, *, reason: str, retry: bool) -> RunRequest:
        """Let the lease go; the same again changes nothing. Raises NotFound, Conflict `lease_lost`."""
        return await self._submit(GiveUp(request, fence, self._clock(), self._roll(), reason, retry))

    async def cancel(self, request: str, reason: str) -> RunRequest:
        """Nobody wants it any more. Raises NotFound, Conflict `run_request_ended`."""
        return await self._submit(CancelRequest(request, self._clock(), reason))

    async def retry(self, request: str) -> RunRequest:
        """Let a dead letter wait again. Raises NotFound, Conflict `run_request_ended` and `run_key_active`."""
        return await self._submit(RetryRequest(request, self._clock()))

    async def _submit(self, command: Named) -> RunRequest:
        request: RunRequest = await self._writer.submit(self.family, command)
        return request

    async def _any(self, workflows: frozenset[str]) -> bool:
        async def work(tx: Transaction) -> bool:
            return bool(await first_in_line(tx, 1, workflows))

        return await self._database().read(work)

    def _note(self, claimable: bool, deadline: int | None) -> None:
        if claimable:
            self._tell()
        if deadline is not None:
            self.watch.note(deadline)

    def _tell(self) -> None:
        pulse, self._pulse = self._pulse, asyncio.Event()
        pulse.set()


async def _first_of(seconds: float, *events: asyncio.Event | None) -> None:
    """Until one of the events is set, or for so long."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events if event is not None]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


def _text(value: Any) -> Json | None:
    return None if value is None else orjson.dumps(value).decode()
