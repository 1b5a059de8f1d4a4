"""Many runs and reports in one request: NDJSON in, one outcome a line out, both streamed.

Lines are taken in windows. In a window the runs that it starts are started first; its reports are then prepared side
by side and queued in the order of the lines, so that a whole window costs a few transactions.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import Annotated, Any

from pydantic import Discriminator, Tag, ValidationError
from starlette.responses import Response

from app.http import Call, Line, NdjsonResponse
from app.http.auth import REPORT
from app.http.errors import Failure
from app.http.validation import from_validation_error
from app.rest import answers, shapes
from app.rest.requests import BulkFinish, BulkReport, BulkStart
from app.rest.runs import INVALID_RESULT, finish, shown_conflict, start, step_message
from app.rest.table import route
from graph.errors import Conflict, LineageError, invalid
from graph.lineage import Lineage
from graph.recording.state import RunOutcome, StepOutcome
from graph.records import Snapshot

WINDOW = 250
"""Lines at once; about half of what one transaction takes."""

WINDOW_BYTES = 8 * 1024 * 1024


def _op(value: Any) -> str:
    op = value.get("op", "report") if isinstance(value, dict) else getattr(value, "op", "report")
    return op if isinstance(op, str) else ""


BulkLine = Annotated[
    Annotated[BulkStart, Tag("start")] | Annotated[BulkReport, Tag("report")] | Annotated[BulkFinish, Tag("finish")],
    Discriminator(_op),
]
MODELS: dict[str, type[BulkStart | BulkReport | BulkFinish]] = {
    "start": BulkStart,
    "report": BulkReport,
    "finish": BulkFinish,
}

OWN_KEYS = ("op", "runId", "stepId", "workflowSlug")
"""What a line says beyond the body that the single request would have had."""


class _Entry:
    """A line on its way: what it says, or why it is refused; then what became of it."""

    def __init__(self, line: Line) -> None:
        self.number = line.number
        self.body: BulkStart | BulkReport | BulkFinish | None = None
        self.document: dict[str, Any] = {}
        self.outcome: RunOutcome | StepOutcome | BaseException | None = None
        try:
            document = line.parse()
            if not isinstance(document, dict):
                raise invalid("line", "A line must be a JSON object.")
            self.body = _validated(document, line.raw or b"")
            self.document = {key: value for key, value in document.items() if key not in OWN_KEYS}
        except LineageError as error:
            self.outcome = error


def _validated(document: dict[str, Any], raw: bytes) -> BulkStart | BulkReport | BulkFinish:
    """By the model that `op` names rather than by their union, whose errors would name the member as a field."""
    model = MODELS.get(_op(document))
    if model is None:
        raise invalid("op", "'op' must be one of 'start', 'report', 'finish'.")
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as error:
        raise from_validation_error(error, model.model_fields) from None


async def report_in_bulk(call: Call[None, None, None]) -> Response:
    """Start runs, report steps and finish runs, one a line of NDJSON; every line has an outcome of its own."""
    lineage: Lineage = call.state.lineage
    lineage.connection.database()  # away: one 503 rather than one a line
    return NdjsonResponse(_outcomes(lineage, call.lines(), call.request_id))


async def _outcomes(
    lineage: Lineage, lines: AsyncIterator[Line], request_id: str
) -> AsyncIterator[answers.BulkOutcome]:
    async for window in _windows(lines):
        for entries in _segments([_Entry(line) for line in window]):
            await _carry_out(lineage, entries)
            for entry in entries:
                yield _shown(entry, request_id)


async def _windows(lines: AsyncIterator[Line]) -> AsyncIterator[list[Line]]:
    window: list[Line] = []
    size = 0
    async for line in lines:
        window.append(line)
        size += len(line.raw or b"")
        if len(window) == WINDOW or size > WINDOW_BYTES:
            yield window
            window, size = [], 0
    if window:
        yield window


def _segments(entries: list[_Entry]) -> list[list[_Entry]]:
    """Cut where a start under a run key follows a finish: that may be what frees the key."""
    segments: list[list[_Entry]] = [[]]
    finished = False
    for entry in entries:
        if finished and isinstance(entry.body, BulkStart) and entry.body.runKey is not None:
            segments.append([])
            finished = False
        finished |= isinstance(entry.body, BulkFinish)
        segments[-1].append(entry)
    return segments


async def _carry_out(lineage: Lineage, entries: Sequence[_Entry]) -> None:
    starts = [entry for entry in entries if isinstance(entry.body, BulkStart)]
    await _settle(starts, [_start(lineage, entry) for entry in starts])
    reports = [entry for entry in entries if isinstance(entry.body, BulkReport)]
    prepared = await asyncio.gather(*(_prepare(lineage, entry) for entry in reports), return_exceptions=True)
    commands = dict(zip(map(id, reports), prepared, strict=True))
    rest = [entry for entry in entries if isinstance(entry.body, BulkReport | BulkFinish)]
    await _settle(rest, [_finish_or_record(lineage, entry, commands.get(id(entry))) for entry in rest])


async def _settle(entries: Sequence[_Entry], work: Sequence[Awaitable[Any]]) -> None:
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for entry, outcome in zip(entries, outcomes, strict=True):
        entry.outcome = shown_conflict(outcome) if isinstance(outcome, Conflict) else outcome


async def _start(lineage: Lineage, entry: _Entry) -> RunOutcome:
    assert isinstance(entry.body, BulkStart)
    return await start(lineage, entry.body.workflowSlug, entry.body, entry.document)


async def _prepare(lineage: Lineage, entry: _Entry) -> Any:
    assert isinstance(entry.body, BulkReport)
    body = entry.body
    return await lineage.recorder.prepare_report(body.runId, body.stepId, step_message(body, entry.document))


async def _finish_or_record(lineage: Lineage, entry: _Entry, prepared: Any) -> RunOutcome | StepOutcome:
    if isinstance(entry.body, BulkFinish):
        return await finish(lineage, entry.body.runId, entry.body, entry.document)
    if isinstance(prepared, BaseException):
        raise prepared
    return await lineage.recorder.record(prepared)


def _shown(entry: _Entry, request_id: str) -> answers.BulkOutcome:
    outcome = entry.outcome
    if isinstance(outcome, RunOutcome):
        created = outcome.created and isinstance(entry.body, BulkStart)
        run = outcome.run
        return {"line": entry.number, "status": 201 if created else 200, "data": {"id": run.key, "status": run.status}}
    if isinstance(outcome, StepOutcome):
        return {
            "line": entry.number,
            "status": 200,
            "data": {
                "id": outcome.attempt.key,
                "status": outcome.attempt.status,
                "producedAssets": [_produced(each) for each in outcome.snapshots],
            },
            "warnings": shapes.json_value(outcome.attempt.warnings or "[]"),
        }
    assert isinstance(outcome, Exception)
    failure = Failure(outcome, request_id)
    refused: Any = {"line": entry.number, "status": failure.status, **failure.document}
    return refused  # type: ignore[no-any-return]


def _produced(it: Snapshot) -> answers.BulkProduced:
    return {
        "snapshotId": it.key,
        "assetId": it.asset_id,
        "partitionKey": it.partition_key,
        "version": it.version,
        "valid": it.valid,
    }


ENDPOINTS = (
    route(
        "POST",
        "/reports",
        report_in_bulk,
        tag="runs",
        scope=REPORT,
        body=BulkLine,
        reads_lines=True,
        writes_lines=True,
        answers={200: answers.BulkOutcome},
        errors={400: INVALID_RESULT},
    ),
)
