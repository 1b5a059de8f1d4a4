"""The seam to the database: the only module that imports the driver.

Both engines speak Bolt, so there is one way to run a query: a named constant, parameters, inside a managed
transaction. Auto-commit is kept for DDL alone: on the embedded engine a failing auto-commit statement leaves a part of
its writes behind. Instants are integers here (docs/decisions/0001-shape.md), values never enter a query's text.

Errors that leave this module: `graph.errors.Unavailable` (not reachable, not ready, still losing races after the
retries), `WriteConflict` (a uniqueness constraint spoke: a true duplicate or a lost race; re-read to tell),
`QueryTimeout`, and `DatabaseFault` for everything that is our own mistake. Their text is for logs; callers answer with
sentences of their own.

While the database is away, a call ends within about four seconds: the driver tries again for that long.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import neo4j
from neo4j import AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import (
    ClientError,
    ConnectionAcquisitionTimeoutError,
    ConstraintError,
    DatabaseUnavailable,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
    TransientError,
)

from graph.address import Address
from graph.errors import Unavailable

log = logging.getLogger(__name__)

T = TypeVar("T")
Row = dict[str, Any]

PING = "RETURN 1 AS one"

NOT_REACHABLE = "The database cannot be reached at the moment; nothing was changed. Try again shortly."
UNDECIDED = (
    "The connection to the database was lost during the commit, so whether this was recorded is not known. "
    "Send the same request again: what was recorded is answered as before, and not recorded twice."
)
REFUSED = "The database refuses the service's sign-in; whoever runs it must check NEO4J_USER and NEO4J_PASSWORD."
BUSY = "database_busy"
MADE_MEANWHILE = "Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists"
ENTITY_GONE = "Neo.ClientError.Statement.EntityNotFound"
"""Somebody else removed what this transaction had found: the embedded engine says so at the statement."""

TERMINATED = "Neo.ClientError.Transaction.Terminated"

VERIFY_SECONDS = 4.5
"""A database that does not answer the smallest question in this time is away."""

SILENCE = 5.0
"""Seconds beyond the limit of a transaction after which an engine that says nothing is given up."""

OVERLOADED = "The database could not finish this in time because others held what it needed. Try again shortly."


class DatabaseFault(Exception):
    """A query failed for a reason that a caller can do nothing about: our mistake, or the engine's."""


class WriteConflict(DatabaseFault):
    """A uniqueness constraint refused a write; some engines say so only at commit."""


class QueryTimeout(DatabaseFault):
    """The engine ended the transaction because it ran longer than it was allowed to."""


class Transaction:
    """One managed transaction; queries run in order."""

    def __init__(self, inner: AsyncManagedTransaction) -> None:
        self._inner = inner

    async def rows(self, query: str, parameters: Row | None = None) -> list[Row]:
        """All rows of the answer, each as a dict of its columns."""
        result = await self._inner.run(query, parameters)
        return [dict(record) async for record in result]

    async def row(self, query: str, parameters: Row | None = None) -> Row | None:
        """The first row, or None."""
        rows = await self.rows(query, parameters)
        return rows[0] if rows else None

    async def run(self, query: str, parameters: Row | None = None) -> None:
        """Run a query whose rows nobody needs."""
        result = await self._inner.run(query, parameters)
        await result.consume()


Work = Callable[[Transaction], Awaitable[T]]


class Database:
    """One driver for the process, opened and closed by the application's lifespan."""

    def __init__(
        self,
        address: Address,
        *,
        read_timeout: float = 30.0,
        write_timeout: float = 60.0,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """Connects when first asked. `lost` is called whenever a call fails because the database is away."""
        auth = (address.user, address.password or "") if address.user is not None else None
        self._driver = AsyncGraphDatabase.driver(
            address.uri,
            auth=auth,
            connection_timeout=3.0,
            # For a burst of requests; while the database is away nobody waits for one.
            connection_acquisition_timeout=10.0,
            # Tries at 0, about 1 and about 3 seconds: after 2.0 there is none that could begin later.
            max_transaction_retry_time=2.0,
            max_connection_pool_size=64,
            keep_alive=True,
            user_agent="asset-lineage",
            telemetry_disabled=True,
            # Hints ("no node has this property") are true of every young database, and cost more than the queries.
            notifications_min_severity="OFF",
        )
        self._database = address.database
        # Read your own writes on a cluster: every session starts behind the last commit of this process.
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._lost = lost
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; what is under way ends as Unavailable."""
        self._closed = True
        await self._driver.close()

    async def verify(self) -> None:
        """Raise Unavailable unless the database answers now; without trying again."""
        try:
            async with (
                asyncio.timeout(VERIFY_SECONDS),
                self._session(neo4j.READ_ACCESS) as session,
                await session.begin_transaction() as transaction,
            ):
                result = await transaction.run(PING)
                await result.consume()
        except (Neo4jError, DriverError, OSError) as error:
            raise self._failure(error) from error

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a read transaction; it may run more than once after a lost connection."""
        return await self._managed(work, neo4j.READ_ACCESS, self._read_timeout)

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a write transaction: all of it or nothing; it may run more than once."""
        return await self._managed(work, neo4j.WRITE_ACCESS, self._write_timeout)

    async def rows(self, query: str, parameters: Row | None = None) -> list[Row]:
        """One query in a read transaction of its own."""
        return await self.read(lambda tx: tx.rows(query, parameters))

    async def row(self, query: str, parameters: Row | None = None) -> Row | None:
        """The first row of one query in a read transaction of its own, or None."""
        return await self.read(lambda tx: tx.row(query, parameters))

    async def ddl(self, statement: str) -> None:
        """Run one idempotent schema statement."""
        try:
            async with self._session(neo4j.WRITE_ACCESS) as session:
                result = await session.run(statement)
                await result.consume()
        except (Neo4jError, DriverError, OSError) as error:
            # `IF NOT EXISTS` lost a race against another process that starts.
            if getattr(error, "code", None) == MADE_MEANWHILE:
                return
            raise self._failure(error) from error

    async def _managed(self, work: Work[T], access: str, seconds: float) -> T:
        @neo4j.unit_of_work(timeout=seconds)
        async def unit(inner: AsyncManagedTransaction) -> T:
            return await work(Transaction(inner))

        try:
            # The engine keeps to `seconds` where it can; this is for one that no longer says anything.
            async with asyncio.timeout(seconds + SILENCE), self._session(access) as session:
                if access == neo4j.READ_ACCESS:
                    return await session.execute_read(unit)
                return await session.execute_write(unit)
        except (Neo4jError, DriverError, OSError) as error:
            raise self._failure(error, access) from error

    def _session(self, access: str) -> neo4j.AsyncSession:
        return self._driver.session(
            database=self._database, default_access_mode=access, bookmark_manager=self._bookmarks
        )

    def _failure(self, error: Exception, access: str = neo4j.READ_ACCESS) -> Exception:
        """What leaves this module for a driver's error; who keeps the database open is told when it is away."""
        # A time-out may have come at any moment, the commit included.
        undecided = access == neo4j.WRITE_ACCESS and isinstance(error, IncompleteCommit | TimeoutError)
        if self._closed and isinstance(error, DriverError):
            return Unavailable(UNDECIDED if undecided else NOT_REACHABLE)
        failure = Unavailable(UNDECIDED) if undecided else _translated(error)
        if isinstance(failure, Unavailable) and failure.code != BUSY:
            self._lost()
        return failure


def _translated(error: Exception) -> Exception:
    """The project's own exception for a driver's; codes decide, never text."""
    code = getattr(error, "code", None) or ""
    detail = f"{type(error).__name__} {code}: {error}"
    if "TransactionTimedOut" in code:
        return QueryTimeout(detail)
    if isinstance(error, ConstraintError) or code == ENTITY_GONE:
        return WriteConflict(detail)
    if code.startswith("Neo.ClientError.Security."):
        log.debug("the database refuses us: %s", detail)
        return Unavailable(REFUSED, code="database_refuses_login", retry_after=10)
    if _means_away(error, code):
        log.debug("the database cannot be reached: %s", detail)
        return Unavailable(NOT_REACHABLE)
    if isinstance(error, TransientError | ConnectionAcquisitionTimeoutError):
        log.warning("the database is overloaded: %s", detail)
        return Unavailable(OVERLOADED, code=BUSY)
    return DatabaseFault(detail)


def _means_away(error: Exception, code: str) -> bool:
    """Whether the database, or the connection to it, is gone or not there yet."""
    if isinstance(error, ServiceUnavailable | SessionExpired | DatabaseUnavailable | OSError):
        return True
    if isinstance(error, DriverError):
        return error.is_retryable()
    # The server answers, but the named database is not there (yet), or shutting down it ended the transaction.
    return isinstance(error, ClientError) and (".Database." in code or code == TERMINATED)
