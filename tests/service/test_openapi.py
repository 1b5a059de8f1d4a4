"""A property-based client reads /openapi.json and asks the real service for an answer that it does not tell of.

Once with whatever ids it makes up, once with ids that exist, since most made-up ones end in a 404.
"""

import json
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, assume, settings
from schemathesis.checks import CHECKS, load_all_checks
from starlette.applications import Starlette

import tests.schemathesis_hooks  # noqa: F401
from app.main import make_app, openapi_document
from app.settings import Settings
from graph.address import Address
from graph.connection import FixedSource
from tests.conftest import emptied
from tests.service.client import produced, step, workflow

load_all_checks()

EXAMPLES = settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

KNOWN = {"slug": "known", "assetId": "asset", "runId": "run", "stepId": "make", "compareTo": "run"}

RULES_BEYOND_SCHEMAS = {
    "createWorkflow": "ids are unique, dependencies known, schemas valid",
    "putWorkflow": "ids are unique, dependencies known, schemas valid, the slug is the path's",
    "patchWorkflow": "what comes out must be a definition",
    "reportStep": "what `assets` holds is read by the contract's rules, not by a model",
    "getAssetHistory": "a cursor is one that the service made",
    "markStale": "a partition key is not blank, and allowed by the declaration",
    "putPartitionParameters": "a partition key is not blank, and allowed by the declaration",
    "listRunRequests": "a cursor is one that the service made",
    "createWebhook": "an address may be sent to, `upstreamOf` is declared",
    "patchWebhook": "an address may be sent to, `upstreamOf` is declared",
    "rotateWebhookSecret": "a secret is base64 of 24 to 64 bytes",
    "getLineage": "an instant lies between the first definition and now, a run has started",
}
"""Why a request that fits the schema may still be refused with 400, by operation."""


@pytest.fixture(scope="module")
def base_url(embedded_address: Address) -> Iterator[str]:
    """The service over HTTP, with one run reported."""
    app = make_app(Settings(), source=FixedSource(emptied(embedded_address)))
    with socket.create_server(("127.0.0.1", 0)) as listener, served(app, listener):
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=url) as client:
            definition = workflow("known", step("make", consumes=["source"], produces=["asset"]))
            client.put("/workflows/known", json=definition).raise_for_status()
            client.post("/workflows/known/runs", json={"id": "run"}).raise_for_status()
            report = produced({"assetId": "asset", "payload": {"made": True}})
            client.post("/workflow-runs/run/steps/make/report", json=report).raise_for_status()
        yield url


class served:
    """Serves the application in a thread of its own while the block lasts."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self.server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=5))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [listener]}, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()
        while not self.server.started:
            assert self.thread.is_alive()
            self.thread.join(0.01)

    def __exit__(self, *exc_info: object) -> None:
        self.server.should_exit = True
        self.thread.join(30)


def described(**parameters: str) -> schemathesis.BaseSchema:
    schema = schemathesis.openapi.from_dict(json.loads(openapi_document(())))
    schema.config.update(parameters=parameters)
    return schema


LONG_WAITS = frozenset(map(str, range(1, 31)))
"""Nothing comes meanwhile, and the client would give the answer up."""

DEFINING = ["createWorkflow", "putWorkflow"]

WITHOUT_END = ["streamEvents"]

with_any_ids = described().exclude(operation_id=[*DEFINING, *WITHOUT_END])
with_known_ids = described(**KNOWN).include(path_regex=r"\{")
with_definitions = described().include(operation_id=DEFINING)
# The systematic half of the cases is the same for all ids, and of a definition it is thousands.
for _schema in (with_known_ids, with_definitions):
    _schema.config.phases.coverage.enabled = False


def call(case: schemathesis.Case, base_url: str) -> None:
    # Longer request lines are refused by the server itself, before the application sees them.
    assume(len(urlencode(case.query or {}, doseq=True)) < 60_000)
    if case.query and str(case.query.get("wait")) in LONG_WAITS:
        case.query["wait"] = 0
    excluded = []
    if case.operation.definition.raw["operationId"] in RULES_BEYOND_SCHEMAS:
        excluded.append(CHECKS.get_one("positive_data_acceptance"))
    case.call_and_validate(base_url=base_url, excluded_checks=excluded)


@with_any_ids.parametrize()
@EXAMPLES
def test_no_undocumented_answer(case: schemathesis.Case, base_url: str) -> None:
    call(case, base_url)


@with_known_ids.exclude(method="DELETE").parametrize()
@EXAMPLES
def test_no_undocumented_answer_for_what_exists(case: schemathesis.Case, base_url: str) -> None:
    call(case, base_url)


@with_definitions.parametrize()
@EXAMPLES
def test_no_undocumented_answer_to_a_definition(case: schemathesis.Case, base_url: str) -> None:
    call(case, base_url)
