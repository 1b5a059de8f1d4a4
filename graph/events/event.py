"""An event, before and after it has its number; the types and what each is about (docs/decisions/0005-events.md)."""

import dataclasses
import enum
from typing import Any

from graph.records import Json


class EventType(enum.StrEnum):
    """What can happen."""

    ASSET_PRODUCED = "asset.produced"
    ASSET_CHANGED = "asset.changed"
    ASSET_INVALID = "asset.invalid"
    ASSET_EXPIRED = "asset.expired"
    ASSET_STALE_MARKED = "asset.stale-marked"
    ASSET_STALE_CLEARED = "asset.stale-cleared"
    WORKFLOW_REGISTERED = "workflow.registered"
    WORKFLOW_DELETED = "workflow.deleted"
    RUN_REQUESTED = "run.requested"
    RUN_STARTED = "run.started"
    RUN_FINISHED = "run.finished"
    RUN_REQUEST_ENDED = "run-request.ended"
    STEP_FINISHED = "step.finished"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an event is about, each where it applies; `asset` and `workflow` are keys."""

    workflow: str | None = None
    asset: str | None = None
    run: str | None = None
    step: str | None = None
    attempt: int | None = None
    partition: str | None = None
    version: int | None = None
    snapshot: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Draft(Subject):
    """What a command leaves behind: an event without its number. `at` is when it was recorded, in epoch milliseconds;
    `data` is what the type has to say besides.
    """

    type: EventType
    at: int
    data: dict[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Event(Subject):
    """An event as it is stored; `seq` is its number, 1, 2, 3 … without gaps."""

    seq: int
    type: str
    at: int
    data: Json
