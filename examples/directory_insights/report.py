"""The job `generate-visualizations`: draw a scan as charts and write an HTML report.

It works from the payload of `directory.insights.scan` alone and never looks at the scanned directory again,
so a report shows exactly the version of the scan that it is derived from.
"""

import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template

from . import charts, scan, units
from .jobs import JobContext, JobResult, instant, job, printable, succeeded
from .models import Artifact, Group, Report, Scan

ASSET_ID = "directory.insights.report"
MAX_TITLE = 200
PAGE = Template((Path(__file__).parent / "templates" / "page.html").read_text(encoding="utf-8"))


@job
def handle(context: JobContext) -> JobResult:
    """Parameters: `outputDir`, made when missing; `title` (optional). Input: `directory.insights.scan`."""
    found = Scan.model_validate(context.input(scan.ASSET_ID))
    output = Path(context.text("outputDir"))
    title = _title(context, found)
    generated = context.now()

    output.mkdir(parents=True, exist_ok=True)
    drawings = {chart.name: draw(chart) for draw, chart in charts_of(found)}
    contents = {f"{name}.svg": charts.as_file(svg) for name, svg in drawings.items()}
    contents["index.html"] = page(found, title, instant(generated), drawings)
    contents["scan.json"] = json.dumps(found.to_json(), ensure_ascii=False, indent=2) + "\n"
    artifacts = [_write(output, name, text) for name, text in sorted(contents.items())]

    payload = Report(
        output_dir=str(output.resolve()),
        report_title=title,
        generated_at=instant(generated),
        artifacts=artifacts,
    )
    return succeeded(ASSET_ID, payload, context.now(), files=[artifact.to_json() for artifact in artifacts])


def charts_of(found: Scan) -> list[tuple[charts.Draw, charts.Chart]]:
    """The three charts of a scan, each with the function that draws it."""
    return [
        (
            charts.bars,
            charts.Chart(
                name="file-types",
                title="File types",
                subtitle="Bytes by extension",
                marks=[_mark(group, group.bytes, units.size(group.bytes)) for group in found.types],
                unit=units.size,
                base=1024,
            ),
        ),
        (charts.columns, _by_count("file-sizes", "File sizes", "Files by size", found.sizes)),
        (
            charts.columns,
            _by_count("file-ages", "File ages", "Files by time since the last change", found.ages),
        ),
    ]


def page(found: Scan, title: str, generated_at: str, drawings: dict[str, str]) -> str:
    """The report as one HTML file that loads nothing from elsewhere."""
    return PAGE.substitute(
        css=charts.CSS,
        title=escape(title),
        directory=escape(found.directory),
        generated=escape(units.moment(generated_at)),
        scanned=escape(units.moment(found.scanned_at)),
        tiles=_tiles(found),
        notices=_notices(found),
        charts="".join(_figure(svg) for svg in drawings.values()),
        largest=_largest(found),
        numbers=_numbers(found),
    )


def _title(context: JobContext, found: Scan) -> str:
    given = context.parameters.get("title") or f"What is in {Path(found.directory).name or found.directory}"
    return printable(str(given))[:MAX_TITLE]


def _write(output: Path, name: str, text: str) -> Artifact:
    media_types = {".svg": "image/svg+xml", ".html": "text/html", ".json": "application/json"}
    path = output / name
    content = text.encode()
    path.write_bytes(content)
    return Artifact(relative_path=name, media_type=media_types[path.suffix], size_bytes=len(content))


def _by_count(name: str, title: str, subtitle: str, groups: list[Group]) -> charts.Chart:
    marks = [_mark(group, group.files, units.count(group.files)) for group in groups]
    return charts.Chart(name=name, title=title, subtitle=subtitle, marks=marks, unit=units.count)


def _mark(group: Group, value: int, text: str) -> charts.Mark:
    hint = f"{group.label}: {units.count(group.files, 'file')}, {units.size(group.bytes)}"
    return charts.Mark(label=group.label, value=value, text=text, hint=hint)


def _tiles(found: Scan) -> str:
    tiles = [
        ("Total size", units.size(found.total_bytes)),
        ("Files", units.count(found.files)),
        ("Folders", units.count(found.directories)),
        ("Symbolic links", units.count(found.symlinks)),
    ]
    if found.special:
        tiles.append(("Sockets, pipes, devices", units.count(found.special)))
    return "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in tiles)


def _notices(found: Scan) -> str:
    notices = []
    if found.truncated:
        notices.append(
            f"<p><strong>Not all was seen.</strong> The scan stopped at its limit of "
            f"{units.count(found.max_entries)} entries; every figure covers only what came before.</p>"
        )
    if found.unreadable:
        places = "".join(
            f"<li><code>{escape(place.path)}</code> {escape(place.reason)}</li>" for place in found.unreadable_examples
        )
        more = found.unreadable - len(found.unreadable_examples)
        places += f"<li>and {units.count(more)} more</li>" if more > 0 else ""
        notices.append(
            f"<details><summary><strong>{units.count(found.unreadable, 'place')} could not be read</strong> "
            f"and left uncounted.</summary><ul>{places}</ul></details>"
        )
    if found.excluded:
        names = ", ".join(f"<code>{escape(path)}</code>" for path in found.excluded)
        notices.append(f"<p>Left out on request: {names}</p>")
    return "".join(f'<div class="notice">{notice}</div>' for notice in notices)


def _figure(svg: str) -> str:
    return f'<figure class="card">{svg}</figure>'


def _largest(found: Scan) -> str:
    if not found.largest:
        return '<p class="quiet">There are no files in this directory.</p>'
    rows = [
        (
            f"<code>{escape(file.path)}</code>",
            units.size(file.bytes),
            escape(units.day(file.modified_at or "unknown")),
        )
        for file in found.largest
    ]
    return _table("Largest files", ("File", "Size", "Last change"), rows)


def _numbers(found: Scan) -> str:
    tables = (("Type", found.types), ("Size", found.sizes), ("Age", found.ages))
    return "".join(
        _table(
            f"Files by {name.lower()}",
            (name, "Files", "Bytes"),
            [(escape(g.label), units.count(g.files), units.count(g.bytes)) for g in groups],
        )
        for name, groups in tables
    )


def _table(caption: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table whose cells are HTML already."""
    heads = "".join(f'<th scope="col">{name}</th>' for name in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
