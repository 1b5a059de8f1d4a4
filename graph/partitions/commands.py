"""What people and clients say of partitions, ready to be applied: checked, with the keys at hand."""

import dataclasses

from graph.records import Json


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A partition of an asset: keys, and `partition_key` as it is shown (None: the asset without partitions)."""

    asset: str
    series: str
    partition_key: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class MarkStale:
    """A partition is not to be relied on, says a workflow; the same again changes nothing."""

    workflow: str
    place: Place
    now: int
    requested_by: str | None = None
    note: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ClearStale:
    """The workflow takes its mark back; nothing happens where there is none."""

    workflow: str
    place: Place
    now: int
    cleared_by: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class SetParameters:
    """The parameters to make a partition with, by hand; None takes them back."""

    place: Place
    now: int
    parameters: Json | None


Command = MarkStale | ClearStale | SetParameters
