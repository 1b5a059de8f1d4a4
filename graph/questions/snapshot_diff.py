"""Two versions side by side: payload, schema, freshness, the runs behind them, and what each was made from."""

import dataclasses
import enum
from collections.abc import Iterable
from typing import Any

import anyio.to_thread
import orjson

from graph.database import Transaction
from graph.errors import Unprocessable
from graph.questions.provenance import ProvenanceSnapshot, versions_upstream
from graph.records import Json, Run
from graph.rules.json_diff import Operation, operations
from graph.store.documents import Documents
from graph.store.runs import known_run
from graph.store.snapshots import SnapshotView, known_snapshot


class InputDifference(enum.Enum):
    """How the inputs from one series of versions differ."""

    ADDED = "ADDED"
    GONE = "GONE"
    CHANGED = "CHANGED"


@dataclasses.dataclass(frozen=True, slots=True)
class InputChange:
    """What differs in one asset's partition upstream: the versions that either side was made from, oldest first.

    `distance` is the hops to the nearest of them; 1 is a direct input.
    """

    asset: str
    asset_id: str
    partition_key: str | None
    difference: InputDifference
    before: list[ProvenanceSnapshot]
    after: list[ProvenanceSnapshot]
    distance: int


@dataclasses.dataclass(frozen=True, slots=True)
class RunDifferences:
    """The two runs; `parameters` turns those of the first into those of the second (no parameters are null)."""

    before: Run
    after: Run
    parameters: list[Operation]

    @property
    def same_run(self) -> bool:
        """Both versions come from one run."""
        return self.before.key == self.after.key


@dataclasses.dataclass(frozen=True, slots=True)
class SnapshotDiff:
    """Operations (RFC 6902) turn what the first version has into what the second has; what is missing is null."""

    before: SnapshotView
    after: SnapshotView
    payload: list[Operation]
    schema: list[Operation]
    freshness: list[Operation]
    runs: RunDifferences
    inputs: list[InputChange]

    @property
    def same_asset(self) -> bool:
        """Versions of different assets can be compared too; their payloads may have little in common."""
        return self.before.snapshot.asset == self.after.snapshot.asset


async def diff(
    tx: Transaction, documents: Documents, before_id: str, after_id: str, *, depth: int = 1, limit: int = 10_000
) -> SnapshotDiff:
    """What differs between two versions; inputs up to `depth` hops upstream.

    Raises NotFound `snapshot_not_found`, Unprocessable `traversal_too_large` with more than `limit` versions upstream
    of either: a part of them would show differences that are none.
    """
    before, after = [await known_snapshot(tx, documents, key) for key in (before_id, after_id)]
    first, second = [await known_run(tx, view.snapshot.run) for view in (before, after)]
    upstream = [await _upstream(tx, key, depth, limit) for key in (before_id, after_id)]
    return SnapshotDiff(
        before=before,
        after=after,
        payload=await _operations(before.snapshot.payload, after.snapshot.payload),
        schema=await _operations(before.schema, after.schema),
        freshness=await _operations(before.snapshot.freshness, after.snapshot.freshness),
        runs=RunDifferences(first, second, await _operations(first.parameters, second.parameters)),
        inputs=input_changes(*upstream),
    )


def input_changes(before: Iterable[ProvenanceSnapshot], after: Iterable[ProvenanceSnapshot]) -> list[InputChange]:
    """What differs, by distance, asset and partition."""
    ours, theirs = _by_series(before), _by_series(after)
    changes = []
    for series in ours.keys() | theirs.keys():
        old, new = ours.get(series, []), theirs.get(series, [])
        if {each.id for each in old} == {each.id for each in new}:
            continue
        shown = (old + new)[0]
        changes.append(
            InputChange(
                asset=shown.asset,
                asset_id=shown.asset_id,
                partition_key=shown.partition_key,
                difference=_difference(old, new),
                before=old,
                after=new,
                distance=min(each.distance for each in old + new),
            )
        )
    return sorted(changes, key=lambda each: (each.distance, each.asset, each.partition_key or ""))


def _difference(old: list[ProvenanceSnapshot], new: list[ProvenanceSnapshot]) -> InputDifference:
    if not old:
        return InputDifference.ADDED
    return InputDifference.CHANGED if new else InputDifference.GONE


def _by_series(versions: Iterable[ProvenanceSnapshot]) -> dict[tuple[str, str], list[ProvenanceSnapshot]]:
    found: dict[tuple[str, str], list[ProvenanceSnapshot]] = {}
    for version in sorted(versions, key=lambda each: each.version):
        found.setdefault((version.asset, version.partition_key or ""), []).append(version)
    return found


async def _upstream(tx: Transaction, key: str, depth: int, limit: int) -> list[ProvenanceSnapshot]:
    found, complete = await versions_upstream(tx, key, depth, limit)
    if not complete:
        raise Unprocessable(
            "traversal_too_large",
            f"More than {limit} versions lie upstream of snapshot '{key}' within {depth} hops; ask for fewer hops.",
        )
    return found


async def _operations(old: Json | None, new: Json | None) -> list[Operation]:
    if old == new:
        return []
    # In a thread, since two large documents take a good part of a second.
    return await anyio.to_thread.run_sync(operations, _value(old), _value(new))


def _value(text: Json | None) -> Any:
    return None if text is None else orjson.loads(text)
