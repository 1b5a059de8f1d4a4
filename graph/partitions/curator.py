"""The way in for what is said of partitions by hand: check first, then one command in the writer's queue."""

from collections.abc import Callable
from typing import Any

import orjson

from graph.database import Database, Transaction
from graph.errors import invalid
from graph.partitions.apply import Parameters
from graph.partitions.commands import ClearStale, MarkStale, Place, SetParameters
from graph.partitions.family import PartitionsFamily
from graph.partitions.marks import marks_of_partitions
from graph.rules.identifiers import asset_key, partition_key, workflow_key
from graph.store.documents import Documents
from graph.store.inventory import workflow_asset
from graph.store.partitioning import partitioning_of
from graph.writer import Writer


class Curator:
    """Marks partitions stale, takes marks back, and keeps their parameters.

    All raise NotFound (`workflow_not_found`, `asset_not_found`) and InvalidInput (`partition_key_required`,
    `unknown_partition`).
    """

    def __init__(
        self, database: Callable[[], Database], writer: Writer, documents: Documents, clock: Callable[[], int]
    ) -> None:
        self._database = database
        self._writer = writer
        self._documents = documents
        self._clock = clock
        self._family = PartitionsFamily()

    async def mark_stale(
        self,
        workflow: str,
        asset_id: str,
        partition: str | None = None,
        *,
        requested_by: str | None = None,
        note: str | None = None,
    ) -> None:
        """The partition is not to be relied on; one mark for each workflow, which another one replaces."""
        key, place = workflow_key(workflow), _place(asset_id, partition)
        await self._database().read(lambda tx: self._check(tx, key, asset_id, place))
        command = MarkStale(key, place, self._clock(), requested_by, note)
        await self._writer.submit(self._family, command)

    async def clear_stale(
        self, workflow: str, asset_id: str, partition: str | None = None, *, cleared_by: str | None = None
    ) -> None:
        """The workflow's mark is taken back; nothing happens where there is none."""
        key, place = workflow_key(workflow), _place(asset_id, partition)

        async def check(tx: Transaction) -> None:
            # What was marked can be cleared, also when definitions have changed since.
            if not any(mark.workflow == key for mark in await marks_of_partitions(tx, [place.series])):
                await self._check(tx, key, asset_id, place, new=False)

        await self._database().read(check)
        await self._writer.submit(self._family, ClearStale(key, place, self._clock(), cleared_by))

    async def set_parameters(
        self, workflow: str, asset_id: str, partition: str | None, parameters: Any
    ) -> tuple[str, Parameters]:
        """The asset's id, and the parameters as they are kept from now on."""
        key, place = workflow_key(workflow), _place(asset_id, partition)
        shown = await self._database().read(lambda tx: self._check(tx, key, asset_id, place))
        command = SetParameters(place, self._clock(), orjson.dumps(parameters).decode())
        kept: Parameters = await self._writer.submit(self._family, command, size=len(command.parameters or ""))
        return shown, kept

    async def drop_parameters(self, workflow: str, asset_id: str, partition: str | None = None) -> None:
        """The parameters that were set by hand are taken back; nothing happens where there are none."""
        key, place = workflow_key(workflow), _place(asset_id, partition)
        await self._database().read(lambda tx: self._check(tx, key, asset_id, place, new=False))
        await self._writer.submit(self._family, SetParameters(place, self._clock(), None))

    async def _check(self, tx: Transaction, workflow: str, asset_id: str, place: Place, *, new: bool = True) -> str:
        """The asset's id as first declared. Only what is `new` must be a partition as they are declared now."""
        found = await workflow_asset(tx, self._documents, workflow, place.asset, asset_id)
        partitioning = await partitioning_of(tx, found)
        if partitioning is not None:
            if place.partition_key is None:
                message = f"'partitionKey' is required: the asset '{found.asset_id}' is partitioned."
                raise invalid("partitionKey", message, code="partition_key_required")
            if new:
                partitioning.check_key(place.partition_key, "partitionKey")
        return found.asset_id


def _place(asset_id: str, partition: str | None) -> Place:
    if partition is not None and not partition.strip():
        raise invalid("partitionKey", "'partitionKey' must not be blank.")
    asset = asset_key(asset_id)
    return Place(asset, partition_key(asset, partition), partition)
