"""From a key in one thing to the thing that it names: what an edge of the graph leads to is always there.

Types import this module, and it imports them, so names are looked up when they are needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from app.graphql.context import Info
from app.graphql.types import asset as assets
from app.graphql.types import run as runs
from app.graphql.types import run_request as requests
from app.graphql.types import snapshot as snapshots
from app.graphql.types import step as steps
from app.graphql.types import workflow as workflows
from graph.records import Attempt
from graph.store.assets import Declared
from graph.store.steps import StepFacts

T = TypeVar("T")


def present(found: T | None) -> T:
    """What must be there, since an edge of the graph led to it."""
    if found is None:
        raise LookupError("an edge of the graph leads to a thing that is not there")
    return found


async def asset(info: Info, key: str) -> assets.Asset:
    """The asset of this key."""
    return assets.Asset.of(present(await info.context.loaders.assets.load(key)))


async def asset_list(info: Info, keys: Iterable[str]) -> list[assets.Asset]:
    """The assets of these keys, in their order."""
    found = await info.context.loaders.assets.load_many(keys)
    return [assets.Asset.of(present(each)) for each in found]


def asset_page(
    items: Iterable[tuple[assets.Asset, str]], *, after: str | None, end: str | None, total: int
) -> assets.AssetConnection:
    """A page of assets whose number is known."""

    async def count() -> int:
        return total

    return assets.AssetConnection.of(items, after=after, end=end, count=count)


async def run_request(info: Info, key: str) -> requests.RunRequest:
    """The request for a run of this id."""
    return requests.RunRequest.of(present(await info.context.loaders.requests.load(key)))


async def step(info: Info, key: str) -> steps.Step:
    """The step of this key."""
    return steps.Step.of(present(await info.context.loaders.steps.load(key)))


async def workflow(info: Info, key: str) -> workflows.Workflow:
    """The workflow of this key."""
    return workflows.Workflow.of(present(await info.context.loaders.workflows.load(key)))


async def run(info: Info, key: str) -> runs.Run:
    """The run of this id."""
    return runs.Run.of(present(await info.context.loaders.runs.load(key)))


async def step_run(info: Info, key: str) -> runs.StepRun:
    """The attempt of this key."""
    return runs.StepRun.of(present(await info.context.loaders.attempts.load(key)))


async def snapshot_list(info: Info, keys: Iterable[str]) -> list[snapshots.Snapshot]:
    """The snapshots of these ids, in their order."""
    found = await info.context.loaders.snapshots.load_many(keys)
    return [snapshots.Snapshot.of(present(each)) for each in found]


def declarations(found: Iterable[Declared]) -> list[assets.Declaration]:
    """Declarations as they are shown."""
    return [assets.Declaration.of(each) for each in found]


def shown_step_run(attempt: Attempt) -> runs.StepRun:
    """An attempt as it is shown."""
    return runs.StepRun.of(attempt)


def steps_shown(found: Iterable[StepFacts]) -> list[steps.Step]:
    """Steps as they are shown."""
    return [steps.Step.of(each) for each in found]
