"""JSON: the answer as it is, with the names that the other interfaces use."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from app.export.parts import ordered_edges
from graph.questions.lineage import LineageGraph


def json_document(graph: LineageGraph) -> Iterator[str]:
    """The document, an element of a list at a time."""
    facts = {
        "truncated": graph.truncated,
        "truncationReason": graph.truncation_reason.value if graph.truncation_reason else None,
        "depthReached": graph.depth_reached,
        "totalKnown": graph.total_known,
    }
    yield _text(facts)[:-1]
    yield ',"assets":['
    yield from _elements(
        {"assetId": each.asset_id, "key": each.key, "distance": each.distance}
        for each in sorted(graph.assets, key=lambda each: (each.distance, each.key))
    )
    yield '],"steps":['
    yield from _elements(
        {
            "key": each.key,
            "stepId": each.step_id,
            "name": each.name,
            "type": each.type,
            "workflowSlug": each.workflow_slug,
            "workflowName": each.workflow_name,
            "distance": each.distance,
        }
        for each in sorted(graph.steps, key=lambda each: each.key)
    )
    yield '],"edges":['
    yield from _elements(
        {"from": each.source, "step": each.step, "to": each.target, "distance": each.distance}
        for each in ordered_edges(graph)
    )
    yield "]}"


def _elements(elements: Iterable[dict[str, Any]]) -> Iterator[str]:
    for number, element in enumerate(elements):
        yield f",{_text(element)}" if number else _text(element)


def _text(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()
