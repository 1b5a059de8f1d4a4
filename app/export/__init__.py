"""Lineage as text for other tools: CSV, Mermaid, Graphviz DOT, GraphML and JSON.

Each format is a pure function from a `LineageGraph` to pieces of text that joined are the document, so that a big one
can be sent while it is written. All hold the same sets: every asset, every edge (asset, step, asset), and every step
that stands on no edge because it only reads or only writes. The same graph always gives the same text.
"""

import dataclasses
from collections.abc import Callable, Iterator

from app.export.csv_rows import csv_rows
from app.export.dot import dot
from app.export.graphml import graphml
from app.export.json_document import json_document
from app.export.mermaid import mermaid
from graph.questions.lineage import LineageGraph


@dataclasses.dataclass(frozen=True, slots=True)
class Format:
    """A format: how it is written, its media type, and the extension of its files."""

    write: Callable[[LineageGraph], Iterator[str]]
    media_type: str
    extension: str


FORMATS = {
    "csv": Format(csv_rows, "text/csv; charset=utf-8; header=present", "csv"),
    "mermaid": Format(mermaid, "text/vnd.mermaid; charset=utf-8", "mmd"),
    "dot": Format(dot, "text/vnd.graphviz; charset=utf-8", "gv"),
    "graphml": Format(graphml, "application/graphml+xml", "graphml"),
    "json": Format(json_document, "application/json", "json"),
}

__all__ = ["FORMATS", "Format"]
