"""The rules of an attempt at a step: it may start, it is reported once, and what it reports becomes versions."""

import dataclasses

import orjson

from graph.errors import Conflict
from graph.partitions.marks import cleared_by
from graph.recording.commands import Output, ReportStep, StartStep
from graph.recording.happenings import production, step_finished
from graph.recording.inputs import named_inputs, newest_inputs
from graph.recording.limits import take_partitions
from graph.recording.runs import check_lease, either, known_run, not_started
from graph.recording.state import AssetState, Changes, PartitionState, State, StepOutcome, save_run
from graph.records import ACTIVE, Attempt, Json, Pointer, Run, Snapshot
from graph.rules.freshness import first_limit
from graph.rules.identifiers import attempt_key, step_key
from graph.rules.order import order_of


def start_step(state: State, changes: Changes, command: StartStep) -> StepOutcome:
    """Open an attempt and fix what it reads."""
    run = known_run(state, command.run_id)
    key = attempt_key(command.run_id, command.step_id, command.attempt)
    existing = state.attempts.get(key)
    if existing:
        if existing.start_digest == command.digest:
            return _as_recorded(state, existing, run)
        raise Conflict(
            "step_conflict",
            f"Attempt {command.attempt} of step '{command.step_id}' is {existing.status}; a retry is a new attempt.",
            details={"existing": {"status": existing.status, "attempt": existing.attempt}},
        )
    check_lease(run)
    if run.status == "pending":
        raise not_started(run)
    if run.status not in ACTIVE:
        raise Conflict("run_finished", f"Run '{run.key}' is {run.status}; no step of it can start.", data=run)
    assumed, missing = newest_inputs(state, command.consumed, run.partition_key, command.started_at)
    attempt = Attempt(
        key=key,
        run=run.key,
        step_id=command.step_id,
        attempt=command.attempt,
        status="running",
        created_at=command.now,
        updated_at=command.now,
        started_at=either(command.started_at, command.now),
        parameters=command.parameters,
        start_digest=command.digest,
        assumed=list(assumed),
        warnings=_with_missing_inputs("[]", missing),
    )
    changes.new_attempts[key] = state.attempts[key] = attempt
    run = _at_step(state, changes, run, command)
    return StepOutcome(attempt, run, (), {})


def report_step(state: State, changes: Changes, command: ReportStep) -> StepOutcome:
    """Record what an attempt's handler returned; the same report again changes nothing."""
    run = known_run(state, command.run_id)
    key = attempt_key(command.run_id, command.step_id, command.attempt)
    existing = state.attempts.get(key)
    if existing and existing.digest is not None:
        if existing.digest == command.digest:
            return _as_recorded(state, existing, run)
        raise Conflict(
            "report_conflict",
            f"Attempt {command.attempt} of step '{command.step_id}' has been reported with something else; "
            "a retry is a new attempt.",
            details={
                "existing": orjson.Fragment(existing.report or "null"),
                "received": orjson.Fragment(command.report),
            },
        )
    check_lease(run)
    if run.status == "pending":
        raise not_started(run)
    inputs, warnings = _inputs(state, command, existing, run)
    take_partitions(state, command.outputs)
    if run.status not in ACTIVE:
        warnings = _with_warning(
            warnings, "run_finished", f"Run '{run.key}' was {run.status} already; the report is recorded all the same."
        )
    attempt = _reported(command, existing, warnings)
    created = existing is None or key in changes.new_attempts
    (changes.new_attempts if created else changes.attempts)[key] = state.attempts[key] = attempt
    changes.events.append(step_finished(run, attempt, command.now))
    snapshots = tuple(_produce(state, changes, command, output, run) for output in command.outputs)
    step = step_key(run.workflow, command.step_id)
    for source, asset in inputs.items():
        changes.took.append((key, source))
        changes.read.setdefault((step, asset), command.now)
        changes.derived += [(snapshot.key, source) for snapshot in snapshots]
    for snapshot in snapshots:
        changes.wrote.setdefault((step, snapshot.asset), command.now)
    if run.status in ACTIVE:
        run = _at_step(state, changes, run, command)
    return _as_recorded(state, attempt, run)


def _inputs(state: State, command: ReportStep, existing: Attempt | None, run: Run) -> tuple[dict[str, str], Json]:
    """Snapshot → asset key of what the attempt read, and the report's warnings."""
    if command.inputs is not None:
        return named_inputs(state, command.inputs), command.warnings
    if existing and existing.assumed is not None:
        return {snapshot: state.owners[snapshot] for snapshot in existing.assumed}, command.warnings
    inputs, missing = newest_inputs(state, command.consumed, run.partition_key, command.started_at)
    return inputs, _with_missing_inputs(command.warnings, missing)


def _reported(command: ReportStep, existing: Attempt | None, warnings: Json) -> Attempt:
    reported = Attempt(
        key=attempt_key(command.run_id, command.step_id, command.attempt),
        run=command.run_id,
        step_id=command.step_id,
        attempt=command.attempt,
        status=command.status,
        created_at=command.now,
        updated_at=command.now,
        started_at=command.started_at,
        completed_at=either(command.completed_at, command.now),
        error_message=command.error_message,
        parameters=command.parameters,
        report=command.report,
        digest=command.digest,
        warnings=warnings,
        emitted=[output.snapshot_id for output in command.outputs],
    )
    if existing is None:
        return reported
    return dataclasses.replace(
        reported,
        created_at=existing.created_at,
        started_at=either(command.started_at, existing.started_at),
        parameters=either(command.parameters, existing.parameters),
        start_digest=existing.start_digest,
        assumed=existing.assumed,
    )


def _produce(state: State, changes: Changes, command: ReportStep, output: Output, run: Run) -> Snapshot:
    """The next version of the output's partition."""
    asset = state.assets.setdefault(output.asset, AssetState(output.asset_id, stored=False))
    partition = state.partitions.setdefault(
        output.series, PartitionState(output.asset, output.partition_key, stored=False)
    )
    asset.productions += 1
    # A report that took longer to check was received before those that overtook it, and clocks go back at times. What
    # was known at an instant is searched by number, so the instants may not fall (graph.questions.at_instant).
    asset.arrived_at = max(asset.arrived_at, command.now)
    partition.versions += 1
    order = order_of(output.produced_at, asset.productions)
    snapshot = Snapshot(
        key=output.snapshot_id,
        asset=output.asset,
        asset_id=asset.asset_id,
        series=output.series,
        version=partition.versions,
        ordinal=asset.productions,
        order=order,
        ceiling=_ceiling(order, asset.latest),
        partition_ceiling=_ceiling(order, partition.newest),
        produced_at=output.produced_at,
        created_at=asset.arrived_at,
        payload=output.payload,
        digest=output.digest,
        valid=output.violations is None,
        run=run.key,
        workflow=run.workflow,
        workflow_id=run.workflow_id,
        workflow_slug=run.workflow_slug,
        step_id=command.step_id,
        step_name=command.step_name,
        step_type=command.step_type,
        step_status=command.status,
        attempt=command.attempt,
        partition_key=output.partition_key,
        schema=output.schema,
        freshness=output.freshness,
        violations=output.violations,
    )
    changes.events += production(snapshot, partition.newest, command.now)
    for mark in state.marks.pop(output.series, ()):
        changes.closed_marks.append((mark, snapshot.created_at))
        changes.events.append(cleared_by(mark, snapshot))
    changes.assets.add(output.asset)
    changes.partitions.add(output.series)
    changes.snapshots.append(snapshot)
    state.snapshots[snapshot.key] = snapshot
    state.owners[snapshot.key] = output.asset
    if output.schema and output.schema_text:
        changes.schemas[output.schema] = state.schemas[output.schema] = output.schema_text
    _point(state, changes, snapshot)
    return snapshot


def _ceiling(order: int, newest: Pointer | None) -> int:
    return order if newest is None else max(order, newest.order)


def _point(state: State, changes: Changes, snapshot: Snapshot) -> None:
    """Move the pointers to the newest; a late report, older by `producedAt`, moves none."""
    pointer = Pointer(snapshot.key, snapshot.order, snapshot.digest)
    asset, partition = state.assets[snapshot.asset], state.partitions[snapshot.series]
    asset.seen.append(pointer)
    partition.seen.append(pointer)
    if asset.latest is None or asset.latest.order < pointer.order:
        asset.latest = pointer
        changes.asset_latest[snapshot.asset] = snapshot.key
        deadline = _deadline(snapshot, asset.lasts)
        if deadline != asset.expires_at:
            changes.deadlines[snapshot.asset] = asset.expires_at = deadline
    newest = partition.latest.get(snapshot.workflow)
    if newest is None or newest.order < pointer.order:
        partition.latest[snapshot.workflow] = pointer
        changes.partition_latest[(snapshot.series, snapshot.workflow)] = snapshot.key


def _deadline(snapshot: Snapshot, lasts: int | None) -> int | None:
    """When it stops to be fresh by itself; without limits of its own by what is declared now."""
    if snapshot.freshness is not None:
        return first_limit(snapshot.produced_at, orjson.loads(snapshot.freshness))
    return None if lasts is None else snapshot.produced_at + lasts


def _at_step(state: State, changes: Changes, run: Run, command: StartStep | ReportStep) -> Run:
    run = dataclasses.replace(
        run, current_step_id=command.step_id, current_step_index=command.step_index, updated_at=command.now
    )
    save_run(state, changes, run)
    return run


def _as_recorded(state: State, attempt: Attempt, run: Run) -> StepOutcome:
    snapshots = tuple(state.snapshots[snapshot] for snapshot in attempt.emitted or ())
    digests = {snapshot.schema for snapshot in snapshots if snapshot.schema}
    return StepOutcome(attempt, run, snapshots, {digest: state.schemas[digest] for digest in digests})


def _with_missing_inputs(warnings: Json, missing: list[str]) -> Json:
    for asset in missing:
        warnings = _with_warning(
            warnings, "input_missing", f"The consumed asset '{asset}' has no version yet; recorded without it."
        )
    return warnings


def _with_warning(warnings: Json, code: str, message: str) -> Json:
    return orjson.dumps([*orjson.loads(warnings), {"code": code, "message": message}]).decode()
