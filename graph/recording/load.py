"""Loads what a batch of commands names: a fixed number of queries, whatever the number of commands.

What will be changed is written to first (`lockedAt`), in key order, and read behind the lock: several service
processes may write to one Neo4j. Consumed assets are locked too: an edge locks both of its ends, and of two processes
that read what the other one makes, each would hold what the other one waits for.
"""

import dataclasses
from collections.abc import Iterable, Sequence

from graph.database import Row, Transaction
from graph.partitions.marks import marks_of_partitions
from graph.recording.commands import Command, InputName, ReportStep, RunCommand, StartRun, StartStep
from graph.recording.inputs import began_bound
from graph.recording.limits import load_partition_counts
from graph.recording.load_requests import find_requests, lock_requests, runs_of
from graph.recording.request_commands import RetryRequest
from graph.recording.request_life import active_key
from graph.recording.state import AssetState, PartitionState, State
from graph.records import Attempt, Pointer, Run, Snapshot, Workflow, record_from
from graph.rules.identifiers import attempt_key, partition_key
from graph.rules.ranks import rank

LOCK_WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})
SET w.lockedAt = $now
RETURN properties(w) AS workflow
"""

LOCK_RUNS = """
UNWIND $keys AS key
MATCH (r:Run {key: key})
SET r.lockedAt = $now
RETURN properties(r) AS run
"""

ACTIVE_RUNS = """
UNWIND $keys AS key
MATCH (r:Run {activeKey: key})
RETURN properties(r) AS run
"""

ATTEMPTS = """
UNWIND $keys AS key
MATCH (t:Attempt {key: key})
RETURN properties(t) AS attempt
"""

LOCK_ASSETS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
SET a.lockedAt = $now
WITH a
OPTIONAL MATCH (a)-[:LATEST]->(s:Snapshot)
RETURN a.key AS key, a.assetId AS assetId, a.productions AS productions, coalesce(a.arrivedAt, 0) AS arrivedAt,
       a.expiresAt AS expiresAt, a.lasts AS lasts, s.key AS snapshot, s.order AS order, s.digest AS digest
"""

PARTITIONS = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})
OPTIONAL MATCH (p)-[l:LATEST]->(s:Snapshot)
RETURN p.key AS key, p.asset AS asset, p.partitionKey AS partitionKey, p.versions AS versions,
       l.workflow AS workflow, s.key AS snapshot, s.order AS order, s.digest AS digest
"""

SNAPSHOT_OWNERS = """
UNWIND $keys AS key
MATCH (s:Snapshot {key: key})
RETURN s.key AS snapshot, s.asset AS asset
"""

SNAPSHOT_VERSIONS = """
UNWIND $rows AS row
MATCH (s:Snapshot) WHERE s.series = row.series AND s.version = row.version
RETURN s.series AS series, s.version AS version, s.key AS snapshot, s.asset AS asset
"""

SNAPSHOTS = """
UNWIND $keys AS key
MATCH (s:Snapshot {key: key})
RETURN properties(s) AS snapshot
"""

SCHEMAS = """
UNWIND $keys AS key
MATCH (d:Schema {key: key})
RETURN d.key AS key, d.document AS document
"""

EARLIER_IN_ASSET = """
MATCH (s:Snapshot)
WHERE s.rank >= $low AND s.rank < $high
RETURN s.key AS snapshot, s.order AS order, s.digest AS digest
ORDER BY s.rank DESC LIMIT 1
"""

EARLIER_IN_PARTITION = """
MATCH (s:Snapshot)
WHERE s.partitionRank >= $low AND s.partitionRank < $high
RETURN s.key AS snapshot, s.order AS order, s.digest AS digest
ORDER BY s.partitionRank DESC LIMIT 1
"""


async def load(tx: Transaction, commands: Sequence[Command]) -> State:
    """The state that the commands read and change."""
    state = State()
    now = max(command.now for command in commands)
    await _load_runs(tx, state, commands, now)
    await _load_attempts(tx, state, commands)
    await _load_assets(tx, state, commands, now)
    await load_partition_counts(tx, state, [each for each in commands if isinstance(each, ReportStep)])
    await _load_named(tx, state, commands)
    await _load_earlier(tx, state, commands)
    return state


async def _load_runs(tx: Transaction, state: State, commands: Sequence[Command], now: int) -> None:
    starts = [command for command in commands if isinstance(command, StartRun)]
    concerned = await find_requests(tx, commands, now)
    if workflows := {command.workflow for command in starts} | concerned.workflows:
        await _load_workflows(tx, state, workflows, now)
    if active := {f"{command.workflow}/{command.run_key}" for command in starts if command.run_key}:
        await _load_active(tx, state, active)
    keys = {command.run_id for command in commands if isinstance(command, RunCommand)} | await runs_of(tx, concerned)
    if keys:
        for row in await tx.rows(LOCK_RUNS, {"keys": sorted(keys), "now": now}):
            run = record_from(Run, row["run"])
            state.runs[run.key] = run
    await lock_requests(tx, state, concerned, now)
    if any(isinstance(command, RetryRequest) for command in commands):
        again = {active_key(state.runs[request.run]) for request in state.requests.values()} - {None}
        await _load_active(tx, state, {str(key) for key in again} - state.active.keys())


async def _load_active(tx: Transaction, state: State, keys: Iterable[str]) -> None:
    """The pending and running runs under these run keys."""
    for row in await tx.rows(ACTIVE_RUNS, {"keys": sorted(keys)}):
        run = record_from(Run, row["run"])
        state.runs.setdefault(run.key, run)
        state.active[run.active_key or ""] = run.key


async def _load_workflows(tx: Transaction, state: State, keys: Iterable[str], now: int) -> None:
    for row in await tx.rows(LOCK_WORKFLOWS, {"keys": sorted(keys), "now": now}):
        workflow = record_from(Workflow, row["workflow"])
        state.workflows[workflow.key] = workflow


async def _load_attempts(tx: Transaction, state: State, commands: Sequence[Command]) -> None:
    """The attempts, and what an attempt that was reported before is answered with."""
    keys = {
        attempt_key(command.run_id, command.step_id, command.attempt)
        for command in commands
        if isinstance(command, StartStep | ReportStep)
    }
    if not keys:
        return
    for row in await tx.rows(ATTEMPTS, {"keys": sorted(keys)}):
        attempt = record_from(Attempt, row["attempt"])
        state.attempts[attempt.key] = attempt
    if emitted := {key for attempt in state.attempts.values() for key in attempt.emitted or ()}:
        for row in await tx.rows(SNAPSHOTS, {"keys": sorted(emitted)}):
            snapshot = record_from(Snapshot, row["snapshot"])
            state.snapshots[snapshot.key] = snapshot
    if schemas := {snapshot.schema for snapshot in state.snapshots.values() if snapshot.schema}:
        for row in await tx.rows(SCHEMAS, {"keys": sorted(schemas)}):
            state.schemas[row["key"]] = row["document"]


@dataclasses.dataclass(frozen=True, slots=True)
class _Reading:
    """An asset that a command reads the newest version of, the partition it prefers, and the bound it reads below."""

    asset: str
    series: str | None
    bound: int | None


def _readings(state: State, commands: Sequence[Command]) -> set[_Reading]:
    readings: set[_Reading] = set()
    for command in commands:
        if isinstance(command, StartStep | ReportStep) and command.run_id in state.runs:
            partition = state.runs[command.run_id].partition_key
            bound = began_bound(command.started_at)
            for asset in command.consumed:
                series = partition_key(asset, partition) if partition is not None else None
                readings.add(_Reading(asset, series, bound))
        if isinstance(command, ReportStep):
            for name in command.inputs or ():
                if name.asset is not None:
                    readings.add(_Reading(name.asset, partition_key(name.asset, name.partition_key), None))
    return readings


async def _load_assets(tx: Transaction, state: State, commands: Sequence[Command], now: int) -> None:
    outputs = [output for command in commands if isinstance(command, ReportStep) for output in command.outputs]
    readings = _readings(state, commands)
    if keys := {output.asset for output in outputs} | {reading.asset for reading in readings}:
        _take_assets(state, await tx.rows(LOCK_ASSETS, {"keys": sorted(keys), "now": now}))
    series = {output.series for output in outputs} | {reading.series for reading in readings if reading.series}
    if series:
        for row in await tx.rows(PARTITIONS, {"keys": sorted(series)}):
            partition = state.partitions.setdefault(
                row["key"], PartitionState(row["asset"], row["partitionKey"], row["versions"])
            )
            if row["snapshot"] is not None:
                partition.latest[row["workflow"]] = pointer = Pointer(row["snapshot"], row["order"], row["digest"])
                partition.seen.append(pointer)
                state.owners[row["snapshot"]] = row["asset"]
    if outputs:
        for mark in await marks_of_partitions(tx, {output.series for output in outputs}):
            state.marks.setdefault(mark.series, []).append(mark)


def _take_assets(state: State, rows: Iterable[Row]) -> None:
    for row in rows:
        latest = Pointer(row["snapshot"], row["order"], row["digest"]) if row["snapshot"] is not None else None
        seen = [latest] if latest else []
        state.assets[row["key"]] = AssetState(
            row["assetId"], row["productions"], row["arrivedAt"], row["expiresAt"], row["lasts"], latest, seen
        )
        if latest:
            state.owners[latest.snapshot] = row["key"]


async def _load_named(tx: Transaction, state: State, commands: Sequence[Command]) -> None:
    """The snapshots that reports name, and those that started attempts were promised."""
    names = {name for command in commands if isinstance(command, ReportStep) for name in command.inputs or ()}
    promised = {key for attempt in state.attempts.values() for key in attempt.assumed or ()}
    by_id = {name.snapshot_id: name for name in names if name.snapshot_id is not None}
    if wanted := sorted(promised | by_id.keys()):
        for row in await tx.rows(SNAPSHOT_OWNERS, {"keys": wanted}):
            state.owners[row["snapshot"]] = row["asset"]
            if row["snapshot"] in by_id:
                state.named[by_id[row["snapshot"]]] = row["snapshot"]
    by_version: dict[tuple[str, int], InputName] = {}
    for name in names:
        if name.asset is not None and name.version is not None:
            by_version[(partition_key(name.asset, name.partition_key), name.version)] = name
    if by_version:
        rows = [{"series": series, "version": version} for series, version in sorted(by_version)]
        for row in await tx.rows(SNAPSHOT_VERSIONS, {"rows": rows}):
            state.owners[row["snapshot"]] = row["asset"]
            state.named[by_version[(row["series"], row["version"])]] = row["snapshot"]


async def _load_earlier(tx: Transaction, state: State, commands: Sequence[Command]) -> None:
    """For steps that began before the newest version was produced: the newest one before that."""
    wanted: dict[tuple[str, int], tuple[str, int]] = {}
    for reading in _readings(state, commands):
        if reading.bound is None:
            continue
        partition = state.partitions.get(reading.series) if reading.series else None
        if partition and partition.newest and partition.newest.order >= reading.bound and reading.series:
            wanted[(reading.series, reading.bound)] = (EARLIER_IN_PARTITION, partition.newest.order)
        asset = state.assets.get(reading.asset)
        if asset and asset.latest and asset.latest.order >= reading.bound:
            wanted[(reading.asset, reading.bound)] = (EARLIER_IN_ASSET, asset.latest.order)
    for (of, bound), (query, newest) in sorted(wanted.items()):
        if found := await _last_below(tx, query, of, bound, newest):
            state.earlier[(of, bound)] = found
            state.owners[found.snapshot] = of.partition("#")[0]


async def _last_below(tx: Transaction, query: str, of: str, bound: int, newest: int) -> Pointer | None:
    """The highest order below the bound, looked for in ranges that double: the embedded engine sorts a whole range."""
    high, width = bound, max(newest - bound, 1 << 32)
    while high > 0:
        low = max(high - width, 0)
        row = await tx.row(query, {"low": rank(of, low), "high": rank(of, high)})
        if row:
            return Pointer(row["snapshot"], row["order"], row["digest"])
        high, width = low, width * 16
    return None
