"""What orchestrators do with requests for runs: claim, keep, end, give up; and what time does to them."""

import dataclasses
from typing import assert_never

from graph.errors import Conflict, LineageError, NotFound, no_workflow
from graph.recording.commands import FinishRun
from graph.recording.request_commands import (
    CancelRequest,
    Claim,
    Complete,
    GiveUp,
    Heartbeat,
    Named,
    RetryRequest,
    Sweep,
)
from graph.recording.request_life import (
    active_key,
    again_or_bury,
    end_run,
    is_in_queue,
    move,
    save_request,
    taken,
    wait_again,
)
from graph.recording.runs import begin, finish_run, key_in_use
from graph.recording.state import Changes, Claimed, State
from graph.records import RunRequest
from graph.rules.requests import Act, RequestState, after_failure, pause_after

GIVEN_UP = "given-up"


def claim(state: State, changes: Changes, command: Claim) -> list[Claimed]:
    """Hand out the first requests of free lanes, and start their runs."""
    found: list[Claimed] = []
    for _, key in sorted(state.heads.items()):
        if len(found) == command.limit:
            break
        request = state.requests[key]
        if not is_in_queue(request) or (command.workflows and request.workflow not in command.workflows):
            continue
        run = begin(state, changes, state.runs[request.run], command.now)
        request = move(
            state,
            changes,
            request,
            Act.CLAIM,
            command.now,
            **taken(request),
            active_lane=request.lane,
            owner=command.owner,
            lease=command.lease,
            lease_until=command.now + command.lease,
        )
        found.append(Claimed(request, run))
    return found


def act_on(state: State, changes: Changes, command: Named) -> RunRequest:
    """The request after a command that names it. Raises NotFound and Conflict."""
    request = state.requests.get(command.request)
    if request is None:
        raise NotFound("run_request_not_found", f"There is no request '{command.request}' for a run.")
    match command:
        case Heartbeat():
            _check_fence(request, command.fence)
            lease = request.lease if command.lease is None else command.lease
            assert lease is not None
            kept = dataclasses.replace(request, lease=lease, lease_until=command.now + lease, updated_at=command.now)
            save_request(state, changes, kept)
        case Complete():
            _complete(state, changes, request, command)
        case GiveUp():
            _give_up(state, changes, request, command)
        case CancelRequest():
            _cancel(state, changes, request, command)
        case RetryRequest():
            _retry(state, changes, request, command)
        case _:
            assert_never(command)
    return state.requests[command.request]


def sweep(state: State, changes: Changes, command: Sweep) -> int:
    """Take expired leases away, and put what has become due into the queue; how many there were."""
    swept = 0
    for request in sorted(state.requests.values(), key=lambda each: each.key):
        if request.lease_until is not None and request.lease_until <= command.now:
            error = f"'{request.owner}' let its lease expire."
            end_run(state, changes, state.runs[request.run], error, command.now)
            act = after_failure(request.attempts, request.max_attempts)
            # At once: the lease was the pause.
            again_or_bury(state, changes, request, act, error, command.now, 0)
            swept += 1
        elif request.wake_at is not None and request.wake_at <= command.now:
            save_request(state, changes, dataclasses.replace(request, wake_at=None))
            swept += 1
    return swept


def _complete(state: State, changes: Changes, request: RunRequest, command: Complete) -> None:
    if (request.told_fence, request.told_status) == (command.fence, command.status):
        return
    if request.told_fence == command.fence:
        raise _ended(request, f"The claim with the fence {command.fence} ended as {request.told_status} already.")
    _check_fence(request, command.fence)
    finish = FinishRun(
        run_id=request.run,
        status=command.status,
        digest=command.digest,
        now=command.now,
        roll=command.roll,
        output=command.output,
        metrics=command.metrics,
        error_message=command.error_message,
    )
    finish_run(state, changes, finish)


def _give_up(state: State, changes: Changes, request: RunRequest, command: GiveUp) -> None:
    if (request.told_fence, request.told_status) == (command.fence, GIVEN_UP):
        return
    _check_fence(request, command.fence)
    error = f"'{request.owner}' gave it up: {command.reason}"
    end_run(state, changes, state.runs[request.run], error, command.now)
    act = after_failure(request.attempts, request.max_attempts) if command.retry else Act.BURY
    pause = pause_after(request.attempts, command.roll)
    told = {"told_fence": command.fence, "told_status": GIVEN_UP}
    again_or_bury(state, changes, request, act, error, command.now, pause, **told)


def _cancel(state: State, changes: Changes, request: RunRequest, command: CancelRequest) -> None:
    if request.state == RequestState.CANCELED:
        return
    if request.state not in (RequestState.WAITING, RequestState.CLAIMED):
        raise _ended(request)
    end_run(state, changes, state.runs[request.run], command.reason, command.now)
    move(state, changes, request, Act.CANCEL, command.now, last_error=command.reason)


def _retry(state: State, changes: Changes, request: RunRequest, command: RetryRequest) -> None:
    if request.state in (RequestState.WAITING, RequestState.CLAIMED):
        return
    if request.state != RequestState.FAILED:
        raise _ended(request)
    if state.workflows[request.workflow].deleted_at is not None:
        raise no_workflow(request.workflow_slug)
    before = state.runs[request.run]
    if (active := active_key(before)) and active in state.active:
        raise key_in_use(state.runs[state.active[active]])
    wait_again(state, changes, request, Act.REVIVE, command.now, command.now, attempts=0)


def _check_fence(request: RunRequest, fence: int) -> None:
    """Raise Conflict `lease_lost` unless this is the claim that holds."""
    if request.state != RequestState.CLAIMED or request.fence != fence or request.owner is None:
        raise Conflict(
            "lease_lost",
            f"The lease with the fence {fence} of request '{request.key}' does not hold any more: it expired or was "
            "given up, its run has ended, or nobody wants it. Leave the run alone, and claim anew.",
            details={"state": request.state, "fence": request.fence},
        )


def _ended(request: RunRequest, sentence: str = "") -> LineageError:
    sentence = sentence or f"Request '{request.key}' has ended as {request.state}."
    return Conflict("run_request_ended", f"{sentence} Ask for another run.", details={"state": request.state})
