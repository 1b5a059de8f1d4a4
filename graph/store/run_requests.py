"""Requests for runs as they are read: one, or a page of them, the newest first, each page a range of one index."""

import dataclasses
from collections.abc import Sequence

from graph.database import Transaction
from graph.errors import NotFound
from graph.records import RunRequest, record_from
from graph.rules.requests import END, RequestState, prefix_end, prefix_of, request_of
from graph.store.listing import END as LAST
from graph.store.listing import Walk, keys_behind

REQUEST = """
MATCH (q:RunRequest {key: $key})
RETURN properties(q) AS request
"""

REQUESTS_BY_KEY = """
UNWIND $keys AS key
MATCH (q:RunRequest {key: key})
RETURN properties(q) AS request
"""

LAST_OF_REQUESTS = """
MATCH (q:RunRequest)
WHERE q.recency > $after AND q.recency < $end
WITH q.recency AS key LIMIT $limit
RETURN max(key) AS last
"""

REQUESTS = """
MATCH (q:RunRequest)
WHERE q.recency > $after AND q.recency <= $last
RETURN q.recency AS key
ORDER BY q.recency LIMIT $limit
"""

LAST_OF_STATE = """
MATCH (q:RunRequest)
WHERE q.stateRank > $after AND q.stateRank < $end
WITH q.stateRank AS key LIMIT $limit
RETURN max(key) AS last
"""

REQUESTS_OF_STATE = """
MATCH (q:RunRequest)
WHERE q.stateRank > $after AND q.stateRank <= $last
RETURN q.stateRank AS key
ORDER BY q.stateRank LIMIT $limit
"""

LAST_OF_WORKFLOW = """
MATCH (q:RunRequest)
WHERE q.workflowRank > $after AND q.workflowRank < $end
WITH q.workflowRank AS key LIMIT $limit
RETURN max(key) AS last
"""

REQUESTS_OF_WORKFLOW = """
MATCH (q:RunRequest)
WHERE q.workflowRank > $after AND q.workflowRank <= $last
RETURN q.workflowRank AS key
ORDER BY q.workflowRank LIMIT $limit
"""

LAST_OF_WORKFLOW_AND_STATE = """
MATCH (q:RunRequest)
WHERE q.workflowStateRank > $after AND q.workflowStateRank < $end
WITH q.workflowStateRank AS key LIMIT $limit
RETURN max(key) AS last
"""

REQUESTS_OF_WORKFLOW_AND_STATE = """
MATCH (q:RunRequest)
WHERE q.workflowStateRank > $after AND q.workflowStateRank <= $last
RETURN q.workflowStateRank AS key
ORDER BY q.workflowStateRank LIMIT $limit
"""

OF_WORKFLOW_AND_STATE = Walk(LAST_OF_WORKFLOW_AND_STATE, REQUESTS_OF_WORKFLOW_AND_STATE)

WALKS = {
    (False, False): Walk(LAST_OF_REQUESTS, REQUESTS),
    (False, True): Walk(LAST_OF_STATE, REQUESTS_OF_STATE),
    (True, False): Walk(LAST_OF_WORKFLOW, REQUESTS_OF_WORKFLOW),
    (True, True): OF_WORKFLOW_AND_STATE,
}
"""By whether a workflow and whether a state is asked for."""


@dataclasses.dataclass(frozen=True, slots=True)
class RequestPage:
    """Requests, the newest first; `end` is the recency behind which the next page begins, None at the end."""

    requests: list[RunRequest]
    end: str | None


async def known_request(tx: Transaction, key: str) -> RunRequest:
    """The request. Raises NotFound."""
    row = await tx.row(REQUEST, {"key": key})
    if row is None:
        raise NotFound("run_request_not_found", f"There is no request '{key}' for a run.")
    return record_from(RunRequest, row["request"])


async def requests_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, RunRequest]:
    """The requests that exist."""
    rows = await tx.rows(REQUESTS_BY_KEY, {"keys": list(keys)})
    return {row["request"]["key"]: record_from(RunRequest, row["request"]) for row in rows}


async def request_page(
    tx: Transaction, limit: int, *, workflow: str | None = None, state: RequestState | None = None, after: str = ""
) -> RequestPage:
    """Up to `limit` requests of a workflow (its key) and in a state behind `after`, a recency."""
    prefix = prefix_of(*(name for name in (workflow, state) if name is not None))
    end = prefix_end(prefix) if prefix else LAST
    walk = WALKS[(workflow is not None, state is not None)]
    ranks = await keys_behind(tx, walk, limit + 1, prefix + after, end)
    keys = [request_of(rank) for rank in ranks[:limit]]
    found = await requests_by_key(tx, keys) if keys else {}
    more = ranks[limit - 1].rpartition(END)[2] if len(ranks) > limit else None
    return RequestPage([found[key] for key in keys], more)
