"""Answers to questions about the graph as a whole.

Their lists may hold thousands of items: the items are the graph's own plain objects, read attribute by attribute,
and what costs a query hangs on a field with a loader.
"""

from typing import Annotated, cast

import strawberry

from app.graphql.context import Info
from app.graphql.scalars import DateTime
from app.graphql.types import walk
from app.graphql.types.asset import Asset
from app.graphql.types.asset_facts import with_facts
from app.graphql.types.enums import Importance, StepType
from app.graphql.types.freshness import Freshness
from app.graphql.types.snapshot import Snapshot
from app.graphql.types.step import Step
from app.graphql.types.workflow import Workflow
from graph.questions import impact as impacts
from graph.questions import lineage as lineages
from graph.questions import names
from graph.questions.between import Between
from graph.questions.lineage import TruncationReason


@strawberry.input(one_of=True, description="A past instant, by itself or as the start of a run.")
class AsOf:
    """When."""

    instant: DateTime | None = strawberry.UNSET
    run: str | None = strawberry.field(default=strawberry.UNSET, description="A run's id.")


async def _asset(root: strawberry.Parent[lineages.LineageAsset | impacts.ImpactAsset], info: Info) -> Asset:
    return await walk.asset(info, root.key)


async def _assets(root: strawberry.Parent[lineages.LineageGraph | Between], info: Info) -> list["LineageAsset"]:
    return cast("list[LineageAsset]", await with_facts(root.assets, info))


async def _step(root: strawberry.Parent[names.LineageStep], info: Info) -> Step:
    return await walk.step(info, root.key)


async def _workflow_of_step(root: strawberry.Parent[names.LineageStep], info: Info) -> Workflow:
    return await walk.workflow(info, root.workflow)


async def _workflow(root: strawberry.Parent[impacts.ImpactWorkflow], info: Info) -> Workflow:
    return await walk.workflow(info, root.key)


@strawberry.type(description="A step of an answer, by the names of the instant asked for, and its hop.")
class LineageStep:
    """A step."""

    key: str
    step_id: str
    name: str
    type: StepType
    workflow_slug: str
    workflow_name: str
    distance: int
    step: Step = strawberry.field(resolver=_step)
    workflow: Workflow = strawberry.field(resolver=_workflow_of_step)


@strawberry.type(description="An asset of an answer, and how many hops it is from the nearest root.")
class LineageAsset:
    """An asset. `asOf`, `source` and `workflows` of the question hold for what is said of it (`asset_facts`)."""

    key: str
    asset_id: str
    distance: int
    asset: Asset = strawberry.field(resolver=_asset)
    upstream_count: int = strawberry.field(
        description="Other assets one hop upstream under the question asked, be they in the answer or not.",
    )
    downstream_count: int = strawberry.field(
        description="Other assets one hop downstream under the question asked, be they in the answer or not.",
    )
    produced_by: list[LineageStep] = strawberry.field(
        description="The steps that produce it under the question asked, by key; distances count from this asset.",
    )
    latest: Snapshot | None = strawberry.field(
        description="Of the versions that the service knew at the instant asked for, the newest by `producedAt`.",
    )
    freshness: Freshness = strawberry.field(
        description="The verdict at the instant asked for: on the version known, by the limits it was produced under, "
        "else those declared then, and next to the upstreams declared and produced then.",
    )


@strawberry.type(description="A step that consumes one asset and produces another; all three by key.")
class LineageEdge:
    """An edge."""

    source: str = strawberry.field(description="The consumed asset's key.")
    step: str
    target: str = strawberry.field(description="The produced asset's key.")
    distance: int


@strawberry.type(description="The lineage of assets, and an exact word when it was cut.")
class LineageGraph:
    """A lineage."""

    assets: list[LineageAsset] = strawberry.field(resolver=_assets, description="By distance and key, the roots first.")
    steps: list[LineageStep]
    edges: list[LineageEdge]
    truncated: bool
    truncation_reason: TruncationReason | None
    depth_reached: int = strawberry.field(description="The last distance that is complete.")
    total_known: int | None = strawberry.field(description="All assets, those cut away included; null if unknown.")


@strawberry.type(description="What lies between two assets.")
class Paths:
    """What lies between."""

    connected: bool
    path: list[LineageEdge] = strawberry.field(description="A shortest path.")
    assets: list[LineageAsset] = strawberry.field(
        resolver=_assets, description="On any path; distances from the first asset."
    )
    steps: list[LineageStep]
    edges: list[LineageEdge]


@strawberry.type(description="An affected asset.")
class ImpactAsset:
    """An affected asset."""

    key: str
    asset_id: str
    distance: int
    workflows: list[str] = strawberry.field(description="Keys of the workflows that produce it.")
    owners: list[str]
    importance: Importance | None
    latest_snapshot: str | None = strawberry.field(description="The newest version's id.")
    latest_version: int | None
    latest_produced_at: DateTime | None
    deadline: DateTime | None = strawberry.field(description="When it stops to be fresh by itself.")
    asset: Asset = strawberry.field(resolver=_asset)


@strawberry.type(description="The affected assets of one distance.")
class ImpactDistance:
    """A group."""

    distance: int
    asset_count: int
    assets: list[ImpactAsset]


@strawberry.type(description="What of one workflow is affected.")
class ImpactWorkflow:
    """A group."""

    key: str
    slug: str
    name: str
    distance: int = strawberry.field(description="Of its nearest step.")
    asset_count: int
    step_count: int
    assets: list[ImpactAsset]
    steps: list[LineageStep]
    workflow: Workflow = strawberry.field(resolver=_workflow)


@strawberry.type(description="What the lateness of assets reaches, nearest first.")
class Impact:
    """An impact."""

    asset_count: int
    step_count: int
    workflow_count: int
    by_distance: list[ImpactDistance]
    by_workflow: list[ImpactWorkflow]
    steps: list[LineageStep]
    truncated: bool
    truncation_reason: TruncationReason | None
    depth_reached: int
    total_known: int | None


Roots = Annotated[list[str], strawberry.argument(description="Asset ids, 1 to 1,000.")]
Depth = Annotated[int | None, strawberry.argument(description="Hops; without, to the end.")]
Limit = Annotated[int, strawberry.argument(description="Assets in the answer, nearest first.")]
Workflows = Annotated[list[str] | None, strawberry.argument(description="Go through these workflows' steps alone.")]
