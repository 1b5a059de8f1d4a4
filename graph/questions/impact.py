"""What a late or broken asset reaches: all that is downstream, nearest first, with its owners and deadlines."""

import dataclasses
from collections.abc import Iterable
from typing import Any

import orjson

from graph.database import Transaction
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, TruncationReason, lineage
from graph.questions.names import LineageStep
from graph.rules.freshness import verdict

DECLARATIONS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})<-[p:PRODUCES]-(s:Step)
WHERE p.to IS NULL
RETURN collect(a.key) AS keys, collect(s.workflow) AS workflows, collect(p.declaration) AS declarations
"""

NEWEST = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})-[:LATEST]->(s:Snapshot)
RETURN collect(a.key) AS keys, collect(s.key) AS snapshots, collect(s.version) AS versions,
       collect(s.producedAt) AS instants, collect(coalesce(s.freshness, '')) AS hints
"""

IMPORTANCE = ("low", "normal", "high")


@dataclasses.dataclass(slots=True)
class ImpactAsset:
    """An affected asset. `deadline` is when it stops to be fresh by itself; instants are epoch milliseconds."""

    key: str
    asset_id: str
    distance: int
    workflows: list[str]
    owners: list[str]
    importance: str | None
    latest_snapshot: str | None = None
    latest_version: int | None = None
    latest_produced_at: int | None = None
    deadline: int | None = None


@dataclasses.dataclass(slots=True)
class ImpactDistance:
    """The affected assets of one distance, by key."""

    distance: int
    asset_count: int
    assets: list[ImpactAsset]


@dataclasses.dataclass(slots=True)
class ImpactWorkflow:
    """What of one workflow is affected; `distance` is that of its nearest step."""

    key: str
    slug: str
    name: str
    distance: int
    asset_count: int
    step_count: int
    assets: list[ImpactAsset]
    steps: list[LineageStep]


@dataclasses.dataclass(slots=True)
class Impact:
    """Nearest first; what was asked about is not among the affected, even where a cycle leads back to it."""

    asset_count: int
    step_count: int
    workflow_count: int
    by_distance: list[ImpactDistance]
    by_workflow: list[ImpactWorkflow]
    steps: list[LineageStep]
    truncated: bool
    truncation_reason: TruncationReason | None
    depth_reached: int
    total_known: int | None


async def impact(tx: Transaction, question: LineageQuestion, now: int) -> Impact:
    """What lies downstream of the question's roots; NotFound when a root does not exist."""
    found = await lineage(tx, dataclasses.replace(question, direction=Direction.DOWNSTREAM))
    affected = [asset for asset in found.assets if asset.distance > 0]
    assets = {each.key: ImpactAsset(each.key, each.asset_id, each.distance, [], [], None) for each in affected}
    await _declare(tx, assets)
    await _date(tx, assets, now)
    nearest = sorted(assets.values(), key=lambda each: (each.distance, each.key))
    by_workflow = _by_workflow(nearest, found.steps)
    return Impact(
        asset_count=len(nearest),
        step_count=len(found.steps),
        workflow_count=len(by_workflow),
        by_distance=_by_distance(nearest),
        by_workflow=by_workflow,
        steps=sorted(found.steps, key=lambda step: (step.distance, step.key)),
        truncated=found.truncated,
        truncation_reason=found.truncation_reason,
        depth_reached=found.depth_reached,
        total_known=found.total_known - len(question.roots) if found.total_known is not None else None,
    )


async def _declare(tx: Transaction, assets: dict[str, ImpactAsset]) -> None:
    """Owners and the greatest importance that a producer declares, and the producing workflows."""
    row = await tx.row(DECLARATIONS, {"keys": list(assets)})
    for key, workflow, text in _columns(row, "keys", "workflows", "declarations"):
        declared: dict[str, Any] = orjson.loads(text)
        asset = assets[key]
        asset.workflows = sorted({*asset.workflows, workflow})
        if owner := declared.get("owner"):
            asset.owners = sorted({*asset.owners, owner})
        if importance := declared.get("importance"):
            asset.importance = max((importance, asset.importance or importance), key=IMPORTANCE.index)


async def _date(tx: Transaction, assets: dict[str, ImpactAsset], now: int) -> None:
    row = await tx.row(NEWEST, {"keys": list(assets)})
    for key, snapshot, version, instant, hints in _columns(row, "keys", "snapshots", "versions", "instants", "hints"):
        declared = orjson.loads(hints) if hints else {}
        asset = assets[key]
        asset.latest_snapshot, asset.latest_version, asset.latest_produced_at = snapshot, version, instant
        asset.deadline = verdict(
            latest_produced_at=instant,
            ttl_ms=declared.get("ttlMs"),
            cadence_ms=declared.get("cadenceMs"),
            max_age_ms=declared.get("maxAgeMs"),
            marked=(),
            outdated_upstreams=(),
            now=now,
        ).deadline


def _by_distance(nearest: Iterable[ImpactAsset]) -> list[ImpactDistance]:
    groups: dict[int, list[ImpactAsset]] = {}
    for asset in nearest:
        groups.setdefault(asset.distance, []).append(asset)
    return [ImpactDistance(distance, len(assets), assets) for distance, assets in groups.items()]


def _by_workflow(nearest: Iterable[ImpactAsset], steps: Iterable[LineageStep]) -> list[ImpactWorkflow]:
    """By the workflows of the affected steps, nearest first; an asset stands with each workflow that produces it."""
    groups: dict[str, ImpactWorkflow] = {}
    for step in sorted(steps, key=lambda step: (step.distance, step.key)):
        group = groups.setdefault(
            step.workflow,
            ImpactWorkflow(step.workflow, step.workflow_slug, step.workflow_name, step.distance, 0, 0, [], []),
        )
        group.steps.append(step)
        group.step_count += 1
    for asset in nearest:
        for workflow in asset.workflows:
            if group_of := groups.get(workflow):
                group_of.assets.append(asset)
                group_of.asset_count += 1
    return sorted(groups.values(), key=lambda group: (group.distance, group.slug))


def _columns(row: dict[str, Any] | None, *names: str) -> Iterable[tuple[Any, ...]]:
    return zip(*(row[name] for name in names), strict=True) if row else ()
