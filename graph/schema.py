"""The graph's labels, keys, constraints and indexes, declared once as data; the DDL is made from here.

What each label holds: docs/decisions/0001-shape.md. Names come from this module's own constants only, never from input.
"""

import dataclasses
import uuid

from graph.database import Database, Transaction
from graph.upgrades import upgrade

SCHEMA_VERSION = 4


@dataclasses.dataclass(frozen=True)
class Label:
    """A label, the property that identifies its nodes, and the indexes beside it (each a tuple of properties)."""

    name: str
    key: str = "key"
    indexes: tuple[tuple[str, ...], ...] = ()

    def statements(self) -> list[str]:
        """Idempotent DDL: the uniqueness constraint first, then the indexes."""
        name = self.name.lower()
        made = [f"CREATE CONSTRAINT {name}_{self.key} IF NOT EXISTS FOR (n:{self.name}) REQUIRE n.{self.key} IS UNIQUE"]
        for properties in self.indexes:
            columns = ", ".join(f"n.{each}" for each in properties)
            made.append(f"CREATE INDEX {name}_{'_'.join(properties)} IF NOT EXISTS FOR (n:{self.name}) ON ({columns})")
        return made


LABELS = (
    Label("Meta"),
    Label("Workflow"),
    Label("Revision", indexes=(("validFrom",),)),
    Label("Step"),
    Label("Asset", indexes=(("expiresAt",),)),
    Label("Partition"),
    Label("Run", indexes=(("workflow", "ordinal"), ("recency",), ("activeKey",))),
    Label(
        "RunRequest",
        indexes=(
            ("head",),
            ("workflowHead",),
            ("headLane",),
            ("activeLane",),
            ("place",),
            ("wakeAt",),
            ("leaseUntil",),
            ("recency",),
            ("stateRank",),
            ("workflowRank",),
            ("workflowStateRank",),
        ),
    ),
    Label("Attempt"),
    Label(
        "Snapshot",
        indexes=(("rank",), ("partitionRank",), ("workflowRank",), ("series", "version"), ("asset", "ordinal")),
    ),
    Label("Schema"),
    Label("Event", key="seq"),
    Label("Webhook"),
    Label("Delivery", indexes=(("head",), ("lane",), ("rank",), ("createdAt",))),
)

READ_VERSION = "MATCH (m:Meta {key: 'schema'}) RETURN m.version AS version"

WRITE_VERSION = "MERGE (m:Meta {key: 'schema'}) SET m.version = $version"

BEGIN_LOG = """
MERGE (m:Meta {key: 'events'})
ON CREATE SET m.first = 1, m.last = 0, m.definitions = 0, m.source = $source
"""
"""The counters of the log of events, and the name of this database in them."""

BEGIN_DISPATCH = """
MERGE (d:Meta {key: 'dispatcher'})
ON CREATE SET d.fence = 0, d.beat = 0, d.holder = ''
MERGE (w:Meta {key: 'webhooks'})
ON CREATE SET w.revision = 0
"""
"""Who sends webhooks, and how often clients changed them (docs/decisions/0006-webhooks.md)."""


BEGIN_CLAIMS = "MERGE (m:Meta {key: 'requests'})"
"""What claims of several processes wait for (docs/decisions/0008-run-requests.md)."""


def ddl() -> list[str]:
    """Every statement that `ensure_schema` runs, in order."""
    return [statement for label in LABELS for statement in label.statements()]


class NewerSchema(Exception):
    """The database was written by a newer version of the service."""


async def ensure_schema(database: Database) -> None:
    """Bring an empty or older database to this version.

    Raises NewerSchema when the database was written by a newer version of the service.
    """
    row = await database.row(READ_VERSION)
    version = row["version"] if row else 0
    if version > SCHEMA_VERSION:
        raise NewerSchema(
            f"The database has schema version {version}, this service knows {SCHEMA_VERSION}: start a newer one."
        )
    if version == SCHEMA_VERSION:
        return
    for statement in ddl():
        await database.ddl(statement)
    await upgrade(database, version)
    await database.write(_note)


async def _note(tx: Transaction) -> None:
    await tx.run(BEGIN_LOG, {"source": str(uuid.uuid4())})
    await tx.run(BEGIN_DISPATCH)
    await tx.run(BEGIN_CLAIMS)
    await tx.run(WRITE_VERSION, {"version": SCHEMA_VERSION})
