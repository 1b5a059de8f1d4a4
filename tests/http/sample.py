"""A small application that uses every part of the kit: books on shelves, in memory."""

import re
from collections.abc import AsyncIterator, Collection
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient

from app.http import (
    WHOLE,
    Answer,
    Call,
    Endpoint,
    NdjsonResponse,
    Token,
    build_openapi,
    create_app,
    dump_json,
)
from app.http.auth import READ, REPORT, WRITE
from graph.errors import Conflict, LineageError, NotFound, Unavailable, invalid

BASE_URL = "http://127.0.0.1:4000"


BOOK_ID = "^[a-z][a-z0-9:-]{0,19}$"


def check_book_id(text: str) -> str:
    if not re.fullmatch(BOOK_ID, text):
        raise invalid("bookId", f"'bookId' must match {BOOK_ID}; {text!r} does not.", code="invalid_book_id")
    return text


BookId = Annotated[str, AfterValidator(check_book_id), WithJsonSchema({"type": "string", "pattern": BOOK_ID})]


class BookPath(BaseModel):
    shelf: Annotated[str, Field(pattern="^[a-z]{1,10}$", description="The shelf.", examples=["fiction"])]
    bookId: BookId


class ListQuery(BaseModel):
    limit: Annotated[int, Field(ge=1, le=100, description="How many at most.")] = 10
    offset: Annotated[int, Field(ge=0)] = 0
    sort: Literal["title", "year"] | None = None
    exact: bool = False
    author: Annotated[str | None, Field(min_length=1, max_length=20)] = None
    tag: Annotated[list[str], Field(max_length=5)] = []


class Chapter(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=50)]
    pages: Annotated[int, Field(ge=1, le=10_000), WHOLE] = 1


class BookBody(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Field(min_length=1, max_length=50)]
    year: Annotated[int, Field(ge=0, le=3000), WHOLE] = 2000
    chapters: Annotated[list[Chapter], Field(max_length=5)] = []
    extra: Any = None


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")
    note: Annotated[str | None, Field(max_length=10)] = None


class Book(BaseModel):
    shelf: str
    bookId: str
    title: str
    year: int


class Page(BaseModel):
    total: int


class Outcome(BaseModel):
    line: int
    ok: bool
    code: str | None


Books = dict[tuple[str, str], Book]


async def list_books(call: Call[None, ListQuery, None]) -> Answer:
    books: Books = call.state.books
    found = [books[key] for key in sorted(books)]
    page = found[call.query.offset : call.query.offset + call.query.limit]
    return Answer(page, meta={"total": len(found)})


async def get_book(call: Call[BookPath, None, None]) -> Answer:
    book = call.state.books.get((call.path.shelf, call.path.bookId))
    if book is None:
        raise NotFound("book_not_found", f"There is no book '{call.path.bookId}' on '{call.path.shelf}'.")
    return Answer(book)


async def put_book(call: Call[BookPath, None, BookBody]) -> Answer:
    key = (call.path.shelf, call.path.bookId)
    if call.body.title == "taken":
        raise Conflict("title_taken", "The title is taken.", data={"bookId": "first"})
    call.state.documents.append(call.document)
    created = key not in call.state.books
    call.state.books[key] = Book(shelf=key[0], bookId=key[1], title=call.body.title, year=call.body.year)
    return Answer(call.state.books[key], status=201 if created else 200, headers={"X-Created": str(created)})


async def mark_book(call: Call[BookPath, None, Note]) -> Answer:
    call.state.documents.append(call.document)
    return Answer(status=204)


async def break_down(call: Call[None, None, None]) -> Answer:
    raise RuntimeError("secret of the inside")


async def misdeclare(call: Call[None, None, None]) -> Answer:
    return Answer({}, status=202)


async def be_away(call: Call[None, None, None]) -> Answer:
    raise Unavailable("The database is away; try again soon.", retry_after=7)


async def healthz(call: Call[None, None, None]) -> Answer:
    return Answer({"status": "ok"})


async def import_books(call: Call[None, None, None]) -> Response:
    async def outcomes() -> AsyncIterator[dict[str, Any]]:
        async for line in call.lines():
            try:
                line.parse()
            except LineageError as error:
                yield {"line": line.number, "ok": False, "code": error.code}
            else:
                yield {"line": line.number, "ok": True, "code": None}

    return NdjsonResponse(outcomes())


async def openapi(call: Call[None, None, None]) -> Response:
    return Response(call.state.openapi, media_type="application/json")


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/books",
        handler=list_books,
        name="listBooks",
        summary="All books",
        tag="books",
        scope=READ,
        query=ListQuery,
        answers={200: list[Book]},
        meta=Page,
        cacheable=True,
    ),
    Endpoint(
        method="GET",
        path="/shelves/{shelf}/{bookId}",
        handler=get_book,
        name="getBook",
        summary="One book",
        tag="books",
        scope=READ,
        path_model=BookPath,
        answers={200: Book},
        cacheable=True,
        errors={400: ("invalid_book_id",), 404: ("book_not_found",)},
    ),
    Endpoint(
        method="PUT",
        path="/shelves/{shelf}/{bookId}",
        handler=put_book,
        name="putBook",
        summary="Set a book",
        tag="books",
        scope=WRITE,
        path_model=BookPath,
        body=BookBody,
        answers={200: Book, 201: Book},
        errors={400: ("invalid_book_id",), 409: ("title_taken",)},
    ),
    Endpoint(
        method="POST",
        path="/shelves/{shelf}/{bookId}/mark",
        handler=mark_book,
        name="markBook",
        summary="Mark a book",
        tag="books",
        scope=REPORT,
        path_model=BookPath,
        body=Note,
        body_optional=True,
        answers={204: None},
        errors={400: ("invalid_book_id",)},
    ),
    Endpoint(
        method="POST",
        path="/import",
        handler=import_books,
        name="importBooks",
        summary="Many books",
        tag="bulk",
        scope=REPORT,
        body=BookBody,
        reads_lines=True,
        writes_lines=True,
        answers={200: Outcome},
        body_limit=60,
    ),
    Endpoint(
        method="GET",
        path="/away",
        handler=be_away,
        name="away",
        summary="Not available",
        tag="faults",
        scope=READ,
        answers={200: Book},
        errors={503: ("database_unavailable",)},
    ),
    Endpoint(
        method="GET",
        path="/healthz",
        handler=healthz,
        name="healthz",
        summary="Alive",
        tag="health",
        scope=None,
        answers={200: dict[str, str]},
    ),
    Endpoint(
        method="GET",
        path="/openapi.json",
        handler=openapi,
        name="openapi",
        summary="This document",
        tag="health",
        scope=None,
        bare=True,
        answers={200: dict[str, Any]},
    ),
)

FAULTS = (
    Endpoint(
        method="GET",
        path="/broken",
        handler=break_down,
        name="broken",
        summary="Fails",
        tag="faults",
        scope=READ,
        answers={200: Book},
    ),
    Endpoint(
        method="GET",
        path="/misdeclared",
        handler=misdeclare,
        name="misdeclared",
        summary="Fails",
        tag="faults",
        scope=READ,
        answers={200: Book},
    ),
)


def make_app(tokens: Collection[Token] = (), **options: Any) -> Starlette:
    app = create_app((*ENDPOINTS, *FAULTS), tokens=tokens, **options)
    app.state.books = {("fiction", "a:b"): Book(shelf="fiction", bookId="a:b", title="First", year=1999)}
    app.state.documents = []
    document = build_openapi(ENDPOINTS, title="Books", version="1", authenticated=bool(tokens))
    app.state.openapi = dump_json(document)
    return app


def make_client(app: Starlette | None = None, **options: Any) -> TestClient:
    return TestClient(app or make_app(), base_url=BASE_URL, **options)
