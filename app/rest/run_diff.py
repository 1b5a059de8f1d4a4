"""What differs between two runs, as the contract shows it."""

from typing import Any

import orjson

from app.rest import answers, shapes
from graph.records import Json, Snapshot
from graph.rules.digests import canonical_json
from graph.store.runs import RunSteps

Series = tuple[str, str]
"""An asset's id and its partition key, empty for none."""


def run_diff(base: RunSteps, compare: RunSteps) -> answers.RunDiff:
    """The differences of `compare` against `base`."""
    return {
        "base": shapes.run(base.run),
        "compare": shapes.run(compare.run),
        "parameters": _parameters(base.run.parameters, compare.run.parameters),
        "status": _status(base, compare),
        "assets": _assets(base, compare),
    }


def _parameters(base: Json | None, compare: Json | None) -> answers.ParameterDifferences:
    ours, theirs = _keys(base), _keys(compare)
    return {
        "baseOnly": [{"key": key, "value": ours[key]} for key in ours if key not in theirs],
        "compareOnly": [{"key": key, "value": theirs[key]} for key in theirs if key not in ours],
        "changed": [
            {"key": key, "base": ours[key], "compare": theirs[key]}
            for key in ours
            if key in theirs and canonical_json(ours[key]) != canonical_json(theirs[key])
        ],
    }


def _keys(parameters: Json | None) -> dict[str, Any]:
    """Parameters by top-level key; those that are no object stand under the empty key."""
    value = orjson.loads(parameters) if parameters is not None else {}
    return dict(sorted(value.items())) if isinstance(value, dict) else {"": value}


def _status(base: RunSteps, compare: RunSteps) -> answers.StatusDifferences:
    ours, theirs = _last_statuses(base), _last_statuses(compare)
    return {
        "run": {"base": base.run.status, "compare": compare.run.status},
        "steps": [
            {"stepId": step, "base": ours.get(step), "compare": theirs.get(step)}
            for step in sorted(ours.keys() | theirs.keys())
            if ours.get(step) != theirs.get(step)
        ],
    }


def _last_statuses(found: RunSteps) -> dict[str, str]:
    by_attempt = sorted(found.attempts, key=lambda attempt: attempt.attempt)
    return {attempt.step_id: attempt.status for attempt in by_attempt}


def _assets(base: RunSteps, compare: RunSteps) -> answers.AssetDifferences:
    ours, theirs = _newest(base), _newest(compare)
    return {
        "baseOnly": [_reference(ours[key]) for key in sorted(ours.keys() - theirs.keys())],
        "compareOnly": [_reference(theirs[key]) for key in sorted(theirs.keys() - ours.keys())],
        "changed": [
            {
                "assetId": ours[key].asset_id,
                "partitionKey": ours[key].partition_key,
                "base": _reference(ours[key]),
                "compare": _reference(theirs[key]),
            }
            for key in sorted(ours.keys() & theirs.keys())
            if ours[key].digest != theirs[key].digest
        ],
    }


def _newest(found: RunSteps) -> dict[Series, Snapshot]:
    """What the run produced last of each asset and partition."""
    ordered = sorted(found.snapshots.values(), key=lambda snapshot: snapshot.ordinal)
    return {(snapshot.asset, snapshot.partition_key or ""): snapshot for snapshot in ordered}


def _reference(it: Snapshot) -> answers.AssetVersionRef:
    return {
        "assetId": it.asset_id,
        "partitionKey": it.partition_key,
        "stepId": it.step_id,
        "version": it.version,
        "snapshotId": it.key,
        "payloadDigest": it.digest,
        "producedAt": shapes.timestamp(it.produced_at),
    }
