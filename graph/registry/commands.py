"""What changes a workflow's definition, ready to be applied: parsed, checked and digested."""

import dataclasses

from graph.declarations.definition import WorkflowDefinition
from graph.records import Json


@dataclasses.dataclass(frozen=True, slots=True)
class Register:
    """Make `document` the workflow's definition.

    `only_new` refuses a workflow that exists (POST); `expected_revision` refuses one that has changed since it was
    read (PATCH).
    """

    definition: WorkflowDefinition
    document: Json
    digest: str
    now: int
    only_new: bool = False
    expected_revision: int | None = None

    @property
    def workflow(self) -> str:
        """The workflow's key."""
        return self.definition.key


@dataclasses.dataclass(frozen=True, slots=True)
class Delete:
    """The workflow stops to bridge the graph; its history stays."""

    workflow: str
    now: int


Command = Register | Delete
