"""Serving one endpoint: authorise, parse, call the handler, shape the answer."""

from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http import ndjson
from app.http.auth import require_scope
from app.http.caching import NO_CACHE, VARY, entity_tag, is_known
from app.http.endpoint import Answer, Call, Endpoint
from app.http.json_body import dump_json, parse_json
from app.http.parameters import Parameters
from app.http.request_body import check_media_type, read_body
from app.http.validation import from_validation_error

JSON_TYPES = ("application/json",)


class Operation:
    """An ASGI application for one endpoint; all that can be prepared is prepared when it is made."""

    def __init__(self, endpoint: Endpoint, *, max_body: int) -> None:
        self.endpoint = endpoint
        self.body_limit = endpoint.body_limit or max_body
        self.path = Parameters(endpoint.path_model, "path")
        self.query = Parameters(endpoint.query, "query")
        self.body: TypeAdapter[Any] | None = TypeAdapter(endpoint.body) if endpoint.body is not None else None
        self.known_fields = _field_names(endpoint.body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or raise what `Boundary` makes an error of."""
        endpoint = self.endpoint
        principal = require_scope(scope, endpoint.scope)
        path = self.path.parse_texts(scope["path_params"]) if endpoint.path_model else None
        query = self.query.parse_query(scope["query_string"])
        headers = Headers(scope=scope)
        document = body = None
        if endpoint.reads_lines:
            check_media_type(headers, ndjson.ACCEPTED_TYPES)
        elif self.body is not None:
            check_media_type(headers, JSON_TYPES)
            raw = await read_body(headers, receive, self.body_limit)
            if endpoint.body_optional and not raw.strip():
                raw = b"{}"
            document = parse_json(raw)
            body = self._validate(raw)
        call = Call(
            path=path,
            query=query if endpoint.query else None,
            body=body,
            document=document,
            principal=principal,
            state=scope["app"].state,
            request_id=scope["state"]["request_id"],
            headers=headers,
            receive=receive,
            body_limit=self.body_limit,
        )
        answer = await endpoint.handler(call)
        if isinstance(answer, Response):
            await answer(scope, receive, send)
        else:
            await self._send(answer, headers, send)

    def _validate(self, raw: bytes) -> Any:
        assert self.body is not None
        try:
            # From the text rather than the document: strict mode then knows what JSON can say (an enum or a
            # date is text there), while "1" is still no integer.
            return self.body.validate_json(raw, strict=True)
        except ValidationError as error:
            raise from_validation_error(error, self.known_fields) from None

    async def _send(self, answer: Answer, headers: Headers, send: Send) -> None:
        status = answer.status
        if status not in self.endpoint.answers:
            # What is not declared would be missing from the OpenAPI document.
            raise RuntimeError(f"{self.endpoint.name} answered {status}, which it does not declare")
        sent = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
        body = b""
        if self.endpoint.answers[status] is not None:
            document = {"data": answer.data} if answer.meta is None else {"data": answer.data, "meta": answer.meta}
            body = dump_json(document)
            if self.endpoint.cacheable and status == 200:
                tag = entity_tag(body)
                sent += [(b"etag", tag.encode()), NO_CACHE]
                if is_known(tag, headers.get("if-none-match")):
                    status, body = 304, b""
                    sent.append(VARY)
        if status not in (204, 304):
            sent += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await send({"type": "http.response.body", "body": body})


def _field_names(body: Any) -> tuple[str, ...]:
    if isinstance(body, type) and issubclass(body, BaseModel):
        return tuple(field.alias or name for name, field in body.model_fields.items())
    return ()
