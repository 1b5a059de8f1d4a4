"""Writes: as over REST, the two ways in interchangeable, refusals as types."""

from typing import Any

import pytest

from app.http.auth import Principal
from graph.errors import Unavailable
from tests.graphql.conftest import Graph
from tests.service.client import produced, step, workflow

pytestmark = pytest.mark.anyio

FAILURE = "... on Failure { __typename code message field details }"
REGISTER = (
    """mutation ($definition: JSON!, $slug: String, $onlyNew: Boolean! = false) {
  registerWorkflow(definition: $definition, slug: $slug, onlyNew: $onlyNew) {
    ... on WorkflowPayload { created changed
      workflow { slug revision steps { stepId } } warnings { code field } } %s } }
"""
    % FAILURE
)
START = (
    """mutation ($workflow: String!, $input: StartRunInput) { startRun(workflow: $workflow, input: $input) {
  ... on RunPayload { changed run { runId status parameters startedAt workflow { runsCount } } } %s } }"""
    % FAILURE
)
REPORT = (
    """mutation ($run: String!, $step: String!, $input: ReportStepInput!) {
  reportStep(runId: $run, stepId: $step, input: $input) {
    ... on StepRunPayload { run { currentStepId } warnings { code } stepRun { status attempt result
      snapshots { assetId version payload } inputs { assetId } } } %s } }"""
    % FAILURE
)
FINISH = (
    """mutation ($run: String!, $input: FinishRunInput!) { finishRun(runId: $run, input: $input) {
  ... on RunPayload { changed run { status output } } %s } }"""
    % FAILURE
)

CHAIN = workflow("w", step("scan", produces=["raw"]), step("report", consumes=["raw"], produces=["report"]))


async def done(graph: Graph, document: str, **variables: Any) -> Any:
    """What the one mutation of the document answers."""
    (answer,) = (await graph.ask(document, **variables)).values()
    return answer


async def test_register_patch_and_delete(graph: Graph) -> None:
    made = await done(graph, REGISTER, definition={**CHAIN, "produce": []})
    assert made == {
        "created": True,
        "changed": True,
        "workflow": {"slug": "w", "revision": 1, "steps": [{"stepId": "report"}, {"stepId": "scan"}]},
        "warnings": made["warnings"],
    }
    again = await done(graph, REGISTER, definition={**CHAIN, "produce": []}, slug="W")
    assert (again["created"], again["changed"], again["workflow"]["revision"]) == (False, False, 1)
    exists = await done(graph, REGISTER, definition=CHAIN, onlyNew=True)
    assert (exists["__typename"], exists["code"]) == ("Conflict", "workflow_exists")
    patched = await done(
        graph,
        """mutation { patchWorkflow(slug: "w", changes: {description: "new", produce: null}) {
          ... on WorkflowPayload { workflow { description revision definition } } } }""",
    )
    assert patched["workflow"] == {"description": "new", "revision": 2, "definition": {**CHAIN, "description": "new"}}
    delete = 'mutation { deleteWorkflow(slug: "w") { ... on DeletedWorkflow { slug } %s } }' % FAILURE
    assert await done(graph, delete) == {"slug": "w"}
    assert (await done(graph, delete))["code"] == "workflow_not_found"


async def test_a_run_from_its_request_to_its_end(graph: Graph) -> None:
    await graph.service.register(CHAIN)
    asked = await done(
        graph,
        """mutation { requestRun(workflow: "w", input: {runKey: "nightly", parameters: {deep: [1, 2.5]}}) {
          ... on RunPayload { run { runId status runKey parameters } } } }""",
    )
    run = asked["run"]["runId"]
    assert asked["run"] == {"runId": run, "status": "PENDING", "runKey": "nightly", "parameters": {"deep": [1, 2.5]}}
    begin = "mutation ($run: String!) { beginRun(runId: $run) { ... on RunPayload { changed run { status } } } }"
    assert await done(graph, begin, run=run) == {"changed": True, "run": {"status": "RUNNING"}}
    assert await done(graph, begin, run=run) == {"changed": False, "run": {"status": "RUNNING"}}
    start = """mutation ($run: String!) { startStep(runId: $run, stepId: "scan", input: {attempt: 2}) {
      ... on StepRunPayload { stepRun { attempt status } } } }"""
    assert await done(graph, start, run=run) == {"stepRun": {"attempt": 2, "status": "RUNNING"}}
    result = {"assets": [{"assetId": "raw", "payload": 1}, {"assetId": "extra", "payload": 2}]}
    report = {"status": "SUCCEEDED", "attempt": 2, "result": result}
    first = await done(graph, REPORT, run=run, step="scan", input=report)
    assert first == {
        "run": {"currentStepId": "scan"},
        "warnings": [{"code": "undeclared_asset"}],
        "stepRun": {
            "status": "SUCCEEDED",
            "attempt": 2,
            "result": result,
            "inputs": [],
            "snapshots": [
                {"assetId": "raw", "version": 1, "payload": 1},
                {"assetId": "extra", "version": 1, "payload": 2},
            ],
        },
    }
    assert await done(graph, REPORT, run=run, step="scan", input=report) == first
    named = {"status": "SUCCEEDED", "inputs": [{"assetId": "RAW", "version": 1}]}
    read = await done(graph, REPORT, run=run, step="report", input=named)
    assert read["stepRun"]["inputs"] == [{"assetId": "raw"}]
    finish = {"status": "SUCCEEDED", "output": {"n": 1}}
    assert await done(graph, FINISH, run=run, input=finish) == {
        "changed": True,
        "run": {"status": "SUCCEEDED", "output": {"n": 1}},
    }
    assert (await done(graph, FINISH, run=run, input=finish))["changed"] is False


async def test_what_was_sent_over_rest_is_known_again(graph: Graph) -> None:
    await graph.service.register(CHAIN)
    run = await graph.service.start("w", parameters={"a": 1}, startedAt="2026-01-01T00:00:00.000Z")
    sent = {"id": run, "parameters": {"a": 1}, "startedAt": "2026-01-01T00:00:00.000Z"}
    again = await done(graph, START, workflow="w", input=sent)
    assert (again["changed"], again["run"]["runId"]) == (False, run)
    other = await done(graph, START, workflow="w", input={**sent, "parameters": {"a": 2}})
    assert (other["__typename"], other["code"]) == ("Conflict", "run_conflict")
    assert other["details"]["existing"]["parameters"] == {"a": 1}
    assert other["details"]["received"]["parameters"] == {"a": 2}
    rest = await graph.service.report(run, "scan", produced({"assetId": "raw", "payload": 1}))
    report = {"status": "SUCCEEDED", "result": {"assets": [{"assetId": "raw", "payload": 1}]}}
    again = await done(graph, REPORT, run=run, step="scan", input=report)
    assert again["stepRun"]["snapshots"][0]["version"] == rest["data"]["producedAssets"][0]["version"] == 1


async def test_two_writes_of_one_operation_see_each_other(graph: Graph) -> None:
    await graph.service.register(CHAIN)
    found = await graph.ask(
        """mutation {
          a: startRun(workflow: "w") { ... on RunPayload { run { workflow { runsCount } } } }
          b: startRun(workflow: "w") { ... on RunPayload { run { workflow { runsCount } } } } }"""
    )
    assert [found[name]["run"]["workflow"]["runsCount"] for name in ("a", "b")] == [1, 2]


@pytest.mark.parametrize(
    ("document", "variables", "kind", "code", "field"),
    [
        (REGISTER, {"definition": {"slug": "x", "steps": []}}, "InvalidInput", "invalid_definition", "steps"),
        (REGISTER, {"definition": [1]}, "InvalidInput", "invalid_input", "definition"),
        (REGISTER, {"definition": CHAIN, "slug": "a b"}, "InvalidInput", "invalid_slug", "slug"),
        (START, {"workflow": "none"}, "NotFound", "workflow_not_found", None),
        (START, {"workflow": "w", "input": {"id": "a b"}}, "InvalidInput", "invalid_run_id", "id"),
        (START, {"workflow": "w", "input": {"runKey": "x" * 121}}, "InvalidInput", "invalid_input", "runKey"),
        (REPORT, {"run": "none", "step": "s", "input": {"status": "FAILED"}}, "NotFound", "run_not_found", None),
        (REPORT, {"run": "r", "step": "s", "input": {"status": "FAILED", "attempt": 0}},
         "InvalidInput", "invalid_input", "attempt"),
        (
            REPORT,
            {"run": "r", "step": "s", "input": {"status": "FAILED", "inputs": [{}]}},
            "InvalidInput", "invalid_input", "inputs[0]",
        ),
        (FINISH, {"run": "none", "input": {"status": "FAILED"}}, "NotFound", "run_not_found", None),
    ],
)  # fmt: skip
async def test_a_refusal_has_a_type_a_code_and_a_field(
    graph: Graph, document: str, variables: dict[str, Any], kind: str, code: str, field: str | None
) -> None:
    await graph.service.register(CHAIN)
    answer = await done(graph, document, **variables)
    assert (answer["__typename"], answer["code"], answer["field"]) == (kind, code, field)
    assert answer["message"].endswith((".", "?", ")"))


async def test_a_payload_that_the_workflow_refuses_is_unprocessable_and_one_too_large_is_too_large(
    graph: Graph,
) -> None:
    strict = {"assetId": "a", "schema": {"type": "integer"}}
    await graph.service.register(workflow("w", step("s", produces=[strict]), onInvalidPayload="reject"))
    run = await graph.service.start("w")
    for payload, kind, code in (
        ("text", "Unprocessable", "payload_invalid"), ("x" * 1_100_000, "TooLarge", "payload_too_large")
    ):  # fmt: skip
        report = {"status": "SUCCEEDED", "result": {"assets": [{"assetId": "a", "payload": payload}]}}
        answer = await done(graph, REPORT, run=run, step="s", input=report)
        assert (answer["__typename"], answer["code"]) == (kind, code)


async def test_a_token_without_the_scope_is_refused(graph: Graph) -> None:
    await graph.service.register(CHAIN)
    reader = Principal("reader", frozenset({"read"}))
    for document in (
        'mutation { startRun(workflow: "w") { __typename } }',
        'mutation { deleteWorkflow(slug: "w") { __typename } }',
    ):
        answer = await graph.answer(document, reader)
        assert answer["errors"] == ["forbidden"]
    assert (await graph.ask("{ runs { nodes { id } } workflow(slug: \"w\") { slug } }")) == {
        "runs": {"nodes": []}, "workflow": {"slug": "w"}
    }  # fmt: skip


async def test_a_token_that_may_only_report_is_shown_its_report_and_no_more(graph: Graph) -> None:
    await graph.service.register(CHAIN)
    reporter = Principal("reporter", frozenset({"report"}))
    start = 'mutation { startRun(workflow: "w") { ... on RunPayload { run { status %s } } } }'
    assert (await graph.answer(start % "", reporter))["data"]["startRun"]["run"] == {"status": "RUNNING"}
    assert (await graph.answer(start % "workflow { definition }", reporter))["errors"] == ["forbidden"]


async def test_a_database_that_is_away_is_an_error_not_a_refusal(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise Unavailable("away")

    monkeypatch.setattr(graph.service.lineage.registrar, "delete", away)
    assert await graph.refused('mutation { deleteWorkflow(slug: "w") { __typename } }') == "database_unavailable"


async def test_a_number_that_json_cannot_hold_is_refused(graph: Graph) -> None:
    answer = await graph.answer(
        'mutation { startRun(workflow: "w", input: {parameters: {a: [1e999]}}) { __typename } }'
    )
    assert answer == {"data": None, "errors": ["validation_failed"]}
