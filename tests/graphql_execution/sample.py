"""A schema with everything that completion can meet: books that are right, and one that is wrong in a chosen way."""

import asyncio
import datetime
import enum
from collections.abc import AsyncGenerator, Generator
from typing import Any, NewType

import orjson
import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from graph.errors import NotFound, Unavailable, invalid

JSON = NewType("JSON", object)
CONFIG = StrawberryConfig(
    scalar_map={JSON: strawberry.scalar(name="JSON", serialize=lambda value: value, parse_value=lambda value: value)}
)


@strawberry.enum
class Kind(enum.Enum):
    NOVEL = "novel"
    ESSAY = "essay"


@strawberry.interface
class HasId:
    id: strawberry.ID


@strawberry.type
class Place:
    shelf: str
    row: str | None


@strawberry.type
class Book(HasId):
    title: str | None
    pages: int
    rating: float
    lent: bool
    kind: Kind
    since: datetime.datetime
    tags: list[str]
    extra: JSON | None
    maybe: Place | None
    place: Place
    copies: list[Place]

    @strawberry.field
    def shout(self) -> str:
        return (self.title or "").upper()

    @strawberry.field
    async def later(self, fail: bool = False) -> str | None:
        await asyncio.sleep(0)
        if fail and self.pages % 2:
            raise ValueError(f"no {self.id}")
        return f"later {self.id}"


@strawberry.type
class Leaflet(HasId):
    folds: int


class Later:
    """To be awaited; a coroutine that no query asks for would be complained of."""

    def __await__(self) -> Generator[Any, None, str]:
        yield from asyncio.sleep(0).__await__()
        return "later"


WRONG = (
    "",
    "null",
    "type",
    "numeric_text",
    "too_big",
    "null_object",
    "exception",
    "null_item",
    "nan",
    "integer_id",
    "integer_float",
    "no_attribute",
    "another_class",
    "enum",
    "awaitable",
    "tuple",
    "json_exception",
    "json_awaitable",
    "generator",
)


def books(wrong: str, count: int = 20) -> list[Any]:
    made: list[Any] = [
        Book(
            id=strawberry.ID(str(i)),
            title=None if i % 3 == 0 else f"title {i}",
            pages=i,
            rating=i / 2,
            lent=bool(i % 2),
            kind=Kind.NOVEL if i % 2 else Kind.ESSAY,
            since=datetime.datetime(2026, 1, 1 + i % 28),
            tags=["x", "y"][: i % 3],
            extra=JSON(None if i % 4 == 0 else {"n": [i, None]}),
            maybe=None if i % 2 else Place(shelf="w", row=None),
            place=Place(shelf="w", row="s"),
            copies=[Place(shelf="c", row="d")] * (i % 3),
        )
        for i in range(count)
    ]
    if count > 11:
        _spoil(made, wrong)
    return iter(made) if wrong == "generator" else made  # type: ignore[return-value]


def _spoil(made: list[Any], wrong: str) -> None:
    match wrong:
        case "null":
            made[3].pages = None
        case "type":
            made[4].pages = "seven"
        case "numeric_text":
            made[4].pages = "7"
        case "too_big":
            made[5].pages = 2**40
        case "null_object":
            made[6].place = None
        case "exception":
            made[7].title = ValueError("boom")
        case "null_item":
            made[8] = None
        case "nan":
            made[9].rating = float("nan")
        case "integer_id":
            made[9].id = 9
        case "integer_float":
            made[9].rating = 9
        case "no_attribute":
            del made[10].__dict__["place"]
        case "another_class":
            made[11] = Place(shelf="w", row="s")
        case "enum":
            made[2].kind = "zzz"
        case "awaitable":
            made[1].title = Later()
        case "tuple":
            made[1].tags = ("p", "q")
        case "json_exception":
            made[1].extra = ValueError("boom")
        case "json_awaitable":
            made[1].extra = Later()


@strawberry.type
class Page:
    nodes: list[Book]
    total: int


@strawberry.type
class Query:
    @strawberry.field
    def books(self, wrong: str = "", count: int = 20) -> list[Book]:
        return books(wrong, count)

    @strawberry.field
    def optional(self, wrong: str = "", count: int = 20) -> list[Book | None] | None:
        return books(wrong, count)

    @strawberry.field
    def page(self, first: int = 20, wrong: str = "") -> Page:
        return Page(nodes=books(wrong, first), total=first)

    @strawberry.field
    def limited(self, limit: int = 100) -> Page:
        return Page(nodes=books("", limit), total=limit)

    @strawberry.field
    def named(self, assets: list[str]) -> Page:
        return Page(nodes=books("", len(assets)), total=len(assets))

    @strawberry.field
    def anything(self) -> list[HasId]:
        return [*books("", 3), Leaflet(id=strawberry.ID("l"), folds=2)]

    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"hello {name}"

    @strawberry.field
    def payload(self) -> JSON:
        return JSON(orjson.Fragment(b'{"as": [1,2.50]}'))

    @strawberry.field
    def fails(self, how: str) -> str | None:
        match how:
            case "not_found":
                raise NotFound("book_not_found", "There is no such book.", details={"field": "id"})
            case "unavailable":
                raise Unavailable("The database is away.", retry_after=7)
            case "invalid":
                raise invalid("id", "No id.")
            case "coded":
                raise GraphQLError("Ours.", extensions={"code": "ours"})
        raise RuntimeError("the password is swordfish")

    @strawberry.field
    async def sleeps(self, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "awake"


@strawberry.type
class Mutation:
    @strawberry.mutation
    def lend(self, id: strawberry.ID) -> str:
        return f"lent {id}"

    @strawberry.mutation
    def report_loss(self, id: strawberry.ID) -> str:
        return f"lost {id}"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> AsyncGenerator[int, None]:
        yield 1
