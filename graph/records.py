"""What the graph's nodes hold, as plain types, and their properties in the database.

Properties are camelCase in the database and absent rather than null. JSON values stay JSON text (`Json`) from the
request to the answer: they are never taken apart again only to be put together. Instants are epoch milliseconds.
"""

import dataclasses
from typing import Any, TypeVar

Json = str
"""A JSON value as text."""

Row = dict[str, Any]
R = TypeVar("R")

ACTIVE = frozenset({"pending", "running"})
"""The run states in which a run still goes on."""


@dataclasses.dataclass(slots=True)
class Workflow:
    """A workflow and its newest definition; `key` is the slug without case."""

    key: str
    id: str
    slug: str
    name: str
    revision: int
    digest: str
    created_at: int
    updated_at: int
    valid_from: int
    runs: int = 0
    version: int | None = None
    description: str | None = None
    deleted_at: int | None = None


@dataclasses.dataclass(slots=True)
class Revision:
    """One definition of a workflow as it was sent, and while it held."""

    key: str
    workflow: str
    revision: int
    digest: str
    definition: Json
    valid_from: int
    valid_to: int | None = None


@dataclasses.dataclass(slots=True)
class Run:
    """A run; `key` is its id. `active_key` is there only while it is pending or running under a run key."""

    key: str
    workflow: str
    workflow_id: str
    workflow_slug: str
    revision: int
    ordinal: int
    status: str
    digest: str
    created_at: int
    updated_at: int
    run_key: str | None = None
    active_key: str | None = None
    parameters: Json | None = None
    context: Json | None = None
    output: Json | None = None
    metrics: Json | None = None
    trigger: Json | None = None
    triggered_by: str | None = None
    partition_key: str | None = None
    error_message: str | None = None
    current_step_id: str | None = None
    current_step_index: int | None = None
    started_at: int | None = None
    completed_at: int | None = None
    finish_digest: str | None = None
    request: str | None = None
    """The request that it is an attempt of."""
    fenced: bool | None = None
    """True when its lease was lost: whoever ran it has no say any more."""


@dataclasses.dataclass(slots=True)
class RunRequest:
    """A request for a run; `run` is the newest of its runs, one for each attempt.

    `lane` is there for good; `active_lane`, `owner`, `lease` (milliseconds) and `lease_until` while it is claimed,
    `wake_at` while it waits and is not due. `fence` counts the claims. `told_fence` and `told_status` are those of the
    last attempt that was ended by whoever ran it, by which a repeat is known again.
    """

    key: str
    workflow: str
    workflow_slug: str
    lane: str
    state: str
    priority: int
    reason: str
    run: str
    created_at: int
    updated_at: int
    due_at: int
    max_attempts: int
    attempts: int = 0
    fence: int = 0
    partition_key: str | None = None
    causes: Json | None = None
    wake_at: int | None = None
    active_lane: str | None = None
    owner: str | None = None
    lease: int | None = None
    lease_until: int | None = None
    told_fence: int | None = None
    told_status: str | None = None
    last_error: str | None = None
    ended_at: int | None = None


@dataclasses.dataclass(slots=True)
class Attempt:
    """One attempt at a step of a run.

    `digest` is there once it was reported; `assumed` are the inputs that its start fixed, as snapshot ids.
    """

    key: str
    run: str
    step_id: str
    attempt: int
    status: str
    created_at: int
    updated_at: int
    started_at: int | None = None
    completed_at: int | None = None
    error_message: str | None = None
    parameters: Json | None = None
    report: Json | None = None
    digest: str | None = None
    warnings: Json | None = None
    start_digest: str | None = None
    assumed: list[str] | None = None
    emitted: list[str] | None = None


@dataclasses.dataclass(slots=True)
class Snapshot:
    """One version of an asset's partition; `key` is the snapshot id. `schema` is the digest of a JSON Schema.

    `ceiling` is the highest order among the asset's versions that had arrived with it, `partition_ceiling` the same of
    its partition.
    """

    key: str
    asset: str
    asset_id: str
    series: str
    version: int
    ordinal: int
    order: int
    ceiling: int
    partition_ceiling: int
    produced_at: int
    created_at: int
    payload: Json
    digest: str
    valid: bool
    run: str
    workflow: str
    workflow_id: str
    workflow_slug: str
    step_id: str
    step_name: str
    step_type: str
    step_status: str
    attempt: int
    partition_key: str | None = None
    schema: str | None = None
    freshness: Json | None = None
    violations: Json | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Pointer:
    """Which snapshot is the newest of something, and the order that another one must pass."""

    snapshot: str
    order: int
    digest: str
    """Of its payload."""


_NAMES: dict[type, tuple[tuple[str, str], ...]] = {}


def _names(kind: type) -> tuple[tuple[str, str], ...]:
    """(attribute, property) pairs of a record type."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple((f.name, _camel(f.name)) for f in dataclasses.fields(kind))
    return _NAMES[kind]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def properties_of(record: Any) -> Row:
    """The record as a node's properties; what is None is left out."""
    return {
        prop: value for attribute, prop in _names(type(record)) if (value := getattr(record, attribute)) is not None
    }


def record_from(kind: type[R], properties: Row) -> R:
    """The record that a node's properties hold; properties of no field are passed over."""
    return kind(**{attribute: properties[prop] for attribute, prop in _names(kind) if prop in properties})
