"""Is everything in the graph whole? One query for each promise of docs/decisions/0001-shape.md that a sudden end
could break; each row that one returns is a fault.
"""

import orjson

from graph.database import Database, Row, Transaction
from graph.rules.freshness import first_limit

# `max` of orders would be wrong: the embedded engine compares integers of that size as floating-point numbers there.

EMITTED_SNAPSHOTS_EXIST = """
MATCH (t:Attempt)
WHERE t.emitted IS NOT NULL
UNWIND t.emitted AS key
OPTIONAL MATCH (:Run {key: t.run})-[:EMITTED {stepId: t.stepId, attempt: t.attempt}]->(s:Snapshot {key: key})
OPTIONAL MATCH (s)-[:VERSION_OF]->(p:Partition {key: s.series})
WITH t.key AS attempt, key, count(DISTINCT s.key) AS snapshots, count(p) AS partitions
WHERE snapshots <> 1 OR partitions <> 1
RETURN attempt + ' emitted ' + key AS fault
"""

SNAPSHOTS_BELONG_TO_ATTEMPTS = """
MATCH (s:Snapshot)
OPTIONAL MATCH (t:Attempt {run: s.run, stepId: s.stepId, attempt: s.attempt})
WHERE s.key IN t.emitted
WITH s.key AS snapshot, count(t) AS attempts
WHERE attempts <> 1
RETURN snapshot + ' is of ' + toString(attempts) + ' attempts' AS fault
"""

REPORTED_ATTEMPTS_SAY_WHAT_THEY_EMITTED = """
MATCH (t:Attempt)
WHERE t.digest IS NOT NULL AND (t.emitted IS NULL OR t.report IS NULL OR t.status = 'running')
RETURN t.key + ' is half reported' AS fault
"""

ATTEMPTS_BELONG_TO_RUNS = """
MATCH (t:Attempt)
OPTIONAL MATCH (t)-[:ATTEMPT_IN]->(r:Run {key: t.run})
OPTIONAL MATCH (r)-[:RUN_OF]->(w:Workflow {key: r.workflow})
WITH t.key AS attempt, count(r) AS runs, count(w) AS workflows
WHERE runs <> 1 OR workflows <> 1
RETURN attempt + ' is of ' + toString(runs) + ' runs' AS fault
"""

VERSIONS_HAVE_NO_HOLE = """
MATCH (p:Partition)
OPTIONAL MATCH (s:Snapshot)-[:VERSION_OF]->(p)
WITH p.key AS partition, p.versions AS counted, count(s) AS there, count(DISTINCT s.version) AS versions,
     min(s.version) AS lowest, max(s.version) AS highest
WHERE counted <> there OR versions <> there OR lowest <> 1 OR highest <> there
RETURN partition + ' counts ' + toString(counted) + ' versions of ' + toString(there) AS fault
"""

PRODUCTIONS_ARE_COUNTED = """
MATCH (a:Asset)
OPTIONAL MATCH (s:Snapshot)-[:VERSION_OF]->(:Partition)-[:PARTITION_OF]->(a)
WITH a.key AS asset, a.productions AS counted, count(s) AS there, count(DISTINCT s.ordinal) AS ordinals,
     max(s.ordinal) AS highest
WHERE counted <> there OR ordinals <> there OR (there > 0 AND highest <> there)
RETURN asset + ' counts ' + toString(counted) + ' productions of ' + toString(there) AS fault
"""

LATEST_OF_ASSET_IS_NEWEST = """
MATCH (a:Asset)
OPTIONAL MATCH (s:Snapshot)-[:VERSION_OF]->(:Partition)-[:PARTITION_OF]->(a)
WITH a, s ORDER BY s.order DESC
WITH a, collect(s.order)[0] AS newest
OPTIONAL MATCH (a)-[:LATEST]->(l:Snapshot)
WITH a.key AS asset, newest, collect(l.order) AS latest
WHERE size(latest) <> CASE WHEN newest IS NULL THEN 0 ELSE 1 END OR latest[0] <> newest
RETURN asset + ' points to ' + toString(size(latest)) + ' or to an old one' AS fault
"""

LATEST_OF_PARTITION_IS_NEWEST = """
MATCH (s:Snapshot)-[:VERSION_OF]->(p:Partition)
WITH p, s ORDER BY s.order DESC
WITH p, s.workflow AS workflow, collect(s.order)[0] AS newest
OPTIONAL MATCH (p)-[:LATEST {workflow: workflow}]->(l:Snapshot)
WITH p.key AS partition, newest, collect(l.order) AS latest
WHERE size(latest) <> 1 OR latest[0] <> newest
RETURN partition + ' points to ' + toString(size(latest)) + ' or to an old one' AS fault
"""

RUNS_ARE_COUNTED = """
MATCH (w:Workflow)
OPTIONAL MATCH (r:Run)-[:RUN_OF]->(w)
WITH w.key AS workflow, w.runs AS counted, count(r) AS there, count(DISTINCT r.ordinal) AS ordinals
WHERE counted <> there OR ordinals <> there
RETURN workflow + ' counts ' + toString(counted) + ' runs of ' + toString(there) AS fault
"""

WRITTEN_ASSETS_ARE_OBSERVED = """
MATCH (s:Snapshot)
OPTIONAL MATCH (:Step {key: s.workflow + '/' + s.stepId})-[o:WROTE]->(:Asset {key: s.asset})
WITH s.key AS snapshot, count(o) AS observed
WHERE observed <> 1
RETURN snapshot + ' was written by ' + toString(observed) + ' steps' AS fault
"""

SCHEMAS_ARE_KEPT = """
MATCH (s:Snapshot)
WHERE s.schema IS NOT NULL
OPTIONAL MATCH (d:Schema {key: s.schema})
WITH s.key AS snapshot, count(d.document) AS kept
WHERE kept <> 1
RETURN snapshot + ' lacks its schema' AS fault
"""

EVENTS_HAVE_NO_HOLE = """
MATCH (m:Meta {key: 'events'})
OPTIONAL MATCH (e:Event)
WITH m.first AS first, m.last AS last, count(e) AS there, count(DISTINCT e.seq) AS numbers, min(e.seq) AS lowest,
     max(e.seq) AS highest
WHERE there <> last - first + 1 OR numbers <> there OR (there > 0 AND (lowest <> first OR highest <> last))
RETURN 'the log holds ' + toString(there) + ' events of ' + toString(first) + ' to ' + toString(last) AS fault
"""

SNAPSHOTS_HAVE_ONE_EVENT = """
MATCH (s:Snapshot)
OPTIONAL MATCH (e:Event {type: 'asset.produced', snapshot: s.key})
WITH s, count(e) AS events, collect(e.asset)[0] AS asset, collect(e.version)[0] AS version
WHERE events <> 1 OR asset <> s.asset OR version <> s.version
RETURN s.key + ' has ' + toString(events) + ' events' AS fault
"""

INVALID_SNAPSHOTS_HAVE_ONE_EVENT = """
MATCH (s:Snapshot)
OPTIONAL MATCH (e:Event {type: 'asset.invalid', snapshot: s.key})
WITH s, count(e) AS events
WHERE events <> CASE WHEN s.valid THEN 0 ELSE 1 END
RETURN s.key + ' is told invalid ' + toString(events) + ' times' AS fault
"""

ATTEMPTS_HAVE_ONE_EVENT = """
MATCH (t:Attempt)
OPTIONAL MATCH (e:Event {type: 'step.finished', run: t.run, step: t.stepId, attempt: t.attempt})
WITH t, count(e) AS events
WHERE events <> CASE WHEN t.digest IS NULL THEN 0 ELSE 1 END
RETURN t.key + ' is told ' + toString(events) + ' times' AS fault
"""

RUNS_HAVE_THEIR_EVENTS = """
MATCH (r:Run)
OPTIONAL MATCH (e:Event {run: r.key})
WITH r, sum(CASE WHEN e.type = 'run.started' THEN 1 ELSE 0 END) AS started,
     sum(CASE WHEN e.type = 'run.finished' THEN 1 ELSE 0 END) AS finished
WHERE started <> CASE WHEN r.startedAt IS NULL THEN 0 ELSE 1 END
   OR finished <> CASE WHEN r.completedAt IS NULL THEN 0 ELSE 1 END
RETURN r.key + ' started ' + toString(started) + ' and finished ' + toString(finished) + ' times' AS fault
"""

WORKFLOWS_HAVE_THEIR_EVENTS = """
MATCH (w:Workflow)
OPTIONAL MATCH (e:Event {type: 'workflow.registered', workflow: w.key})
WITH w.key AS workflow, w.revision AS revisions, count(e) AS events
WHERE events <> revisions
RETURN workflow + ' is told ' + toString(events) + ' times' AS fault
"""

EVENTS_ARE_OF_WHAT_IS_THERE = """
MATCH (e:Event)
WHERE e.snapshot IS NOT NULL
OPTIONAL MATCH (s:Snapshot {key: e.snapshot})
WITH e.seq AS seq, count(s) AS snapshots
WHERE snapshots <> 1
RETURN 'event ' + toString(seq) + ' is of no version' AS fault
"""

EXPIRED_IS_TOLD_ONCE = """
MATCH (e:Event {type: 'asset.expired'})
WITH e.snapshot AS snapshot, count(e) AS events
WHERE events <> 1
RETURN snapshot + ' expired ' + toString(events) + ' times' AS fault
"""

EXPIRED_ASSETS_WERE_TOLD = """
MATCH (a:Asset)
WHERE a.expired IS NOT NULL
OPTIONAL MATCH (e:Event {type: 'asset.expired', asset: a.key, snapshot: a.expired})
WITH a.key AS asset, count(e) AS events
WHERE events <> 1
RETURN asset + ' expired, told ' + toString(events) + ' times' AS fault
"""

PRODUCED_IN_ORDER = """
MATCH (e:Event {type: 'asset.produced'})
MATCH (s:Snapshot {key: e.snapshot})
WITH s.asset AS asset, e.seq AS seq, s.ordinal AS ordinal ORDER BY seq
WITH asset, collect(ordinal) AS ordinals
WHERE any(i IN range(1, size(ordinals) - 1) WHERE ordinals[i] <= ordinals[i - 1])
RETURN asset + ' is told out of order' AS fault
"""

MARKS_ARE_BEHIND_WHAT_ARRIVED = """
MATCH (p:Partition)<-[m:MARKED_STALE]-(w:Workflow)
OPTIONAL MATCH (s:Snapshot)-[:VERSION_OF]->(p)
WHERE s.createdAt > m.from
WITH p, w, count(DISTINCT m) AS marks, count(s) AS later
WHERE marks <> 1 OR later > 0 OR w.deletedAt IS NOT NULL
RETURN p.key + ' is marked ' + toString(marks) + ' times by ' + w.key + ', or too long' AS fault
"""

PARTITIONS_ARE_THERE_FOR_A_REASON = """
MATCH (p:Partition)
WHERE p.versions = 0 AND p.partitionKey IS NOT NULL AND p.parameters IS NULL
  AND NOT EXISTS { MATCH (p)<-[:MARKED_STALE]-(:Workflow) }
RETURN p.key + ' is empty' AS fault
"""

QUERIES = (
    MARKS_ARE_BEHIND_WHAT_ARRIVED,
    PARTITIONS_ARE_THERE_FOR_A_REASON,
    EMITTED_SNAPSHOTS_EXIST,
    SNAPSHOTS_BELONG_TO_ATTEMPTS,
    REPORTED_ATTEMPTS_SAY_WHAT_THEY_EMITTED,
    ATTEMPTS_BELONG_TO_RUNS,
    VERSIONS_HAVE_NO_HOLE,
    PRODUCTIONS_ARE_COUNTED,
    LATEST_OF_ASSET_IS_NEWEST,
    LATEST_OF_PARTITION_IS_NEWEST,
    RUNS_ARE_COUNTED,
    WRITTEN_ASSETS_ARE_OBSERVED,
    SCHEMAS_ARE_KEPT,
    EVENTS_HAVE_NO_HOLE,
    SNAPSHOTS_HAVE_ONE_EVENT,
    INVALID_SNAPSHOTS_HAVE_ONE_EVENT,
    ATTEMPTS_HAVE_ONE_EVENT,
    RUNS_HAVE_THEIR_EVENTS,
    WORKFLOWS_HAVE_THEIR_EVENTS,
    EVENTS_ARE_OF_WHAT_IS_THERE,
    EXPIRED_IS_TOLD_ONCE,
    EXPIRED_ASSETS_WERE_TOLD,
    PRODUCED_IN_ORDER,
)


NEWEST = """
MATCH (a:Asset)-[:LATEST]->(s:Snapshot)
OPTIONAL MATCH (e:Event {type: 'asset.expired', snapshot: s.key})
RETURN a.key AS asset, a.lasts AS lasts, a.expiresAt AS expiresAt, s.producedAt AS producedAt,
       s.freshness AS freshness, count(e) AS told
"""
"""What is declared is noted as `lasts`; the limits of a version are JSON, which no query reads."""


def _deadline_is_wrong(row: Row) -> bool:
    lasts = first_limit(0, orjson.loads(row["freshness"])) if row["freshness"] else row["lasts"]
    right = None if lasts is None or row["told"] else row["producedAt"] + lasts
    return row["expiresAt"] != right


async def faults(database: Database) -> list[str]:
    """Everything that is not whole. The log must not have been shortened."""

    async def work(tx: Transaction) -> list[str]:
        found = [row["fault"] for query in QUERIES for row in await tx.rows(query)]
        wrong = [row["asset"] for row in await tx.rows(NEWEST) if _deadline_is_wrong(row)]
        return found + [f"{asset} expires at a wrong instant" for asset in wrong]

    return await database.read(work)
