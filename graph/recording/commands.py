"""What an orchestrator can tell us about a run, ready to be applied: parsed, checked and digested.

Each carries `now`, the instant at which the service received it, and `digest`, by which the same message is known
again.
"""

import dataclasses
import uuid

from graph.recording.request_commands import RequestCommand
from graph.records import Json
from graph.rules.requests import ATTEMPTS


def new_request_id() -> str:
    """`rq_` and 20 hexadecimal digits."""
    return f"rq_{uuid.uuid4().hex[:20]}"


@dataclasses.dataclass(frozen=True, slots=True)
class Ask:
    """How a run is asked for: what puts it into the queue. `due_at` None means at once; `causes` is JSON, a list."""

    request: str = dataclasses.field(default_factory=new_request_id)
    priority: int = 0
    max_attempts: int = ATTEMPTS
    reason: str = "manual"
    causes: Json | None = None
    due_at: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class StartRun:
    """Start a run of a workflow, or only ask for one (`ask`), under an id that makes it idempotent."""

    workflow: str
    run_id: str
    digest: str
    now: int
    ask: Ask | None = None
    run_key: str | None = None
    parameters: Json | None = None
    context: Json | None = None
    trigger: Json | None = None
    triggered_by: str | None = None
    partition_key: str | None = None
    started_at: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class BeginRun:
    """A requested run starts to run."""

    run_id: str
    digest: str
    now: int
    started_at: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class StartStep:
    """An attempt at a step begins; the newest of each consumed asset becomes its input."""

    run_id: str
    step_id: str
    step_index: int
    attempt: int
    digest: str
    now: int
    consumed: tuple[str, ...]
    started_at: int | None = None
    parameters: Json | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class InputName:
    """An input as a report names it: a snapshot, or an asset (key), partition and version; no version: the newest."""

    snapshot_id: str | None = None
    asset: str | None = None
    partition_key: str | None = None
    version: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Output:
    """One production of a report. `schema` is the digest of `schema_text`; `asset` the key of `asset_id`.

    `max_keys` is how many partitions the asset may have; those that were last produced before `keys_since`, in epoch
    milliseconds, do not count.
    """

    snapshot_id: str
    asset: str
    asset_id: str
    series: str
    partition_key: str | None
    produced_at: int
    payload: Json
    digest: str
    schema: str | None
    schema_text: Json | None
    freshness: Json | None
    violations: Json | None
    max_keys: int | None = None
    keys_since: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class ReportStep:
    """What a job handler returned for one attempt.

    `consumed` are the keys of the declared inputs, `inputs` what the report names instead.
    """

    run_id: str
    step_id: str
    step_name: str
    step_type: str
    step_index: int
    attempt: int
    status: str
    report: Json
    digest: str
    now: int
    consumed: tuple[str, ...]
    outputs: tuple[Output, ...]
    warnings: Json
    inputs: tuple[InputName, ...] | None = None
    started_at: int | None = None
    completed_at: int | None = None
    error_message: str | None = None
    parameters: Json | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class FinishRun:
    """A run ends."""

    run_id: str
    status: str
    digest: str
    now: int
    completed_at: int | None = None
    output: Json | None = None
    metrics: Json | None = None
    context: Json | None = None
    error_message: str | None = None
    roll: float = 0.0
    """From 0 up to 1: the chance in the pause before another attempt at its request."""


RunCommand = StartRun | BeginRun | StartStep | ReportStep | FinishRun
"""Names one run."""

Command = RunCommand | RequestCommand
