"""Applies registrations to a loaded state: pure, one command a workflow at a time."""

import dataclasses
import uuid
from collections.abc import Collection

from graph.errors import Conflict, no_workflow
from graph.events.event import Draft, EventType
from graph.partitions.marks import cleared
from graph.records import Revision, Workflow
from graph.registry.commands import Command, Delete, Register
from graph.registry.state import Changes, State, WorkflowOutcome, edges_of
from graph.rules.identifiers import step_key


def apply(state: State, changes: Changes, command: Command) -> WorkflowOutcome | None:
    """The workflow after the command, None after a deletion; raises a LineageError before anything is changed."""
    if isinstance(command, Delete):
        _delete(state, changes, command)
        return None
    return _register(state, changes, command)


def revision_key(workflow: str, revision: int) -> str:
    """The key of one revision of a workflow."""
    return f"{workflow}#{revision}"


def _register(state: State, changes: Changes, command: Register) -> WorkflowOutcome:
    before = state.workflows.get(command.workflow)
    alive = before if before and before.deleted_at is None else None
    if alive and command.only_new:
        raise Conflict(
            "workflow_exists", f"Workflow '{alive.slug}' exists already; use PUT to replace its definition.", data=alive
        )
    if command.expected_revision is not None:
        if alive is None:
            raise no_workflow(command.workflow)
        if alive.revision != command.expected_revision:
            raise Conflict("revision_conflict", f"Workflow '{alive.slug}' has been changed meanwhile; read it again.")
    document = command.document
    if alive and alive.digest == command.digest:
        return WorkflowOutcome(alive, document, created=False, changed=False)
    at = command.now if before is None else max(command.now, before.valid_from + 1, (before.deleted_at or 0) + 1)
    workflow = _revised(before, command, at)
    (changes.workflows if before else changes.new_workflows).append(workflow)
    changes.revisions.append(
        Revision(
            key=revision_key(workflow.key, workflow.revision),
            workflow=workflow.key,
            revision=workflow.revision,
            digest=workflow.digest,
            definition=document,
            valid_from=at,
        )
    )
    if alive:
        changes.ended_revisions.append((revision_key(alive.key, alive.revision), at))
    _change_steps(state, changes, command, at)
    _change_edges(state, changes, command, at)
    changes.events.append(_event(EventType.WORKFLOW_REGISTERED, workflow, at))
    return WorkflowOutcome(workflow, document, created=alive is None, changed=True)


def _revised(before: Workflow | None, command: Register, at: int) -> Workflow:
    definition = command.definition
    if before is None:
        before = Workflow(
            key=definition.key,
            id=str(uuid.uuid4()),
            slug=definition.slug,
            name=definition.name,
            revision=0,
            digest="",
            created_at=at,
            updated_at=at,
            valid_from=at,
        )
    return dataclasses.replace(
        before,
        name=definition.name,
        version=definition.version,
        description=definition.description,
        revision=before.revision + 1,
        digest=command.digest,
        updated_at=at,
        valid_from=at,
        deleted_at=None,
    )


def _change_steps(state: State, changes: Changes, command: Register, at: int) -> None:
    declared = {step_key(command.workflow, step.id): step for step in command.definition.steps}
    for key, step in declared.items():
        known = state.steps.get(key)
        if known is None:
            changes.new_steps.append((key, command.workflow, step, [at]))
        else:
            lifetimes = known.lifetimes if len(known.lifetimes) % 2 else [*known.lifetimes, at]
            changes.steps.append((key, step, lifetimes))
    _end_steps(state, changes, command.workflow, declared.keys(), at)


def _end_steps(state: State, changes: Changes, workflow: str, kept: Collection[str], at: int) -> None:
    old = state.definitions.get(workflow)
    for step in old.steps if old else ():
        key = step_key(workflow, step.id)
        if key not in kept:
            changes.ended_steps.append((key, [*state.steps[key].lifetimes, at]))


def _change_edges(state: State, changes: Changes, command: Register, at: int) -> None:
    old = state.definitions.get(command.workflow)
    before = edges_of(old) if old else {}
    after = edges_of(command.definition)
    for edge, declared in before.items():
        if after.get(edge) != declared:
            changes.closed.append((edge, at))
    for edge, declared in after.items():
        if before.get(edge) != declared:
            changes.opened.append((edge, at, declared))
    for step in command.definition.steps:
        for asset in (*step.produces, *step.consumes):
            if not state.assets.get(asset.key):
                changes.assets.setdefault(asset.key, asset.asset_id)


def _delete(state: State, changes: Changes, command: Delete) -> None:
    workflow = state.workflows.get(command.workflow)
    if workflow is None or workflow.deleted_at is not None:
        raise no_workflow(command.workflow)
    at = max(command.now, workflow.valid_from + 1)
    changes.workflows.append(dataclasses.replace(workflow, deleted_at=at, updated_at=at))
    changes.events.append(_event(EventType.WORKFLOW_DELETED, workflow, at))
    changes.ended_revisions.append((revision_key(workflow.key, workflow.revision), at))
    _end_steps(state, changes, workflow.key, (), at)
    changes.closed += [(edge, at) for edge in edges_of(state.definitions[workflow.key])]
    for mark in state.marks:
        if mark.workflow == workflow.key:
            changes.closed_marks.append((mark, at))
            changes.events.append(cleared(mark, at, "workflow_deleted"))


def _event(kind: EventType, workflow: Workflow, at: int) -> Draft:
    data = {
        "workflowSlug": workflow.slug,
        "name": workflow.name,
        "revision": workflow.revision,
        "digest": workflow.digest,
    }
    return Draft(kind, at, data, workflow=workflow.key)
