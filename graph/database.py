"""The seam to the database: the only module that imports the driver.

Both engines speak Bolt, so there is one way to run a query: a named constant, parameters, inside a managed
transaction. Auto-commit is kept for DDL alone: on the embedded engine a failing auto-commit statement leaves a part of
its writes behind. Instants are integers here (docs/decisions/0001-shape.md), values never enter a query's text.

Errors that leave this module: `graph.errors.Unavailable` (not reachable, not ready, still losing races after the
retries), `WriteConflict` (a uniqueness constraint spoke: a true duplicate or a lost race; re-read to tell),
`QueryTimeout`, and `DatabaseFault` for everything that is our own mistake. Their text is for logs; callers answer with
sentences of their own.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, Self, TypeVar

import neo4j
from neo4j import AsyncGraphDatabase, AsyncManagedTransaction
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConstraintError,
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

NOT_REACHABLE = "The database cannot be reached at the moment; nothing was changed. Try again shortly."
NOT_KNOWN = "The connection was lost during the commit, so nobody knows whether it holds. Send the same again."
REFUSED = "The database refuses the service's sign-in; whoever runs it must check NEO4J_USER and NEO4J_PASSWORD."
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

    def __init__(self, address: Address, *, read_timeout: float = 30.0, write_timeout: float = 60.0) -> None:
        auth = (address.user, address.password or "") if address.user is not None else None
        self._driver = AsyncGraphDatabase.driver(
            address.uri,
            auth=auth,
            connection_timeout=3.0,
            connection_acquisition_timeout=10.0,
            max_transaction_retry_time=3.0,
            max_connection_pool_size=64,
            keep_alive=True,
            user_agent="asset-lineage",
            telemetry_disabled=True,
        )
        self._database = address.database
        # Read your own writes on a cluster: every session starts behind the last commit of this process.
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._driver.close()

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
            raise _translated(error) from error

    async def _managed(self, work: Work[T], access: str, seconds: float) -> T:
        @neo4j.unit_of_work(timeout=seconds)
        async def unit(inner: AsyncManagedTransaction) -> T:
            return await work(Transaction(inner))

        try:
            async with self._session(access) as session:
                if access == neo4j.READ_ACCESS:
                    return await session.execute_read(unit)
                return await session.execute_write(unit)
        except (Neo4jError, DriverError, OSError) as error:
            raise _translated(error) from error

    def _session(self, access: str) -> neo4j.AsyncSession:
        return self._driver.session(
            database=self._database, default_access_mode=access, bookmark_manager=self._bookmarks
        )


def _translated(error: Exception) -> Exception:
    """The project's own exception for a driver's; codes decide, never text."""
    code = getattr(error, "code", None) or ""
    detail = f"{type(error).__name__} {code}: {error}"
    if "TransactionTimedOut" in code:
        return QueryTimeout(detail)
    if isinstance(error, ConstraintError):
        return WriteConflict(detail)
    if isinstance(error, AuthError):
        log.warning("database refuses us: %s", detail)
        return Unavailable(REFUSED, code="database_refuses_login", retry_after=10)
    if isinstance(error, IncompleteCommit):
        log.warning("connection lost during a commit: %s", detail)
        return Unavailable(NOT_KNOWN)
    if isinstance(error, ServiceUnavailable | SessionExpired | OSError):
        log.warning("database not reachable: %s", detail)
        return Unavailable(NOT_REACHABLE)
    if isinstance(error, TransientError):
        log.warning("database overloaded: %s", detail)
        return Unavailable(OVERLOADED, code="database_busy")
    if isinstance(error, ClientError) and ".Database." in code:
        # The server answers, but the named database is not there (yet).
        log.warning("database not ready: %s", detail)
        return Unavailable(NOT_REACHABLE)
    if isinstance(error, DriverError) and error.is_retryable():
        log.warning("database not reachable: %s", detail)
        return Unavailable(NOT_REACHABLE)
    return DatabaseFault(detail)
