"""What a route says about itself. Routing, checks and OpenAPI all come from this one declaration."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive

from app.http.auth import SCOPES, Principal
from app.http.ndjson import Line, read_lines

PathT = TypeVar("PathT")
QueryT = TypeVar("QueryT")
BodyT = TypeVar("BodyT")

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: `{"data": …, "meta"?: …}`, or nothing at all with status 204."""

    data: Any = None
    status: int = 200
    meta: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[PathT, QueryT, BodyT]):
    """One request; the type arguments are the models of the endpoint, None where it has none."""

    path: PathT
    query: QueryT
    body: BodyT
    document: Any
    """The body as plain JSON values, exactly as sent; None when the endpoint has no body."""
    principal: Principal
    state: Any
    """The application's state (`app.state`)."""
    request_id: str
    headers: Headers
    receive: Receive
    body_limit: int

    def lines(self) -> AsyncIterator[Line]:
        """The lines of a body that `Endpoint.reads_lines` left unread."""
        return read_lines(self.receive, limit=self.body_limit)


Handler = Callable[[Call[Any, Any, Any]], Awaitable[Answer | Response]]


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One method of one path.

    `answers` gives the type of `data` for each status of success, None for an answer without a body; `errors`
    the codes that the handler itself may raise, by status. What every request may meet (authorisation,
    parameters, body, internal faults) is added by the kit.
    """

    method: str
    path: str
    """Such as `/workflows/{slug}/assets/{assetId}`; a parameter is one whole segment."""
    handler: Handler
    name: str
    """Unique; the `operationId`, from which clients are generated."""
    summary: str
    tag: str
    scope: str | None
    """The scope that a token needs; None opens the path to everyone, for all its methods."""
    description: str = ""
    path_model: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    body: Any = None
    """The type of the body: a model or whatever pydantic can validate, in strict mode."""
    body_optional: bool = False
    """Without a body the model is made from `{}`."""
    body_limit: int | None = None
    """In bytes, for the whole body, or for one line of it; None takes the application's."""
    reads_lines: bool = False
    """The body is NDJSON, `body` the type of a line for the documentation; the handler reads `Call.lines`."""
    writes_lines: bool = False
    """The answer is an `NdjsonResponse`; `answers` give the type of a line."""
    writes_events: bool = False
    """The answer is an `EventStream`; `answers` give the type of an event's data."""
    bare: bool = False
    """The answer is the document itself, not `{"data": …}`; the handler returns a Response of its own."""
    text_types: tuple[str, ...] = ()
    """Media types of text in which the handler answers too, by a Response of its own."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What headers of its own a success may carry mean, by name; for the documentation."""
    cacheable: bool = False
    """200 carries an ETag, and `If-None-Match` is answered with 304."""
    answers: Mapping[int, Any]
    meta: Any = None
    """The type of `meta` beside the data, when there is one."""
    errors: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        declared = set(self.path_model.model_json_schema().get("properties", {})) if self.path_model else set()
        if declared != set(self.path_parameters):
            raise ValueError(f"{self.method} {self.path}: the path and its model name different parameters")
        if self.scope is None and declared:
            raise ValueError(f"{self.method} {self.path}: a path with parameters cannot be open")
        if self.scope is not None and self.scope not in SCOPES:
            raise ValueError(f"{self.method} {self.path}: there is no scope '{self.scope}'")
        if self.cacheable and self.method != "GET":
            raise ValueError(f"{self.method} {self.path}: only GET is cacheable")

    @property
    def path_parameters(self) -> tuple[str, ...]:
        """The names in the path, in order."""
        return tuple(_PARAMETER.findall(self.path))
