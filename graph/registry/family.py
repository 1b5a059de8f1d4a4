"""The family of commands about workflows, as the writer sees it: load, apply, flush."""

from collections.abc import Callable, Sequence
from typing import Any

import orjson

from graph.database import Transaction
from graph.declarations.parse import load_definition
from graph.errors import LineageError
from graph.events.journal import Journal
from graph.partitions.marks import close_marks, marks_of_workflows, remove_empty
from graph.records import Workflow, properties_of, record_from
from graph.registry.apply import apply, revision_key
from graph.registry.commands import Command, Delete, Register
from graph.registry.deadlines import set_deadlines
from graph.registry.state import CONSUMES, PRODUCES, Changes, State, StepState, WorkflowOutcome, edges_of
from graph.registry.waiting import cancel_waiting
from graph.rules.identifiers import step_key

LOCK_WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})
SET w.lockedAt = $now
RETURN properties(w) AS workflow
"""

REVISIONS = """
UNWIND $keys AS key
MATCH (v:Revision {key: key})
RETURN v.workflow AS workflow, v.definition AS definition
"""

STEPS = """
UNWIND $keys AS key
MATCH (s:Step {key: key})
RETURN s.key AS key, s.lifetimes AS lifetimes
"""

LOCK_ASSETS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
SET a.lockedAt = $now
RETURN a.key AS key, a.declared AS declared
"""

CREATE_WORKFLOWS = """
UNWIND $rows AS row
CREATE (w:Workflow)
SET w = row
"""

UPDATE_WORKFLOWS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.key})
SET w = row
"""

CREATE_REVISIONS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.workflow})
CREATE (w)-[:HAS_REVISION]->(v:Revision)
SET v = row
"""

END_REVISIONS = """
UNWIND $rows AS row
MATCH (v:Revision {key: row.key})
SET v.validTo = row.at
"""

CREATE_STEPS = """
UNWIND $rows AS row
MATCH (w:Workflow {key: row.workflow})
CREATE (w)-[:HAS_STEP]->(s:Step)
SET s = row
"""

UPDATE_STEPS = """
UNWIND $rows AS row
MATCH (s:Step {key: row.key})
SET s += row
"""

CREATE_ASSETS = """
UNWIND $rows AS row
CREATE (a:Asset)
SET a = row
"""

DECLARE_ASSETS = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.key})
SET a.assetId = row.assetId, a.declared = true
"""

CLOSE_PRODUCES = """
UNWIND $rows AS row
MATCH (:Step {key: row.step})-[e:PRODUCES]->(:Asset {key: row.asset})
WHERE e.to IS NULL
SET e.to = row.at
"""

CLOSE_CONSUMES = """
UNWIND $rows AS row
MATCH (:Step {key: row.step})-[e:CONSUMES]->(:Asset {key: row.asset})
WHERE e.to IS NULL
SET e.to = row.at
"""

OPEN_PRODUCES = """
UNWIND $rows AS row
MATCH (s:Step {key: row.step})
MATCH (a:Asset {key: row.asset})
CREATE (s)-[:PRODUCES {from: row.at, declaration: row.declaration}]->(a)
"""

OPEN_CONSUMES = """
UNWIND $rows AS row
MATCH (s:Step {key: row.step})
MATCH (a:Asset {key: row.asset})
CREATE (s)-[:CONSUMES {from: row.at, declaration: row.declaration}]->(a)
"""


class RegistryFamily:
    """Commands of one batch for the same workflow are carried out one after the other, in the same transaction."""

    def __init__(self, on_deadline: Callable[[int], None] = lambda _: None) -> None:
        """`on_deadline` is called after a commit with the first instant at which something of it expires."""
        self._on_deadline = on_deadline
        self._deadlines: list[int] = []

    async def execute(
        self, tx: Transaction, commands: Sequence[Command], journal: Journal
    ) -> list[WorkflowOutcome | LineageError | None]:
        """One outcome a command."""
        outcomes: list[WorkflowOutcome | LineageError | None] = [None] * len(commands)
        self._deadlines = []
        waiting = list(range(len(commands)))
        while waiting:
            turn: dict[str, int] = {}
            for index in waiting:
                turn.setdefault(commands[index].workflow, index)
            chosen = sorted(turn.values())
            waiting = [index for index in waiting if index not in set(chosen)]
            answers = await self._execute(tx, [commands[index] for index in chosen], journal)
            for index, answer in zip(chosen, answers, strict=True):
                outcomes[index] = answer
        return outcomes

    def committed(self) -> None:
        """What the last transaction wrote is durable."""
        if self._deadlines:
            self._on_deadline(min(self._deadlines))

    async def _execute(
        self, tx: Transaction, commands: Sequence[Command], journal: Journal
    ) -> list[WorkflowOutcome | LineageError | None]:
        state = await _load(tx, commands)
        changes = Changes()
        outcomes: list[WorkflowOutcome | LineageError | None] = []
        for command in commands:
            try:
                outcomes.append(apply(state, changes, command))
            except LineageError as error:
                outcomes.append(error)
        journal.add(*changes.events)
        # Before assets are locked, as whoever records locks runs before assets.
        for command, outcome in zip(commands, outcomes, strict=True):
            if isinstance(command, Delete) and outcome is None:
                await cancel_waiting(tx, command.workflow, command.now, journal)
        await _flush(tx, state, changes)
        if limited := _limited(state, changes):
            first = await set_deadlines(tx, limited, max(command.now for command in commands))
            self._deadlines += [] if first is None else [first]
        return outcomes


async def _load(tx: Transaction, commands: Sequence[Command]) -> State:
    state = State()
    now = max(command.now for command in commands)
    keys = sorted({command.workflow for command in commands})
    for row in await tx.rows(LOCK_WORKFLOWS, {"keys": keys, "now": now}):
        workflow = record_from(Workflow, row["workflow"])
        state.workflows[workflow.key] = workflow
    current = [revision_key(w.key, w.revision) for w in state.workflows.values() if w.deleted_at is None]
    if current:
        for row in await tx.rows(REVISIONS, {"keys": current}):
            document = orjson.loads(row["definition"])
            state.definitions[row["workflow"]] = load_definition(document, slug=row["workflow"])
    definitions = [command.definition for command in commands if isinstance(command, Register)]
    steps = {step_key(each.key, step.id) for each in (*definitions, *state.definitions.values()) for step in each.steps}
    # A workflow that is new in this database has no steps in it.
    if known := sorted(key for key in steps if key.partition("/")[0] in state.workflows):
        for row in await tx.rows(STEPS, {"keys": known}):
            state.steps[row["key"]] = StepState(row["lifetimes"])
    assets = {asset.key for each in definitions for step in each.steps for asset in (*step.produces, *step.consumes)}
    deleted = [command.workflow for command in commands if isinstance(command, Delete)]
    if deleted:
        assets |= {mark.asset for mark in await marks_of_workflows(tx, deleted)}
    if assets:
        for row in await tx.rows(LOCK_ASSETS, {"keys": sorted(assets), "now": now}):
            state.assets[row["key"]] = bool(row["declared"])
    if deleted:
        # Read once more behind the locks: a production may have cleared some meanwhile.
        state.marks = await marks_of_workflows(tx, deleted)
    return state


async def _flush(tx: Transaction, state: State, changes: Changes) -> None:
    async def write(query: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            await tx.run(query, {"rows": rows})

    await write(CREATE_WORKFLOWS, [properties_of(each) for each in changes.new_workflows])
    await write(UPDATE_WORKFLOWS, [properties_of(each) for each in changes.workflows])
    await write(END_REVISIONS, [{"key": key, "at": at} for key, at in changes.ended_revisions])
    await write(CREATE_REVISIONS, [properties_of(each) for each in changes.revisions])
    await write(
        CREATE_STEPS,
        [
            {
                "key": key,
                "workflow": workflow,
                "stepId": step.id,
                "name": step.name,
                "type": step.type,
                "lifetimes": lives,
            }
            for key, workflow, step, lives in changes.new_steps
        ],
    )
    await write(
        UPDATE_STEPS,
        [{"key": key, "name": step.name, "type": step.type, "lifetimes": lives} for key, step, lives in changes.steps]
        + [{"key": key, "lifetimes": lives} for key, lives in changes.ended_steps],
    )
    assets = sorted(changes.assets.items())
    await write(
        CREATE_ASSETS,
        [
            {"key": key, "assetId": asset_id, "productions": 0, "declared": True}
            for key, asset_id in assets
            if key not in state.assets
        ],
    )
    await write(DECLARE_ASSETS, [{"key": key, "assetId": each} for key, each in assets if key in state.assets])
    for kind, query in ((PRODUCES, CLOSE_PRODUCES), (CONSUMES, CLOSE_CONSUMES)):
        await write(
            query,
            [{"step": step, "asset": asset, "at": at} for (of, step, asset), at in changes.closed if of == kind],
        )
    for kind, query in ((PRODUCES, OPEN_PRODUCES), (CONSUMES, OPEN_CONSUMES)):
        await write(
            query,
            [
                {"step": step, "asset": asset, "at": at, "declaration": declaration}
                for (of, step, asset), at, declaration in changes.opened
                if of == kind
            ],
        )
    await close_marks(tx, changes.closed_marks)
    await remove_empty(tx, {mark.series for mark, _ in changes.closed_marks})


def _limited(state: State, changes: Changes) -> set[str]:
    """The assets of which limits were declared or are declared now, where something of the declaration changed."""
    before = {edge: said for each in state.definitions.values() for edge, said in edges_of(each).items()}
    said = [(edge, before[edge]) for edge, _ in changes.closed]
    said += [(edge, declaration) for edge, _, declaration in changes.opened]
    return {
        asset for (kind, _, asset), declaration in said if kind == PRODUCES and "freshness" in orjson.loads(declaration)
    }
