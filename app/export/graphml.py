"""GraphML: nodes of kind `asset`, and of kind `step` for steps on no edge; each edge with its step and workflow.

Characters that XML 1.0 cannot hold at all, not even as a reference, become U+FFFD.
"""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from app.export.parts import ordered_edges, steps_without_edge
from graph.questions.lineage import LineageGraph

_KEYS = (
    ("kind", "node", "string"),
    ("id", "node", "string"),
    ("name", "node", "string"),
    ("workflow", "node", "string"),
    ("distance", "node", "int"),
    ("step", "edge", "string"),
    ("stepName", "edge", "string"),
    ("stepWorkflow", "edge", "string"),
    ("hop", "edge", "int"),
    ("truncated", "graph", "boolean"),
    ("truncationReason", "graph", "string"),
    ("depthReached", "graph", "int"),
    ("totalKnown", "graph", "int"),
)

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(graph: LineageGraph) -> Iterator[str]:
    """The document, an element at a time."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for name, of, kind in _KEYS:
        yield f'<key id="{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '<graph id="lineage" edgedefault="directed">\n'
    yield _data("truncated", "true" if graph.truncated else "false") + "\n"
    if graph.truncation_reason is not None:
        yield _data("truncationReason", graph.truncation_reason.value) + "\n"
    yield _data("depthReached", graph.depth_reached) + "\n"
    if graph.total_known is not None:
        yield _data("totalKnown", graph.total_known) + "\n"
    nodes: dict[str, str] = {}
    for asset in sorted(graph.assets, key=lambda each: each.key):
        node = nodes[asset.key] = f"a{len(nodes)}"
        facts = _data("kind", "asset") + _data("id", asset.asset_id) + _data("distance", asset.distance)
        yield f'<node id="{node}">{facts}</node>\n'
    for number, step in enumerate(steps_without_edge(graph)):
        facts = _data("kind", "step") + _data("id", step.step_id) + _data("name", step.name)
        facts += _data("workflow", step.workflow_slug) + _data("distance", step.distance)
        yield f'<node id="s{number}">{facts}</node>\n'
    steps = {
        step.key: _data("step", step.step_id) + _data("stepName", step.name) + _data("stepWorkflow", step.workflow_slug)
        for step in graph.steps
    }
    for number, edge in enumerate(ordered_edges(graph)):
        ends = f'source="{nodes[edge.source]}" target="{nodes[edge.target]}"'
        yield f'<edge id="e{number}" {ends}>{steps[edge.step]}{_data("hop", edge.distance)}</edge>\n'
    yield "</graph>\n</graphml>\n"


def _data(key: str, value: str | int) -> str:
    # A bare carriage return would be read back as a line feed.
    text = escape(_UNWRITABLE.sub("\ufffd", str(value)), {"\r": "&#13;"})
    return f'<data key="{key}">{text}</data>'
