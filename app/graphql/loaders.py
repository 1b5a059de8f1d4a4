"""One set of DataLoaders an operation. Each batch is one question to the store, whatever the number of keys.

Keys that carry arguments (a page's length, where it begins) are batched by those arguments: the fields of one list
share them, so a list costs one batch.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from graph.database import Transaction
from graph.lineage import Lineage
from graph.records import Attempt, Json, Revision, Run, RunRequest, Snapshot, Workflow
from graph.rules.freshness import Verdict
from graph.store import assets, freshness, marks, newest, run_listing, run_requests, runs, snapshots, steps, workflows
from graph.store.assets import AssetFacts, Declared, PartitionFacts
from graph.store.marks import WorkflowMark
from graph.store.run_listing import RunsPage
from graph.store.steps import AttemptPage, RunsOfStep, StepFacts

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

RunsAsk = tuple[tuple[str, int], tuple[str, ...], int]
"""(workflow, the ordinal below which to look), the statuses, the page's length."""

Read = Callable[[Transaction, list[K]], Awaitable[Mapping[K, V]]]


class Loaders:
    """The loaders, named by what they give; the key's kind is in the type."""

    def __init__(self, lineage: Lineage, now: int) -> None:
        self._lineage = lineage
        self.assets: DataLoader[str, AssetFacts | None] = self._one(assets.assets_by_key)
        self.producers = self._many(self._declared(assets.PRODUCERS, assets.declarations_by_asset))
        self.consumers = self._many(self._declared(assets.CONSUMERS, assets.declarations_by_asset))
        self.produced = self._many(self._declared(assets.PRODUCED_BY_STEPS, assets.declarations_by_step))
        self.consumed = self._many(self._declared(assets.CONSUMED_BY_STEPS, assets.declarations_by_step))
        self.latest: DataLoader[str, Snapshot | None] = self._one(assets.latest_by_asset)
        self.latest_of_partition: DataLoader[str, Snapshot | None] = self._one(assets.latest_by_partition)
        self.verdicts: DataLoader[str, Verdict | None] = self._one(lambda tx, keys: freshness.verdicts(tx, keys, now))
        self.partitions: DataLoader[tuple[Any, ...], list[PartitionFacts]] = self._pages(assets.partitions_by_asset)
        self.marks_of_asset: DataLoader[str, list[tuple[str | None, WorkflowMark]]] = self._many(marks.marks_of_assets)
        self.marks_of_partition: DataLoader[str, list[WorkflowMark]] = self._many(marks.marks_by_series)
        self.newest_of_asset: DataLoader[tuple[Any, ...], list[Snapshot]] = self._pages(newest.newest_of_assets)
        self.newest_of_partition: DataLoader[tuple[Any, ...], list[Snapshot]] = self._pages(newest.newest_of_partitions)
        self.workflows: DataLoader[str, Workflow | None] = self._one(workflows.workflows_by_key)
        self.revisions: DataLoader[str, Revision | None] = self._one(workflows.revisions_by_key)
        self.assets_of_workflow: DataLoader[str, list[str]] = self._many(workflows.assets_by_workflow)
        self.steps: DataLoader[str, StepFacts | None] = self._one(steps.steps_by_key)
        self.steps_of_workflow: DataLoader[str, list[StepFacts]] = self._many(steps.steps_by_workflow)
        self.runs_of_step: DataLoader[tuple[RunsOfStep, int], AttemptPage] = DataLoader(self._runs_of_steps)
        self.runs: DataLoader[str, Run | None] = self._one(runs.runs_by_key)
        self.requests: DataLoader[str, RunRequest | None] = self._one(run_requests.requests_by_key)
        self.runs_by_place: DataLoader[tuple[str, int], Run | None] = self._one(runs.runs_by_place)
        self.runs_with_status: DataLoader[RunsAsk, RunsPage] = DataLoader(self._runs_with_status)
        self.attempts: DataLoader[str, Attempt | None] = self._one(runs.attempts_by_key)
        self.attempts_of_run: DataLoader[str, list[Attempt]] = self._many(runs.attempts_by_run)
        self.inputs_of_attempt: DataLoader[str, list[str]] = self._many(runs.inputs_by_attempt)
        self.snapshots: DataLoader[str, Snapshot | None] = self._one(snapshots.records_by_key)
        self.sources: DataLoader[str, list[str]] = self._many(snapshots.sources_of)
        self.derivatives: DataLoader[tuple[Any, ...], list[str]] = self._pages(snapshots.derivatives_of)
        self.schemas: DataLoader[str, Json | None] = self._one(lineage.documents.schemas.get)

    def _one(self, read: Read[K, V]) -> DataLoader[K, V | None]:
        """What there is under each key, None for nothing."""

        async def load(keys: list[K]) -> list[V | None]:
            found = await self._lineage.read(lambda tx: read(tx, keys))
            return [found.get(key) for key in keys]

        return DataLoader(load)

    def _many(self, read: Read[K, list[V]]) -> DataLoader[K, list[V]]:
        """The list under each key, empty for nothing."""

        async def load(keys: list[K]) -> list[list[V]]:
            found = await self._lineage.read(lambda tx: read(tx, keys))
            return [found.get(key, []) for key in keys]

        return DataLoader(load)

    def _declared(
        self, query: str, read: Callable[[Transaction, str, Sequence[str]], Awaitable[dict[str, list[Declared]]]]
    ) -> Read[str, list[Declared]]:
        return lambda tx, keys: read(tx, query, keys)

    def _pages(self, read: Callable[..., Awaitable[dict[str, list[V]]]]) -> DataLoader[tuple[Any, ...], list[V]]:
        """Keys are a thing's key and what else the read takes: the page's length, and where it begins."""

        async def load(asks: list[tuple[Any, ...]]) -> list[list[V]]:
            async def work(tx: Transaction) -> dict[tuple[Any, ...], dict[str, list[V]]]:
                return {
                    page: await read(tx, [ask[0] for ask in asks if ask[1:] == page], *page)
                    for page in dict.fromkeys(ask[1:] for ask in asks)
                }

            found = await self._lineage.read(work)
            return [found[ask[1:]].get(ask[0], []) for ask in asks]

        return DataLoader(load)

    async def _runs_with_status(self, asks: list[RunsAsk]) -> list[Any]:
        async def work(tx: Transaction) -> dict[RunsAsk, RunsPage]:
            found: dict[RunsAsk, RunsPage] = {}
            for alike in dict.fromkeys(ask[1:] for ask in asks):
                pages = await run_listing.runs_with_status(tx, [ask[0] for ask in asks if ask[1:] == alike], *alike)
                found |= {(place, *alike): page for place, page in pages.items()}
            return found

        pages = await self._lineage.read(work)
        return [pages[ask] for ask in asks]

    async def _runs_of_steps(self, asks: list[tuple[RunsOfStep, int]]) -> list[Any]:
        async def work(tx: Transaction) -> dict[tuple[RunsOfStep, int], AttemptPage]:
            found: dict[tuple[RunsOfStep, int], AttemptPage] = {}
            # One step may be asked for twice in one batch, from different places: in turns, each a batch of steps.
            waiting = list(asks)
            while waiting:
                limit = waiting[0][1]
                turn = {ask.key: (ask, of) for ask, of in reversed(waiting) if of == limit}
                pages = await steps.attempts_at_steps(tx, [ask for ask, _ in turn.values()], limit)
                found |= {turn[key]: page for key, page in pages.items()}
                waiting = [ask for ask in waiting if ask not in found]
            return found

        pages = await self._lineage.read(work)
        return [pages[ask] for ask in asks]
