"""A client of others, `gql`, on a running service: it reads the schema from it and checks its own queries by that."""

from collections.abc import Iterator
from typing import Any

import pytest
from gql import Client, gql
from gql.client import SyncClientSession
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from graphql import GraphQLError

WRITE = """
mutation Write($definition: JSON!, $run: String!, $number: JSON!) {
  registerWorkflow(definition: $definition) {
    __typename
    ... on WorkflowPayload { workflow { slug revision } }
  }
  startRun(workflow: "letters", input: { id: $run, parameters: { number: $number } }) {
    __typename
    ... on RunPayload { run { runId status } }
  }
  write: reportStep(
    runId: $run
    stepId: "write"
    input: { attempt: 1, status: SUCCEEDED, result: { assets: [{ assetId: "letter", payload: $number }] } }
  ) { ...Reported }
  post: reportStep(
    runId: $run
    stepId: "post"
    input: { attempt: 1, status: SUCCEEDED, result: { assets: [{ assetId: "Envelope", payload: $number }] } }
  ) { ...Reported }
  finishRun(runId: $run, input: { status: SUCCEEDED }) {
    __typename
    ... on RunPayload { run { status } }
  }
}

fragment Reported on StepRunResult {
  ... on StepRunPayload { stepRun { snapshots { snapshotId assetId version } } }
}
"""

DEFINITION = {
    "slug": "letters",
    "steps": [
        {"id": "write", "produces": [{"assetId": "letter"}]},
        {"id": "post", "consumes": [{"assetId": "letter"}], "produces": [{"assetId": "Envelope"}]},
    ],
}

VERSIONS = 5


@pytest.fixture(scope="module")
def client(service_url: str) -> Iterator[SyncClientSession]:
    transport = HTTPXTransport(f"{service_url}/graphql", timeout=30)
    with Client(transport=transport, fetch_schema_from_transport=True, execute_timeout=None) as session:
        yield session


@pytest.fixture(scope="module")
def written(client: SyncClientSession) -> list[dict[str, Any]]:
    """What each of the runs was answered."""
    return [ask(client, WRITE, definition=DEFINITION, run=f"run-{number}", number=number) for number in range(VERSIONS)]


def ask(client: SyncClientSession, text: str, **variables: Any) -> dict[str, Any]:
    request = gql(text)
    request.variable_values = variables
    found = client.execute(request)
    assert isinstance(found, dict)
    return found


def envelope(answer: dict[str, Any]) -> str:
    [snapshot] = answer["post"]["stepRun"]["snapshots"]
    assert snapshot["assetId"] == "Envelope"
    return str(snapshot["snapshotId"])


def test_it_writes(written: list[dict[str, Any]]) -> None:
    for number, answer in enumerate(written):
        assert answer["registerWorkflow"]["workflow"] == {"slug": "letters", "revision": 1}
        assert answer["startRun"]["run"] == {"runId": f"run-{number}", "status": "RUNNING"}
        assert answer["finishRun"]["run"] == {"status": "SUCCEEDED"}
        assert answer["post"]["stepRun"]["snapshots"][0]["version"] == number + 1


@pytest.mark.usefixtures("written")
def test_questions_about_the_graph(client: SyncClientSession) -> None:
    found = ask(
        client,
        """
        query Graph($asset: String!, $to: String!) {
          lineage(roots: [$asset], direction: DOWNSTREAM) {
            assets { key distance asset { latest { version } } }
            edges { source step target distance }
            truncated
          }
          paths(from: $asset, to: $to) { connected path { source step target } }
          impact(assets: [$asset]) { assetCount byDistance { distance assets { assetId latestVersion } } }
        }
        """,
        asset="Letter",
        to="envelope",
    )
    hop = {"source": "letter", "step": "letters/post", "target": "envelope"}
    assert found["lineage"] == {
        "assets": [
            {"key": "letter", "distance": 0, "asset": {"latest": {"version": VERSIONS}}},
            {"key": "envelope", "distance": 1, "asset": {"latest": {"version": VERSIONS}}},
        ],
        "edges": [{**hop, "distance": 1}],
        "truncated": False,
    }
    assert found["paths"] == {"connected": True, "path": [hop]}
    group = {"distance": 1, "assets": [{"assetId": "Envelope", "latestVersion": VERSIONS}]}
    assert found["impact"] == {"assetCount": 1, "byDistance": [group]}


def test_questions_about_versions(client: SyncClientSession, written: list[dict[str, Any]]) -> None:
    found = ask(
        client,
        """
        query Versions($from: String!, $to: String!) {
          provenance(snapshot: $from, direction: UPSTREAM) {
            snapshots { assetId version distance }
            runs { id }
            edges { target }
          }
          diff(from: $from, to: $to) {
            payload
            runs { parameters }
            inputs { assetId difference before { version } after { version } }
          }
        }
        """,
        **{"from": envelope(written[0]), "to": envelope(written[2])},
    )
    assert found["provenance"] == {
        "snapshots": [
            {"assetId": "Envelope", "version": 1, "distance": 0},
            {"assetId": "letter", "version": 1, "distance": 1},
        ],
        "runs": [{"id": "run-0"}],
        "edges": [{"target": envelope(written[0])}],
    }
    assert found["diff"] == {
        "payload": [{"op": "replace", "path": "", "value": 2}],
        "runs": {"parameters": [{"op": "replace", "path": "/number", "value": 2}]},
        "inputs": [
            {"assetId": "letter", "difference": "CHANGED", "before": [{"version": 1}], "after": [{"version": 3}]}
        ],
    }


@pytest.mark.usefixtures("written")
def test_it_pages_through_a_history(client: SyncClientSession) -> None:
    text = """
    query Page($after: String) {
      asset(id: "envelope") {
        history(first: 2, after: $after) { nodes { version payload } pageInfo { hasNextPage endCursor } }
      }
    }
    """
    versions: list[int] = []
    after, pages = None, 0
    while True:
        page = ask(client, text, after=after)["asset"]["history"]
        versions += [node["version"] for node in page["nodes"]]
        pages += 1
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert versions == list(range(VERSIONS, 0, -1))
    assert pages == 3


@pytest.mark.usefixtures("written")
def test_a_failure_has_a_type(client: SyncClientSession) -> None:
    found = ask(
        client,
        """
        mutation Fail($input: FinishRunInput!) {
          none: finishRun(runId: "none", input: $input) { ...Answer }
          other: finishRun(runId: "run-0", input: $input) { ...Answer }
        }
        fragment Answer on RunResult { __typename ... on Failure { code message } }
        """,
        input={"status": "FAILED"},
    )
    answers = {name: (answer["__typename"], answer["code"]) for name, answer in found.items()}
    assert answers == {"none": ("NotFound", "run_not_found"), "other": ("Conflict", "run_conflict")}


@pytest.mark.usefixtures("written")
def test_what_is_wrong_is_found_on_either_side(client: SyncClientSession) -> None:
    with pytest.raises(GraphQLError, match="Cannot query field 'colour'"):
        ask(client, '{ asset(id: "letter") { colour } }')
    with pytest.raises(TransportQueryError) as refused:
        ask(client, '{ lineage(roots: ["none"]) { truncated } }')
    assert refused.value.errors is not None
    [error] = refused.value.errors
    assert error["extensions"] == {"code": "asset_not_found", "details": {"assetId": "none"}}
    assert ask(client, '{ asset(id: "letter") { assetId } }') == {"asset": {"assetId": "letter"}}
