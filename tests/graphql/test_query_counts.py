"""No field of any list costs a query per item: twelve items take the same Cypher queries as three.

Walks the schema: for each type that stands in a list, each of its fields is asked for on a list of few and of many
items, with everything that hangs on what the field leads to.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
)

from graph.rules.instants import format_instant
from tests.graphql.conftest import Graph
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

LISTS = {
    "Asset": '{ assets(idPrefix: "leaf", first: 100) { nodes { * } } }',
    "Workflow": "{ workflows(first: 100) { nodes { * } } }",
    "Step": '{ workflow(slug: "hub") { steps { * } } }',
    "Run": "{ runs(first: 100) { nodes { * } } }",
    "RunRequest": "{ runRequests(first: 100) { nodes { * } } }",
    "StepRun": '{ run(id: "run-of-SIZE") { steps { * } } }',
    "Snapshot": '{ asset(id: "root") { history(first: 100) { nodes { * } } } }',
    "Declaration": '{ asset(id: "root") { consumers { * } } }',
    "Partition": '{ asset(id: "root") { partitions(first: 100) { nodes { * } } } }',
    "StaleMark": '{ asset(id: "root") { stalePartitions { * } } }',
    "Revision": '{ workflow(slug: "source") { revisions(first: 100) { nodes { * } } } }',
    "FreshnessReason": '{ assets(idPrefix: "leaf", first: 100) { nodes { freshness { reasons { * } } } } }',
    "LineageAsset": '{ lineage(roots: ["root"]) { assets { * } } }',
    "LineageStep": '{ lineage(roots: ["root"]) { steps { * } } }',
    "LineageEdge": '{ lineage(roots: ["root"]) { edges { * } } }',
    "ImpactAsset": '{ impact(assets: ["root"]) { byDistance { assets { * } } } }',
    "ImpactDistance": '{ impact(assets: ["root"]) { byDistance { * } } }',
    "ImpactWorkflow": '{ impact(assets: ["root"]) { byWorkflow { * } } }',
    "ProvenanceSnapshot": '{ provenance(snapshot: "SUM") { snapshots { * } } }',
    "ProvenanceEdge": '{ provenance(snapshot: "SUM") { edges { * } } }',
    "ProvenanceRun": '{ provenance(snapshot: "SUM") { runs { * } } }',
    "InputChange": '{ diff(from: "ROOT", to: "SUM") { inputs { * } } }',
    "GateAsset": "{ gate(assets: [LEAVES], upstream: true) { assets { * } } }",
    "Event": "{ events(first: 100) { nodes { * } } }",
    "SearchResult": '{ search(text: "leaf", first: 100) { nodes { * } } }',
}
"""For each type that stands in a list, such a list; `*` is where its fields go."""

LATEST = 'asset(id: "%s") { latest { snapshotId } }'

NOT_ASKED = {"Delivery", "FreshnessChange", "Warning", "Webhook"}
"""Plain: none of their fields asks for anything. Changes of freshness are listed by a subscription alone, one event at a
time; their assets come from the loaders that every other list takes.
"""


async def test_every_field_of_every_list_costs_the_same_for_few_and_for_many(graph: Graph) -> None:
    few, many = await costs(graph, 3), await costs(graph, 12)
    assert {where: many[where] for where in many if many[where] != few[where]} == {}
    assert len(many) > 50


AS_OF = """query ($root: String!, $at: DateTime!) { lineage(roots: [$root], asOf: { instant: $at }) { assets {
  assetId upstreamCount downstreamCount producedBy { name workflowName } latest { version } freshness { state } } } }"""


async def test_a_past_instant_costs_the_same_for_few_and_for_many(graph: Graph) -> None:
    costs = []
    for size in (3, 12):
        leaves = [step(f"s{n}", consumes=[f"root{size}"], produces=[f"leaf{size}.{n}"]) for n in range(size)]
        await graph.service.register(workflow(f"fan{size}", *leaves))
        for number in range(2):
            for n in range(size):
                await graph.service.produce(f"fan{size}", f"s{n}", f"leaf{size}.{n}", number)
            graph.service.clock.forward(60_000)
        at = format_instant(graph.service.clock.now - 90_000)
        found = await graph.ask(AS_OF, root=f"root{size}", at=at)
        assert [each["latest"] for each in found["lineage"]["assets"]] == [None, *[{"version": 1}] * size]
        costs.append(sorted(graph.queries))
    assert costs[0] == costs[1]


def test_no_type_in_a_list_is_left_out(schema: strawberry.Schema) -> None:
    listed = {
        get_named_type(field.type).name
        for kind in schema._schema.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for field in kind.fields.values()
        if "[" in str(field.type) and isinstance(get_named_type(field.type), GraphQLObjectType | GraphQLUnionType)
    }
    of_pages = {f"{name}Edge" for name in (*LISTS, *NOT_ASKED)}
    assert listed - of_pages - NOT_ASKED == set(LISTS)


async def costs(graph: Graph, size: int) -> dict[str, list[str]]:
    """The queries of each field, on lists of so many items."""
    await build(graph, size)
    # Schemas are kept in the process: who asks first pays.
    await graph.ask('{ asset(id: "root") { latest { schema } } }')
    found = {}
    known = await graph.ask("{ SUM: %s ROOT: %s }" % (LATEST % "sum", LATEST % "root"))
    names = {name: asset["latest"]["snapshotId"] for name, asset in known.items()} | {"SIZE": str(size)}
    names["LEAVES"] = " ".join(f'"leaf{number}"' for number in range(size))
    for where, document in documents(graph):
        data = await graph.ask(re.sub("LEAVES|SIZE|SUM|ROOT", lambda match: names[match[0]], document))
        # There are two distances, however wide the graph is.
        assert longest(data) >= size or where == "ImpactDistance leaves", where
        found[where] = sorted(graph.queries)
    return found


def longest(value: Any) -> int:
    """The length of the longest list in an answer."""
    if isinstance(value, dict):
        return max(map(longest, value.values()), default=0)
    return max([len(value), *map(longest, value)]) if isinstance(value, list) else 0


async def build(graph: Graph, size: int) -> None:
    """`root` in as many partitions, read by as many steps of `hub`, whose leaves as many workflows read."""
    service = graph.service
    root = {"assetId": "root", "partitioning": {"type": "dynamic"}, "freshness": {"ttlMs": 1}}
    for number in range(size):
        await service.register(workflow("source", step("make", produces=[root]), description=f"{size}.{number}"))
        run = await service.start("source", partitionKey=f"p{number}")
        await service.report(run, "make", produced({"assetId": "root", "payload": number, "schema": {}}))
    leaves = [
        step(f"leaf{n}", consumes=["root"], produces=[{"assetId": f"leaf{n}", "owner": "o"}]) for n in range(size)
    ]
    await service.register(workflow("hub", *leaves))
    run = await service.start("hub", id=f"run-of-{size}")
    for number in range(size):
        await service.register(
            workflow(f"far{number}", step("far", consumes=[f"leaf{number}"], produces=[f"far{number}"]))
        )
        inputs = [{"assetId": "root", "partitionKey": f"p{number}"}]
        report = produced({"assetId": f"leaf{number}", "payload": 1}, inputs=inputs)
        await service.report(run, f"leaf{number}", report)
        far = await service.start(f"far{number}")
        await service.report(far, "far", produced({"assetId": f"far{number}", "payload": 1}))
        await service.send("POST", f"/workflows/far{number}/run", {}, 202)
    for number in range(size):
        body = {"partitionKey": f"p{number}"}
        await service.send("POST", "/workflows/source/assets/root/stale", body, 204)
    await service.register(workflow("total", step("sum", produces=["sum"])))
    total = await service.start("total")
    ends = [{"assetId": f"far{number}"} for number in range(size)]
    await service.report(total, "sum", produced({"assetId": "sum", "payload": 1}, inputs=ends))


def documents(graph: Graph) -> Iterator[tuple[str, str]]:
    """(where, operation) for each field of each type that stands in a list."""
    types = graph.schema._schema.type_map
    for name, document in LISTS.items():
        kind = types[name]
        if isinstance(kind, GraphQLUnionType):
            yield name, document.replace("*", " ".join(f"... on {each.name} {{ id }}" for each in kind.types))
            continue
        assert isinstance(kind, GraphQLObjectType)
        leaves, others = [], []
        for field_name, field in kind.fields.items():
            (leaves if _is_leaf(field) else others).append(f"{field_name} {_selection(field)}")
        yield f"{name} leaves", document.replace("*", " ".join(leaves))
        for each in others:
            yield f"{name}.{each}", document.replace("*", each)


def _selection(field: GraphQLField) -> str:
    """What to ask of a field: nothing of a leaf, else the leaves of what it leads to, through a page."""
    kind = get_named_type(field.type)
    if _is_leaf(field):
        return ""
    assert isinstance(kind, GraphQLObjectType)
    if "nodes" in kind.fields:
        return f"{{ nodes {_selection(kind.fields['nodes'])} pageInfo {{ hasNextPage endCursor }} }}"
    return f"{{ {' '.join(name for name, each in kind.fields.items() if _is_leaf(each))} }}"


def _is_leaf(field: GraphQLField) -> bool:
    return isinstance(get_named_type(field.type), GraphQLScalarType | GraphQLEnumType)
