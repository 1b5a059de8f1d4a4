"""Finds and locks the requests for runs that a batch of commands is about.

Which they are is found first, without a lock but that of claims, so that workflows, runs and requests can be locked in
this order: whoever changes the state of a request, or the first of a lane, holds the lock of its workflow.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from graph.database import Transaction
from graph.recording.commands import BeginRun, Command, FinishRun
from graph.recording.request_commands import CancelRequest, Claim, Complete, GiveUp, Heartbeat, RetryRequest, Sweep
from graph.recording.state import State
from graph.records import RunRequest, record_from
from graph.rules.requests import prefix_end, prefix_of, request_of
from graph.store.listing import Walk, keys_behind

LOCK_CLAIMS = """
MATCH (m:Meta {key: 'requests'})
SET m.lockedAt = $now
"""
"""Claims of several processes come one after the other: the second sees what the first one left."""

PLACES_OF_RUNS = """
UNWIND $keys AS key
MATCH (r:Run {key: key})
RETURN r.key AS key, r.workflow AS workflow, r.request AS request
"""

WORKFLOWS_OF_REQUESTS = """
UNWIND $keys AS key
MATCH (q:RunRequest {key: key})
RETURN q.workflow AS workflow
"""

RUNS_OF_REQUESTS = """
UNWIND $keys AS key
MATCH (q:RunRequest {key: key})
RETURN q.run AS run
"""

LOCK_REQUESTS = """
UNWIND $keys AS key
MATCH (q:RunRequest {key: key})
SET q.lockedAt = $now
RETURN properties(q) AS request, q.head AS head
"""

EXPIRED = """
MATCH (q:RunRequest)
WHERE q.leaseUntil <= $now
RETURN q.key AS key LIMIT $limit
"""

DUE = """
MATCH (q:RunRequest)
WHERE q.wakeAt <= $now
RETURN q.key AS key LIMIT $limit
"""

LAST_OF_HEADS = """
MATCH (q:RunRequest)
WHERE q.head > $after AND q.head < $end
WITH q.head AS key LIMIT $limit
RETURN max(key) AS last
"""

HEADS = """
MATCH (q:RunRequest)
WHERE q.head > $after AND q.head <= $last
RETURN q.head AS key
ORDER BY q.head LIMIT $limit
"""

LAST_OF_WORKFLOW_HEADS = """
MATCH (q:RunRequest)
WHERE q.workflowHead > $after AND q.workflowHead < $end
WITH q.workflowHead AS key LIMIT $limit
RETURN max(key) AS last
"""

WORKFLOW_HEADS = """
MATCH (q:RunRequest)
WHERE q.workflowHead > $after AND q.workflowHead <= $last
RETURN q.workflowHead AS key
ORDER BY q.workflowHead LIMIT $limit
"""

ALL_HEADS = Walk(LAST_OF_HEADS, HEADS)
HEADS_OF_WORKFLOW = Walk(LAST_OF_WORKFLOW_HEADS, WORKFLOW_HEADS)

SWEPT = 200
"""Requests of each kind that one sweep takes."""

CLAIMED = 500
"""Requests that the claims of one batch are handed, at most."""


@dataclasses.dataclass(slots=True)
class Concerned:
    """The keys of the requests that a batch is about, and of their workflows."""

    requests: set[str] = dataclasses.field(default_factory=set)
    workflows: set[str] = dataclasses.field(default_factory=set)


async def find_requests(tx: Transaction, commands: Sequence[Command], now: int) -> Concerned:
    """The requests that the commands name, those of the runs that begin or end, and those that stand first."""
    concerned = Concerned()
    claims = [command for command in commands if isinstance(command, Claim)]
    sweeps = any(isinstance(command, Sweep) for command in commands)
    if claims or sweeps:
        await tx.run(LOCK_CLAIMS, {"now": now})
    if sweeps:
        for query in (EXPIRED, DUE):
            concerned.requests |= {row["key"] for row in await tx.rows(query, {"now": now, "limit": SWEPT})}
    if claims:
        concerned.requests |= await _first_ones(tx, claims)
    named = Heartbeat | Complete | GiveUp | CancelRequest | RetryRequest
    concerned.requests |= {command.request for command in commands if isinstance(command, named)}
    if concerned.requests:
        rows = await tx.rows(WORKFLOWS_OF_REQUESTS, {"keys": sorted(concerned.requests)})
        concerned.workflows = {row["workflow"] for row in rows}
    begun = {command.run_id for command in commands if isinstance(command, BeginRun)}
    if moved := begun | {command.run_id for command in commands if isinstance(command, FinishRun)}:
        for row in await tx.rows(PLACES_OF_RUNS, {"keys": sorted(moved)}):
            if row["request"] is not None:
                concerned.requests.add(row["request"])
            if row["key"] in begun or row["request"] is not None:
                concerned.workflows.add(row["workflow"])
    return concerned


async def runs_of(tx: Transaction, concerned: Concerned) -> set[str]:
    """The newest run of each; belongs behind the lock of their workflows, under which it stays so."""
    if not concerned.requests:
        return set()
    rows = await tx.rows(RUNS_OF_REQUESTS, {"keys": sorted(concerned.requests)})
    return {row["run"] for row in rows}


async def lock_requests(tx: Transaction, state: State, concerned: Concerned, now: int) -> None:
    """Lock them and load what they are; belongs behind the lock of their runs."""
    if not concerned.requests:
        return
    for row in await tx.rows(LOCK_REQUESTS, {"keys": sorted(concerned.requests), "now": now}):
        request = record_from(RunRequest, row["request"])
        state.requests[request.key] = request
        if row["head"] is not None:
            state.heads[row["head"]] = request.key


async def first_in_line(tx: Transaction, limit: int, workflows: Iterable[str] = ()) -> set[str]:
    """The first `limit` requests of free lanes, of each of these workflows (none: of all together)."""
    prefixes = [prefix_of(workflow) for workflow in sorted(workflows)]
    if not prefixes:
        return {request_of(rank) for rank in await keys_behind(tx, ALL_HEADS, limit)}
    found: set[str] = set()
    for prefix in prefixes:
        ranks = await keys_behind(tx, HEADS_OF_WORKFLOW, limit, prefix, prefix_end(prefix))
        found |= {request_of(rank) for rank in ranks}
    return found


async def _first_ones(tx: Transaction, claims: Sequence[Claim]) -> set[str]:
    """Enough for all of them, whichever takes which."""
    limit = min(CLAIMED, sum(claim.limit for claim in claims))
    wanted = {workflow for claim in claims for workflow in claim.workflows}
    found = await first_in_line(tx, limit, wanted) if wanted else set()
    if any(not claim.workflows for claim in claims):
        found |= await first_in_line(tx, limit)
    return found
