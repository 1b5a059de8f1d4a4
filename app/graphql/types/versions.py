"""Answers to questions about versions: where one came from, what came of it, and how two differ."""

from typing import Self, cast

import orjson
import strawberry

from app.graphql.context import Info
from app.graphql.scalars import JSON, DateTime
from app.graphql.types import walk
from app.graphql.types.enums import RunStatus
from app.graphql.types.lineage import LineageStep
from app.graphql.types.run import Run
from app.graphql.types.snapshot import Snapshot
from graph.questions import provenance, snapshot_diff
from graph.questions.lineage import TruncationReason
from graph.questions.snapshot_diff import InputDifference
from graph.rules.json_diff import Operation

strawberry.enum(InputDifference, description="How the inputs from one series of versions differ.")


async def _snapshot(root: strawberry.Parent[provenance.ProvenanceSnapshot], info: Info) -> Snapshot:
    (found,) = await walk.snapshot_list(info, [root.id])
    return found


async def _run(root: strawberry.Parent[provenance.ProvenanceRun], info: Info) -> Run:
    return await walk.run(info, root.id)


@strawberry.type(description="A version of an answer, and how many hops it is from the one asked about.")
class ProvenanceSnapshot:
    """A version."""

    id: str = strawberry.field(description="The snapshot's id.")
    asset_id: str
    partition_key: str | None
    version: int
    produced_at: DateTime
    valid: bool
    run_id: str
    workflow_slug: str
    step_id: str
    attempt: int
    distance: int
    snapshot: Snapshot = strawberry.field(resolver=_snapshot)


@strawberry.type(description="`target` was made from `source`; both are snapshot ids.")
class ProvenanceEdge:
    """An edge."""

    source: str
    target: str


@strawberry.type(description="A run that emitted one of the versions or, downstream, read one.")
class ProvenanceRun:
    """A run."""

    id: str = strawberry.field(description="The run's id.")
    workflow_slug: str
    status: RunStatus
    distance: int
    run: Run = strawberry.field(resolver=_run)


@strawberry.type(description="What a version was made from, what was made from it, and the runs and steps between.")
class Provenance:
    """A provenance."""

    snapshots: list[ProvenanceSnapshot]
    edges: list[ProvenanceEdge]
    runs: list[ProvenanceRun]
    steps: list[LineageStep]
    truncated: bool
    truncation_reason: TruncationReason | None
    depth_reached: int
    total_known: int | None


@strawberry.type(description="The versions next to one in its partition, by `producedAt`; null at an end.")
class AdjacentVersions:
    """Before and after."""

    older: Snapshot | None
    newer: Snapshot | None


@strawberry.type(description="What differs upstream in one asset's partition.")
class InputChange:
    """A difference."""

    asset_id: str
    partition_key: str | None
    difference: InputDifference
    before: list[ProvenanceSnapshot]
    after: list[ProvenanceSnapshot]
    distance: int = strawberry.field(description="Hops to the nearest of them; 1 is a direct input.")


@strawberry.type(description="The two runs behind two versions.")
class RunDifferences:
    """Of the runs."""

    before: Run
    after: Run
    same_run: bool
    parameters: JSON = strawberry.field(description="RFC 6902, from the first run's to the second's.")


@strawberry.type(description="Two versions side by side. Operations (RFC 6902) turn the first into the second.")
class SnapshotDiff:
    """A comparison."""

    before: Snapshot
    after: Snapshot
    same_asset: bool
    payload: JSON
    schema: JSON
    freshness: JSON
    runs: RunDifferences
    inputs: list[InputChange]

    @classmethod
    def of(cls, it: snapshot_diff.SnapshotDiff) -> Self:
        """The comparison as it is shown."""
        return cls(
            before=Snapshot.of(it.before.snapshot),
            after=Snapshot.of(it.after.snapshot),
            same_asset=it.same_asset,
            payload=_patch(it.payload),
            schema=_patch(it.schema),
            freshness=_patch(it.freshness),
            runs=RunDifferences(
                before=Run.of(it.runs.before),
                after=Run.of(it.runs.after),
                same_run=it.runs.same_run,
                parameters=_patch(it.runs.parameters),
            ),
            inputs=cast(list[InputChange], it.inputs),
        )


def _patch(operations: list[Operation]) -> JSON:
    return JSON(orjson.dumps(operations).decode())
