"""Is everything in the graph whole? One query for each promise of docs/decisions/0001-shape.md that a sudden end
could break; each row that one returns is a fault.
"""

from graph.database import Database, Transaction

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

QUERIES = (
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
)


async def faults(database: Database) -> list[str]:
    """Everything that is not whole."""

    async def work(tx: Transaction) -> list[str]:
        return [row["fault"] for query in QUERIES for row in await tx.rows(query)]

    return await database.read(work)
