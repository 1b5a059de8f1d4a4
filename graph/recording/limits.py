"""How many partitions a dynamically partitioned asset may have (`maxKeys`), counted only where a batch brings new ones.

Partitions that retention has taken out of the listing make room. All partitions that there ever were are counted first,
which costs next to nothing; one by one they are looked at only where so many would be too many.
"""

from collections.abc import Iterable, Sequence

from graph.database import Transaction
from graph.errors import Conflict
from graph.recording.commands import Output, ReportStep
from graph.recording.state import State

ALL_PARTITIONS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
RETURN key AS asset, COUNT { (a)<-[:PARTITION_OF]-(:Partition) } AS partitions
"""

KEPT_PARTITIONS = """
UNWIND $rows AS row
MATCH (:Asset {key: row.asset})<-[:PARTITION_OF]-(p:Partition)-[:LATEST]->(s:Snapshot)
WHERE p.partitionKey IS NOT NULL
WITH row, p, max(s.producedAt) AS producedAt
WHERE producedAt >= row.since
RETURN row.asset AS asset, count(p) AS partitions
"""


async def load_partition_counts(tx: Transaction, state: State, commands: Sequence[ReportStep]) -> None:
    """How many partitions the assets have that the batch brings new ones of: at least as many as count, and exactly
    where it matters.
    """
    brought = [output for command in commands for output in _new(state, command.outputs)]
    if not brought:
        return
    # An asset that is new has none.
    state.partition_counts = dict.fromkeys((output.asset for output in brought), 0)
    for row in await tx.rows(ALL_PARTITIONS, {"keys": sorted(state.partition_counts)}):
        state.partition_counts[row["asset"]] = row["partitions"]
    tight: dict[str, int] = {}
    for output in brought:
        number = len({each.series for each in brought if each.asset == output.asset})
        if output.max_keys is not None and state.partition_counts[output.asset] + number > output.max_keys:
            tight[output.asset] = max(output.keys_since, tight.get(output.asset, 0))
    if tight:
        rows = [{"asset": asset, "since": since} for asset, since in sorted(tight.items())]
        state.partition_counts |= dict.fromkeys(tight, 0)
        for row in await tx.rows(KEPT_PARTITIONS, {"rows": rows}):
            state.partition_counts[row["asset"]] = row["partitions"]


def take_partitions(state: State, outputs: Sequence[Output]) -> None:
    """Make room for the partitions that a report brings. Raises Conflict `too_many_partitions`, and takes none."""
    counts: dict[str, int] = {}
    for output in _new(state, outputs):
        counts[output.asset] = counts.get(output.asset, state.partition_counts[output.asset]) + 1
        if output.max_keys is not None and counts[output.asset] > output.max_keys:
            raise Conflict(
                "too_many_partitions",
                f"'{output.asset_id}' has {output.max_keys} partitions, as many as its 'maxKeys' allows; "
                f"{output.partition_key!r} would be a new one. Raise 'maxKeys', or report one of those that there are.",
                details={"assetId": output.asset_id, "partitionKey": output.partition_key, "maxKeys": output.max_keys},
            )
    state.partition_counts |= counts


def _new(state: State, outputs: Iterable[Output]) -> list[Output]:
    """The outputs of partitions with a limit that were never produced."""
    return [
        output
        for output in outputs
        if output.max_keys is not None
        and (output.series not in state.partitions or not state.partitions[output.series].versions)
    ]
