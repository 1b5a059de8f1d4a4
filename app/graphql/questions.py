"""Questions about the graph as a whole: what was asked, checked and put as the graph takes it."""

import dataclasses
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar, cast

import strawberry

from app.graphql.context import Context, Info
from app.graphql.types.lineage import AsOf, Depth, Impact, Limit, LineageGraph, Paths, Roots, Workflows
from app.graphql.types.snapshot import Snapshot
from app.graphql.types.versions import AdjacentVersions, Provenance, SnapshotDiff
from graph.database import Transaction
from graph.errors import invalid
from graph.questions.as_of import instant_of
from graph.questions.between import between
from graph.questions.impact import impact as impact_of
from graph.questions.levels import Direction, EdgeSource, Scope
from graph.questions.lineage import LineageQuestion
from graph.questions.lineage import lineage as lineage_of
from graph.questions.provenance import provenance as provenance_of
from graph.questions.snapshot_diff import diff as diff_of
from graph.questions.subgraph import subgraph as subgraph_of
from graph.records import Snapshot as SnapshotRecord
from graph.rules.identifiers import asset_key, workflow_key
from graph.rules.instants import format_instant
from graph.store.history import adjacent
from graph.store.snapshots import known_snapshot

T = TypeVar("T")

MAX_ROOTS = 1_000
MAX_ASSETS = 10_000


async def lineage(
    info: Info,
    roots: Roots,
    direction: Direction = Direction.BOTH,
    depth: Depth = None,
    as_of: AsOf | None = None,
    source: EdgeSource = EdgeSource.DECLARED,
    workflows: Workflows = None,
    limit: Limit = MAX_ASSETS,
) -> LineageGraph:
    """Upstream, downstream or both."""
    question = _question(info.context, roots, "roots", direction, depth, limit)
    return cast(LineageGraph, await _ask(info.context, question, as_of, source, workflows, lineage_of))


async def subgraph(
    info: Info,
    assets: Annotated[list[str], strawberry.argument(description="Asset ids, 1 to 10,000.")],
    as_of: AsOf | None = None,
    source: EdgeSource = EdgeSource.DECLARED,
    workflows: Workflows = None,
) -> LineageGraph:
    """Among the assets."""
    context = info.context
    most = min(MAX_ASSETS, context.traversal)
    if not 1 <= len(assets) <= most:
        raise invalid("assets", f"'assets' must name 1 to {most:,} assets; it names {len(assets):,}.")
    keys = sorted({asset_key(asset) for asset in assets})

    async def work(tx: Transaction) -> Any:
        return await subgraph_of(tx, keys, await _scope(tx, context, as_of, source, workflows))

    return cast(LineageGraph, await context.lineage.read(work))


async def impact(
    info: Info,
    assets: Roots,
    depth: Depth = None,
    as_of: AsOf | None = None,
    source: EdgeSource = EdgeSource.DECLARED,
    workflows: Workflows = None,
    limit: Limit = MAX_ASSETS,
) -> Impact:
    """Downstream, with owners and deadlines."""
    now = info.context.now
    question = _question(info.context, assets, "assets", Direction.DOWNSTREAM, depth, limit)
    found = await _ask(
        info.context, question, as_of, source, workflows, lambda tx, question: impact_of(tx, question, now)
    )
    return cast(Impact, found)


async def paths(
    info: Info,
    start: Annotated[str, strawberry.argument(name="from")],
    end: Annotated[str, strawberry.argument(name="to")],
    as_of: AsOf | None = None,
    source: EdgeSource = EdgeSource.DECLARED,
    workflows: Workflows = None,
) -> Paths:
    """Downstream from the one to the other."""
    ends = {asset_key(start): start, asset_key(end): end}
    cap = info.context.traversal

    async def work(tx: Transaction) -> Any:
        scope = await _scope(tx, info.context, as_of, source, workflows)
        return await between(tx, asset_key(start), asset_key(end), ends, scope, cap)

    return cast(Paths, await info.context.lineage.read(work))


async def provenance(
    info: Info,
    snapshot: Annotated[str, strawberry.argument(description="A snapshot's id.")],
    direction: Direction = Direction.BOTH,
    depth: Depth = None,
    limit: Annotated[int, strawberry.argument(description="Versions in the answer, nearest first.")] = MAX_ASSETS,
) -> Provenance:
    """What it was made from, what was made from it, or both."""
    _check_reach(depth, limit)
    cap = info.context.traversal
    found = await info.context.lineage.read(
        lambda tx: provenance_of(tx, snapshot, direction, depth=depth, limit=limit, cap=cap)
    )
    return cast(Provenance, found)


async def diff(
    info: Info,
    before: Annotated[str, strawberry.argument(name="from", description="A snapshot's id.")],
    after: Annotated[str, strawberry.argument(name="to", description="A snapshot's id.")],
    depth: Annotated[int, strawberry.argument(description="Hops upstream; 1 compares the direct inputs.")] = 1,
) -> SnapshotDiff:
    """Two versions side by side."""
    if depth < 1:
        raise invalid("depth", f"'depth' must be 1 or more; it is {depth}.")
    lineage = info.context.lineage
    return SnapshotDiff.of(await lineage.read(lambda tx: diff_of(tx, lineage.documents, before, after, depth=depth)))


async def adjacent_versions(
    info: Info, snapshot: Annotated[str, strawberry.argument(description="A snapshot's id.")]
) -> AdjacentVersions:
    """Next before and next after."""
    lineage = info.context.lineage

    async def work(tx: Transaction) -> tuple[SnapshotRecord | None, SnapshotRecord | None]:
        view = await known_snapshot(tx, lineage.documents, snapshot)
        return await adjacent(tx, lineage.documents, view.snapshot)

    older, newer = await lineage.read(work)
    return AdjacentVersions(
        older=Snapshot.of(older) if older else None,
        newer=Snapshot.of(newer) if newer else None,
    )


def _question(
    context: Context, roots: list[str], field: str, direction: Direction, depth: int | None, limit: int
) -> LineageQuestion:
    if not 1 <= len(roots) <= MAX_ROOTS:
        raise invalid(field, f"'{field}' must name 1 to {MAX_ROOTS:,} assets; it names {len(roots):,}.")
    _check_reach(depth, limit)
    named = {asset_key(root): root for root in roots}
    return LineageQuestion(named, direction, depth, limit=limit, cap=context.traversal)


def _check_reach(depth: int | None, limit: int) -> None:
    if depth is not None and depth < 0:
        raise invalid("depth", f"'depth' must be 0 or more; it is {depth}.")
    if not 1 <= limit <= MAX_ASSETS:
        raise invalid("limit", f"'limit' must be 1 to {MAX_ASSETS:,}; it is {limit:,}.")


async def _ask(
    context: Context,
    question: LineageQuestion,
    as_of: AsOf | None,
    source: EdgeSource,
    workflows: list[str] | None,
    ask: Callable[[Transaction, LineageQuestion], Awaitable[T]],
) -> T:
    async def work(tx: Transaction) -> T:
        scope = await _scope(tx, context, as_of, source, workflows)
        return await ask(tx, dataclasses.replace(question, scope=scope))

    return await context.lineage.read(work)


async def _scope(
    tx: Transaction, context: Context, as_of: AsOf | None, source: EdgeSource, workflows: list[str] | None
) -> Scope:
    at = await instant_of(tx, _as_of_text(as_of), context.now)
    return Scope(source, at, tuple(sorted({workflow_key(slug) for slug in workflows or ()})))


def _as_of_text(as_of: AsOf | None) -> str | None:
    """As REST has it. Exactly one of the two is there: the input type sees to it."""
    if as_of is None:
        return None
    return format_instant(as_of.instant) if isinstance(as_of.instant, int) else as_of.run
