"""The command against a running service: `service_url` is its address, on every engine."""

import zipfile
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from examples.directory_insights.run import app

REPORT = "/workflows/directory-insights-report"
ARCHIVE = "/workflows/directory-insights-archive"


def run(url, directory, output):
    options = ["--url", url, "--directory", str(directory), "--output", str(output)]
    return CliRunner().invoke(app, options, env={"COLUMNS": "500"})


@pytest.fixture
def http(service_url):
    with httpx.Client(base_url=service_url, timeout=30) as client:
        yield client


def data(http, path):
    return http.get(path).raise_for_status().json()["data"]


def newest(http, workflow, asset_id):
    return data(http, f"{workflow}/assets/{asset_id}/history?limit=1")["history"][0]


def test_both_workflows_run_and_everything_is_on_record(service_url, http, files, tmp_path):
    result = run(service_url, files, tmp_path / "out")
    assert result.exit_code == 0, result.output

    found = newest(http, REPORT, "directory.insights.scan")
    report = newest(http, REPORT, "directory.insights.report")
    archive = newest(http, ARCHIVE, "directory.insights.archive")
    assert (found["payload"]["files"], found["stepStatus"], found["runStatus"]) == (
        4,
        "succeeded",
        "succeeded",
    )
    assert found["runId"] == report["runId"]
    assert (Path(report["payload"]["outputDir"]) / "index.html").is_file()
    assert archive["payload"]["sourceDir"] == report["payload"]["outputDir"]
    with zipfile.ZipFile(archive["payload"]["archivePath"]) as packed:
        assert "index.html" in packed.namelist()
    for shown in (
        report["payload"]["outputDir"],
        archive["payload"]["archivePath"],
        archive["payload"]["sha256"],
    ):
        assert shown in result.output


def test_the_inventory_knows_the_steps_on_both_sides(service_url, http, files, tmp_path):
    assert run(service_url, files, tmp_path / "out").exit_code == 0
    assets = {asset["assetId"]: asset for asset in data(http, f"{REPORT}/assets")["assets"]}
    assert list(assets) == ["directory.insights.report", "directory.insights.scan"]
    assert [step["stepId"] for step in assets["directory.insights.scan"]["producers"]] == ["scan"]
    assert [step["stepId"] for step in assets["directory.insights.scan"]["consumers"]] == ["report"]
    assert assets["directory.insights.report"]["latest"]["freshness"] == {"ttlMs": 86_400_000}


def test_the_graph_chains_the_assets_across_the_workflows(service_url, http, files, tmp_path):
    assert run(service_url, files, tmp_path / "out").exit_code == 0
    edges = [(e["fromAssetId"], e["toAssetId"], e["stepId"]) for e in data(http, "/assets/graph")["edges"]]
    assert ("directory.insights.scan", "directory.insights.report", "report") in edges
    assert ("directory.insights.report", "directory.insights.archive", "archive") in edges


def test_a_failing_step_is_on_record_and_the_command_says_so(service_url, http, tmp_path):
    result = run(service_url, tmp_path / "nowhere", tmp_path / "out")
    assert result.exit_code == 1
    assert "is not a directory" in result.output
    latest = data(http, REPORT)["runs"][0]
    assert latest["status"] == "failed"
    steps = {step["stepId"]: step for step in data(http, f"/workflow-runs/{latest['id']}/steps")["steps"]}
    assert steps["scan"]["status"] == "failed"
    assert "is not a directory" in steps["scan"]["errorMessage"]
