"""Applies what is said of partitions to a loaded state: pure, in order of arrival."""

import dataclasses
from typing import assert_never

from graph.errors import no_workflow
from graph.events.event import Draft
from graph.partitions.commands import ClearStale, Command, MarkStale, Place, SetParameters
from graph.partitions.marks import Mark, cleared, marked
from graph.records import Json, Workflow


@dataclasses.dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters that were set by hand: first when, and last when, in epoch milliseconds."""

    parameters: Json
    captured_at: int
    updated_at: int


@dataclasses.dataclass(frozen=True, slots=True)
class AssetSeen:
    """An asset's id, and when its last version arrived."""

    asset_id: str
    arrived_at: int


MarkKey = tuple[str, str]
"""(workflow key, series)"""


@dataclasses.dataclass(slots=True)
class State:
    """Keys are those of docs/decisions/0001-shape.md; what is missing does not exist in the database."""

    workflows: dict[str, Workflow] = dataclasses.field(default_factory=dict)
    assets: dict[str, AssetSeen] = dataclasses.field(default_factory=dict)
    partitions: set[str] = dataclasses.field(default_factory=set)
    marks: dict[MarkKey, Mark] = dataclasses.field(default_factory=dict)
    parameters: dict[str, Parameters] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(slots=True)
class Changes:
    """What the flush writes. A mark that was opened and ended within one batch was never seen, and is not kept."""

    partitions: dict[str, Place] = dataclasses.field(default_factory=dict)
    opened: dict[MarkKey, Mark] = dataclasses.field(default_factory=dict)
    closed: list[tuple[Mark, int]] = dataclasses.field(default_factory=list)
    """marks that stood, and since when they do not"""
    parameters: dict[str, Parameters | None] = dataclasses.field(default_factory=dict)
    events: list[Draft] = dataclasses.field(default_factory=list)


Outcome = Parameters | None
"""The parameters after SetParameters, else nothing."""


def apply(state: State, changes: Changes, command: Command) -> Outcome:
    """Carry out one command; raises a LineageError before anything is changed."""
    match command:
        case MarkStale():
            _mark(state, changes, command)
            return None
        case ClearStale():
            _clear(state, changes, command)
            return None
        case SetParameters():
            return _set_parameters(state, changes, command)
        case _:
            assert_never(command)


def _mark(state: State, changes: Changes, command: MarkStale) -> None:
    workflow = _known(state, command.workflow)
    asset = state.assets[command.place.asset]
    key = (workflow.key, command.place.series)
    standing = state.marks.get(key)
    if standing and (standing.requested_by, standing.note) == (command.requested_by, command.note):
        return
    # Clocks go back at times: a mark is about what had arrived when it came, so its instant lies behind that.
    at = max(command.now, asset.arrived_at, standing.requested_at if standing else 0)
    mark = Mark(
        workflow=workflow.key,
        workflow_slug=workflow.slug,
        series=command.place.series,
        asset=command.place.asset,
        asset_id=asset.asset_id,
        partition_key=command.place.partition_key,
        requested_at=at,
        requested_by=command.requested_by,
        note=command.note,
    )
    if standing:
        _end(changes, standing, at)
    _need(state, changes, command.place)
    changes.opened[key] = state.marks[key] = mark
    changes.events.append(marked(mark))


def _clear(state: State, changes: Changes, command: ClearStale) -> None:
    workflow = _known(state, command.workflow)
    mark = state.marks.pop((workflow.key, command.place.series), None)
    if mark is not None:
        at = max(command.now, mark.requested_at)
        _end(changes, mark, at)
        changes.events.append(cleared(mark, at, "cleared", command.cleared_by))


def _end(changes: Changes, mark: Mark, at: int) -> None:
    if changes.opened.pop((mark.workflow, mark.series), None) is None:
        changes.closed.append((mark, at))


def _set_parameters(state: State, changes: Changes, command: SetParameters) -> Parameters | None:
    series = command.place.series
    before = state.parameters.pop(series, None)
    if command.parameters is None:
        if before:
            changes.parameters[series] = None
        return None
    after = Parameters(command.parameters, before.captured_at if before else command.now, command.now)
    _need(state, changes, command.place)
    changes.parameters[series] = state.parameters[series] = after
    return after


def _known(state: State, key: str) -> Workflow:
    workflow = state.workflows.get(key)
    if workflow is None or workflow.deleted_at is not None:
        raise no_workflow(key)
    return workflow


def _need(state: State, changes: Changes, place: Place) -> None:
    """A partition that was never produced is known from now on."""
    if place.series not in state.partitions:
        state.partitions.add(place.series)
        changes.partitions[place.series] = place
