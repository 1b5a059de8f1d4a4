"""Writes the changes of a batch: a fixed number of `UNWIND` statements, each left out when it has nothing to write.

Nodes come before the edges that need them. `row.properties` are complete: `SET n = …` also removes what is gone.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from graph.database import Transaction
from graph.partitions.marks import close_marks
from graph.recording.known import Known
from graph.recording.state import Changes, State
from graph.records import Run, properties_of
from graph.rules.ranks import ranks_of, recency_of

CREATE_RUNS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.workflow})
CREATE (r:Run)-[:RUN_OF]->(w)
SET r = row.properties
"""

UPDATE_RUNS = """
UNWIND $rows AS row
MATCH (r:Run {key: row.key})
SET r = row.properties
"""

COUNT_RUNS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.key})
SET w.runs = row.runs
"""

CREATE_ATTEMPTS = """
UNWIND $rows AS row
MATCH (r:Run {key: row.run})
CREATE (t:Attempt)-[:ATTEMPT_IN]->(r)
SET t = row.properties
"""

UPDATE_ATTEMPTS = """
UNWIND $rows AS row
MATCH (t:Attempt {key: row.key})
SET t = row.properties
"""

CREATE_ASSETS = """
UNWIND $rows AS row
CREATE (a:Asset)
SET a = row
"""

CREATE_PARTITIONS = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.asset})
CREATE (p:Partition)-[:PARTITION_OF]->(a)
SET p = row
"""

KEEP_SCHEMAS = """
UNWIND $rows AS row
MERGE (d:Schema {key: row.key})
ON CREATE SET d.document = row.document
"""

CREATE_SNAPSHOTS = """
UNWIND $rows AS row
MATCH (p:Partition {key: row.series})-[:PARTITION_OF]->(a:Asset)
SET p.versions = row.versions, a.productions = row.productions, a.arrivedAt = row.arrivedAt
WITH row, p
MATCH (r:Run {key: row.run})
CREATE (s:Snapshot)-[:VERSION_OF]->(p)
CREATE (r)-[:EMITTED {stepId: row.stepId, attempt: row.attempt}]->(s)
SET s = row.properties
"""
"""The counters are what they come to with the whole batch, the same in all rows of a partition or an asset."""

DERIVE = """
UNWIND $rows AS row
MATCH (made:Snapshot {key: row.made})
MATCH (source:Snapshot {key: row.source})
CREATE (made)-[:DERIVED_FROM]->(source)
"""

TAKE = """
UNWIND $rows AS row
MATCH (t:Attempt {key: row.attempt})
MATCH (source:Snapshot {key: row.source})
CREATE (t)-[:TOOK]->(source)
"""

OBSERVE_WRITES = """
UNWIND $rows AS row
MATCH (s:Step {key: row.step})
MATCH (a:Asset {key: row.asset})
MERGE (s)-[o:WROTE]->(a)
ON CREATE SET o.from = row.at
"""

OBSERVE_READS = """
UNWIND $rows AS row
MATCH (s:Step {key: row.step})
MATCH (a:Asset {key: row.asset})
MERGE (s)-[o:READ]->(a)
ON CREATE SET o.from = row.at
"""

POINT_ASSETS = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.asset})
OPTIONAL MATCH (a)-[l:LATEST]->(:Snapshot)
DELETE l
WITH row, a
MATCH (s:Snapshot {key: row.snapshot})
CREATE (a)-[:LATEST]->(s)
"""

SET_DEADLINES = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.asset})
SET a.expiresAt = row.at
"""

POINT_PARTITIONS = """
UNWIND $rows AS row
MATCH (p:Partition {key: row.series})
OPTIONAL MATCH (p)-[l:LATEST {workflow: row.workflow}]->(:Snapshot)
DELETE l
WITH row, p
MATCH (s:Snapshot {key: row.snapshot})
CREATE (p)-[:LATEST {workflow: row.workflow}]->(s)
"""


Write = Callable[[str, list[dict[str, Any]]], Awaitable[None]]


async def flush(tx: Transaction, state: State, changes: Changes, known: Known) -> None:
    """Write everything that `changes` holds; `known` spares what is durably there already."""

    async def write(query: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            await tx.run(query, {"rows": rows})

    await write(CREATE_RUNS, [{"workflow": run.workflow, "properties": _run(run)} for run in changes.new_runs.values()])
    await write(UPDATE_RUNS, [{"key": run.key, "properties": _run(run)} for run in changes.runs.values()])
    await write(COUNT_RUNS, [{"key": key, "runs": runs} for key, runs in changes.run_counts.items()])
    await write(
        CREATE_ATTEMPTS,
        [{"run": each.run, "properties": properties_of(each)} for each in changes.new_attempts.values()],
    )
    await write(
        UPDATE_ATTEMPTS, [{"key": each.key, "properties": properties_of(each)} for each in changes.attempts.values()]
    )
    await _flush_new_series(write, state, changes)
    await write(
        KEEP_SCHEMAS,
        [{"key": key, "document": text} for key, text in changes.schemas.items() if key not in known.schemas],
    )
    await write(
        CREATE_SNAPSHOTS,
        [
            {
                "run": each.run,
                "series": each.series,
                "stepId": each.step_id,
                "attempt": each.attempt,
                "versions": state.partitions[each.series].versions,
                "productions": state.assets[each.asset].productions,
                "arrivedAt": state.assets[each.asset].arrived_at,
                "properties": properties_of(each) | ranks_of(each),
            }
            for each in changes.snapshots
        ],
    )
    await write(DERIVE, [{"made": made, "source": source} for made, source in changes.derived])
    await write(TAKE, [{"attempt": attempt, "source": source} for attempt, source in changes.took])
    await write(OBSERVE_WRITES, _edges(changes.wrote, known.wrote))
    await write(OBSERVE_READS, _edges(changes.read, known.read))
    await _flush_pointers(write, changes)
    await close_marks(tx, changes.closed_marks)


async def _flush_new_series(write: Write, state: State, changes: Changes) -> None:
    """Assets and partitions that are new; their counters follow with the snapshots."""
    assets = [(key, state.assets[key]) for key in sorted(changes.assets)]
    await write(
        CREATE_ASSETS,
        [{"key": key, "assetId": asset.asset_id, "productions": 0} for key, asset in assets if not asset.stored],
    )
    partitions = [(key, state.partitions[key]) for key in sorted(changes.partitions)]
    await write(
        CREATE_PARTITIONS,
        [
            {"key": key, "asset": partition.asset, "versions": 0}
            | ({"partitionKey": partition.partition_key} if partition.partition_key is not None else {})
            for key, partition in partitions
            if not partition.stored
        ],
    )


async def _flush_pointers(write: Write, changes: Changes) -> None:
    assets = sorted(changes.asset_latest.items())
    await write(POINT_ASSETS, [{"asset": asset, "snapshot": snapshot} for asset, snapshot in assets])
    await write(SET_DEADLINES, [{"asset": asset, "at": at} for asset, at in sorted(changes.deadlines.items())])
    partitions = sorted(changes.partition_latest.items())
    await write(
        POINT_PARTITIONS,
        [{"series": series, "workflow": workflow, "snapshot": snapshot} for (series, workflow), snapshot in partitions],
    )


def _edges(edges: dict[tuple[str, str], int], known: set[tuple[str, str]]) -> list[dict[str, Any]]:
    return [
        {"step": step, "asset": asset, "at": at} for (step, asset), at in edges.items() if (step, asset) not in known
    ]


def _run(run: Run) -> dict[str, Any]:
    return properties_of(run) | {"recency": recency_of(run)}
