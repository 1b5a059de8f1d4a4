"""The database as the service holds it: opened, watched, opened again.

A Neo4j that is not up yet, or gone for a while, does not end the service: requests are answered with Unavailable until
it is back. The embedded engine is started here, and started again when its process dies.
"""

import asyncio
import contextlib
import logging
from typing import Protocol

from graph.address import Address
from graph.database import Database, DatabaseFault
from graph.errors import LineageError, Unavailable
from graph.schema import NewerSchema, ensure_schema

log = logging.getLogger(__name__)

PING = "RETURN 1 AS one"

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
    """Keeps one `Database` open. `database()` gives it, or raises Unavailable while there is none."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._database: Database | None = None
        self._obstacle = "The database is being opened."
        self._tried = asyncio.Event()
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
        await self._drop()
        await self._source.close()

    def database(self) -> Database:
        """The open database, or Unavailable."""
        if self._database is None:
            raise Unavailable(self._obstacle)
        return self._database

    async def check(self) -> None:
        """Raise Unavailable unless the database answers now."""
        database = self.database()
        try:
            await asyncio.wait_for(database.row(PING), timeout=5.0)
        except TimeoutError:
            raise Unavailable("The database does not answer within five seconds.") from None

    async def _keep_open(self, address: Address) -> None:
        while True:
            await self._connect(address)
            await self._source.lost()
            log.error("the database is gone; opening it again")
            self._obstacle = "The database ended unexpectedly and is being started again."
            await self._drop()
            address = await self._reopen()

    async def _connect(self, address: Address) -> None:
        """Connect and bring the schema up to date, however long it takes."""
        database = Database(address)
        pause = FIRST_PAUSE
        while True:
            try:
                await ensure_schema(database)
            except (LineageError, DatabaseFault, NewerSchema) as error:
                self._obstacle = (
                    str(error) if isinstance(error, LineageError | NewerSchema) else "The database is not ready yet."
                )
                log.warning("database not ready: %s", error)
                self._tried.set()
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._database = database
                self._tried.set()
                log.info("database ready at %s", address.uri)
                return

    async def _reopen(self) -> Address:
        pause = FIRST_PAUSE
        while True:
            try:
                return await self._source.open()
            except Exception as error:  # whatever it is, the service outlives it and tries again
                self._obstacle = str(error)
                log.exception("the database cannot be opened")
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _drop(self) -> None:
        database, self._database = self._database, None
        if database:
            await database.close()
