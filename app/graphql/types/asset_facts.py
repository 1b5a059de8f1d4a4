"""What is known of the assets of an answer under the question asked: read for all at once, before they are completed.

A resolver for each asset would cost about 0.1 ms of CPU a field; so the list reads what its selection names, and its
items hold it as plain attributes, which the compiled completion takes.
"""

import dataclasses
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from strawberry.types.nodes import SelectedField, Selection

from app.graphql.context import Info
from app.graphql.types.freshness import Freshness
from app.graphql.types.snapshot import Snapshot
from graph.database import Transaction
from graph.questions import at_instant, neighbours
from graph.questions.levels import NOW, Direction, Scope
from graph.questions.lineage import LineageAsset
from graph.questions.names import LineageStep
from graph.store.assets import latest_by_asset
from graph.store.freshness import verdicts


@dataclasses.dataclass(slots=True)
class AssetWithFacts(LineageAsset):
    """An asset and what the selection names of these; what it does not name stays unset."""

    upstream_count: int = dataclasses.field(init=False)
    downstream_count: int = dataclasses.field(init=False)
    produced_by: list[LineageStep] = dataclasses.field(init=False)
    latest: Snapshot | None = dataclasses.field(init=False)
    freshness: Freshness = dataclasses.field(init=False)


Facts = Callable[[Transaction, list[str], Scope, int], Awaitable[Mapping[str, Any]]]
"""By asset key: of these assets, under the scope, for an operation that is carried out at the instant."""


async def with_facts(assets: list[LineageAsset], info: Info) -> list[LineageAsset]:
    """The assets with what is selected of them: a fixed number of queries for each field that is, none otherwise."""
    selected = _names(each for field in info.selected_fields for each in field.selections)
    wanted = {name: read for name, read in FACTS.items() if name in selected}
    if not wanted or not assets:
        return assets
    scope, now = assets[0].scope, info.context.now
    shown = [AssetWithFacts(each.key, each.asset_id, each.distance, each.scope) for each in assets]
    keys = [each.key for each in assets]

    async def work(tx: Transaction) -> dict[str, Mapping[str, Any]]:
        return {name: await read(tx, keys, scope, now) for name, read in wanted.items()}

    for name, facts in (await info.context.lineage.read(work)).items():
        attribute, shape = SHAPES[name]
        for each in shown:
            setattr(each, attribute, shape(facts.get(each.key)))
    return list(shown)


def _names(selections: Iterable[Selection]) -> set[str]:
    """The fields that are selected, in fragments too; those that a directive may leave out are counted in."""
    names: set[str] = set()
    for each in selections:
        names |= {each.name} if isinstance(each, SelectedField) else _names(each.selections)
    return names


async def _upstream_counts(tx: Transaction, keys: list[str], scope: Scope, now: int) -> Mapping[str, int]:
    return await neighbours.neighbour_counts(tx, keys, Direction.UPSTREAM, scope)


async def _downstream_counts(tx: Transaction, keys: list[str], scope: Scope, now: int) -> Mapping[str, int]:
    return await neighbours.neighbour_counts(tx, keys, Direction.DOWNSTREAM, scope)


async def _producing_steps(tx: Transaction, keys: list[str], scope: Scope, now: int) -> Mapping[str, Any]:
    return await neighbours.producing_steps(tx, keys, scope)


async def _latest(tx: Transaction, keys: list[str], scope: Scope, now: int) -> Mapping[str, Any]:
    return await (latest_by_asset(tx, keys) if scope.at == NOW else at_instant.latest_at(tx, keys, scope.at))


async def _verdicts(tx: Transaction, keys: list[str], scope: Scope, now: int) -> Mapping[str, Any]:
    return await (verdicts(tx, keys, now) if scope.at == NOW else at_instant.verdicts_at(tx, keys, scope.at))


FACTS: dict[str, Facts] = {
    "upstreamCount": _upstream_counts,
    "downstreamCount": _downstream_counts,
    "producedBy": _producing_steps,
    "latest": _latest,
    "freshness": _verdicts,
}
"""How each field's facts are read."""

SHAPES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "upstreamCount": ("upstream_count", lambda count: count or 0),
    "downstreamCount": ("downstream_count", lambda count: count or 0),
    "producedBy": ("produced_by", lambda steps: steps or []),
    "latest": ("latest", lambda newest: Snapshot.of(newest) if newest else None),
    "freshness": ("freshness", Freshness.of),
}
"""Each field's attribute, and what is shown of an asset's facts; None where there are none."""
