"""Registers, patches and deletes workflows: parse and check first, then one command in the writer's queue."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import anyio.to_thread
import orjson

from graph.database import Database
from graph.declarations.parse import parse_definition
from graph.declarations.warnings import InputWarning
from graph.errors import Conflict, invalid
from graph.registry.commands import Delete, Register
from graph.registry.family import RegistryFamily
from graph.registry.state import WorkflowOutcome
from graph.rules.digests import digest
from graph.rules.identifiers import workflow_key
from graph.store.workflows import workflow_with_definition
from graph.writer import Writer

PATCH_TRIES = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Registered:
    """A workflow after a registration, and what was noticed in its definition."""

    outcome: WorkflowOutcome
    warnings: tuple[InputWarning, ...]


class Registrar:
    """The way in for everything that changes a definition."""

    def __init__(
        self,
        database: Callable[[], Database],
        writer: Writer,
        clock: Callable[[], int],
        *,
        on_deadline: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._family = RegistryFamily(on_deadline)

    async def register(
        self,
        document: dict[str, Any],
        *,
        slug: str | None = None,
        only_new: bool = False,
        expected_revision: int | None = None,
    ) -> Registered:
        """Make the document its workflow's definition; InvalidInput, or Conflict when it exists and `only_new`."""
        # Checking hostile schemas may take seconds; the event loop must not wait for it.
        parsed = await anyio.to_thread.run_sync(functools.partial(parse_definition, document, slug=slug))
        command = Register(
            definition=parsed.definition,
            document=orjson.dumps(document).decode(),
            digest=digest(document),
            now=self._clock(),
            only_new=only_new,
            expected_revision=expected_revision,
        )
        outcome = await self._writer.submit(self._family, command, size=len(command.document))
        return Registered(outcome, parsed.warnings)

    async def patch(self, slug: str, changes: dict[str, Any]) -> Registered:
        """Replace the given top-level keys of the current definition; null removes one (RFC 7396, one level)."""
        if "slug" in changes and (
            not isinstance(changes["slug"], str) or workflow_key(changes["slug"]) != workflow_key(slug)
        ):
            raise invalid("slug", "A workflow's slug cannot be changed; register a workflow under the new one.")
        for _ in range(PATCH_TRIES):
            view = await self._database().read(lambda tx: workflow_with_definition(tx, workflow_key(slug)))
            document = orjson.loads(view.definition) | changes
            document = {key: value for key, value in document.items() if value is not None or key not in changes}
            try:
                return await self.register(document, slug=view.workflow.slug, expected_revision=view.workflow.revision)
            except Conflict as error:
                if error.code != "revision_conflict":
                    raise
                # Somebody else changed it between our read and our write: patch what is there now.
        raise Conflict("revision_conflict", f"Workflow '{slug}' kept being changed by others; try again.")

    async def delete(self, slug: str) -> None:
        """The workflow stops to bridge the graph; its history stays. NotFound when it is not there."""
        await self._writer.submit(self._family, Delete(workflow_key(slug), self._clock()))
