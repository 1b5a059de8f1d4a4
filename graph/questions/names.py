"""What the keys of an answer are called: one query for the assets, one or two for the steps."""

import dataclasses
from collections.abc import Iterable

import orjson

from graph.database import Transaction
from graph.questions.levels import NEVER, NOW

ASSET_IDS = """
UNWIND $keys AS key
MATCH (a:Asset {key: key})
RETURN collect(a.key) AS keys, collect(a.assetId) AS ids
"""

STEP_NAMES = """
UNWIND $keys AS key
MATCH (s:Step {key: key})<-[:HAS_STEP]-(w:Workflow)
RETURN collect(s.key) AS keys, collect(s.stepId) AS ids, collect(s.name) AS names, collect(s.type) AS types,
       collect(w.key) AS workflows, collect(w.slug) AS slugs, collect(w.name) AS workflowNames
"""

DEFINITIONS_AT = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})-[:HAS_REVISION]->(v:Revision)
WHERE v.validFrom <= $at AND coalesce(v.validTo, $never) > $at
RETURN w.key AS workflow, v.definition AS definition
"""


@dataclasses.dataclass(slots=True)
class LineageStep:
    """A step and its workflow, and the hop at which it was met."""

    key: str
    step_id: str
    name: str
    type: str
    workflow: str
    workflow_slug: str
    workflow_name: str
    distance: int


async def asset_ids(tx: Transaction, keys: Iterable[str]) -> dict[str, str]:
    """Asset key → id as first declared."""
    row = await tx.row(ASSET_IDS, {"keys": list(keys)})
    return dict(zip(row["keys"], row["ids"], strict=True)) if row else {}


async def named_steps(tx: Transaction, distances: dict[str, int], at: int = NOW) -> list[LineageStep]:
    """The steps by key, with the names and types of the instant."""
    row = await tx.row(STEP_NAMES, {"keys": sorted(distances)}) if distances else None
    if row is None:
        return []
    columns = [row[name] for name in ("keys", "ids", "names", "types", "workflows", "slugs", "workflowNames")]
    steps = [
        LineageStep(key, step_id, name, kind, workflow, slug, workflow_name, distances[key])
        for key, step_id, name, kind, workflow, slug, workflow_name in zip(*columns, strict=True)
    ]
    if at != NOW:
        await _rename(tx, steps, at)
    return sorted(steps, key=lambda step: step.key)


async def _rename(tx: Transaction, steps: list[LineageStep], at: int) -> None:
    """Put in the names that held at the instant; an observed step of no definition then keeps its own."""
    workflows = sorted({step.workflow for step in steps})
    named: dict[tuple[str, str], tuple[str, str, str]] = {}
    for row in await tx.rows(DEFINITIONS_AT, {"keys": workflows, "at": at, "never": NEVER}):
        document = orjson.loads(row["definition"])
        workflow_name = document.get("name") or document.get("slug") or row["workflow"]
        for step in document["steps"]:
            facts = (step.get("name") or step["id"], step.get("type") or "job", workflow_name)
            named[(row["workflow"], step["id"])] = facts
    for step in steps:
        then = named.get((step.workflow, step.step_id))
        if then:
            step.name, step.type, step.workflow_name = then
