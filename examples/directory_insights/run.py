"""Scan a directory, report on it and archive the report, all recorded by the service.

`python -m examples.directory_insights.run --url http://127.0.0.1:4000 --directory DIR --output DIR`
"""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console
from rich.text import Text

from . import archive, report, scan, units
from .jobs import JobResult, printable
from .orchestrator import Orchestrator, Run
from .service import Service, ServiceError, Snapshot

REPORT = "directory-insights-report"
ARCHIVE = "directory-insights-archive"


class Terminal:
    """Progress on a terminal: one line a step. Nothing from outside is read as markup."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """A spinner while the step works."""
        self._began = time.monotonic()
        with self._console.status(Text(name)):
            yield

    def done(self, name: str, result: JobResult, warnings: list[str]) -> None:
        """What became of the step, and how long it took."""
        took = f"{time.monotonic() - self._began:.1f} s"
        if result["status"] == "failed":
            self._line("✗ ", "bold red", name, f"{took}\n  {result['errorMessage']}")
        else:
            self._line("✓ ", "bold green", name, took)
        for warning in warnings:
            self.note(warning)

    def note(self, sentence: str) -> None:
        """Something worth knowing."""
        self._line("! ", "yellow", printable(sentence))

    def heading(self, text: str) -> None:
        """What comes next."""
        self._console.print(Text(f"\n{text}", "bold"))

    def made(self, produced: dict[str, Snapshot]) -> None:
        """What there is to open, at the end."""
        self.heading("Made")
        found, page, packed = (produced[name].payload for name in (scan.ASSET_ID, report.ASSET_ID, archive.ASSET_ID))
        size = units.size(found["totalBytes"])
        seen = f"{units.count(found['files'], 'file')}, {size}, in {found['directory']}"
        self._line("  scanned  ", "dim", seen + (" (not all: the limit was reached)" if found["truncated"] else ""))
        self._line("  report   ", "dim", str(Path(page["outputDir"]) / "index.html"))
        self._line("  archive  ", "dim", f"{packed['archivePath']}  {units.size(packed['sizeBytes'])}")
        self._line("  sha256   ", "dim", packed["sha256"])

    def _line(self, sign: str, style: str, text: str, quiet: str = "") -> None:
        # A path or a checksum is there to be copied: it is never broken in two.
        rest = ("  " + quiet, "dim") if quiet else ""
        self._console.print(Text.assemble((sign, style), text, rest), soft_wrap=True)


def definitions() -> list[dict[str, Any]]:
    """The two workflows, as their JSON files define them."""
    folder = Path(__file__).parent / "workflows"
    return [json.loads((folder / f"{slug}.json").read_text(encoding="utf-8")) for slug in (REPORT, ARCHIVE)]


def insights(orchestrator: Orchestrator, directory: Path, output: Path, limit: int, terminal: Terminal) -> list[Run]:
    """Run both workflows, the archive only after a report that succeeded; returns the runs."""
    orchestrator.register()
    mark = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{uuid.uuid4().hex[:8]}"
    # Every report has a directory of its own, so that what older versions point to stays as it was.
    plans = (
        (
            REPORT,
            {
                "directory": str(directory),
                "outputDir": str(output / f"report-{mark}"),
                "exclude": [str(output)],
                "maxEntries": limit,
            },
        ),
        (ARCHIVE, {"archiveDir": str(output / "archives")}),
    )
    runs: list[Run] = []
    for slug, parameters in plans:
        terminal.heading(slug)
        runs.append(orchestrator.run(slug, f"{slug}-{mark}", parameters))
        if runs[-1].error:
            break
    return runs


def _sendable(path: Path) -> Path:
    """A path that JSON can carry: the service is told of it."""
    if printable(str(path)) != str(path):
        raise typer.BadParameter("the path must be UTF-8 without control characters")
    return path.absolute()


def _address(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise typer.BadParameter(str(error)) from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise typer.BadParameter("must begin with http:// or https:// and name a host")
    return url


app = typer.Typer(add_completion=False)


@app.command()
def main(
    directory: Annotated[Path, typer.Option(help="The directory to look at.", callback=_sendable)],
    output: Annotated[Path, typer.Option(help="Where reports and archives are written.", callback=_sendable)],
    url: Annotated[str, typer.Option(help="The service.", callback=_address)] = "http://127.0.0.1:4000",
    token: Annotated[
        str, typer.Option(envvar="LINEAGE_TOKEN", help="A token with the scopes read, report and write.")
    ] = "",
    limit: Annotated[
        int, typer.Option("--max-entries", min=1, help="Look at so many files and folders at most.")
    ] = scan.DEFAULT_MAX_ENTRIES,
) -> None:
    """Scan DIRECTORY, report on it and archive the report, all recorded by the service."""
    console = Console()
    terminal = Terminal(console)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=30) as http:
            orchestrator = Orchestrator(Service(http, told=terminal.note), definitions(), terminal)
            runs = insights(orchestrator, directory, output, limit, terminal)
    except ServiceError as error:
        Console(stderr=True).print(Text(printable(str(error)), "red"), soft_wrap=True)
        raise typer.Exit(1) from error
    if any(run.error for run in runs):
        raise typer.Exit(1)
    terminal.made({name: made for run in runs for name, made in run.produced.items()})


if __name__ == "__main__":
    app()
