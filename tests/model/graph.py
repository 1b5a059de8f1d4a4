"""What `/assets/graph` should answer."""

from typing import Any

from tests.model.declared import Declared, declarations, freshness, instant
from tests.model.log import Snapshot, Workflow
from tests.model.reference import Reference


def declared_now(reference: Reference) -> list[tuple[Workflow, Declared]]:
    return [
        (each, declared)
        for each in reference.workflows.values()
        if each.deleted_at is None
        for declared in declarations(each.current.document)
    ]


def transfers(reference: Reference) -> set[tuple[str, str, str, str]]:
    """(consumed, produced, workflow, step) of each step, without self-pairs."""
    held = [(each.kind, each.key, of.key, each.step["id"]) for of, each in declared_now(reference)]
    return {
        (consumed, produced, slug, step)
        for kind, consumed, slug, step in held
        for other, produced, other_slug, other_step in held
        if (kind, other) == ("CONSUMES", "PRODUCES") and (slug, step) == (other_slug, other_step)
        if consumed != produced
    }


def newest_of_upstreams(reference: Reference, asset: str) -> list[Snapshot]:
    """The newest version of each direct upstream that has one."""
    upstreams = {source for source, target, *_ in transfers(reference) if target == asset}
    newest = [reference.newest([s for s in reference.snapshots if s.asset == each]) for each in upstreams]
    return [each for each in newest if each]


def graph_assets(reference: Reference) -> list[dict[str, Any]]:
    held = declared_now(reference)
    keys = {each.key for _, each in held} | {each.asset for each in reference.snapshots}
    return [_graph_asset(reference, key, held) for key in sorted(keys)]


def _graph_asset(reference: Reference, key: str, held: list[tuple[Workflow, Declared]]) -> dict[str, Any]:
    made = [each for each in reference.snapshots if each.asset == key]
    series = {(each.run.workflow.key, each.partition) for each in made}
    newest = [reference.newest([s for s in made if (s.run.workflow.key, s.partition) == each]) for each in series]
    latest = reference.newest(made)
    outdated = [
        reference.asset_ids[each.asset]
        for each in newest_of_upstreams(reference, key)
        if latest and each.produced_at > latest.produced_at
    ]
    return {
        "assetId": reference.asset_ids[key],
        "normalizedAssetId": key,
        "producers": _graph_roles(held, "PRODUCES", key),
        "consumers": _graph_roles(held, "CONSUMES", key),
        "latestMaterializations": [
            _materialization(each)
            for each in sorted((s for s in newest if s), key=lambda s: (s.produced_at, s.arrival), reverse=True)
        ],
        "hasOutdatedUpstreams": bool(outdated),
        "outdatedUpstreamAssetIds": sorted(outdated),
    }


def _graph_roles(held: list[tuple[Workflow, Declared]], kind: str, key: str) -> list[dict[str, Any]]:
    found = []
    for of, each in held:
        if (each.kind, each.key) == (kind, key):
            hints = {name: each.asset[name] for name in ("partitioning", "autoMaterialize") if name in each.asset}
            hints |= {"freshness": freshness(each.asset)} if freshness(each.asset) else {}
            found.append({**_step(of, each.step), **hints})
    return sorted(found, key=lambda role: (role["workflowSlug"], role["stepId"]))


def _step(of: Workflow, step: dict[str, Any]) -> dict[str, Any]:
    return {
        "workflowId": of.id,
        "workflowSlug": of.key,
        "workflowName": of.name,
        "stepId": step["id"],
        "stepName": step.get("name", step["id"]),
        "stepType": step.get("type", "job"),
    }


def _materialization(it: Snapshot) -> dict[str, Any]:
    return {
        **_step(it.run.workflow, it.step),
        "runId": it.run.id,
        "runStatus": it.run.status,
        "stepStatus": it.attempt.status,
        "producedAt": instant(it.produced_at),
        "partitionKey": it.partition,
        "freshness": it.freshness,
        "runStartedAt": instant(it.run.started_at),
        "runCompletedAt": instant(it.run.completed_at),
    }


def graph_edges(reference: Reference) -> list[dict[str, Any]]:
    found = []
    for source, target, slug, step_id in sorted(transfers(reference)):
        of = reference.workflows[slug]
        step = next(each for each in of.current.document["steps"] if each["id"] == step_id)
        found.append(
            {
                "fromAssetId": reference.asset_ids[source],
                "fromAssetNormalizedId": source,
                "toAssetId": reference.asset_ids[target],
                "toAssetNormalizedId": target,
                **_step(of, step),
            }
        )
    return found
