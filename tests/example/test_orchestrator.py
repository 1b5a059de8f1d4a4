import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from examples.directory_insights.orchestrator import HANDLERS, in_order
from examples.directory_insights.run import app, definitions


def test_the_definitions_are_what_the_overview_names():
    steps = {d["slug"]: [(s["id"], s["jobSlug"]) for s in d["steps"]] for d in definitions()}
    assert steps == {
        "directory-insights-report": [("scan", "scan-directory"), ("report", "generate-visualizations")],
        "directory-insights-archive": [("archive", "archive-report")],
    }
    assert {job for pairs in steps.values() for _, job in pairs} == set(HANDLERS)


def test_every_consumed_asset_is_produced_and_every_schema_is_one():
    steps = [step for definition in definitions() for step in definition["steps"]]
    produced = [made for step in steps for made in step["produces"]]
    assert {c["assetId"] for s in steps for c in s.get("consumes", [])} < {p["assetId"] for p in produced}
    for made in produced:
        Draft202012Validator.check_schema(made["schema"])


def test_steps_run_after_what_they_depend_on():
    steps = [{"id": "c", "dependsOn": ["b", "a"]}, {"id": "b", "dependsOn": ["a"]}, {"id": "a"}]
    assert [step["id"] for step in in_order(steps)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--url", "127.0.0.1:4000"], "http://"),
        (["--url", "http://"], "name a host"),
        (["--url", "http://host:port"], "--url"),
        (["--directory", "a\x1b[31m"], "control characters"),
        (["--max-entries", "0"], "--max-entries"),
    ],
)
def test_a_wrong_option_is_named(tmp_path, given, said):
    options = ["--directory", str(tmp_path), "--output", str(tmp_path), *given]
    result = CliRunner().invoke(app, options, env={"COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"})
    assert result.exit_code == 2
    assert said in result.output
