"""Workflows as they are now, and as they were."""

import dataclasses
from collections.abc import Sequence

from graph.database import Transaction
from graph.declarations.definition import WorkflowDefinition
from graph.errors import no_workflow
from graph.records import Json, Revision, Workflow, record_from
from graph.registry.apply import revision_key
from graph.store.documents import Documents
from graph.store.listing import WORKFLOWS as WALK
from graph.store.listing import Page, keys_behind, scan

WORKFLOW = """
MATCH (w:Workflow {key: $key})
RETURN properties(w) AS workflow
"""

WORKFLOW_WITH_DEFINITION = """
MATCH (w:Workflow {key: $key})-[:HAS_REVISION]->(v:Revision)
WHERE w.revision = v.revision
RETURN properties(w) AS workflow, v.definition AS definition
"""

WORKFLOWS = """
MATCH (w:Workflow)-[:HAS_REVISION]->(v:Revision)
WHERE w.deletedAt IS NULL AND w.revision = v.revision
RETURN properties(w) AS workflow, v.definition AS definition
ORDER BY w.key
"""

REVISIONS = """
MATCH (:Workflow {key: $key})-[:HAS_REVISION]->(v:Revision)
RETURN properties(v) AS revision
ORDER BY v.revision DESC
"""

WORKFLOWS_BY_KEY = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})
RETURN properties(w) AS workflow
"""

REVISIONS_BY_KEY = """
UNWIND $keys AS key
MATCH (v:Revision {key: key})
RETURN properties(v) AS revision
"""

ASSETS_OF_WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})-[:HAS_STEP]->(:Step)-[e:PRODUCES|CONSUMES|WROTE]->(a:Asset)
WHERE e.to IS NULL
WITH DISTINCT w.key AS workflow, a.key AS asset
RETURN collect([workflow, asset]) AS pairs
"""

SCAN = 2_000
"""Workflows that one page looks at, at most."""

CHUNK = 500


@dataclasses.dataclass(frozen=True, slots=True)
class WorkflowView:
    """A workflow with its current definition as it was sent."""

    workflow: Workflow
    definition: Json


async def known_workflow(tx: Transaction, key: str) -> Workflow:
    """The workflow, or NotFound when it does not exist or was deleted."""
    row = await tx.row(WORKFLOW, {"key": key})
    workflow = record_from(Workflow, row["workflow"]) if row else None
    if workflow is None or workflow.deleted_at is not None:
        raise no_workflow(key)
    return workflow


async def workflow_with_definition(tx: Transaction, key: str) -> WorkflowView:
    """The workflow and its current definition, or NotFound."""
    row = await tx.row(WORKFLOW_WITH_DEFINITION, {"key": key})
    if row is None or "deletedAt" in row["workflow"]:
        raise no_workflow(key)
    return WorkflowView(record_from(Workflow, row["workflow"]), row["definition"])


async def all_workflows(tx: Transaction) -> list[WorkflowView]:
    """Every workflow that is not deleted, by slug."""
    rows = await tx.rows(WORKFLOWS)
    return [WorkflowView(record_from(Workflow, row["workflow"]), row["definition"]) for row in rows]


async def list_workflows(tx: Transaction, limit: int, after: str = "", text: str = "") -> Page[Workflow]:
    """Up to `limit` workflows that are not deleted, behind the key `after`.

    With a text (in lower case) those in whose slug, name or description it occurs.
    """

    async def behind(count: int, last: str) -> list[str]:
        return await keys_behind(tx, WALK, count, last)

    async def matching(keys: list[str]) -> list[tuple[str, Workflow]]:
        found = await workflows_by_key(tx, keys)
        return [(key, it) for key in keys if (it := found[key]).deleted_at is None and text in _words_of(it)]

    return await scan(behind, matching, limit, after, chunk=CHUNK if text else limit + 1, most=SCAN)


async def revisions(tx: Transaction, key: str) -> list[Revision]:
    """Every revision, the newest first, those before a deletion included; NotFound when there was never one."""
    rows = await tx.rows(REVISIONS, {"key": key})
    if not rows:
        raise no_workflow(key)
    return [record_from(Revision, row["revision"]) for row in rows]


async def workflows_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, Workflow]:
    """The workflows that were ever registered, deleted ones included."""
    rows = await tx.rows(WORKFLOWS_BY_KEY, {"keys": keys})
    return {row["workflow"]["key"]: record_from(Workflow, row["workflow"]) for row in rows}


async def revisions_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, Revision]:
    """The revisions that exist, by `registry.apply.revision_key`."""
    rows = await tx.rows(REVISIONS_BY_KEY, {"keys": keys})
    return {row["revision"]["key"]: record_from(Revision, row["revision"]) for row in rows}


async def assets_by_workflow(tx: Transaction, keys: Sequence[str]) -> dict[str, list[str]]:
    """The keys of what each workflow declares now or ever produced, sorted."""
    row = await tx.row(ASSETS_OF_WORKFLOWS, {"keys": keys})
    found: dict[str, list[str]] = {}
    for workflow, asset in sorted(row["pairs"] if row else ()):
        found.setdefault(workflow, []).append(asset)
    return found


def _words_of(workflow: Workflow) -> str:
    return f"{workflow.slug}\n{workflow.name}\n{workflow.description or ''}".lower()


async def definition_of(tx: Transaction, documents: Documents, workflow: str, revision: int) -> WorkflowDefinition:
    """The parsed definition of one revision; kept in the process."""
    key = revision_key(workflow, revision)
    return (await documents.definitions.get(tx, [key]))[key]
