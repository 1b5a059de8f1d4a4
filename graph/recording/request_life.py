"""The life of a request for a run: each attempt is a run of its own, and what ends a run moves its request on.

The states and what leads from one to another: graph.rules.requests.
"""

import dataclasses
import uuid
from typing import Any

from graph.events.event import EventType
from graph.recording.commands import Ask
from graph.recording.happenings import request_ended, run_event
from graph.recording.state import Changes, LaneChange, State, save_run
from graph.records import Run, RunRequest
from graph.rules.requests import (
    ENDED,
    TRANSITIONS,
    Act,
    RequestState,
    after_failure,
    lane_of,
    pause_after,
    rank_of,
)

NO_LEASE: dict[str, Any] = {"active_lane": None, "owner": None, "lease": None, "lease_until": None}

WORKFLOW_DELETED = "The workflow was deleted."


def open_request(state: State, changes: Changes, run: Run, ask: Ask) -> None:
    """Put the request into the queue whose first attempt a pending run is."""
    due = run.created_at if ask.due_at is None else ask.due_at
    request = RunRequest(
        key=ask.request,
        workflow=run.workflow,
        workflow_slug=run.workflow_slug,
        lane=lane_of(run.workflow, run.partition_key),
        state=RequestState.WAITING,
        priority=ask.priority,
        reason=ask.reason,
        run=run.key,
        created_at=run.created_at,
        updated_at=run.created_at,
        due_at=due,
        max_attempts=ask.max_attempts,
        partition_key=run.partition_key,
        causes=ask.causes,
        wake_at=due if due > run.created_at else None,
    )
    changes.new_requests[request.key] = request
    save_request(state, changes, request)


def run_began(state: State, changes: Changes, run: Run, now: int) -> None:
    """A pending run was started by its id: its request leaves the queue, and no lease guards it."""
    request = state.requests.get(run.request or "")
    if request is not None and request.run == run.key and request.state == RequestState.WAITING:
        move(state, changes, request, Act.START, now, **taken(request))


def run_ended(state: State, changes: Changes, run: Run, roll: float, now: int) -> None:
    """A run was finished by whoever ran it: its request ends, or another attempt follows."""
    request = state.requests.get(run.request or "")
    if request is None or request.run != run.key or request.state in ENDED:
        return
    # A pending run that is canceled was nobody's: what the claim before was told still holds.
    held = request.state == RequestState.CLAIMED
    told: dict[str, Any] = {"told_fence": request.fence, "told_status": run.status} if held else {}
    if run.status == "succeeded":
        move(state, changes, request, Act.SUCCEED, now, **told, last_error=None)
    elif run.status == "canceled":
        move(state, changes, request, Act.CANCEL, now, **told, last_error=run.error_message or "Its run was canceled.")
    else:
        error = run.error_message or "The run failed, and nothing was said about why."
        # Who started the run by its id holds no lease and looks after it alone.
        act = after_failure(request.attempts, request.max_attempts) if request.owner is not None else Act.BURY
        again_or_bury(state, changes, request, act, error, now, pause_after(request.attempts, roll), **told)


def end_run(state: State, changes: Changes, run: Run, message: str, now: int) -> None:
    """Cancel a request's run; one that ran is fenced, so that whoever runs it has no say any more."""
    if run.active_key:
        state.active.pop(run.active_key, None)
    run = dataclasses.replace(
        run,
        status="canceled",
        completed_at=now,
        updated_at=now,
        active_key=None,
        error_message=message,
        fenced=True if run.status == "running" else None,
    )
    save_run(state, changes, run)
    changes.events.append(run_event(EventType.RUN_FINISHED, run))


def again_or_bury(
    state: State, changes: Changes, request: RunRequest, act: Act, error: str, now: int, pause: int, **more: Any
) -> None:
    """Another attempt after a pause in milliseconds, or the end of it. The run before has ended."""
    if state.workflows[request.workflow].deleted_at is not None:
        move(state, changes, request, Act.CANCEL, now, last_error=WORKFLOW_DELETED, **more)
    elif act is Act.BURY:
        move(state, changes, request, Act.BURY, now, last_error=error, **more)
    else:
        wait_again(state, changes, request, act, now, now + pause, last_error=error, **more)


def wait_again(state: State, changes: Changes, request: RunRequest, act: Act, now: int, due: int, **more: Any) -> None:
    """The request waits with a new pending run, which asks for what the run before did."""
    before = state.runs[request.run]
    workflow = state.workflows[request.workflow]
    ordinal = changes.run_counts.get(workflow.key, workflow.runs) + 1
    run = Run(
        key=str(uuid.uuid4()),
        workflow=before.workflow,
        workflow_id=before.workflow_id,
        workflow_slug=before.workflow_slug,
        revision=workflow.revision,
        ordinal=ordinal,
        status="pending",
        digest=before.digest,
        created_at=now,
        updated_at=now,
        run_key=before.run_key,
        active_key=active_key(before),
        parameters=before.parameters,
        trigger=before.trigger,
        triggered_by=before.triggered_by,
        partition_key=before.partition_key,
        request=request.key,
    )
    changes.run_counts[workflow.key] = ordinal
    changes.new_runs[run.key] = state.runs[run.key] = run
    if run.active_key:
        state.active[run.active_key] = run.key
    changes.events.append(run_event(EventType.RUN_REQUESTED, run))
    waits: dict[str, Any] = {"run": run.key, "due_at": due, "wake_at": due if due > now else None}
    move(state, changes, request, act, now, **waits, **more)


def active_key(run: Run) -> str | None:
    """Under which a run with a run key stands while it is pending or running."""
    return f"{run.workflow}/{run.run_key}" if run.run_key else None


def taken(request: RunRequest) -> dict[str, Any]:
    """What changes when a request is handed out, or started by hand: another attempt, and a fence for it."""
    return {"attempts": request.attempts + 1, "fence": request.fence + 1, "wake_at": None}


def move(state: State, changes: Changes, request: RunRequest, act: Act, now: int, **fields: Any) -> RunRequest:
    """The request in the state that the act leads to; whatever it is, the lease that it had is over."""
    following = TRANSITIONS[(RequestState(request.state), act)]
    ended = {"wake_at": None, "ended_at": now} if following in ENDED else {"ended_at": None}
    moved = dataclasses.replace(request, state=following, updated_at=now, **{**NO_LEASE, **ended, **fields})
    save_request(state, changes, moved)
    if following in ENDED:
        changes.events.append(request_ended(moved))
    return moved


def save_request(state: State, changes: Changes, request: RunRequest) -> None:
    """Keep the request's new state for the commands behind and for the flush, and what that means for its lane."""
    before = state.requests.get(request.key)
    state.requests[request.key] = request
    (changes.new_requests if request.key in changes.new_requests else changes.requests)[request.key] = request
    rank = place_of(request)
    was_queued, is_queued = before is not None and is_in_queue(before), is_in_queue(request)
    was_active = before is not None and before.active_lane is not None
    if was_queued == is_queued and was_active == (request.active_lane is not None):
        return
    lane = changes.lanes.setdefault(request.lane, LaneChange())
    if is_queued:
        lane.added.add(rank)
    else:
        lane.added.discard(rank)
    lane.left = lane.left or was_queued or was_active


def is_in_queue(request: RunRequest) -> bool:
    """Whether it waits and is due."""
    return request.state == RequestState.WAITING and request.wake_at is None


def place_of(request: RunRequest) -> str:
    """Its rank in the queue."""
    return rank_of(request.priority, request.created_at, request.key)
