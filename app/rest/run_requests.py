"""The queue of requests for runs: claim, keep, end, give up; and what there is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, cast

from starlette.types import Receive

from app.http import Answer, Call
from app.http.auth import READ, REPORT
from app.rest import answers, shapes
from app.rest.cursors import request_cursor, request_position
from app.rest.run_request_requests import (
    CancelBody,
    ClaimBody,
    CompleteBody,
    GiveUpBody,
    HeartbeatBody,
    RequestPath,
    RequestsQuery,
    WaitQuery,
)
from app.rest.runs import shown_conflict
from app.rest.table import route
from graph.errors import Conflict
from graph.lineage import Lineage
from graph.records import RunRequest
from graph.rules.identifiers import workflow_key
from graph.rules.requests import RequestState
from graph.store.run_requests import known_request, request_page


async def claim_run_requests(call: Call[None, WaitQuery, ClaimBody]) -> Answer:
    """Take the first requests under a lease; their runs start."""
    lineage: Lineage = call.state.lineage
    body = call.body
    async with _presence(call.receive) as gone:
        claimed = await lineage.requests.claim(
            body.owner,
            limit=body.limit,
            lease=body.leaseMs,
            workflows=body.workflows or (),
            wait=call.query.wait,
            gone=gone,
        )
    shown: list[answers.ClaimedRequest] = [
        {"request": run_request(each.request), "run": shapes.run(each.run)} for each in claimed
    ]
    return Answer(shown)


async def heartbeat_run_request(call: Call[RequestPath, None, HeartbeatBody]) -> Answer:
    """Keep the lease of a request."""
    lineage: Lineage = call.state.lineage
    kept = await lineage.requests.heartbeat(call.path.requestId, call.body.fence, lease=call.body.leaseMs)
    return Answer(run_request(kept))


async def complete_run_request(call: Call[RequestPath, None, CompleteBody]) -> Answer:
    """End the run of a request; a failed one is tried again, while there is an attempt left."""
    lineage: Lineage = call.state.lineage
    body = call.body
    ended = await lineage.requests.complete(
        call.path.requestId,
        body.fence,
        cast(dict[str, Any], call.document),
        status=body.status,
        output=body.output,
        metrics=body.metrics,
        error_message=body.errorMessage,
    )
    return Answer(run_request(ended))


async def give_up_run_request(call: Call[RequestPath, None, GiveUpBody]) -> Answer:
    """Let the lease of a request go."""
    lineage: Lineage = call.state.lineage
    body = call.body
    left = await lineage.requests.give_up(call.path.requestId, body.fence, reason=body.reason, retry=body.retry)
    return Answer(run_request(left))


async def cancel_run_request(call: Call[RequestPath, None, CancelBody]) -> Answer:
    """Nobody wants it any more; its run is canceled."""
    lineage: Lineage = call.state.lineage
    return Answer(run_request(await lineage.requests.cancel(call.path.requestId, call.body.reason)))


async def retry_run_request(call: Call[RequestPath, None, None]) -> Answer:
    """Let a failed request wait again, with all its attempts before it."""
    lineage: Lineage = call.state.lineage
    try:
        again = await lineage.requests.retry(call.path.requestId)
    except Conflict as error:
        raise shown_conflict(error) from None
    return Answer(run_request(again))


async def list_run_requests(call: Call[None, RequestsQuery, None]) -> Answer:
    """Requests for runs, newest first, a page at a time."""
    lineage: Lineage = call.state.lineage
    query = call.query
    workflow = workflow_key(query.workflow) if query.workflow is not None else None
    state = RequestState(query.state) if query.state is not None else None
    after = request_position(query.before, workflow, state) if query.before is not None else ""
    page = await lineage.read(lambda tx: request_page(tx, query.limit, workflow=workflow, state=state, after=after))
    shown: answers.RunRequestPage = {
        "requests": [run_request(each) for each in page.requests],
        "nextCursor": request_cursor(page.end, workflow, state) if page.end is not None else None,
    }
    return Answer(shown)


async def get_run_request(call: Call[RequestPath, None, None]) -> Answer:
    """A request for a run."""
    lineage: Lineage = call.state.lineage
    return Answer(run_request(await lineage.read(lambda tx: known_request(tx, call.path.requestId))))


def run_request(it: RunRequest) -> answers.RunRequest:
    """A request for a run."""
    shown = {
        "id": it.key,
        "workflowSlug": it.workflow_slug,
        "partitionKey": it.partition_key,
        "state": it.state,
        "priority": it.priority,
        "reason": it.reason,
        "causes": shapes.json_value(it.causes),
        "runId": it.run,
        "attempts": it.attempts,
        "maxAttempts": it.max_attempts,
        "owner": it.owner,
        "fence": it.fence,
        "leaseUntil": shapes.timestamp(it.lease_until),
        "dueAt": shapes.timestamp(it.due_at),
        "lastError": it.last_error,
        "createdAt": shapes.timestamp(it.created_at),
        "updatedAt": shapes.timestamp(it.updated_at),
        "endedAt": shapes.timestamp(it.ended_at),
    }
    return cast(answers.RunRequest, shown)


@contextlib.asynccontextmanager
async def _presence(receive: Receive) -> AsyncIterator[asyncio.Event]:
    """An event that is set once the client has gone: what it waited for is not taken for nobody."""
    gone = asyncio.Event()

    async def listen() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    listening = asyncio.create_task(listen(), name="presence")
    try:
        yield gone
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


NO_REQUEST = {404: ("run_request_not_found",)}
LOST = {**NO_REQUEST, 409: ("lease_lost",)}

ENDPOINTS = (
    route(
        "GET",
        "/run-requests",
        list_run_requests,
        tag="run requests",
        scope=READ,
        query=RequestsQuery,
        answers={200: answers.RunRequestPage},
        errors={400: ("invalid_cursor", "invalid_slug")},
    ),
    route(
        "POST",
        "/run-requests/claim",
        claim_run_requests,
        tag="run requests",
        scope=REPORT,
        query=WaitQuery,
        body=ClaimBody,
        answers={200: list[answers.ClaimedRequest]},
    ),
    route(
        "GET",
        "/run-requests/{requestId}",
        get_run_request,
        tag="run requests",
        scope=READ,
        path_model=RequestPath,
        answers={200: answers.RunRequest},
        errors=NO_REQUEST,
    ),
    route(
        "POST",
        "/run-requests/{requestId}/heartbeat",
        heartbeat_run_request,
        tag="run requests",
        scope=REPORT,
        path_model=RequestPath,
        body=HeartbeatBody,
        answers={200: answers.RunRequest},
        errors=LOST,
    ),
    route(
        "POST",
        "/run-requests/{requestId}/complete",
        complete_run_request,
        tag="run requests",
        scope=REPORT,
        path_model=RequestPath,
        body=CompleteBody,
        answers={200: answers.RunRequest},
        errors={**NO_REQUEST, 409: ("lease_lost", "run_request_ended")},
    ),
    route(
        "POST",
        "/run-requests/{requestId}/give-up",
        give_up_run_request,
        tag="run requests",
        scope=REPORT,
        path_model=RequestPath,
        body=GiveUpBody,
        answers={200: answers.RunRequest},
        errors=LOST,
    ),
    route(
        "POST",
        "/run-requests/{requestId}/cancel",
        cancel_run_request,
        tag="run requests",
        scope=REPORT,
        path_model=RequestPath,
        body=CancelBody,
        body_optional=True,
        answers={200: answers.RunRequest},
        errors={**NO_REQUEST, 409: ("run_request_ended",)},
    ),
    route(
        "POST",
        "/run-requests/{requestId}/retry",
        retry_run_request,
        tag="run requests",
        scope=REPORT,
        path_model=RequestPath,
        answers={200: answers.RunRequest},
        errors={
            404: ("run_request_not_found", "workflow_not_found"),
            409: ("run_key_active", "run_request_ended"),
        },
    ),
)
