"""May this go ahead? Assets, and on demand everything upstream of them, held against a gate."""

import dataclasses
from collections.abc import Mapping

from graph.database import Transaction
from graph.errors import Unprocessable
from graph.questions.levels import Direction
from graph.questions.lineage import LineageQuestion, check_roots, traverse
from graph.questions.names import asset_ids
from graph.records import Snapshot
from graph.rules.freshness import Verdict
from graph.rules.gate import Gate, Made, Objection, objections
from graph.store.assets import latest_by_asset
from graph.store.freshness import verdicts


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """An asset, its hops upstream of those asked for (0: one of them), and what is against it."""

    asset_id: str
    distance: int
    verdict: Verdict
    latest: Snapshot | None
    objections: list[Objection]


async def check_gate(
    tx: Transaction, roots: Mapping[str, str], gate: Gate, *, upstream: bool, most: int, now: int
) -> list[Checked]:
    """Assets by distance and id. `roots` maps asset keys to the ids that were asked for.

    Raises NotFound `asset_not_found`; Unprocessable `traversal_too_large` when there are more than `most` assets, as a
    gate that looked at a part of them could not tell.
    """
    distances = dict.fromkeys(roots, 0)
    if upstream:
        question = LineageQuestion(dict(roots), Direction.UPSTREAM, limit=most, cap=most)
        await check_roots(tx, question.roots)
        walk = await traverse(tx, question)
        if walk.reason is not None:
            raise Unprocessable(
                "traversal_too_large",
                f"More than {most} assets are upstream; check fewer assets at once.",
                details={"limit": most},
            )
        distances = walk.distances
    else:
        await check_roots(tx, dict(roots))
    keys = sorted(distances)
    ids = await asset_ids(tx, keys)
    found = await verdicts(tx, keys, now)
    latest = await latest_by_asset(tx, keys)
    checked = [
        Checked(ids[key], distances[key], found[key], newest, objections(gate, found[key], _made(newest), now))
        for key in keys
        for newest in (latest.get(key),)
    ]
    return sorted(checked, key=lambda each: (each.distance, each.asset_id))


def _made(newest: Snapshot | None) -> Made | None:
    return None if newest is None else Made(newest.produced_at, newest.valid)
