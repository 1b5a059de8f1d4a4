"""CSV (RFC 4180): one row for each edge, and one for whatever stands on none.

| row | from | step | workflow | to | distance |
|---|---|---|---|---|---|
| edge | asset id | step id | workflow slug | asset id | the edge's hop |
| asset on no edge | asset id | | | | the asset's distance |
| step on no edge | | step id | workflow slug | | the step's hop |

A cell that a spreadsheet would take for a formula begins with an apostrophe, and so does one that began with an
apostrophe anyway: a reader that drops one leading apostrophe has the exact text. CSV has no comments, so a cut is told
by the header of the answer alone.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from app.export.parts import ordered_edges, steps_without_edge
from graph.questions.lineage import LineageGraph

COLUMNS = ("from", "step", "workflow", "to", "distance")

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "'")  # noqa: RUF001  full-width ones count too


def csv_rows(graph: LineageGraph) -> Iterator[str]:
    """The document, a row at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (COLUMNS, *_rows(graph)):
        writer.writerow(row)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _rows(graph: LineageGraph) -> Iterable[tuple[str, ...]]:
    ids = {asset.key: asset.asset_id for asset in graph.assets}
    steps = {step.key: step for step in graph.steps}
    linked: set[str] = set()
    for edge in ordered_edges(graph):
        step = steps[edge.step]
        linked |= {edge.source, edge.target}
        yield (
            _cell(ids[edge.source]),
            _cell(step.step_id),
            _cell(step.workflow_slug),
            _cell(ids[edge.target]),
            str(edge.distance),
        )
    for asset in sorted(graph.assets, key=lambda each: each.key):
        if asset.key not in linked:
            yield _cell(asset.asset_id), "", "", "", str(asset.distance)
    for step in steps_without_edge(graph):
        yield "", _cell(step.step_id), _cell(step.workflow_slug), "", str(step.distance)


def _cell(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
