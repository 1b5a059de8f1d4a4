"""A workflow that is deleted takes the requests with it that still wait for a run of it."""

from graph.database import Transaction
from graph.events.journal import Journal
from graph.recording.family import carry_out
from graph.recording.known import Known
from graph.recording.request_commands import CancelRequest
from graph.recording.request_life import WORKFLOW_DELETED
from graph.rules.requests import RequestState, prefix_end, prefix_of, request_of
from graph.store.listing import keys_behind
from graph.store.run_requests import OF_WORKFLOW_AND_STATE

BATCH = 500


async def cancel_waiting(tx: Transaction, workflow: str, now: int, journal: Journal) -> None:
    """Cancel them, some at a time; belongs behind the lock of the workflow. Those that are claimed go on."""
    prefix = prefix_of(workflow, RequestState.WAITING)
    while ranks := await keys_behind(tx, OF_WORKFLOW_AND_STATE, BATCH, prefix, prefix_end(prefix)):
        commands = [CancelRequest(request_of(rank), now, WORKFLOW_DELETED) for rank in ranks]
        await carry_out(tx, commands, journal, Known())
