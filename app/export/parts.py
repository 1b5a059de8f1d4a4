"""What the formats share: a graph's parts in a fixed order, and the sentence about a cut."""

from graph.questions.lineage import LineageEdge, LineageGraph
from graph.questions.names import LineageStep


def ordered_edges(graph: LineageGraph) -> list[LineageEdge]:
    """The edges by both ends and step."""
    return sorted(graph.edges, key=lambda edge: (edge.source, edge.target, edge.step))


def steps_without_edge(graph: LineageGraph) -> list[LineageStep]:
    """The steps that only read or only write what is in the answer, by key."""
    used = {edge.step for edge in graph.edges}
    return sorted((step for step in graph.steps if step.key not in used), key=lambda step: step.key)


def cut_sentence(graph: LineageGraph) -> str | None:
    """What to write beside an answer that holds less than there is; None when it is complete."""
    if graph.truncation_reason is None:
        return None
    total = "an unknown number of" if graph.total_known is None else str(graph.total_known)
    return (
        f"truncated ({graph.truncation_reason.value}): {len(graph.assets)} of {total} assets, "
        f"complete to distance {graph.depth_reached}"
    )
