"""Registering workflows through the service against one `UNWIND` of the same rows straight to the database.

1,000 workflows of 20 steps; each step consumes what the step before it produces, and one of the assets that all share.
The direct way writes workflow, revision, steps, assets and declared edges without looking at what is there.
"""

import argparse
import asyncio
import json
import random
from typing import Any

import httpx

from bench._engines import arguments, emptied, measure, service, timed
from bench.reports import ok
from graph.address import Address
from graph.database import Database

SEED = 20260101

CALLERS = 16

WRITE_WORKFLOWS = """
UNWIND $rows AS row
MERGE (w:Workflow {key: row.slug})
CREATE (w)-[:HAS_REVISION]->(:Revision {key: row.slug + '#1', definition: row.definition})
WITH w, row
UNWIND row.steps AS step
CREATE (w)-[:HAS_STEP]->(s:Step {key: step.key, name: step.name})
WITH s, step
MERGE (made:Asset {key: step.produces})
CREATE (s)-[:PRODUCES {from: 0, declaration: '{}'}]->(made)
WITH s, step
UNWIND step.consumes AS consumed
MERGE (read:Asset {key: consumed})
CREATE (s)-[:CONSUMES {from: 0, declaration: '{}'}]->(read)
"""


async def main() -> None:
    options = arguments(__doc__, workflows=1_000, steps=20)
    await measure("Registering workflows", compare, options)


async def compare(address: Address, options: argparse.Namespace) -> dict[str, Any]:
    """Both ways, each on an empty database."""
    definitions = made_definitions(options.workflows, options.steps)
    async with emptied(address), service(address) as client:
        through = await timed(register_all(client, definitions))
    async with emptied(address) as database:
        direct = await timed(write_all(database, definitions))
    return {
        "workflows": options.workflows,
        "steps each": options.steps,
        "service, s": round(through, 1),
        "one UNWIND, s": round(direct, 1),
        "ratio": round(through / direct, 1),
    }


def made_definitions(workflows: int, steps: int) -> list[dict[str, Any]]:
    """Always the same ones."""
    chosen = random.Random(SEED)
    return [
        {
            "slug": f"flow-{number}",
            "steps": [
                {
                    "id": f"step-{at}",
                    "produces": [{"assetId": f"flow-{number}.{at}"}],
                    "consumes": [{"assetId": f"flow-{number}.{at - 1}"}] * (at > 0)
                    + [{"assetId": f"shared.{chosen.randrange(200)}"}],
                }
                for at in range(steps)
            ],
        }
        for number in range(workflows)
    ]


async def register_all(client: httpx.AsyncClient, definitions: list[dict[str, Any]]) -> None:
    waiting = iter(definitions)

    async def caller() -> None:
        for definition in waiting:
            await ok(client.put(f"/workflows/{definition['slug']}", json=definition))

    await asyncio.gather(*(caller() for _ in range(CALLERS)))


async def write_all(database: Database, definitions: list[dict[str, Any]]) -> None:
    rows = [
        {
            "slug": each["slug"],
            "definition": json.dumps(each),
            "steps": [
                {
                    "key": f"{each['slug']}/{step['id']}",
                    "name": step["id"],
                    "produces": step["produces"][0]["assetId"],
                    "consumes": [asset["assetId"] for asset in step["consumes"]],
                }
                for step in each["steps"]
            ],
        }
        for each in definitions
    ]
    await database.write(lambda tx: tx.run(WRITE_WORKFLOWS, {"rows": rows}))


if __name__ == "__main__":
    asyncio.run(main())
