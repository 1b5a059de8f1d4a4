"""Where a question begins: things by their names, lists of them, search, and the graph as a whole."""

import dataclasses
from typing import Annotated, Any

import strawberry

from app.graphql import event_pages, questions
from app.graphql.context import Info
from app.graphql.gates import GateCheck, gate
from app.graphql.partition_lists import DeclaredPartitions, partitions
from app.graphql.scalars import DateTime
from app.graphql.types.asset import Asset, AssetConnection
from app.graphql.types.enums import FreshnessState, Statuses
from app.graphql.types.event import EventConnection
from app.graphql.types.lineage import Impact, LineageGraph, Paths
from app.graphql.types.node import Node, parse_global_id
from app.graphql.types.pages import PAGE, After, Connection, Cursors, First, check_first
from app.graphql.types.run import Run, StepRun, runs_of_workflow, status_words
from app.graphql.types.run_request import RunRequest, run_requests
from app.graphql.types.snapshot import Snapshot
from app.graphql.types.step import Step
from app.graphql.types.versions import AdjacentVersions, Provenance, SnapshotDiff
from app.graphql.types.workflow import Workflow
from app.graphql.webhooks import Delivery, Webhook, all_webhooks, webhook_deliveries
from graph import records
from graph.errors import invalid
from graph.rules.identifiers import asset_key, step_key, workflow_key
from graph.rules.ranks import recency_of
from graph.store.asset_listing import AssetFilter, count_assets, list_assets
from graph.store.assets import AssetFacts
from graph.store.run_listing import list_runs
from graph.store.search import Place
from graph.store.search import search as find
from graph.store.steps import StepFacts
from graph.store.workflows import list_workflows

SearchResult = Annotated[Asset | Workflow | Step, strawberry.union("SearchResult")]

MAX_TEXT = 200


@strawberry.type
class Query:
    """Every question."""

    webhooks: list[Webhook] = strawberry.field(
        resolver=all_webhooks, description="Every webhook; there are 200 at most."
    )
    webhook_deliveries: Connection[Delivery] = strawberry.field(
        resolver=webhook_deliveries, description="What a webhook was sent or is to be sent, newest first."
    )
    run_requests: Connection[RunRequest] = strawberry.field(
        resolver=run_requests, description="Requests for runs, the newest first; all filters must hold."
    )
    gate: GateCheck = strawberry.field(
        resolver=gate, description="May it go ahead: are these assets there, fresh, and as asked?"
    )
    partitions: DeclaredPartitions = strawberry.field(
        resolver=partitions,
        description="The partitions of an asset as a workflow declares them, those that were never produced too.",
    )
    lineage: LineageGraph = strawberry.field(
        resolver=questions.lineage,
        description="What is upstream of assets, downstream, or both: never the siblings in between.",
    )
    subgraph: LineageGraph = strawberry.field(
        resolver=questions.subgraph,
        description="What holds among these assets: all edges between two of them. Ids of no asset are left out.",
    )
    impact: Impact = strawberry.field(
        resolver=questions.impact, description="What the lateness of assets reaches, nearest first."
    )
    paths: Paths = strawberry.field(
        resolver=questions.paths, description="A shortest path, and everything on any path, from one asset to another."
    )
    provenance: Provenance = strawberry.field(
        resolver=questions.provenance, description="What a version was made from, what was made from it, or both."
    )
    adjacent_versions: AdjacentVersions = strawberry.field(
        resolver=questions.adjacent_versions,
        description="The versions next before and next after one, in its partition and by `producedAt`.",
    )
    diff: SnapshotDiff = strawberry.field(resolver=questions.diff, description="Two versions side by side.")

    events: EventConnection = strawberry.field(
        resolver=event_pages.events, description="What happened, the newest first; all filters must hold."
    )

    @strawberry.field(description="An asset by its id, compared without case; null when there is none.")
    async def asset(self, info: Info, id: str) -> Asset | None:
        """By id."""
        return _shown(await info.context.loaders.assets.load(asset_key(id)))

    @strawberry.field(description="Assets that somebody declares or ever produced, by key; all filters must hold.")
    async def assets(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        workflow: Annotated[str | None, strawberry.argument(description="Declared or produced by it.")] = None,
        id_prefix: str | None = None,
        text: Annotated[
            str | None, strawberry.argument(description="In the id, description, owner or tags, without case.")
        ] = None,
        state: FreshnessState | None = None,
        produced_since: DateTime | None = None,
        produced_before: Annotated[
            DateTime | None, strawberry.argument(description="The newest version was; never produced does not match.")
        ] = None,
        valid: Annotated[
            bool | None, strawberry.argument(description="Whether the newest version fits its schema.")
        ] = None,
        partitioned: Annotated[
            bool | None, strawberry.argument(description="Whether it has partitions with a key.")
        ] = None,
        partition_key: Annotated[str | None, strawberry.argument(description="It has this partition.")] = None,
    ) -> AssetConnection:
        """A page."""
        limit, context = check_first(first), info.context
        wanted = AssetFilter(
            workflow=None if workflow is None else workflow_key(workflow),
            prefix=None if id_prefix is None else asset_key(id_prefix),
            text=None if text is None else _text(text),
            state=None if state is None else state.value,
            produced_since=produced_since,
            produced_before=produced_before,
            valid=valid,
            partitioned=partitioned,
            partition_key=None if partition_key is None else _partition(partition_key),
        )
        cursors = Cursors("assets", *dataclasses.astuple(wanted))
        start = cursors.text(after)
        found = await context.lineage.read(lambda tx: list_assets(tx, wanted, limit, start, context.now))
        return AssetConnection.of(
            [(Asset.of(each), cursors.seal(key)) for key, each in found.found],
            after=after,
            end=None if found.end is None else cursors.seal(found.end),
            truncated=found.truncated,
            count=lambda: context.lineage.read(lambda tx: count_assets(tx, wanted, context.now)),
        )

    @strawberry.field(description="A workflow by its slug; null when there is none, or it was deleted.")
    async def workflow(
        self,
        info: Info,
        slug: str,
        deleted: Annotated[bool, strawberry.argument(description="Find it when it was deleted, too.")] = False,
    ) -> Workflow | None:
        """By slug."""
        found = await info.context.loaders.workflows.load(workflow_key(slug))
        return Workflow.of(found) if found and (deleted or found.deleted_at is None) else None

    @strawberry.field(description="The workflows that are not deleted, by slug.")
    async def workflows(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        text: Annotated[
            str | None, strawberry.argument(description="In the slug, name or description, without case.")
        ] = None,
    ) -> Connection[Workflow]:
        """A page."""
        limit, context = check_first(first), info.context
        wanted = "" if text is None else _text(text)
        cursors = Cursors("workflows", wanted)
        start = cursors.text(after)
        found = await context.lineage.read(lambda tx: list_workflows(tx, limit, start, wanted))
        return Connection.of(
            [(Workflow.of(each), cursors.seal(key)) for key, each in found.found],
            after=after,
            end=None if found.end is None else cursors.seal(found.end),
            truncated=found.truncated,
        )

    @strawberry.field(description="A step by its workflow and id; null when there never was one.")
    async def step(self, info: Info, workflow: str, id: str) -> Step | None:
        """By id."""
        found = await info.context.loaders.steps.load(step_key(workflow_key(workflow), id))
        return Step.of(found) if found else None

    @strawberry.field(description="A run by its id; null when there is none.")
    async def run(self, info: Info, id: str) -> Run | None:
        """By id."""
        found = await info.context.loaders.runs.load(id)
        return Run.of(found) if found else None

    @strawberry.field(description="The runs of all workflows, or of one, the newest first.")
    async def runs(
        self,
        info: Info,
        first: First = PAGE,
        after: After = None,
        status: Statuses = None,
        workflow: Annotated[str | None, strawberry.argument(description="By its slug.")] = None,
    ) -> Connection[Run]:
        """A page."""
        limit, context = check_first(first), info.context
        if workflow is not None:
            known = await context.loaders.workflows.load(workflow_key(workflow))
            return await runs_of_workflow(
                info, workflow_key(workflow), known.runs if known else 0, first, after, status
            )
        statuses = status_words(status)
        cursors = Cursors("runs", *statuses)
        start = cursors.text(after)
        page = await context.lineage.read(lambda tx: list_runs(tx, limit, start, statuses))
        found = await context.loaders.runs.load_many([key for _, key in page.found])
        return Connection.of(
            [(Run.of(each), cursors.seal(recency_of(each))) for each in found if each],
            after=after,
            end=None if page.end is None else cursors.seal(page.end),
            truncated=page.truncated,
        )

    @strawberry.field(description="A version by its snapshot id; null when there is none.")
    async def snapshot(self, info: Info, id: str) -> Snapshot | None:
        """By id."""
        found = await info.context.loaders.snapshots.load(id)
        return Snapshot.of(found) if found else None

    @strawberry.field(description="Any thing by its global id; null when there is none.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """By global id."""
        kind, key = parse_global_id(id)
        loaders = info.context.loaders
        by_kind: dict[str, tuple[Any, Any]] = {
            "Asset": (loaders.assets, Asset),
            "Workflow": (loaders.workflows, Workflow),
            "Step": (loaders.steps, Step),
            "Run": (loaders.runs, Run),
            "StepRun": (loaders.attempts, StepRun),
            "Snapshot": (loaders.snapshots, Snapshot),
        }
        if kind not in by_kind:
            return None
        loader, shown = by_kind[kind]
        found = await loader.load(key)
        thing: Node | None = shown.of(found) if found else None
        return thing

    @strawberry.field(description="Assets, workflows and steps, in this order, in which the text occurs, without case.")
    async def search(self, info: Info, text: str, first: First = PAGE, after: After = None) -> Connection[SearchResult]:
        """A page."""
        limit, context, wanted = check_first(first), info.context, _text(text)
        cursors = Cursors("search", wanted)
        place = _place(cursors.text(after))
        hits = await context.lineage.read(lambda tx: find(tx, wanted, limit, place, context.now))
        return Connection.of(
            [(_found(hit), cursors.seal(f"{at.kind}{at.key}")) for at, hit in hits.found],
            after=after,
            end=None if hits.end is None else cursors.seal(f"{hits.end.kind}{hits.end.key}"),
            truncated=hits.truncated,
        )


def _shown(facts: AssetFacts | None) -> Asset | None:
    return Asset.of(facts) if facts else None


def _text(text: str) -> str:
    """A text to look for, in lower case."""
    if not 1 <= len(text.strip()) <= MAX_TEXT:
        raise invalid("text", f"'text' must have 1 to {MAX_TEXT} characters that are not blank.")
    return text.strip().lower()


def _partition(key: str) -> str:
    if not key:
        raise invalid("partitionKey", "'partitionKey' is empty; for what is in no partition ask 'partitioned: false'.")
    return key


def _place(text: str) -> Place:
    return Place(int(text[0]), text[1:]) if text[:1] in ("0", "1", "2") else Place()


def _found(hit: AssetFacts | records.Workflow | StepFacts) -> Asset | Workflow | Step:
    match hit:
        case AssetFacts():
            return Asset.of(hit)
        case StepFacts():
            return Step.of(hit)
    return Workflow.of(hit)
