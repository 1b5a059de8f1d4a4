"""The way in for everything that happens in a run: parse and check first, then one command in the writer's queue.

What needs no lock is done here, outside the transaction: finding the run's definition, parsing outputs, validating
payloads.
"""

import contextlib
import dataclasses
import functools
import uuid
from collections.abc import Callable
from typing import Any

import anyio.to_thread
import orjson
from cachetools import LRUCache

from graph.database import Database
from graph.declarations.definition import StepDeclaration, WorkflowDefinition
from graph.declarations.partitioning import DynamicPartitioning
from graph.errors import NotFound, TooLarge, Unprocessable
from graph.recording.commands import Ask, BeginRun, FinishRun, InputName, Output, ReportStep, StartRun, StartStep
from graph.recording.family import RecordingFamily
from graph.recording.state import RunOutcome, StepOutcome
from graph.records import Json
from graph.registry.apply import revision_key
from graph.rules.digests import digest, snapshot_id
from graph.rules.identifiers import partition_key, workflow_key
from graph.rules.payload_schema import Violation, is_prepared, validate_payload
from graph.rules.step_results import ReportedAsset, brings_schema, parse_outputs
from graph.store.documents import Documents
from graph.store.runs import known_run
from graph.store.workflows import definition_of
from graph.writer import Writer

PINS = 20_000

INLINE_BUDGET_MS = 5
"""A validation may hold the event loop for so long; what needs more goes on in a thread with the whole budget."""


@dataclasses.dataclass(frozen=True, slots=True)
class StepMessage:
    """What an orchestrator says of one attempt: `document` as it was sent, beside what was parsed of it."""

    document: dict[str, Any]
    attempt: int
    status: str
    result: Any = None
    started_at: int | None = None
    completed_at: int | None = None
    error_message: str | None = None
    parameters: Any = None
    inputs: tuple[InputName, ...] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class _Pin:
    """What a run is held against for as long as it lives."""

    workflow: str
    revision: int
    partition_key: str | None


class Recorder:
    """Starts runs, takes reports, finishes runs. `payload_limit` is in bytes of one asset's payload as JSON."""

    def __init__(
        self,
        database: Callable[[], Database],
        writer: Writer,
        documents: Documents,
        clock: Callable[[], int],
        *,
        payload_limit: int,
        validation_budget_ms: int,
        family: RecordingFamily,
        roll: Callable[[], float],
    ) -> None:
        """`roll` gives the chance in the pause before another attempt: from 0 up to 1."""
        self._database = database
        self._writer = writer
        self._documents = documents
        self._clock = clock
        self._payload_limit = payload_limit
        self._validation_budget_ms = validation_budget_ms
        self._family = family
        self._roll = roll
        self._pins: LRUCache[str, _Pin] = LRUCache(PINS)

    async def start_run(
        self,
        workflow: str,
        document: dict[str, Any],
        *,
        run_id: str | None = None,
        ask: Ask | None = None,
        run_key: str | None = None,
        parameters: Any = None,
        context: Any = None,
        trigger: Any = None,
        triggered_by: str | None = None,
        partition_key: str | None = None,
        started_at: int | None = None,
    ) -> RunOutcome:
        """Start a run, or only ask for one (`ask`); `document` is the request as sent, by which it is known again.

        Raises NotFound (no such workflow), Conflict (the id stands for another run, or the run key is in use).
        """
        key = workflow_key(workflow)
        command = StartRun(
            workflow=key,
            run_id=run_id or str(uuid.uuid4()),
            digest=digest({"workflow": key, "requested": ask is not None, "request": document}),
            now=self._clock(),
            ask=ask,
            run_key=run_key,
            parameters=_text(parameters),
            context=_text(context),
            trigger=_text(trigger),
            triggered_by=triggered_by,
            partition_key=partition_key,
            started_at=started_at,
        )
        return await self._submit_run(command)

    async def begin_run(self, run_id: str, *, started_at: int | None = None) -> RunOutcome:
        """A run that was asked for starts; one that runs already stays as it is."""
        command = BeginRun(run_id=run_id, digest="", now=self._clock(), started_at=started_at)
        return await self._submit_run(command)

    async def finish_run(
        self,
        run_id: str,
        document: dict[str, Any],
        *,
        status: str,
        completed_at: int | None = None,
        output: Any = None,
        metrics: Any = None,
        context: Any = None,
        error_message: str | None = None,
    ) -> RunOutcome:
        """A run ends; the same again changes nothing, another end is a Conflict that shows both."""
        command = FinishRun(
            run_id=run_id,
            status=status,
            digest=digest(document),
            now=self._clock(),
            completed_at=completed_at,
            output=_text(output),
            metrics=_text(metrics),
            context=_text(context),
            error_message=error_message,
            roll=self._roll(),
        )
        return await self._submit_run(command)

    async def start_step(
        self,
        run_id: str,
        step_id: str,
        document: dict[str, Any],
        *,
        attempt: int,
        started_at: int | None = None,
        parameters: Any = None,
    ) -> StepOutcome:
        """An attempt begins; what it reads is fixed now."""
        pin = await self._pin(run_id)
        definition = await self._definition(pin)
        step, index = _step(definition, step_id)
        command = StartStep(
            run_id=run_id,
            step_id=step_id,
            step_index=index,
            attempt=attempt,
            digest=digest(document),
            now=self._clock(),
            consumed=tuple(asset.key for asset in step.consumes),
            started_at=started_at,
            parameters=_text(parameters),
        )
        return await self._submit_step(command)

    async def report_step(self, run_id: str, step_id: str, message: StepMessage) -> StepOutcome:
        """Record what an attempt's handler returned: `prepare_report`, then `record`.

        Raises what both raise: NotFound (run, step or a named input), InvalidInput (the result), Conflict (reported
        otherwise before), TooLarge, and Unprocessable where the workflow refuses invalid payloads or a schema takes
        too long to check.
        """
        return await self.record(await self.prepare_report(run_id, step_id, message))

    async def record(self, command: ReportStep) -> StepOutcome:
        """Queue a prepared report at once, so that reports keep the order of the calls, and wait for its outcome."""
        return await self._submit_step(command, size=len(command.report) * 2)

    async def prepare_report(self, run_id: str, step_id: str, message: StepMessage) -> ReportStep:
        """Everything about a report that needs no lock: its outputs parsed, limited, validated and digested."""
        now = self._clock()
        pin = await self._pin(run_id)
        definition = await self._definition(pin)
        step, index = _step(definition, step_id)
        parse = functools.partial(parse_outputs, message.result, run_partition=pin.partition_key, step=step, now=now)
        slow = brings_schema(message.result)
        assets, warnings = await anyio.to_thread.run_sync(parse) if slow else parse()
        outputs = []
        refused = []
        for asset in assets:
            output, violations = await self._output(run_id, step_id, message.attempt, asset, now)
            outputs.append(output)
            if violations:
                refused.append({"assetId": asset.asset_id, "violations": _violations(violations)})
        if refused and definition.on_invalid_payload == "reject":
            raise Unprocessable(
                "payload_invalid",
                f"The payload of '{refused[0]['assetId']}' breaks its schema, which '{definition.slug}' refuses.",
                details={"assets": refused},
            )
        document = {key: value for key, value in message.document.items() if key != "attempt"}
        report = orjson.dumps(document).decode()
        return ReportStep(
            run_id=run_id,
            step_id=step_id,
            step_name=step.name,
            step_type=step.type,
            step_index=index,
            attempt=message.attempt,
            status=message.status,
            report=report,
            digest=digest(document),
            now=now,
            consumed=tuple(asset.key for asset in step.consumes),
            outputs=tuple(outputs),
            warnings=orjson.dumps([warning._asdict() for warning in warnings]).decode(),
            inputs=message.inputs,
            started_at=message.started_at,
            completed_at=message.completed_at,
            error_message=message.error_message,
            parameters=_text(message.parameters),
        )

    async def _submit_run(self, command: StartRun | BeginRun | FinishRun) -> RunOutcome:
        outcome: RunOutcome = await self._writer.submit(self._family, command)
        return outcome

    async def _submit_step(self, command: StartStep | ReportStep, *, size: int = 0) -> StepOutcome:
        outcome: StepOutcome = await self._writer.submit(self._family, command, size=size)
        return outcome

    async def _pin(self, run_id: str) -> _Pin:
        pin = self._pins.get(run_id)
        if pin:
            return pin
        run = await self._database().read(lambda tx: known_run(tx, run_id))
        pin = _Pin(run.workflow, run.revision, run.partition_key)
        # A pending run is held against another revision if the definition changes before it starts.
        if run.status != "pending":
            self._pins[run_id] = pin
        return pin

    async def _definition(self, pin: _Pin) -> WorkflowDefinition:
        key = revision_key(pin.workflow, pin.revision)
        if kept := self._documents.definitions.peek(key):
            return kept
        return await self._database().read(lambda tx: definition_of(tx, self._documents, pin.workflow, pin.revision))

    async def _output(
        self, run_id: str, step_id: str, attempt: int, asset: ReportedAsset, now: int
    ) -> tuple[Output, list[Violation]]:
        payload = orjson.dumps(asset.payload)
        if len(payload) > self._payload_limit:
            raise TooLarge(
                "payload_too_large",
                f"The payload of '{asset.asset_id}' has {len(payload)} bytes; at most {self._payload_limit} are taken. "
                "Put the content into a store and report where it is.",
                details={"field": f"{asset.field}.payload", "limit": self._payload_limit},
            )
        violations = await self._check(asset) if asset.schema is not None else []
        schema = _text(asset.schema)
        series = partition_key(asset.key, asset.partition)
        output = Output(
            snapshot_id=snapshot_id(run_id, step_id, attempt, series),
            asset=asset.key,
            asset_id=asset.asset_id,
            series=series,
            partition_key=asset.partition,
            produced_at=asset.produced_at,
            payload=payload.decode(),
            digest=digest(asset.payload),
            schema=digest(asset.schema) if asset.schema is not None else None,
            schema_text=schema,
            freshness=_text(asset.freshness.as_document()) if asset.freshness else None,
            violations=_text(_violations(violations)) if violations else None,
            **_partition_limits(asset, now),
        )
        return output, violations

    async def _check(self, asset: ReportedAsset) -> list[Violation]:
        assert asset.schema is not None
        if is_prepared(asset.schema):
            with contextlib.suppress(Unprocessable):
                return validate_payload(asset.schema, asset.payload, budget_ms=INLINE_BUDGET_MS)
        check = functools.partial(validate_payload, asset.schema, asset.payload, budget_ms=self._validation_budget_ms)
        return await anyio.to_thread.run_sync(check)


def _step(definition: WorkflowDefinition, step_id: str) -> tuple[StepDeclaration, int]:
    for index, step in enumerate(definition.steps):
        if step.id == step_id:
            return step, index
    raise NotFound(
        "step_not_found",
        f"Workflow '{definition.slug}' has no step '{step_id}' in the revision that the run was started with.",
    )


def _partition_limits(asset: ReportedAsset, now: int) -> dict[str, int]:
    """How many partitions a dynamically partitioned asset may have, and since when they count."""
    declared = asset.declaration.partitioning if asset.declaration else None
    if not isinstance(declared, DynamicPartitioning) or declared.max_keys is None:
        return {}
    return {"max_keys": declared.max_keys, "keys_since": declared.kept_since(now)}


def _violations(violations: list[Violation]) -> list[dict[str, str]]:
    return [{"path": each.path, "message": each.message, "keyword": each.keyword} for each in violations]


def _text(value: Any) -> Json | None:
    return None if value is None else orjson.dumps(value).decode()
