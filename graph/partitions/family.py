"""The family of commands about partitions, as the writer sees it: load, apply, flush."""

from collections.abc import Sequence
from typing import Any

from graph.database import Transaction
from graph.errors import LineageError
from graph.events.journal import Journal
from graph.partitions.apply import AssetSeen, Changes, Outcome, Parameters, State, apply
from graph.partitions.commands import Command, SetParameters
from graph.partitions.marks import close_marks, marks_of_partitions, open_marks, remove_empty
from graph.records import Workflow, record_from

LOCK_WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})
SET w.lockedAt = $now
RETURN properties(w) AS workflow
"""

LOCK_ASSETS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
SET a.lockedAt = $now
RETURN a.key AS key, a.assetId AS assetId, coalesce(a.arrivedAt, 0) AS arrivedAt
"""

PARTITIONS = """
UNWIND $keys AS key
MATCH (p:Partition {key: key})
RETURN p.key AS key, p.parameters AS parameters, p.parametersCapturedAt AS capturedAt,
       p.parametersUpdatedAt AS updatedAt
"""

CREATE_PARTITIONS = """
UNWIND $rows AS row
MATCH (a:Asset {key: row.asset})
CREATE (p:Partition)-[:PARTITION_OF]->(a)
SET p = row
"""

SET_PARAMETERS = """
UNWIND $rows AS row
MATCH (p:Partition {key: row.series})
SET p.parameters = row.parameters, p.parametersCapturedAt = row.capturedAt, p.parametersUpdatedAt = row.updatedAt
"""


class PartitionsFamily:
    """The locks are those of other families, in their order: workflows, then assets."""

    async def execute(
        self, tx: Transaction, commands: Sequence[Command], journal: Journal
    ) -> list[Outcome | LineageError]:
        """One outcome a command."""
        state = await _load(tx, commands)
        changes = Changes()
        outcomes: list[Outcome | LineageError] = []
        for command in commands:
            try:
                outcomes.append(apply(state, changes, command))
            except LineageError as error:
                outcomes.append(error)
        await _flush(tx, changes)
        journal.add(*changes.events)
        return outcomes

    def committed(self) -> None:
        """Nothing is remembered."""


async def _load(tx: Transaction, commands: Sequence[Command]) -> State:
    state = State()
    now = max(command.now for command in commands)
    workflows = sorted({command.workflow for command in commands if not isinstance(command, SetParameters)})
    for row in await tx.rows(LOCK_WORKFLOWS, {"keys": workflows, "now": now}) if workflows else ():
        workflow = record_from(Workflow, row["workflow"])
        state.workflows[workflow.key] = workflow
    assets = sorted({command.place.asset for command in commands})
    for row in await tx.rows(LOCK_ASSETS, {"keys": assets, "now": now}):
        state.assets[row["key"]] = AssetSeen(row["assetId"], row["arrivedAt"])
    series = sorted({command.place.series for command in commands})
    for row in await tx.rows(PARTITIONS, {"keys": series}):
        state.partitions.add(row["key"])
        if row["parameters"] is not None:
            state.parameters[row["key"]] = Parameters(row["parameters"], row["capturedAt"], row["updatedAt"])
    for mark in await marks_of_partitions(tx, series):
        state.marks[(mark.workflow, mark.series)] = mark
    return state


async def _flush(tx: Transaction, changes: Changes) -> None:
    async def write(query: str, rows: list[dict[str, Any]]) -> None:
        if rows:
            await tx.run(query, {"rows": rows})

    await write(
        CREATE_PARTITIONS,
        [
            {"key": place.series, "asset": place.asset, "versions": 0}
            | ({"partitionKey": place.partition_key} if place.partition_key is not None else {})
            for place in changes.partitions.values()
        ],
    )
    await close_marks(tx, changes.closed)
    await open_marks(tx, changes.opened.values())
    await write(
        SET_PARAMETERS,
        [
            {
                "series": series,
                "parameters": said.parameters if said else None,
                "capturedAt": said.captured_at if said else None,
                "updatedAt": said.updated_at if said else None,
            }
            for series, said in changes.parameters.items()
        ],
    )
    await remove_empty(
        tx,
        {mark.series for mark, _ in changes.closed}
        | {series for series, said in changes.parameters.items() if said is None}
        | changes.partitions.keys(),
    )
