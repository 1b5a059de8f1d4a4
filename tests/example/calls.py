"""Calls of the example's jobs, with a fixed clock, and their results checked against the declared schemas."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from examples.directory_insights import archive, report, scan
from examples.directory_insights.jobs import Handler, JobContext
from examples.directory_insights.run import definitions

NOW = datetime(2026, 6, 15, 12, 0, 0, 250_000, tzinfo=UTC)


def run_job(handler: Handler, inputs: dict[str, Any] | None = None, **parameters: Any) -> dict[str, Any]:
    return handler(JobContext(parameters, inputs or {}, lambda: NOW))


def payload_of(result: dict[str, Any]) -> Any:
    """The payload of the one asset in a succeeded result, checked against the schema of its declaration."""
    assert result["status"] == "succeeded", result
    assert set(result) == {"status", "result"}
    assert set(result["result"]) == {"files", "assets"}
    [asset] = result["result"]["assets"]
    assert set(asset) == {"assetId", "payload", "producedAt"}
    assert asset["producedAt"] == "2026-06-15T12:00:00.250Z"
    schema = declared(asset["assetId"])["schema"]
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(asset["payload"])
    return asset["payload"]


def declared(asset_id: str) -> dict[str, Any]:
    steps = (step for definition in definitions() for step in definition["steps"])
    return next(made for step in steps for made in step["produces"] if made["assetId"] == asset_id)


def scanned(directory: Path, **parameters: Any) -> Any:
    return payload_of(run_job(scan.handle, directory=str(directory), **parameters))


def reported(directory: Path, output: Path, **parameters: Any) -> Any:
    inputs = {scan.ASSET_ID: scanned(directory)}
    return payload_of(run_job(report.handle, inputs, outputDir=str(output), **parameters))


def archived(report_payload: Any, target: Path) -> dict[str, Any]:
    return run_job(archive.handle, {report.ASSET_ID: report_payload}, archiveDir=str(target))
