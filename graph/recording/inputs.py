"""Which versions an attempt was made from: those that its report names, else the newest of each consumed asset when
the step began.

"Newest when it began" goes by `producedAt`. A run of a partition takes the newest version of the same partition where
the consumed asset has one, else the newest of the asset.
"""

from collections.abc import Iterable

from graph.errors import NotFound
from graph.recording.commands import InputName
from graph.recording.state import PartitionState, State
from graph.records import Pointer
from graph.rules.identifiers import partition_key
from graph.rules.order import order_of


def newest_inputs(
    state: State, consumed: Iterable[str], partition: str | None, began: int | None
) -> tuple[dict[str, str], list[str]]:
    """Snapshot → asset key of the newest versions, and the consumed assets that have none yet."""
    bound = began_bound(began)
    found: dict[str, str] = {}
    missing: list[str] = []
    for asset in consumed:
        pointer = _newest(state, asset, partition, bound)
        if pointer is None:
            missing.append(asset)
        else:
            found[pointer.snapshot] = asset
    return found, missing


def named_inputs(state: State, names: tuple[InputName, ...]) -> dict[str, str]:
    """Snapshot → asset key of the versions that a report names; NotFound for one that does not exist."""
    found: dict[str, str] = {}
    for position, name in enumerate(names):
        snapshot = state.named.get(name) or _named_in_batch(state, name)
        if snapshot is None:
            field = f"inputs[{position}]"
            what = f"snapshot '{name.snapshot_id}'" if name.snapshot_id else f"version of asset '{name.asset}'"
            raise NotFound(
                "input_not_found", f"'{field}' names a {what} that does not exist.", details={"field": field}
            )
        found[snapshot] = state.owners[snapshot]
    return found


def began_bound(began: int | None) -> int | None:
    """The order that everything produced at or before the instant lies below."""
    return None if began is None else order_of(began + 1, 0)


def _newest(state: State, asset: str, partition: str | None, bound: int | None) -> Pointer | None:
    if partition is not None:
        series = partition_key(asset, partition)
        same = state.partitions.get(series)
        if same and (pointer := _below(state, series, same.newest, same.seen, bound)):
            return pointer
    whole = state.assets.get(asset)
    return _below(state, asset, whole.latest, whole.seen, bound) if whole else None


def _below(state: State, of: str, latest: Pointer | None, seen: list[Pointer], bound: int | None) -> Pointer | None:
    if latest is None or bound is None or latest.order < bound:
        return latest
    candidates = [pointer for pointer in seen if pointer.order < bound]
    if stored := state.earlier.get((of, bound)):
        candidates.append(stored)
    return max(candidates, key=lambda pointer: pointer.order, default=None)


def _named_in_batch(state: State, name: InputName) -> str | None:
    """A version that the batch itself makes, or the newest where no version is named."""
    if name.snapshot_id is not None:
        return name.snapshot_id if name.snapshot_id in state.owners else None
    series = partition_key(name.asset or "", name.partition_key)
    partition = state.partitions.get(series)
    if name.version is not None:
        return next((s.key for s in state.snapshots.values() if (s.series, s.version) == (series, name.version)), None)
    newest = _newest_named(state, name, partition)
    return newest.snapshot if newest else None


def _newest_named(state: State, name: InputName, partition: PartitionState | None) -> Pointer | None:
    if name.partition_key is not None or (partition and partition.newest):
        return partition.newest if partition else None
    whole = state.assets.get(name.asset or "")
    return whole.latest if whole else None
