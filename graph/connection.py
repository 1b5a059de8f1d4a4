"""The database as the service holds it: opened, watched, opened again.

A Neo4j that is not up yet, or gone for a while, does not end the service: requests are answered with Unavailable until
it is back. The embedded engine is started here, and started again when its process dies.
"""

import asyncio
import contextlib
import logging
from typing import Protocol

from graph.address import Address
from graph.database import Database
from graph.errors import Unavailable
from graph.schema import NewerSchema, ensure_schema

log = logging.getLogger(__name__)

OPENING = Unavailable("The database is being opened.")

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 5.0


class Source(Protocol):
    """Where the address of a running database comes from."""

    async def open(self) -> Address:
        """Make sure that there is a database to connect to."""

    async def lost(self) -> None:
        """Return when the database that `open` gave is gone for good and must be opened again."""

    async def close(self) -> None:
        """Let go of it."""


class FixedSource:
    """A server that somebody else runs; the driver itself finds back to it."""

    def __init__(self, address: Address) -> None:
        self._address = address

    async def open(self) -> Address:
        """The address as configured."""
        return self._address

    async def lost(self) -> None:
        """Never."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing to let go of."""


class Connection:
    """Keeps one `Database` open. `database()` gives it, or raises Unavailable while there is none.

    Once a call has found the database away, every further one is refused at once instead of waiting in vain, until this
    finds it again.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._database: Database | None = None
        self._obstacle = OPENING
        self._tried = asyncio.Event()
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open the source, whose errors are the caller's, and try to connect; further tries are in the background."""
        address = await self._source.open()
        self._task = asyncio.create_task(self._keep_open(address), name="connection")
        await self._tried.wait()

    async def stop(self) -> None:
        """Close the connections, then the source."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._source.close()

    def database(self) -> Database:
        """The open database, or Unavailable."""
        if self._database is None:
            raise self._refusal()
        return self._database

    async def check(self) -> None:
        """Raise Unavailable unless the database answers now."""
        await self.database().verify()

    async def _keep_open(self, address: Address) -> None:
        while True:
            database = Database(address, lost=self._lose)
            connected = asyncio.create_task(self._stay_connected(database, address), name="connected")
            try:
                await self._source.lost()
            finally:
                self._database = None
                connected.cancel()
                await asyncio.wait([connected])
                await database.close()
            log.error("the database ended unexpectedly and is started again")
            self._obstacle = Unavailable("The database ended unexpectedly and is being started again.")
            address = await self._reopen()

    async def _stay_connected(self, database: Database, address: Address) -> None:
        while True:
            await self._connect(database)
            log.info("database ready at %s", address.uri)
            self._database = database
            self._obstacle = OPENING
            self._tried.set()
            self._lost.clear()
            await self._lost.wait()

    def _lose(self) -> None:
        self._database = None
        self._lost.set()

    async def _connect(self, database: Database) -> None:
        """Connect and bring the schema up to date, however long it takes."""
        pause = FIRST_PAUSE
        while True:
            try:
                await database.verify()
                await ensure_schema(database)
                return
            except Unavailable as error:
                self._note(error)
            except NewerSchema as error:
                self._note(Unavailable(str(error), retry_after=60))
            except Exception:  # whatever it is, the service outlives it and tries again
                log.exception("the database is not ready")
                self._obstacle = Unavailable("The database is not ready yet; the service's log says why.")
            self._tried.set()
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _reopen(self) -> Address:
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._source.open()
            except Exception as error:  # whatever it is, the service outlives it and tries again
                self._obstacle = Unavailable(str(error))
                log.exception("the database cannot be opened")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _note(self, obstacle: Unavailable) -> None:
        # Once, not at every try: it may last for hours.
        if obstacle.message != self._obstacle.message:
            log.warning("%s (%s)", obstacle, obstacle.__cause__)
        self._obstacle = obstacle

    def _refusal(self) -> Unavailable:
        # A fresh one each time: an exception that is raised again gathers the tracebacks of all its raisers.
        return Unavailable(self._obstacle.message, code=self._obstacle.code, retry_after=self._obstacle.retry_after)
