"""Applies commands to a loaded state: pure, in order of arrival, each with an outcome of its own.

A command that is refused raises before it changes anything. Records are replaced, never changed in place, since the
outcomes of earlier commands of the batch hold them.
"""

from collections.abc import Sequence
from typing import assert_never

from graph.errors import LineageError
from graph.recording.commands import BeginRun, Command, FinishRun, ReportStep, StartRun, StartStep
from graph.recording.request_commands import CancelRequest, Claim, Complete, GiveUp, Heartbeat, RetryRequest, Sweep
from graph.recording.requests import act_on, claim, sweep
from graph.recording.runs import begin_run, finish_run, start_run
from graph.recording.state import Changes, Outcome, State
from graph.recording.steps import report_step, start_step


def apply_all(state: State, commands: Sequence[Command]) -> tuple[Changes, list[Outcome | LineageError]]:
    """What is to be written, and one outcome a command; a LineageError refuses that command alone."""
    changes = Changes()
    outcomes: list[Outcome | LineageError] = []
    for command in commands:
        try:
            outcomes.append(_apply(state, changes, command))
        except LineageError as error:
            outcomes.append(error)
    return changes, outcomes


def _apply(state: State, changes: Changes, command: Command) -> Outcome:
    match command:
        case StartRun():
            return start_run(state, changes, command)
        case BeginRun():
            return begin_run(state, changes, command)
        case StartStep():
            return start_step(state, changes, command)
        case ReportStep():
            return report_step(state, changes, command)
        case FinishRun():
            return finish_run(state, changes, command)
        case Claim():
            return claim(state, changes, command)
        case Sweep():
            return sweep(state, changes, command)
        case Heartbeat() | Complete() | GiveUp() | CancelRequest() | RetryRequest():
            return act_on(state, changes, command)
        case _:
            assert_never(command)
