"""What registrations read and change, and the declared edges that a definition stands for."""

import dataclasses

import orjson

from graph.declarations.definition import AssetDeclaration, StepDeclaration, WorkflowDefinition
from graph.events.event import Draft
from graph.partitions.marks import Mark
from graph.records import Json, Revision, Workflow
from graph.rules.identifiers import step_key

PRODUCES = "PRODUCES"
CONSUMES = "CONSUMES"

Edge = tuple[str, str, str]
"""(PRODUCES or CONSUMES, step key, asset key)"""


@dataclasses.dataclass(slots=True)
class StepState:
    """A step's instants of coming and going in turn: [from, to, from, …]; an odd number means it is there now."""

    lifetimes: list[int]


@dataclasses.dataclass(slots=True)
class State:
    """Keys are those of docs/decisions/0001-shape.md; a key that is missing does not exist in the database."""

    workflows: dict[str, Workflow] = dataclasses.field(default_factory=dict)
    definitions: dict[str, WorkflowDefinition] = dataclasses.field(default_factory=dict)
    """the current definition of each workflow that is not deleted"""
    steps: dict[str, StepState] = dataclasses.field(default_factory=dict)
    assets: dict[str, bool] = dataclasses.field(default_factory=dict)
    """asset key → whether a definition has declared it already"""
    marks: list[Mark] = dataclasses.field(default_factory=list)
    """the stale marks that stand in the name of workflows that are to be deleted"""


@dataclasses.dataclass(slots=True)
class Changes:
    """What the flush writes."""

    new_workflows: list[Workflow] = dataclasses.field(default_factory=list)
    workflows: list[Workflow] = dataclasses.field(default_factory=list)
    revisions: list[Revision] = dataclasses.field(default_factory=list)
    ended_revisions: list[tuple[str, int]] = dataclasses.field(default_factory=list)
    """(revision key, valid to)"""
    new_steps: list[tuple[str, str, StepDeclaration, list[int]]] = dataclasses.field(default_factory=list)
    """(key, workflow, declaration, lifetimes)"""
    steps: list[tuple[str, StepDeclaration, list[int]]] = dataclasses.field(default_factory=list)
    ended_steps: list[tuple[str, list[int]]] = dataclasses.field(default_factory=list)
    assets: dict[str, str] = dataclasses.field(default_factory=dict)
    """asset key → id as first declared, of assets that no definition had declared"""
    closed: list[tuple[Edge, int]] = dataclasses.field(default_factory=list)
    opened: list[tuple[Edge, int, Json]] = dataclasses.field(default_factory=list)
    closed_marks: list[tuple[Mark, int]] = dataclasses.field(default_factory=list)
    events: list[Draft] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowOutcome:
    """A workflow after the command, with its current definition; `changed` is False when it had been so before."""

    workflow: Workflow
    definition: Json
    created: bool
    changed: bool


def edges_of(definition: WorkflowDefinition) -> dict[Edge, Json]:
    """The declared edges of a definition, each with what was declared on it.

    The step's name and type are part of it, so that the graph of a past instant shows the names of that time.
    """
    edges: dict[Edge, Json] = {}
    for step in definition.steps:
        key = step_key(definition.key, step.id)
        for kind, assets in ((PRODUCES, step.produces), (CONSUMES, step.consumes)):
            for asset in assets:
                edges[(kind, key, asset.key)] = _declared(step, asset)
    return edges


def _declared(step: StepDeclaration, asset: AssetDeclaration) -> Json:
    return orjson.dumps({"stepName": step.name, "stepType": step.type, **asset.as_document()}).decode()
