"""Gates: may a release or a deployment go ahead, may a step begin?"""

from typing import Annotated

from pydantic import BaseModel, Field

from app.http import Answer, Call
from app.http.auth import READ
from app.rest import answers
from app.rest.fields import RootAssetId
from app.rest.requests import StepPath
from app.rest.table import route
from graph.lineage import Lineage
from graph.questions.gate import Checked, check_gate
from graph.questions.readiness import Input, Needed, readiness
from graph.records import Snapshot
from graph.rules.gate import Gate, Objection
from graph.rules.identifiers import asset_key
from graph.rules.instants import format_instant


class GateQuery(BaseModel):
    """Which assets, and what is asked of them."""

    asset: Annotated[list[RootAssetId], Field(min_length=1, max_length=100, description="May be given several times.")]
    maxAgeMs: Annotated[
        int | None, Field(ge=1, le=31_536_000_000, description="The newest version must not be older.")
    ] = None
    requireValid: Annotated[bool, Field(description="The newest version must keep to its schema.")] = False
    upstream: Annotated[bool, Field(description="The same of everything upstream of them, as declared.")] = False
    strict: Annotated[
        bool, Field(description="An asset that is due, or of which no limits are declared, does not pass either.")
    ] = False


async def check_gates(call: Call[None, GateQuery, None]) -> Answer:
    """May it go ahead: are these assets there, fresh, and as asked?"""
    lineage: Lineage = call.state.lineage
    query = call.query
    gate = Gate(max_age=query.maxAgeMs, require_valid=query.requireValid, strict=query.strict)
    roots = {asset_key(asset_id): asset_id for asset_id in query.asset}
    most: int = call.state.max_traversal
    now = lineage.clock()
    found = await lineage.read(lambda tx: check_gate(tx, roots, gate, upstream=query.upstream, most=most, now=now))
    shown: answers.GateResult = {
        "passed": not any(each.objections for each in found),
        "checkedAt": format_instant(now),
        "assets": [_asset(each, now) for each in found],
    }
    return Answer(shown)


async def get_step_readiness(call: Call[StepPath, None, None]) -> Answer:
    """May a step of a run begin: will what it consumes do, and if not, what must be made first?"""
    lineage: Lineage = call.state.lineage
    now = lineage.clock()
    most: int = call.state.max_traversal
    run, step = call.path.runId, call.path.stepId
    found = await lineage.read(lambda tx: readiness(tx, lineage.documents, run, step, most=most, now=now))
    shown: answers.StepReadiness = {
        "ready": found.ready,
        "possible": all(each.producers for each in found.needed),
        "checkedAt": format_instant(now),
        "inputs": [_input(each, now) for each in found.inputs],
        "needed": [_needed(each) for each in found.needed],
    }
    return Answer(shown)


def _asset(checked: Checked, now: int) -> answers.GateAsset:
    deadline = checked.verdict.deadline
    return {
        "assetId": checked.asset_id,
        "distance": checked.distance,
        "passed": not checked.objections,
        "state": checked.verdict.state,
        "freshUntil": None if deadline is None else format_instant(deadline),
        "objections": [_objection(each) for each in checked.objections],
        "latest": None if checked.latest is None else _version(checked.latest, now),
    }


def _input(it: Input, now: int) -> answers.StepInputReadiness:
    return {
        "assetId": it.asset_id,
        "partitionKey": it.partition,
        "ready": not it.objections,
        "state": it.verdict.state,
        "freshUntil": None if it.verdict.deadline is None else format_instant(it.verdict.deadline),
        "objections": [_objection(each) for each in it.objections],
        "latest": None if it.latest is None else _version(it.latest, now),
    }


def _needed(it: Needed) -> answers.NeededAsset:
    return {
        "assetId": it.asset_id,
        "producers": [
            {
                "workflowSlug": each.workflow_slug,
                "workflowName": each.workflow_name,
                "stepId": each.step_id,
                "stepName": each.name,
                "stepType": each.type,  # type: ignore[typeddict-item]
            }
            for each in it.producers
        ],
    }


def _objection(it: Objection) -> answers.GateObjection:
    return {
        "code": it.code,
        "message": it.message,
        "since": None if it.since is None else format_instant(it.since),
        "assetId": it.asset_id,
    }


def _version(newest: Snapshot, now: int) -> answers.GateVersion:
    return {
        "snapshotId": newest.key,
        "version": newest.version,
        "partitionKey": newest.partition_key,
        "producedAt": format_instant(newest.produced_at),
        "ageMs": now - newest.produced_at,
        "valid": newest.valid,
        "workflowSlug": newest.workflow_slug,
        "runId": newest.run,
    }


ENDPOINTS = (
    route(
        "GET",
        "/gates/check",
        check_gates,
        tag="gates",
        scope=READ,
        query=GateQuery,
        answers={200: answers.GateResult},
        errors={400: ("invalid_asset_id",), 404: ("asset_not_found",), 422: ("traversal_too_large",)},
    ),
    route(
        "GET",
        "/workflow-runs/{runId}/steps/{stepId}/readiness",
        get_step_readiness,
        tag="gates",
        scope=READ,
        path_model=StepPath,
        answers={200: answers.StepReadiness},
        errors={400: ("invalid_input",), 404: ("run_not_found", "step_not_found"), 422: ("traversal_too_large",)},
    ),
)
