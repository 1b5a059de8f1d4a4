"""Mermaid: a flowchart with a box for each asset and an arrow for each edge, labelled `workflow/stepId`.

A step on no edge is a rounded node of its own. Labels are quoted, and what Mermaid could read as anything but text
(quotes, HTML, Markdown, links, its own entity marks) is written as its character code, `#34;`. Mermaid draws
up to 500 edges unless its `maxEdges` is raised.
"""

import re
from collections.abc import Iterator

from app.export.parts import cut_sentence, ordered_edges, steps_without_edge
from graph.questions.lineage import LineageGraph

# Signs stay only between letters or digits: '1. ' begins a list, '__' means bold, '://' and 'www.' make a link.
# 'ﬂ' and 'ß' belong to the marks that Mermaid puts in place of an entity while it parses.
_UNSAFE = re.compile(
    r"[ﬂß]|(?<![^\W_])[\W_]|[\W_](?![^\W_])|[^\w ./:-]|(?<=www)\.",
    re.IGNORECASE,
)


def mermaid(graph: LineageGraph) -> Iterator[str]:
    """The document, a line at a time."""
    yield "flowchart LR\n"
    if cut := cut_sentence(graph):
        yield f"%% {cut}\n"
    yield "classDef root stroke-width:3px\n"
    nodes: dict[str, str] = {}
    for asset in sorted(graph.assets, key=lambda each: each.key):
        node = nodes[asset.key] = f"a{len(nodes)}"
        yield f'{node}["{_text(asset.asset_id)}"]{":::root" if asset.distance == 0 else ""}\n'
    for number, step in enumerate(steps_without_edge(graph)):
        yield f's{number}(["{_text(_label(step.workflow_slug, step.step_id))}"])\n'
    labels = {step.key: _text(_label(step.workflow_slug, step.step_id)) for step in graph.steps}
    for edge in ordered_edges(graph):
        yield f'{nodes[edge.source]} -->|"{labels[edge.step]}"| {nodes[edge.target]}\n'


def _label(workflow: str, step: str) -> str:
    """A slug holds no slash, so the first one ends it."""
    return f"{workflow}/{step}"


def _text(text: str) -> str:
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};", text)
