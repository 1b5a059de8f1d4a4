"""The compiled completion answers exactly as graphql-core does."""

import asyncio
import random
from typing import Any

import pytest
import strawberry
from graphql import GraphQLResolveInfo
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult

from app.graphql.execution import completion
from app.graphql.execution.completion import CompiledExecutor
from app.graphql.execution.schema import Schema
from tests.graphql_execution.sample import CONFIG, WRONG, Leaflet, Query


class Eager(CompiledExecutor):
    compile_after = 0


pytestmark = pytest.mark.anyio

STOCK = strawberry.Schema(Query, types=[Leaflet], config=CONFIG)
COMPILED = strawberry.Schema(Query, types=[Leaflet], config=CONFIG, execution_context_class=Eager)

LEAVES = ("id", "title", "pages", "rating", "lent", "kind", "since", "tags", "extra", "__typename")
EVERYTHING = f"{' '.join(LEAVES)} maybe {{ shelf row }} place {{ shelf }} copies {{ row __typename }}"
SELECTIONS = (
    EVERYTHING,
    "x: id y: title id @include(if: $a) pages @skip(if: $b)",
    "...F place { row } place { shelf }",
    "id ... on HasId { id } shout later place { shelf }",
    "later(fail: true) rating copies { shelf } title",
)
FRAGMENT = " fragment F on Book { id place { __typename } kind @include(if: $a) pages @skip(if: $b) rating }"


def document(field: str, wrong: str, selection: str, count: int = 20) -> str:
    used = selection + (FRAGMENT if "...F" in selection else "")
    text = f'{{ {field}(wrong: "{wrong}", count: {count}) {{ {selection} }} }}'
    return ("query($a: Boolean!, $b: Boolean!) " if "$" in used else "") + text + (FRAGMENT if "...F" in used else "")


async def answers(text: str, variables: dict[str, Any] | None = None) -> tuple[Any, Any]:
    results = [await schema.execute(text, variables) for schema in (STOCK, COMPILED)]
    return shown(results[0]), shown(results[1])


def shown(result: ExecutionResult) -> Any:
    errors = [error.formatted for error in result.errors or []]
    # Which of two fields fails first is nobody's promise once one of them is awaited.
    return result.data, sorted(errors, key=repr)


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("field", ["books", "optional"])
async def test_data_and_errors_are_those_of_the_stock_executor(field: str, wrong: str, selection: str) -> None:
    for variables in ({"a": True, "b": False}, {"a": False, "b": True}):
        text = document(field, wrong, selection)
        stock, compiled = await answers(text, variables if "$" in text else None)
        assert compiled == stock
        assert stock[0] is not None or stock[1]


def random_selection(source: random.Random, depth: int = 0) -> str:
    parts = []
    for _ in range(source.randint(1, 6)):
        number = source.getrandbits(40)
        directive = source.choice(["", "", " @include(if: $a)", " @skip(if: $b)", " @skip(if: false)"])
        kind = source.randrange(6)
        if kind == 0 and depth < 3:
            parts.append(f"... on {source.choice(['Book', 'HasId'])}{directive} {{ id }}")
        elif kind == 1 and depth < 3:
            parts.append(f"...{directive} {{ {random_selection(source, depth + 1)} }}")
        elif kind == 2:
            inner = source.choice(["maybe", "place", "copies"])
            parts.append(f"p{number}: {inner}{directive} {{ shelf x: row __typename }}")
        elif kind == 3:
            parts.append(f"r{number}: {source.choice(['shout', 'later', 'later(fail: true)'])}{directive}")
        else:
            alias = f"a{number}: " if source.random() < 0.4 else ""
            parts.append(f"{alias}{source.choice(LEAVES)}{directive}")
    return " ".join(parts)


@pytest.mark.parametrize("seed", range(80))
async def test_random_queries_are_answered_as_the_stock_executor_does(seed: int) -> None:
    source = random.Random(seed)
    field, wrong = source.choice(["books", "optional"]), source.choice(WRONG)
    text = f'query($a: Boolean!, $b: Boolean!) {{ {field}(wrong: "{wrong}") {{ {random_selection(source)} id }} \
        t: __typename @include(if: $a) @skip(if: $b) }}'
    for variables in ({"a": True, "b": True}, {"a": False, "b": True}, {"a": True, "b": False}):
        stock, compiled = await answers(text, variables)
        assert compiled == stock, text


@pytest.mark.parametrize("wrong", ["", "null", "null_item", "exception", "awaitable"])
async def test_long_lists_are_completed_in_turns_with_the_same_answer(wrong: str) -> None:
    count = completion.CHUNK * 2 + 7
    for field in ("books", "optional"):
        stock, compiled = await answers(document(field, wrong, EVERYTHING, count))
        assert compiled == stock
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    beside = asyncio.create_task(others())
    await COMPILED.execute(document("books", "", EVERYTHING, count))
    beside.cancel()
    assert turns >= 3


async def test_interfaces_are_left_to_graphql_core() -> None:
    stock, compiled = await answers(
        "{ anything { id __typename ... on Book { title place { row } } ... on Leaflet { folds } } }"
    )
    assert compiled == stock
    assert [item["__typename"] for item in stock[0]["anything"]] == ["Book", "Book", "Book", "Leaflet"]


def test_without_an_event_loop_lists_are_completed_at_once() -> None:
    query = "{ books(count: 600) { id place { shelf } } }"
    assert COMPILED.execute_sync(query).data == STOCK.execute_sync(query).data


async def test_only_what_comes_often_enough_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    original = completion.compile_list

    def compile_list(*arguments: Any) -> Any:
        made.append(arguments)
        return original(*arguments)

    monkeypatch.setattr(completion, "compile_list", compile_list)
    schema = Schema(Query, types=[Leaflet], config=CONFIG)
    query = "query often { books(count: 20) { id } }"
    for _ in range(2):
        await schema.execute(query)
    assert not made
    for _ in range(3):
        result = await schema.execute(query)
        assert result.data is not None
        assert len(result.data["books"]) == 20
    assert len(made) == 1


async def test_a_resolve_hook_is_refused_and_nothing_is_compiled_beside_one() -> None:
    seen: list[str] = []

    class Hook(SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: GraphQLResolveInfo[Any], *args: Any, **kwargs: Any) -> Any:
            seen.append(info.field_name)
            return _next(root, info, *args, **kwargs)

    with pytest.raises(ValueError, match="resolve hook"):
        Schema(Query, types=[Leaflet], config=CONFIG, extensions=[Hook])
    hooked = strawberry.Schema(Query, types=[Leaflet], config=CONFIG, execution_context_class=Eager, extensions=[Hook])
    await hooked.execute("{ books(count: 3) { id } }")
    assert seen == ["books", "id", "id", "id"]


def test_no_installed_extension_has_a_resolve_hook() -> None:
    schema = Schema(Query, types=[Leaflet], config=CONFIG)
    assert not any(type(extension)._implements_resolve() for extension in schema.get_extensions())


async def test_nesting_beyond_what_python_can_compile_is_left_to_graphql_core() -> None:
    @strawberry.type
    class Tree:
        name: str
        branches: "list[Tree]"

    @strawberry.type
    class Root:
        @strawberry.field
        def tree(self) -> list[Tree]:
            tree = Tree(name="leaf", branches=[])
            for _ in range(25):
                tree = Tree(name="branch", branches=[tree])
            return [tree]

    globals()["Tree"] = Tree
    deep = "{ tree { name " + "branches { name " * 24 + "}" * 25 + " }"
    results = [
        await strawberry.Schema(Root, execution_context_class=executor).execute(deep) for executor in (None, Eager)
    ]
    assert shown(results[0]) == shown(results[1])
    assert not results[0].errors
