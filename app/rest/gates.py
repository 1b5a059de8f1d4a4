"""Gates: may a release, a deployment, the next step go ahead?"""

from typing import Annotated

from pydantic import BaseModel, Field

from app.http import Answer, Call
from app.http.auth import READ
from app.rest import answers
from app.rest.fields import RootAssetId
from app.rest.table import route
from graph.lineage import Lineage
from graph.questions.gate import Checked, check_gate
from graph.records import Snapshot
from graph.rules.gate import Gate
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


def _asset(checked: Checked, now: int) -> answers.GateAsset:
    deadline = checked.verdict.deadline
    return {
        "assetId": checked.asset_id,
        "distance": checked.distance,
        "passed": not checked.objections,
        "state": checked.verdict.state,
        "freshUntil": None if deadline is None else format_instant(deadline),
        "objections": [
            {
                "code": each.code,
                "message": each.message,
                "since": None if each.since is None else format_instant(each.since),
                "assetId": each.asset_id,
            }
            for each in checked.objections
        ],
        "latest": None if checked.latest is None else _version(checked.latest, now),
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
)
