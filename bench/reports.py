"""Reports through the service, against one report a transaction: the service's own, and straight to the database.

Sixteen reporters on ten assets. The service without group commit does all that it does with it, but for a transaction
of each report. The service is called over ASGI in this process: all of it but the sockets. The direct
way writes the rows that a report leaves behind with two statements as tight as can be: the first locks the asset and
takes the next version, the second writes attempt, snapshot, counters, pointers and edges. It checks nothing. The ways
take turns, so other work on the machine slows all.
"""

import argparse
import asyncio
from typing import Any

import httpx
import orjson

from bench._engines import arguments, emptied, measure, service, timed
from graph.address import Address
from graph.database import Database, Transaction, WriteConflict
from graph.errors import Unavailable
from graph.records import Attempt, Snapshot, properties_of
from graph.rules.order import order_of
from graph.rules.ranks import ranks_of

TAKE_VERSION = """
MATCH (p:Partition {key: $series})-[:PARTITION_OF]->(a:Asset)
SET a.productions = a.productions + 1, p.versions = p.versions + 1
RETURN p.versions AS version
"""

WRITE_REPORT = """
MATCH (r:Run {key: $run})
MATCH (i:Step {key: $step})
MATCH (p:Partition {key: $series})-[:PARTITION_OF]->(a:Asset)
SET r.currentStepId = $step, r.updatedAt = $now
CREATE (t:Attempt)-[:ATTEMPT_IN]->(r)
SET t = $attempt
CREATE (s:Snapshot)-[:VERSION_OF]->(p)
CREATE (r)-[:EMITTED {stepId: $step, attempt: 1}]->(s)
SET s = $snapshot, s.version = $version
MERGE (i)-[o:WROTE]->(a)
WITH a, p, s
OPTIONAL MATCH (a)-[la:LATEST]->(:Snapshot)
DELETE la
CREATE (a)-[:LATEST]->(s)
WITH p, s
OPTIONAL MATCH (p)-[lp:LATEST]->(:Snapshot)
DELETE lp
CREATE (p)-[:LATEST {workflow: 'load'}]->(s)
"""

PREPARE_ASSETS = """
UNWIND range(0, $count - 1) AS n
CREATE (a:Asset {key: 'asset-' + n, productions: 0})
CREATE (:Partition {key: 'asset-' + n + '#', versions: 0})-[:PARTITION_OF]->(a)
CREATE (:Step {key: 'load/make-' + n})
"""

PREPARE_RUNS = "UNWIND range(0, $count - 1) AS n CREATE (:Run {key: 'run-' + n})"

LINES = 50
"""Reports in one bulk request."""

NOW = 1_767_225_600_000


async def main() -> None:
    options = arguments(__doc__, reporters=16, assets=10, reports=200, rounds=2)
    await measure("Reports a second", compare, options)


async def compare(address: Address, options: argparse.Namespace) -> dict[str, Any]:
    """All ways in turn, each on an empty database; the best round of each counts."""
    # The direct way takes its time: a fifth of the reports tells its rate.
    few = max(1, options.reports // 5)
    through, alone, bulk, direct = 0.0, 0.0, 0.0, 0.0
    for _ in range(options.rounds):
        async with emptied(address), service(address) as client:
            seconds = await timed(report_all(client, options, lines=1))
            through = max(through, options.reporters * options.reports / seconds)
        async with emptied(address), service(address, max_commands=1) as client:
            seconds = await timed(report_all(client, options, lines=1, reports=few))
            alone = max(alone, options.reporters * few / seconds)
        async with emptied(address), service(address) as client:
            seconds = await timed(report_all(client, options, lines=LINES))
            bulk = max(bulk, options.reporters * options.reports / seconds)
        async with emptied(address) as database:
            await database.write(lambda tx: tx.run(PREPARE_ASSETS, {"count": options.assets}))
            await database.write(lambda tx: tx.run(PREPARE_RUNS, {"count": options.reporters}))
            seconds = await timed(write_all(database, options, few))
            direct = max(direct, options.reporters * few / seconds)
    return {
        "reports": options.reporters * options.reports,
        "one a request /s": round(through),
        f"{LINES} a request /s": round(bulk),
        "one a transaction /s": round(alone),
        "direct, one a transaction /s": round(direct),
        "ratio": round(through / alone, 1),
        "ratio to direct": round(through / direct, 1),
        f"ratio of {LINES} to direct": round(bulk / direct, 1),
    }


async def report_all(
    client: httpx.AsyncClient, options: argparse.Namespace, *, lines: int, reports: int | None = None
) -> None:
    """Every reporter waits for its answer; with `lines` above one it sends so many reports a request, as NDJSON."""
    count = options.reports if reports is None else reports
    steps = [{"id": f"make-{n}", "produces": [{"assetId": f"asset-{n}"}]} for n in range(options.assets)]
    await ok(client.put("/workflows/load", json={"steps": steps}))

    async def reporter(number: int) -> None:
        run = f"run-{number}"
        await ok(client.post("/workflows/load/runs", json={"id": run}))
        bodies = [report_of(number, each, options.assets) for each in range(count)]
        if lines == 1:
            for step, body in bodies:
                await ok(client.post(f"/workflow-runs/{run}/steps/{step}/report", json=body))
            return
        for start in range(0, len(bodies), lines):
            part = bodies[start : start + lines]
            content = b"\n".join(orjson.dumps({"runId": run, "stepId": step, **body}) for step, body in part)
            answer = await client.post("/reports", content=content, headers={"content-type": "application/x-ndjson"})
            assert all(orjson.loads(line)["status"] == 200 for line in answer.content.splitlines()), answer.text

    await asyncio.gather(*(reporter(number) for number in range(options.reporters)))


def report_of(number: int, count: int, assets: int) -> tuple[str, dict[str, Any]]:
    """The step and the body of a reporter's next report; each begins with another asset."""
    asset = (number + count) % assets
    made = {"assetId": f"asset-{asset}", "payload": {"reporter": number, "count": count}}
    return f"make-{asset}", {"status": "succeeded", "attempt": 1 + count // assets, "result": {"assets": [made]}}


async def write_all(database: Database, options: argparse.Namespace, reports: int) -> None:
    async def reporter(number: int) -> None:
        for count in range(reports):
            row = rows_of_report(number, count, (number + count) % options.assets)
            while not await committed(database, row):
                pass

    await asyncio.gather(*(reporter(number) for number in range(options.reporters)))


async def committed(database: Database, row: dict[str, Any]) -> bool:
    """Whether the report was written; it was not where the driver gave up after losing races."""

    async def work(tx: Transaction) -> None:
        taken = await tx.row(TAKE_VERSION, row)
        assert taken is not None
        await tx.run(WRITE_REPORT, row | taken)

    try:
        await database.write(work)
    except (Unavailable, WriteConflict):
        return False
    return True


def rows_of_report(number: int, count: int, asset: int) -> dict[str, Any]:
    """What one report leaves behind, property for property."""
    run, step, key = f"run-{number}", f"load/make-{asset}", f"run-{number}/{count}/make-{asset}"
    payload = f'{{"reporter":{number},"count":{count}}}'
    attempt = Attempt(
        key=key,
        run=run,
        step_id=step,
        attempt=1,
        status="succeeded",
        created_at=NOW,
        updated_at=NOW,
        completed_at=NOW,
        report=f'{{"status":"succeeded","result":{{"assets":[{payload}]}}}}',
        digest="0" * 64,
        warnings="[]",
        emitted=[key],
    )
    snapshot = Snapshot(
        key=key,
        asset=f"asset-{asset}",
        asset_id=f"asset-{asset}",
        series=f"asset-{asset}#",
        version=0,
        ordinal=count,
        order=order_of(NOW, number * 10_000 + count),
        produced_at=NOW,
        created_at=NOW,
        payload=payload,
        digest="0" * 64,
        valid=True,
        run=run,
        workflow="load",
        workflow_id="load",
        workflow_slug="load",
        step_id=step,
        step_name=step,
        step_type="job",
        step_status="succeeded",
        attempt=1,
    )
    return {
        "run": run,
        "step": step,
        "series": snapshot.series,
        "now": NOW,
        "attempt": properties_of(attempt),
        "snapshot": properties_of(snapshot) | ranks_of(snapshot),
    }


async def ok(answering: Any) -> None:
    answer = await answering
    assert answer.status_code in (200, 201), answer.text


if __name__ == "__main__":
    asyncio.run(main())
