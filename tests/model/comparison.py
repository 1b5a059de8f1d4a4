"""Holds everything that the service answers, and the edges in its database, against the reference."""

import itertools
from typing import Any

from graph.rules.identifiers import step_key
from tests.model import answers, graph
from tests.model.declared import declarations, instant
from tests.model.driver import Driver, path
from tests.model.reference import Reference
from tests.model.strategies import PARTITIONS

DECLARED_EDGES = """
MATCH (s:Step)-[e:PRODUCES|CONSUMES]->(a:Asset)
RETURN type(e) AS kind, s.key AS step, a.key AS asset, e.from AS start, e.to AS stop, e.declaration AS declaration
"""

OBSERVED_EDGES = "MATCH (s:Step)-[e:WROTE|READ]->(a:Asset) RETURN type(e) AS kind, s.key AS step, a.key AS asset"

DERIVATIONS = "MATCH (s:Snapshot)-[:DERIVED_FROM]->(i:Snapshot) RETURN s.key AS made, i.key AS source"

INPUTS = "MATCH (t:Attempt)-[:TOOK]->(i:Snapshot) RETURN t.key AS made, i.key AS source"

HISTORY_FILTERS = tuple(itertools.product(("all", "workflow"), ((2, None), (3, None), *((1, p) for p in PARTITIONS))))
"""Whose versions, in pages of what size, of which partition."""

PARTITIONS_STORED = "MATCH (p:Partition) RETURN p.key AS key, p.versions AS versions"


def compare(driver: Driver, reference: Reference) -> None:
    """Everything that can be asked."""
    compare_workflows(driver, reference)
    compare_runs(driver, reference)
    compare_assets(driver, reference)
    compare_graph(driver, reference)
    compare_database(driver, reference)


def compare_workflows(driver: Driver, reference: Reference) -> None:
    alive = [each for _, each in sorted(reference.workflows.items()) if each.deleted_at is None]
    assert driver.data("/workflows") == [answers.workflow(each) for each in alive]
    for key, each in reference.workflows.items():
        assert driver.data(path("workflows", key, "revisions"))["revisions"] == answers.revisions(each)
    for each in alive:
        found = driver.data(path("workflows", each.key), limit=3)
        runs = [run for run in reversed(reference.runs.values()) if run.workflow is each]
        assert found["workflow"] == answers.workflow(each)
        assert found["runs"] == [answers.run(run) for run in runs[:3]]


def compare_runs(driver: Driver, reference: Reference) -> None:
    for run in reference.runs.values():
        found = driver.data(path("workflow-runs", run.id, "steps"))
        assert found["run"] == answers.run(run)
        assert [_valid(step) for step in found["steps"]] == answers.run_steps(reference, run)


def compare_assets(driver: Driver, reference: Reference) -> None:
    for workflow in reference.workflows.values():
        if workflow.deleted_at is not None:
            assert driver.call("GET", path("workflows", workflow.key, "assets")).status_code == 404
            continue
        for scope in ("all", "workflow"):
            found = driver.data(path("workflows", workflow.key, "assets"), scope=scope)["assets"]
            shown = [
                {key: each[key] for key in each if key not in ("freshnessReasons", "freshUntil")} for each in found
            ]
            for each in shown:
                each["producers"] = [_hints(role) for role in each["producers"]]
                each["consumers"] = [_hints(role) for role in each["consumers"]]
                each["latest"] = each["latest"] and _valid(each["latest"])
            assert shown == answers.inventory(reference, workflow, own_only=scope == "workflow")
        for turn, asset in enumerate(sorted(answers.assets_of(reference, workflow)), start=reference.now):
            _compare_history(driver, reference, workflow.key, asset, turn)


def _compare_history(driver: Driver, reference: Reference, slug: str, asset: str, turn: int) -> None:
    """All pages under one of the filters, whose turn it is."""
    question = path("workflows", slug, "assets", asset.upper(), "history")
    scope, (limit, partition) = HISTORY_FILTERS[turn % len(HISTORY_FILTERS)]
    workflow = reference.workflows[slug] if scope == "workflow" else None
    expected = answers.history(reference, asset, partition=partition, workflow=workflow)
    filters = {"scope": scope, "limit": limit} | ({"partitionKey": partition} if partition else {})
    page = driver.data(question, **filters)
    assert page["assetId"] == reference.asset_ids[asset]
    found = page["history"]
    while page["nextCursor"] is not None and len(found) <= len(expected):
        assert len(page["history"]) == limit
        page = driver.data(question, **filters, before=page["nextCursor"])
        found += page["history"]
    assert [_valid(each) for each in found] == expected


def compare_graph(driver: Driver, reference: Reference) -> None:
    found = driver.data("/assets/graph")
    for asset in found["assets"]:
        assert asset.pop("stalePartitions") == []
        assert asset.pop("hasStalePartitions") is False
        for role in ("producers", "consumers"):
            asset[role].sort(key=lambda each: (each["workflowSlug"], each["stepId"]))
    assert found["assets"] == graph.graph_assets(reference)
    assert found["edges"] == graph.graph_edges(reference)


def compare_database(driver: Driver, reference: Reference) -> None:
    """What no route shows yet: the declared graph of the past, what was observed, and derivations."""
    edges = driver.rows(DECLARED_EDGES)
    for at in _instants(reference):
        held = [e for e in edges if e["start"] <= at and (e["stop"] is None or at < e["stop"])]
        found = sorted((e["kind"], e["step"], e["asset"]) for e in held)
        assert found == _declared_at(reference, at), instant(at)
    observed = {("WROTE", step_key(s.run.workflow.key, s.step["id"]), s.asset) for s in reference.snapshots} | {
        ("READ", step_key(a.run.workflow.key, a.step["id"]), source.asset)
        for a in reference.attempts
        for source in a.inputs
    }
    assert sorted((e["kind"], e["step"], e["asset"]) for e in driver.rows(OBSERVED_EDGES)) == sorted(observed)
    derived = [(each.id, source.id) for each in reference.snapshots for source in each.inputs]
    assert sorted((e["made"], e["source"]) for e in driver.rows(DERIVATIONS)) == sorted(derived)  # type: ignore[type-var]
    took = [(answers.attempt(a)["id"], source.id) for a in reference.attempts for source in a.inputs]
    assert sorted((e["made"], e["source"]) for e in driver.rows(INPUTS)) == sorted(took)
    counts: dict[str, int] = {}
    for each in reference.snapshots:
        series = f"{each.asset}#{each.partition or ''}"
        counts[series] = counts.get(series, 0) + 1
    assert {e["key"]: e["versions"] for e in driver.rows(PARTITIONS_STORED)} == counts
    assert len({each.id for each in reference.snapshots}) == len(reference.snapshots)


def _instants(reference: Reference) -> list[int]:
    """Every instant at which something changed, and the one before."""
    changed = {each.valid_from for workflow in reference.workflows.values() for each in workflow.revisions}
    changed |= {each.deleted_at for each in reference.workflows.values() if each.deleted_at is not None}
    return sorted(changed | {at - 1 for at in changed} | {reference.now})


def _declared_at(reference: Reference, at: int) -> list[tuple[str, str, str]]:
    return sorted(
        (each.kind, step_key(workflow.key, each.step["id"]), each.key)
        for workflow in reference.workflows.values()
        for revision in workflow.revisions
        if revision.valid_from <= at and (revision.valid_to is None or at < revision.valid_to)
        for each in declarations(revision.document)
    )


def _hints(role: dict[str, Any]) -> dict[str, Any]:
    """Without what is only passed through."""
    return {key: value for key, value in role.items() if key != "owner"}


def _valid(shown: dict[str, Any]) -> dict[str, Any]:
    """Without the violations, which are there exactly when a payload is not valid."""
    if "producedAssets" in shown:
        return {**shown, "producedAssets": [_valid(each) for each in shown["producedAssets"]]}
    assert bool(shown["violations"]) is not shown["valid"]
    return {key: value for key, value in shown.items() if key != "violations"}
