"""Every format, read back by a reader of its own, holds the same assets, edges and lone steps."""

import csv
import dataclasses
import html
import io
import re
import warnings
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

import networkx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.export import FORMATS
from graph.questions.lineage import LineageAsset, LineageEdge, LineageGraph, TruncationReason
from graph.questions.names import LineageStep

with warnings.catch_warnings():
    # Its parser is built with names that pyparsing has renamed.
    warnings.simplefilter("ignore", DeprecationWarning)
    import pydot
    import pydot.dot_parser

Contents = tuple[set[str], set[tuple[str, str, str, str]], set[tuple[str, str]]]
"""Asset ids, edges (from, workflow, step, to), and (workflow, step) of the steps on no edge."""

HOSTILE = [
    '=HYPERLINK("http://x")',
    "a,b",
    'say "hi"',
    "two\nlines",
    "<script>alert(1)</script>",
    "&amp; &lt;",
    "#quot; #35;",
    "back\\slash \\N \\",
    "'quoted",
    "1. list",
    "__bold__ `code` **b**",
    "https://www.example.org/x",
    "ﬂ°°35¶ß",
    "end",
    "名前 😀 é",
    "]]>--> %% |",
    "{}[]()",
    " padded ",
    "-1+1",
    "subgraph",
]
TEXT = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)


@st.composite
def graphs(draw: st.DrawFn) -> LineageGraph:
    ids = draw(st.lists(TEXT, min_size=1, max_size=6, unique=True))
    assets = [LineageAsset(f"key-{n}", each, draw(st.integers(0, 3))) for n, each in enumerate(ids)]
    steps = [
        LineageStep(f"flow{n % 2}/{each}", each, draw(TEXT), "job", f"flow{n % 2}", f"flow{n % 2}", draw(TEXT), 1)
        for n, each in enumerate(draw(st.lists(TEXT, max_size=4, unique=True)))
    ]
    keys = st.sampled_from([asset.key for asset in assets])
    edges: set[tuple[str, str, str]] = set()
    if steps:
        edges = draw(st.sets(st.tuples(keys, st.sampled_from([step.key for step in steps]), keys), max_size=10))
    return LineageGraph(assets, steps, [LineageEdge(*edge, 1) for edge in sorted(edges)], False, None, 3, len(assets))


def contents(graph: LineageGraph) -> Contents:
    ids = {asset.key: asset.asset_id for asset in graph.assets}
    steps = {step.key: (step.workflow_slug, step.step_id) for step in graph.steps}
    edges = {(ids[e.source], *steps[e.step], ids[e.target]) for e in graph.edges}
    return set(ids.values()), edges, set(steps.values()) - {edge[1:3] for edge in edges}


def written(name: str, graph: LineageGraph) -> str:
    return "".join(FORMATS[name].write(graph))


def read_csv(text: str) -> Contents:
    assets: set[str] = set()
    edges: set[tuple[str, str, str, str]] = set()
    steps: set[tuple[str, str]] = set()
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        source, step, workflow, target = (row[name].removeprefix("'") for name in ("from", "step", "workflow", "to"))
        assets |= {each for each in (source, target) if each}
        if source and target:
            edges.add((source, workflow, step, target))
        elif step:
            steps.add((workflow, step))
    return assets, edges, steps


def read_mermaid(text: str) -> Contents:
    """A small reader of the flowchart lines; quoted text ends at the next quote, as in Mermaid's own grammar."""
    nodes: dict[str, str] = {}
    edges: list[tuple[str, str, str]] = []
    kind, *lines = text.splitlines()
    assert kind == "flowchart LR"
    for line in lines:
        node = re.fullmatch(r'(?:(a\d+)\["([^"]+)"\](?::::root)?|(s\d+)\(\["([^"]+)"\]\))', line)
        edge = re.fullmatch(r'(a\d+) -->\|"([^"]+)"\| (a\d+)', line)
        if node:
            nodes[node[1] or node[3]] = decoded(node[2] or node[4])
        elif edge:
            edges.append((edge[1], decoded(edge[2]), edge[3]))
        else:
            assert re.match(r"%% |classDef ", line), line
    return labelled(nodes, edges)


def decoded(label: str) -> str:
    assert not re.search(r"[<>&`*ﬂß]", label)
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


def read_dot(text: str) -> Contents:
    (parsed,) = pydot.graph_from_dot_data(text) or ()
    nodes = {node.get_name(): unquoted(node.get("label")) for node in parsed.get_nodes() if node.get("label")}
    edges = [(e.get_source(), unquoted(e.get("label")), e.get_destination()) for e in parsed.get_edges()]
    return labelled(nodes, edges)


def unquoted(label: str) -> str:
    plain = re.sub(r"\\(.)", lambda found: {"n": "\n"}.get(found[1], found[1]), label[1:-1], flags=re.DOTALL)
    return html.unescape(plain)


def labelled(nodes: dict[str, str], edges: list[tuple[str, str, str]]) -> Contents:
    shown = {(nodes[source], *split(label), nodes[target]) for source, label, target in edges}
    lone = {split(label) for node, label in nodes.items() if node.startswith("s")}
    return {label for node, label in nodes.items() if node.startswith("a")}, shown, lone


def split(label: str) -> tuple[str, str]:
    workflow, _, step = label.partition("/")
    return workflow, step


def read_graphml(text: str) -> Contents:
    parsed = networkx.parse_graphml(text, force_multigraph=True)
    assets = {node: facts["id"] for node, facts in parsed.nodes(data=True) if facts["kind"] == "asset"}
    edges = {
        (assets[source], facts["stepWorkflow"], facts["step"], assets[target])
        for source, target, facts in parsed.edges(data=True)
    }
    steps = {(facts["workflow"], facts["id"]) for _, facts in parsed.nodes(data=True) if facts["kind"] == "step"}
    return set(assets.values()), edges, steps


def read_json(text: str) -> Contents:
    document = orjson.loads(text)
    ids = {asset["key"]: asset["assetId"] for asset in document["assets"]}
    steps = {step["key"]: (step["workflowSlug"], step["stepId"]) for step in document["steps"]}
    edges = {(ids[e["from"]], *steps[e["step"]], ids[e["to"]]) for e in document["edges"]}
    return set(ids.values()), edges, set(steps.values()) - {edge[1:3] for edge in edges}


READERS: dict[str, Callable[[str], Contents]] = {
    "csv": read_csv,
    "mermaid": read_mermaid,
    "dot": read_dot,
    "graphml": read_graphml,
    "json": read_json,
}


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None)
@given(graph=graphs())
def test_a_format_read_back_holds_the_graph(name: str, graph: LineageGraph) -> None:
    assert READERS[name](written(name, graph)) == contents(graph)


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=20, deadline=None)
@given(graph=graphs(), data=st.data())
def test_the_order_of_the_parts_does_not_matter(name: str, graph: LineageGraph, data: st.DataObject) -> None:
    mixed = dataclasses.replace(
        graph,
        assets=data.draw(st.permutations(graph.assets)),
        steps=data.draw(st.permutations(graph.steps)),
        edges=data.draw(st.permutations(graph.edges)),
    )
    assert written(name, mixed) == written(name, graph)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", FORMATS)
def test_every_hostile_text_survives_as_asset_and_step(name: str, text: str) -> None:
    graph = small(asset=text, step=text)
    assert READERS[name](written(name, graph)) == contents(graph)


def test_no_cell_begins_like_a_formula() -> None:
    for text in HOSTILE:
        for row in csv.reader(io.StringIO(written("csv", small(asset=text, step=text)), newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_what_xml_cannot_hold_becomes_the_replacement_character() -> None:
    text = written("graphml", small(asset="a\x00\x0b\ufffe\ud800b", step="x\r\ny"))
    ElementTree.fromstring(text)
    assert read_graphml(text)[0] == {"a\ufffd\ufffd\ufffd\ufffdb", "plain"}
    assert {edge[2] for edge in read_graphml(text)[1]} == {"x\r\ny"}


@pytest.mark.parametrize("name", ["mermaid", "dot"])
def test_a_cut_stands_in_a_comment(name: str) -> None:
    text = written(name, cut(total=7))
    assert "truncated (LIMIT): 2 of 7 assets, complete to distance 1" in text
    assert READERS[name](text) == contents(cut(total=7))
    assert "2 of an unknown number of assets" in written(name, cut(total=None))


def test_a_cut_stands_in_the_fields_of_graphml_and_json() -> None:
    told = networkx.parse_graphml(written("graphml", cut(total=7)), force_multigraph=True).graph
    assert (told["truncated"], told["truncationReason"], told["depthReached"], told["totalKnown"]) == (
        True,
        "LIMIT",
        1,
        7,
    )
    document = orjson.loads(written("json", cut(total=None)))
    assert (document["truncated"], document["truncationReason"], document["totalKnown"]) == (True, "LIMIT", None)


def cut(total: int | None) -> LineageGraph:
    return dataclasses.replace(
        small(asset="a", step="s"),
        truncated=True,
        truncation_reason=TruncationReason.LIMIT,
        depth_reached=1,
        total_known=total,
    )


def small(*, asset: str, step: str) -> LineageGraph:
    """Two assets with an edge between them, and a step on none."""
    steps = [LineageStep(f"flow/{each}", each, each, "job", "flow", "flow", "Flow", 1) for each in (step, step + ".")]
    edges = [LineageEdge("k1", f"flow/{step}", "k2", 1)]
    assets = [LineageAsset("k1", asset, 0), LineageAsset("k2", "plain", 1)]
    return LineageGraph(assets, steps, edges, False, None, 1, 2)
