"""What a batch of commands reads and changes: loaded once, changed in memory, flushed once."""

import dataclasses

from graph.events.event import Draft
from graph.partitions.marks import Mark
from graph.recording.commands import InputName
from graph.records import Attempt, Json, Pointer, Run, RunRequest, Snapshot, Workflow


@dataclasses.dataclass(slots=True)
class AssetState:
    """An asset's count of productions, its newest snapshot, and `seen`: the newest as loaded and the batch's own.

    `arrived_at` is the `created_at` of its last production, `expires_at` when its newest one stops to be fresh by
    itself, as long as that was not told; in epoch milliseconds. `lasts` is how long a version without limits of its own
    is fresh, as declared now.
    """

    asset_id: str
    productions: int = 0
    arrived_at: int = 0
    expires_at: int | None = None
    lasts: int | None = None
    latest: Pointer | None = None
    seen: list[Pointer] = dataclasses.field(default_factory=list)
    stored: bool = True


@dataclasses.dataclass(slots=True)
class PartitionState:
    """A partition's counter of versions, the newest snapshot of each producing workflow, and `seen` as of an asset."""

    asset: str
    partition_key: str | None
    versions: int = 0
    latest: dict[str, Pointer] = dataclasses.field(default_factory=dict)
    seen: list[Pointer] = dataclasses.field(default_factory=list)
    stored: bool = True

    @property
    def newest(self) -> Pointer | None:
        """The newest over all workflows."""
        return max(self.latest.values(), key=lambda pointer: pointer.order, default=None)


@dataclasses.dataclass(slots=True)
class State:
    """Keys are those of docs/decisions/0001-shape.md; a key that is missing does not exist in the database."""

    workflows: dict[str, Workflow] = dataclasses.field(default_factory=dict)
    runs: dict[str, Run] = dataclasses.field(default_factory=dict)
    active: dict[str, str] = dataclasses.field(default_factory=dict)
    attempts: dict[str, Attempt] = dataclasses.field(default_factory=dict)
    assets: dict[str, AssetState] = dataclasses.field(default_factory=dict)
    partitions: dict[str, PartitionState] = dataclasses.field(default_factory=dict)
    named: dict[InputName, str] = dataclasses.field(default_factory=dict)
    earlier: dict[tuple[str, int], Pointer] = dataclasses.field(default_factory=dict)
    """(asset key or series, bound) → the newest stored snapshot below the bound, where the newest of all is not"""
    owners: dict[str, str] = dataclasses.field(default_factory=dict)
    """snapshot → asset key, of every snapshot that may become an input"""
    snapshots: dict[str, Snapshot] = dataclasses.field(default_factory=dict)
    """those that a repeated report answers with, and the batch's own"""
    schemas: dict[str, Json] = dataclasses.field(default_factory=dict)
    partition_counts: dict[str, int] = dataclasses.field(default_factory=dict)
    """asset key → its partitions, of assets that the batch brings new ones of"""
    marks: dict[str, list[Mark]] = dataclasses.field(default_factory=dict)
    """series → the stale marks that stand on what the batch produces"""
    requests: dict[str, RunRequest] = dataclasses.field(default_factory=dict)
    heads: dict[str, str] = dataclasses.field(default_factory=dict)
    """rank → request, of those that were the first of a free lane when they were locked"""


@dataclasses.dataclass(slots=True)
class LaneChange:
    """What happened to a lane: the ranks of those that wait in it now, and whether its first one may be gone."""

    added: set[str] = dataclasses.field(default_factory=set)
    left: bool = False


@dataclasses.dataclass(slots=True)
class Changes:
    """What the flush writes. The dicts keep the last state of each key, the lists keep their order."""

    new_runs: dict[str, Run] = dataclasses.field(default_factory=dict)
    runs: dict[str, Run] = dataclasses.field(default_factory=dict)
    run_counts: dict[str, int] = dataclasses.field(default_factory=dict)
    new_attempts: dict[str, Attempt] = dataclasses.field(default_factory=dict)
    attempts: dict[str, Attempt] = dataclasses.field(default_factory=dict)
    assets: set[str] = dataclasses.field(default_factory=set)
    partitions: set[str] = dataclasses.field(default_factory=set)
    snapshots: list[Snapshot] = dataclasses.field(default_factory=list)
    derived: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """(snapshot, the snapshot it was made from)"""
    took: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    """(attempt, the snapshot it read)"""
    wrote: dict[tuple[str, str], int] = dataclasses.field(default_factory=dict)
    """(step key, asset key) → the instant since when it is known"""
    read: dict[tuple[str, str], int] = dataclasses.field(default_factory=dict)
    schemas: dict[str, Json] = dataclasses.field(default_factory=dict)
    asset_latest: dict[str, str] = dataclasses.field(default_factory=dict)
    """asset key → snapshot"""
    deadlines: dict[str, int | None] = dataclasses.field(default_factory=dict)
    """asset key → when its newest version stops to be fresh by itself"""
    partition_latest: dict[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    """(series, workflow) → snapshot"""
    closed_marks: list[tuple[Mark, int]] = dataclasses.field(default_factory=list)
    """marks that stood, and since when they do not"""
    new_requests: dict[str, RunRequest] = dataclasses.field(default_factory=dict)
    requests: dict[str, RunRequest] = dataclasses.field(default_factory=dict)
    lanes: dict[str, LaneChange] = dataclasses.field(default_factory=dict)
    claimable: bool = False
    """Whether a request stands first in a free lane that did not before; known behind the flush."""
    events: list[Draft] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class RunOutcome:
    """A run after the command; `created` is False when the command had been carried out before."""

    run: Run
    created: bool


@dataclasses.dataclass(frozen=True, slots=True)
class StepOutcome:
    """An attempt after the command, its run, its productions in order and their schemas by digest."""

    attempt: Attempt
    run: Run
    snapshots: tuple[Snapshot, ...]
    schemas: dict[str, Json]


@dataclasses.dataclass(frozen=True, slots=True)
class Claimed:
    """A request that was handed out, and its run, which runs now."""

    request: RunRequest
    run: Run


Outcome = RunOutcome | StepOutcome | RunRequest | list[Claimed] | int
"""`int`: how many a sweep found."""


def save_run(state: State, changes: Changes, run: Run) -> None:
    """Keep the run's new state for the commands behind, and for the flush."""
    state.runs[run.key] = run
    (changes.new_runs if run.key in changes.new_runs else changes.runs)[run.key] = run
