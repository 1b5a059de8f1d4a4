"""Workflows and their revisions."""

from typing import Any

from typing_extensions import TypedDict

from app.rest.answers.runs import Run
from app.rest.answers.values import JsonObject, StepType, Timestamp


class WorkflowStep(TypedDict, extra_items=Any):  # type: ignore[call-arg]
    """A step as declared, with what it falls back to."""

    id: str
    name: str
    type: StepType


class Workflow(TypedDict, extra_items=Any):  # type: ignore[call-arg]
    """A workflow, its facts and everything else that its definition says."""

    id: str
    slug: str
    name: str
    version: int
    description: str | None
    steps: list[WorkflowStep]
    createdAt: Timestamp
    updatedAt: Timestamp
    revision: int


class WorkflowAndRuns(TypedDict):
    """A workflow and its newest runs."""

    workflow: Workflow
    runs: list[Run]


class WorkflowRevision(TypedDict):
    """One definition of a workflow and while it held."""

    revision: int
    definition: JsonObject
    digest: str
    validFrom: Timestamp
    validTo: Timestamp | None


class Revisions(TypedDict):
    """Every revision, the newest first."""

    revisions: list[WorkflowRevision]
