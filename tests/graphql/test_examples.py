"""The examples in GraphiQL's tabs: valid, of every use of the schema, and each answers with something to see."""

from typing import Any

import orjson
import pytest
import strawberry
from graphql import (
    FieldNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    validate,
    visit,
)

from app.graphql.context import Context
from app.graphql.graphiql import EXAMPLES
from examples.directory_insights.run import definitions
from graph.address import Address
from tests.graphql.conftest import Graph
from tests.service.client import Service, produced

pytestmark = pytest.mark.anyio

TEXTS = {path.stem: path.read_text() for path in sorted(EXAMPLES.glob("*.graphql"))}

OTHER_MUTATIONS = {"patchWorkflow", "requestRun", "beginRun", "startStep"}
"""Variants of those that are shown."""

OF_WEBHOOKS = {"webhooks", "webhookDeliveries", "setWebhookPaused", "testWebhook", "redeliver"}
"""They need a webhook, which is made over REST: docs/webhooks.md."""

OF_THE_QUEUE = {"runRequests", "cancelRunRequest", "retryRunRequest"}
"""It is filled and emptied by orchestrators, over REST: docs/api.md."""


def operations(text: str, kind: OperationType) -> list[str]:
    found = [node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)]
    assert all(node.name for node in found)
    return [node.name.value for node in found if node.operation is kind and node.name]


@pytest.mark.parametrize("name", TEXTS)
def test_it_is_valid(schema: strawberry.Schema, name: str) -> None:
    assert validate(schema._schema, parse(TEXTS[name])) == []


def test_every_use_is_shown(schema: strawberry.Schema) -> None:
    shown: set[tuple[str, str]] = set()
    types = TypeInfo(schema._schema)

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            parent = types.get_parent_type()
            assert parent is not None
            shown.add((parent.name, node.name.value))

    for text in TEXTS.values():
        visit(parse(text), TypeInfoVisitor(types, Fields()))
    for root in (
        schema._schema.query_type,
        schema._schema.mutation_type,
        schema._schema.subscription_type,
    ):
        assert isinstance(root, GraphQLObjectType)
        missing = {field for field in root.fields if (root.name, field) not in shown}
        assert missing <= OTHER_MUTATIONS | OF_WEBHOOKS | OF_THE_QUEUE


@pytest.fixture
def address(embedded_address: Address) -> Address:
    """One engine: what the fields answer is tested on both elsewhere."""
    return embedded_address


@pytest.fixture
async def insights(graph: Graph) -> Graph:
    """The example workflows with a version of each asset, and what the mutations of the examples write."""
    service: Service = graph.service
    await service.register(*definitions())
    run = await service.start("directory-insights-report")
    for step in ("scan", "report"):
        await service.report(run, step, produced({"assetId": f"directory.insights.{step}", "payload": {}}))
    await service.produce("directory-insights-archive", "archive", "directory.insights.archive", {})
    for name in ("11-register", "12-report"):
        await check(graph, TEXTS[name])
    return graph


async def check(graph: Graph, text: str) -> list[Any]:
    """What each operation of an example answers; nothing in it may have failed."""
    answers = []
    for kind in (OperationType.QUERY, OperationType.MUTATION):
        for name in operations(text, kind):
            result = await graph.schema.execute(text, context_value=Context(graph.service.lineage), operation_name=name)
            assert result.errors is None, name
            answer = orjson.loads(orjson.dumps(result.data))
            assert answer is not None
            for field, found in answer.items():
                assert found is not None, (name, field)
                assert "code" not in found, (name, field, found)
                assert found.get("nodes", True), (name, field)
            answers.append(answer)
    assert answers
    return answers


@pytest.mark.parametrize("name", [name for name in TEXTS if operations(TEXTS[name], OperationType.QUERY)])
async def test_a_query_answers(insights: Graph, name: str) -> None:
    await check(insights, TEXTS[name])


async def test_the_mutations_can_be_repeated(insights: Graph) -> None:
    for name in ("11-register", "12-report"):
        await check(insights, TEXTS[name])
    found = await insights.ask(
        '{ asset(id: "greetings.today") { productions } workflow(slug: "greetings") { revision } }'
    )
    assert found == {"asset": {"productions": 2}, "workflow": {"revision": 1}}


async def test_the_differences_are_there_to_see(insights: Graph) -> None:
    [answer] = await check(insights, TEXTS["10-diff"])
    diff = answer["diff"]
    assert diff["payload"] == [{"op": "replace", "path": "/text", "value": "Hello, Alan"}]
    assert diff["runs"]["parameters"] == [{"op": "replace", "path": "/door", "value": "south"}]
    assert [(each["assetId"], each["difference"]) for each in diff["inputs"]] == [("greetings.guest", "CHANGED")]


async def test_the_deletion(insights: Graph) -> None:
    [answer] = await check(insights, TEXTS["13-delete"])
    assert answer == {"deleteWorkflow": {"slug": "greetings"}}
    assert (await insights.ask('{ workflow(slug: "greetings") { slug } }')) == {"workflow": None}


async def test_a_mark_and_its_end(insights: Graph) -> None:
    marked, cleared = await check(insights, TEXTS["16-stale"])
    (mark,) = marked["markStale"]["asset"]["stalePartitions"]
    assert mark["note"] == "The guest had left."
    assert cleared["clearStale"]["asset"]["stalePartitions"] == []
