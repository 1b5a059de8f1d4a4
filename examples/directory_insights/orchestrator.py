"""Run a workflow: its steps in the order of their dependencies, each reported to the service.

A step reads exactly the versions that it names in its report: what this run made itself, else the newest
version that the service knows.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from typing import Any, Protocol

from . import archive, report, scan
from .jobs import Handler, JobContext, JobResult, instant
from .service import Refused, Service, Snapshot

HANDLERS: Mapping[str, Handler] = {
    "scan-directory": scan.handle,
    "generate-visualizations": report.handle,
    "archive-report": archive.handle,
}
"""The jobs by their slug, as the definitions name them."""

Definition = dict[str, Any]


class Progress(Protocol):
    """Who is told how a run goes."""

    def step(self, name: str) -> AbstractContextManager[object]:
        """Around the work of one step."""

    def done(self, name: str, result: JobResult, warnings: list[str]) -> None:
        """A step was reported."""


@dataclass
class Run:
    """One run, while it goes and when it is over."""

    id: str
    definition: Definition
    parameters: dict[str, Any]
    results: dict[str, JobResult] = field(default_factory=dict)
    """By step id, in the order in which the steps ran."""

    produced: dict[str, Snapshot] = field(default_factory=dict)
    """By asset id, as the service recorded it."""

    @property
    def error(self) -> str | None:
        """What the step that failed had to say; None when none did."""
        return next((r["errorMessage"] for r in self.results.values() if r["status"] == "failed"), None)


class Orchestrator:
    """Runs workflows whose definitions it knows, against one service."""

    def __init__(self, service: Service, definitions: list[Definition], progress: Progress) -> None:
        self._service = service
        self._definitions = {definition["slug"]: definition for definition in definitions}
        self._makers = dict(_makers(definitions))
        self._progress = progress

    def register(self) -> None:
        """Register every workflow; again does no harm."""
        for definition in self._definitions.values():
            self._service.register(definition)

    def run(self, slug: str, run_id: str, parameters: dict[str, Any]) -> Run:
        """Run a workflow to its end, or to the first step that fails.

        Raises ServiceError when the service refuses or stays away; what it refused ends the run as failed.
        """
        run = Run(run_id, self._definitions[slug], parameters)
        started = {"id": run_id, "parameters": parameters, "triggeredBy": "directory-insights example"}
        self._service.start_run(slug, {**started, "startedAt": _now()})
        try:
            for step in in_order(run.definition["steps"]):
                run.results[step["id"]] = result = self._step(run, step)
                if result["status"] == "failed":
                    break
        except Refused as refusal:
            self._finish(run, "failed", str(refusal))
            raise
        except KeyboardInterrupt:
            self._finish(run, "canceled", "Interrupted.")
            raise
        self._finish(run, "failed" if run.error else "succeeded", run.error)
        return run

    def _step(self, run: Run, step: dict[str, Any]) -> JobResult:
        began = _now()
        self._service.start_step(run.id, step["id"], {"startedAt": began})
        name = step.get("name", step["id"])
        with self._progress.step(name):
            inputs = self._inputs(run, step)
            payloads = {snapshot.asset_id: snapshot.payload for snapshot in inputs}
            result = HANDLERS[step["jobSlug"]](JobContext(run.parameters, payloads))
        read = [{"snapshotId": snapshot.id} for snapshot in inputs]
        times = {"startedAt": began, "completedAt": _now()}
        produced, warnings = self._service.report_step(run.id, step["id"], {**result, **times, "inputs": read})
        run.produced.update({snapshot.asset_id: snapshot for snapshot in produced})
        self._progress.done(name, result, warnings)
        return result

    def _inputs(self, run: Run, step: dict[str, Any]) -> list[Snapshot]:
        """A snapshot of each consumed asset; an asset that was never produced is left out.

        What this run made comes first: another run of the same workflow may have made a newer one meanwhile.
        """
        wanted = [declared["assetId"] for declared in step.get("consumes", [])]
        found = (run.produced.get(name) or self._service.newest(self._makers[name], name) for name in wanted)
        return [snapshot for snapshot in found if snapshot]

    def _finish(self, run: Run, status: str, error: str | None) -> None:
        message = {"errorMessage": error} if error else {}
        self._service.finish_run(run.id, {"status": status, "completedAt": _now(), **message})


def in_order(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps of a definition, each after those that it depends on."""
    by_id = {step["id"]: step for step in steps}
    order = TopologicalSorter({step["id"]: step.get("dependsOn", []) for step in steps})
    return [by_id[step_id] for step_id in order.static_order()]


def _makers(definitions: list[Definition]) -> Iterator[tuple[str, str]]:
    """(asset id, slug of the workflow that declares to produce it)."""
    for definition in definitions:
        for step in definition["steps"]:
            for declared in step.get("produces", []):
                yield declared["assetId"], definition["slug"]


def _now() -> str:
    return instant(datetime.now(UTC))
