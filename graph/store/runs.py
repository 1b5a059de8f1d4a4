"""Runs, their steps and what they emitted."""

import dataclasses
from collections.abc import Sequence

from graph.database import Transaction
from graph.errors import NotFound
from graph.records import Attempt, Json, Run, Snapshot, record_from
from graph.store.documents import Documents

RUN = """
MATCH (r:Run {key: $key})
RETURN properties(r) AS run
"""

RUNS_OF_WORKFLOW = """
UNWIND range($first, $last) AS ordinal
MATCH (r:Run {workflow: $workflow, ordinal: ordinal})
RETURN properties(r) AS run
ORDER BY r.ordinal DESC
"""

ATTEMPTS_OF_RUN = """
MATCH (r:Run {key: $key})<-[:ATTEMPT_IN]-(t:Attempt)
RETURN properties(t) AS attempt
"""

RUNS_BY_KEY = """
UNWIND $keys AS key
MATCH (r:Run {key: key})
RETURN properties(r) AS run
"""

RUNS_BY_PLACE = """
UNWIND $places AS place
MATCH (r:Run {workflow: place[0], ordinal: place[1]})
RETURN properties(r) AS run
"""

ATTEMPTS_OF_RUNS = """
UNWIND $keys AS key
MATCH (:Run {key: key})<-[:ATTEMPT_IN]-(t:Attempt)
RETURN properties(t) AS attempt
"""

ATTEMPTS_BY_KEY = """
UNWIND $keys AS key
MATCH (t:Attempt {key: key})
RETURN properties(t) AS attempt
"""

INPUTS_OF_ATTEMPTS = """
UNWIND $keys AS key
MATCH (:Attempt {key: key})-[:TOOK]->(s:Snapshot)
RETURN collect([key, s.key]) AS pairs
"""

SNAPSHOTS_OF_RUN = """
MATCH (r:Run {key: $key})-[:EMITTED]->(s:Snapshot)-[:VERSION_OF]->(:Partition)-[:PARTITION_OF]->(a:Asset)
RETURN properties(s) AS snapshot, a.assetId AS assetId
"""


@dataclasses.dataclass(frozen=True, slots=True)
class RunSteps:
    """A run with its attempts, what each emitted, and the schemas' texts by digest."""

    run: Run
    attempts: Sequence[Attempt]
    snapshots: dict[str, Snapshot]
    schemas: dict[str, Json]


async def known_run(tx: Transaction, run_id: str) -> Run:
    """The run, or NotFound."""
    row = await tx.row(RUN, {"key": run_id})
    if row is None:
        raise NotFound("run_not_found", f"No run '{run_id}' is known.")
    return record_from(Run, row["run"])


async def runs_of_workflow(
    tx: Transaction, workflow: str, count: int, limit: int, before: int | None = None
) -> list[Run]:
    """The newest runs of a workflow with `count` runs, newest first, below the ordinal `before`."""
    last = count if before is None else min(count, before - 1)
    if last < 1:
        return []
    rows = await tx.rows(RUNS_OF_WORKFLOW, {"workflow": workflow, "first": max(1, last - limit + 1), "last": last})
    return [record_from(Run, row["run"]) for row in rows]


async def run_steps(tx: Transaction, documents: Documents, run_id: str) -> RunSteps:
    """A run's attempts, by time of their first word and attempt, with all that they emitted."""
    run = await known_run(tx, run_id)
    attempts = [record_from(Attempt, row["attempt"]) for row in await tx.rows(ATTEMPTS_OF_RUN, {"key": run_id})]
    attempts.sort(key=lambda each: (each.created_at, each.step_id, each.attempt))
    # The id as it was declared first, which may have been after the production.
    snapshots = [
        record_from(Snapshot, row["snapshot"] | {"assetId": row["assetId"]})
        for row in await tx.rows(SNAPSHOTS_OF_RUN, {"key": run_id})
    ]
    schemas = await documents.schemas.get(tx, {each.schema for each in snapshots if each.schema})
    return RunSteps(run, attempts, {each.key: each for each in snapshots}, schemas)


async def runs_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, Run]:
    """The runs that exist."""
    rows = await tx.rows(RUNS_BY_KEY, {"keys": keys})
    return {row["run"]["key"]: record_from(Run, row["run"]) for row in rows}


async def runs_by_place(tx: Transaction, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Run]:
    """The runs at the places (workflow, ordinal)."""
    rows = await tx.rows(RUNS_BY_PLACE, {"places": [list(place) for place in places]})
    runs = [record_from(Run, row["run"]) for row in rows]
    return {(run.workflow, run.ordinal): run for run in runs}


async def attempts_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, Attempt]:
    """The attempts that exist."""
    rows = await tx.rows(ATTEMPTS_BY_KEY, {"keys": keys})
    return {row["attempt"]["key"]: record_from(Attempt, row["attempt"]) for row in rows}


async def attempts_by_run(tx: Transaction, keys: Sequence[str]) -> dict[str, list[Attempt]]:
    """Each run's attempts, by time of their first word, step and attempt."""
    found: dict[str, list[Attempt]] = {}
    for row in await tx.rows(ATTEMPTS_OF_RUNS, {"keys": keys}):
        attempt = record_from(Attempt, row["attempt"])
        found.setdefault(attempt.run, []).append(attempt)
    for attempts in found.values():
        attempts.sort(key=lambda each: (each.created_at, each.step_id, each.attempt))
    return found


async def inputs_by_attempt(tx: Transaction, keys: Sequence[str]) -> dict[str, list[str]]:
    """The snapshots that each attempt took, by id."""
    row = await tx.row(INPUTS_OF_ATTEMPTS, {"keys": keys})
    found: dict[str, list[str]] = {}
    for attempt, snapshot in sorted(row["pairs"] if row else ()):
        found.setdefault(attempt, []).append(snapshot)
    return found
