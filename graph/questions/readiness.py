"""May a step of a run begin: will every asset that it consumes do, and if not, what must be made first?

An asset will do unless it is missing, expired or stale. Where the run has a partition and the asset is declared in
partitions, the run's own partition of it counts.
"""

import dataclasses
from collections.abc import Collection

from graph.database import Transaction
from graph.declarations.definition import StepDeclaration
from graph.errors import Conflict, NotFound, Unprocessable
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, traverse
from graph.questions.names import LineageStep, asset_ids, named_steps
from graph.records import Run, Snapshot
from graph.registry.apply import revision_key
from graph.rules.freshness import Verdict
from graph.rules.gate import Gate, Objection, objections
from graph.rules.identifiers import attempt_key, partition_key
from graph.rules.plans import making_order
from graph.store.assets import PRODUCERS, declarations_by_asset, latest_by_asset, latest_by_partition
from graph.store.documents import Documents
from graph.store.freshness import verdict_on, verdicts
from graph.store.marks import marks_by_series
from graph.store.runs import known_run

STARTED = """
MATCH (t:Attempt {key: $key})
RETURN t.key AS key
"""

ENOUGH = Gate()
"""What an input must pass."""


@dataclasses.dataclass(frozen=True, slots=True)
class Input:
    """A consumed asset: its newest version in `partition` (None: in any), and what is against it."""

    asset_id: str
    partition: str | None
    verdict: Verdict
    latest: Snapshot | None
    objections: list[Objection]


@dataclasses.dataclass(frozen=True, slots=True)
class Needed:
    """An asset that must be made, and the steps that can; without any it is impossible."""

    asset_id: str
    producers: list[LineageStep]


@dataclasses.dataclass(frozen=True, slots=True)
class Readiness:
    """`needed` is in the order in which it must be made, through all workflows."""

    inputs: list[Input]
    needed: list[Needed]

    @property
    def ready(self) -> bool:
        """Whether the step may begin."""
        return not any(each.objections for each in self.inputs)


async def readiness(
    tx: Transaction, documents: Documents, run_id: str, step_id: str, *, most: int, now: int
) -> Readiness:
    """How things stand at `now`; `most` bounds how many assets upstream are looked at.

    Raises NotFound `run_not_found` and `step_not_found`, Unprocessable `traversal_too_large`.
    """
    run = await known_run(tx, run_id)
    step = await _step(tx, documents, run, step_id)
    inputs = await _inputs(tx, run, step, now)
    wanted = {key for key, each in inputs.items() if each.objections}
    return Readiness(
        [inputs[asset.key] for asset in step.consumes], await _needed(tx, wanted, most, now) if wanted else []
    )


async def require_ready(
    tx: Transaction, documents: Documents, run_id: str, step_id: str, attempt: int, *, most: int, now: int
) -> None:
    """Raise Conflict `inputs_not_ready` unless the step may begin, or this attempt at it began before."""
    if await tx.row(STARTED, {"key": attempt_key(run_id, step_id, attempt)}) is not None:
        return
    found = await readiness(tx, documents, run_id, step_id, most=most, now=now)
    against = [each for each in found.inputs if each.objections]
    if not against:
        return
    names = ", ".join(f"'{each.asset_id}' is {each.verdict.state}" for each in against)
    raise Conflict(
        "inputs_not_ready",
        f"Step '{step_id}' may not begin: {names}. Its readiness says what must be made first.",
        details={
            "inputs": [
                {
                    "assetId": each.asset_id,
                    "partitionKey": each.partition,
                    "state": each.verdict.state,
                    "objections": [{"code": one.code, "message": one.message} for one in each.objections],
                }
                for each in against
            ],
            "needed": [each.asset_id for each in found.needed],
        },
    )


async def _step(tx: Transaction, documents: Documents, run: Run, step_id: str) -> StepDeclaration:
    key = revision_key(run.workflow, run.revision)
    definition = (await documents.definitions.get(tx, [key]))[key]
    step = definition.step(step_id)
    if step is None:
        raise NotFound("step_not_found", f"Workflow '{run.workflow_slug}' has no step '{step_id}' in this run.")
    return step


async def _inputs(tx: Transaction, run: Run, step: StepDeclaration, now: int) -> dict[str, Input]:
    keys = [asset.key for asset in step.consumes]
    if not keys:
        return {}
    found = await verdicts(tx, keys, now)
    latest = await latest_by_asset(tx, keys)
    partitions: dict[str, str] = {}
    if run.partition_key is not None:
        producers = await declarations_by_asset(tx, PRODUCERS, keys)
        inside = {key for key, said in producers.items() if any("partitioning" in each.said for each in said)}
        partitions = {key: partition_key(key, run.partition_key) for key in sorted(inside)}
        of_partitions = await latest_by_partition(tx, sorted(partitions.values()))
        marks = await marks_by_series(tx, partitions.values())
        for key, series in partitions.items():
            newest = of_partitions.get(series)
            # That another partition of an upstream is newer says nothing of this one.
            found[key] = verdict_on(newest, producers[key], {}, marks.get(series, ()), now)
            latest.pop(key, None)
            if newest is not None:
                latest[key] = newest
    inputs = {}
    for asset in step.consumes:
        newest = latest.get(asset.key)
        against = objections(ENOUGH, found[asset.key], None, now)
        partition = run.partition_key if asset.key in partitions else None
        inputs[asset.key] = Input(asset.asset_id, partition, found[asset.key], newest, against)
    return inputs


async def _needed(tx: Transaction, wanted: Collection[str], most: int, now: int) -> list[Needed]:
    walk = await traverse(tx, LineageQuestion(dict.fromkeys(wanted, ""), Direction.UPSTREAM, limit=most, cap=most))
    if walk.reason is not None:
        raise Unprocessable(
            "traversal_too_large",
            f"More than {most} assets are upstream of what the step consumes.",
            details={"limit": most},
        )
    upstreams: dict[str, set[str]] = {}
    for source, _, target in walk.edges:
        upstreams.setdefault(target, set()).add(source)
    keys = sorted(walk.distances)
    found = await verdicts(tx, keys, now)
    lacking = set(wanted) | {key for key in keys if objections(ENOUGH, found[key], None, now)}
    order = making_order(wanted, upstreams, lambda key: key not in lacking)
    producers = await declarations_by_asset(tx, PRODUCERS, order)
    steps = {each.step: 0 for declared in producers.values() for each in declared}
    named = {each.key: each for each in await named_steps(tx, steps)}
    ids = await asset_ids(tx, order)
    return [Needed(ids[key], [named[each.step] for each in producers.get(key, ())]) for key in order]
