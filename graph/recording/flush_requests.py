"""Writes requests for runs, and sees to it that the first of each free lane stands in the index of what can be claimed.

Only that one has `head` (its rank), `workflowHead` and `headLane`: a claim is a range of one index, however many wait
behind, and however many lanes are busy. `place` orders those that wait in a lane.
"""

from typing import Any

from graph.database import Transaction
from graph.recording.request_life import is_in_queue, place_of
from graph.recording.state import Changes, LaneChange
from graph.records import RunRequest, properties_of
from graph.rules.requests import prefix_end, prefix_of, recency_of
from graph.store.listing import Walk, keys_behind

CREATE_REQUESTS = """
UNWIND $rows AS row
CREATE (q:RunRequest)
SET q = row
"""

UPDATE_REQUESTS = """
UNWIND $rows AS row
MATCH (q:RunRequest {key: row.key})
SET q = row
"""
"""What is changed loses its place as a head; `settle` gives it back where it is due."""

ACTIVE_LANES = """
UNWIND $lanes AS lane
MATCH (q:RunRequest {activeLane: lane})
RETURN q.activeLane AS lane
"""

HEADS_OF_LANES = """
UNWIND $lanes AS lane
MATCH (q:RunRequest {headLane: lane})
RETURN q.headLane AS lane, q.head AS rank
"""

FIRST_OF_LANE = """
MATCH (q:RunRequest)
WHERE q.place > $after AND q.place < $end
WITH q.place AS key LIMIT $limit
RETURN max(key) AS last
"""

PLACES_OF_LANE = """
MATCH (q:RunRequest)
WHERE q.place > $after AND q.place <= $last
RETURN q.place AS key
ORDER BY q.place LIMIT $limit
"""

DROP_HEADS = """
UNWIND $lanes AS lane
MATCH (q:RunRequest {headLane: lane})
SET q.head = null, q.workflowHead = null, q.headLane = null
"""

SET_HEADS = """
UNWIND $rows AS row
MATCH (q:RunRequest {key: row.key})
SET q.head = row.rank, q.workflowHead = row.workflowHead, q.headLane = row.lane
"""

LANE = Walk(FIRST_OF_LANE, PLACES_OF_LANE)


async def flush_requests(tx: Transaction, changes: Changes) -> bool:
    """Write what changed; whether a request can be claimed that could not be before."""
    if changes.new_requests:
        await tx.run(CREATE_REQUESTS, {"rows": [_properties(each) for each in changes.new_requests.values()]})
    if changes.requests:
        await tx.run(UPDATE_REQUESTS, {"rows": [_properties(each) for each in changes.requests.values()]})
    return await _settle(tx, changes.lanes) if changes.lanes else False


async def _settle(tx: Transaction, lanes: dict[str, LaneChange]) -> bool:
    """Make the first that waits in each lane its head, none while one of the lane is claimed."""
    names = sorted(lanes)
    active = {row["lane"] for row in await tx.rows(ACTIVE_LANES, {"lanes": names})}
    heads = {row["lane"]: row["rank"] for row in await tx.rows(HEADS_OF_LANES, {"lanes": names})}
    wanted: dict[str, str] = {}
    for name in names:
        if name not in active and (first := await _first(tx, name, lanes[name], heads.get(name))):
            wanted[name] = first
    if dropped := [name for name, rank in heads.items() if wanted.get(name) != rank]:
        await tx.run(DROP_HEADS, {"lanes": sorted(dropped)})
    rows = [_head(name, rank) for name, rank in sorted(wanted.items()) if heads.get(name) != rank]
    if rows:
        await tx.run(SET_HEADS, {"rows": rows})
    return bool(rows)


async def _first(tx: Transaction, lane: str, change: LaneChange, head: str | None) -> str | None:
    """The rank of the first that waits in a lane. It is looked for only where the first one may have left."""
    if not change.left:
        return min(change.added | ({head} if head is not None else set()), default=None)
    prefix = prefix_of(lane)
    places = await keys_behind(tx, LANE, 1, prefix, prefix_end(prefix))
    return places[0].removeprefix(prefix) if places else None


def _head(lane: str, rank: str) -> dict[str, str]:
    workflow = lane.partition("#")[0]
    return {"key": rank.rpartition("/")[2], "rank": rank, "lane": lane, "workflowHead": prefix_of(workflow) + rank}


def _properties(request: RunRequest) -> dict[str, Any]:
    """The request, and its places in the indexes by which it is listed and waits."""
    recency = recency_of(request.created_at, request.key)
    ranks = {
        "recency": recency,
        "stateRank": prefix_of(request.state) + recency,
        "workflowRank": prefix_of(request.workflow) + recency,
        "workflowStateRank": prefix_of(request.workflow, request.state) + recency,
    }
    if is_in_queue(request):
        ranks["place"] = prefix_of(request.lane) + place_of(request)
    return properties_of(request) | ranks
