r"""Graphviz DOT: a box for each asset, an edge for each edge, labelled `workflow/stepId`, with its distance.

A step on no edge is an ellipse of its own. Nodes have plain names; every text is a quoted label, where a backslash
begins an escape such as `\N` and an ampersand an HTML entity, so both are written as escapes themselves.
"""

import re
from collections.abc import Iterator

from app.export.parts import cut_sentence, ordered_edges, steps_without_edge
from graph.questions.lineage import LineageGraph

_SPECIAL = re.compile(r'[\\"&\x00-\x1f\x7f]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "&": "&amp;"}


def dot(graph: LineageGraph) -> Iterator[str]:
    """The document, a line at a time."""
    yield "digraph lineage {\n"
    if cut := cut_sentence(graph):
        yield f"// {cut}\n"
    yield "rankdir=LR\n"
    nodes: dict[str, str] = {}
    for asset in sorted(graph.assets, key=lambda each: each.key):
        node = nodes[asset.key] = f"a{len(nodes)}"
        yield f"{node} [label={_quoted(asset.asset_id)}, shape=box, distance={asset.distance}]\n"
    for number, step in enumerate(steps_without_edge(graph)):
        label = _quoted(f"{step.workflow_slug}/{step.step_id}")
        yield f"s{number} [label={label}, shape=ellipse, distance={step.distance}]\n"
    labels = {step.key: _quoted(f"{step.workflow_slug}/{step.step_id}") for step in graph.steps}
    for edge in ordered_edges(graph):
        arrow = f"{nodes[edge.source]} -> {nodes[edge.target]}"
        yield f"{arrow} [label={labels[edge.step]}, distance={edge.distance}]\n"
    yield "}\n"


def _quoted(text: str) -> str:
    return '"' + _SPECIAL.sub(lambda found: _ESCAPES.get(found[0]) or f"&#{ord(found[0])};", text) + '"'
