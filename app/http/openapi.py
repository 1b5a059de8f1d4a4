"""The OpenAPI 3.1 document, made from the same endpoints and models that serve the requests."""

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import TypeAdapter

from app.http import event_stream, ndjson
from app.http.endpoint import Endpoint
from app.http.origin import SAFE_METHODS
from app.http.parameters import Parameters

_BODY_CODES = (
    "duplicate_key",
    "invalid_input",
    "invalid_json",
    "nesting_too_deep",
    "number_out_of_range",
    "unknown_field",
)

_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "Every error of every route.",
    "required": ["error", "code", "requestId"],
    "properties": {
        "error": {"type": "string", "description": "A full sentence for people."},
        "code": {
            "type": "string",
            "description": "A stable word for programs.",
            "pattern": "^[a-z][a-z0-9_]*$",
        },
        "details": {"type": "object", "description": "What the sentence is about; `field` names the place."},
        "data": {"description": "What exists already, where a conflict shows it."},
        "requestId": {
            "type": "string",
            "description": "Also in the header X-Request-Id, and in the service's log.",
        },
    },
}

_REASONS = {
    400: "What was sent cannot be accepted as it is",
    401: "No token, or an unknown one",
    403: "Not allowed",
    404: "What was named does not exist",
    409: "What was sent contradicts what is known already",
    410: "What was named is not kept any more",
    413: "Larger than the limit",
    415: "Not in a media type that is taken",
    422: "Well-formed, but it cannot be carried out",
    500: "A fault inside the service",
    503: "Not available now; try again after Retry-After seconds",
}

_HEADERS = {
    401: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}},
}

Mode = Literal["validation", "serialization"]


def build_openapi(
    endpoints: Iterable[Endpoint], *, title: str, version: str, description: str = "", authenticated: bool
) -> dict[str, Any]:
    """The document as plain JSON values. `authenticated` says whether tokens are configured."""
    endpoints = tuple(endpoints)
    schemas, components = _schemas(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, schemas, authenticated)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version, "description": description},
        "tags": [{"name": tag} for tag in dict.fromkeys(endpoint.tag for endpoint in endpoints)],
        "paths": paths,
        "components": {"schemas": {"Error": _ERROR_SCHEMA, **dict(sorted(components.items()))}},
    }
    if authenticated:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return document


def error_codes(endpoint: Endpoint, *, authenticated: bool) -> dict[int, list[str]]:
    """Every code that a request to the endpoint may meet, by status: its own and those of the kit."""
    codes: dict[int, set[str]] = {500: {"internal_error"}}

    def add(status: int, *more: str) -> None:
        codes.setdefault(status, set()).update(more)

    add(400, "unknown_parameter", "invalid_query")
    if endpoint.query is not None:
        add(400, "invalid_parameter", "repeated_parameter")
    if endpoint.path_model is not None:
        add(400, "invalid_parameter", "invalid_path")
    if endpoint.reads_lines or endpoint.body is not None:
        add(415, "unsupported_media_type")
    if endpoint.body is not None and not endpoint.reads_lines:
        add(400, *_BODY_CODES)
        add(413, "body_too_large")
    if endpoint.method not in SAFE_METHODS:
        add(403, "cross_origin")
    if not authenticated:
        add(403, "host_not_allowed")
    elif endpoint.scope is not None:
        add(401, "unauthorized")
        add(403, "forbidden")
    for status, own in endpoint.errors.items():
        add(status, *own)
    return {status: sorted(codes[status]) for status in sorted(codes)}


def _schemas(endpoints: tuple[Endpoint, ...]) -> tuple[dict[tuple[str, Mode], Any], dict[str, Any]]:
    """Each endpoint's schemas by (`name part`, mode), and the components that they refer to.

    All at once, so that pydantic gives two models of one name two component names.
    """
    wanted: list[tuple[str, Mode, TypeAdapter[Any]]] = []
    for endpoint in endpoints:
        if endpoint.body is not None:
            wanted.append((f"{endpoint.name} body", "validation", TypeAdapter(endpoint.body)))
        if endpoint.meta is not None:
            wanted.append((f"{endpoint.name} meta", "serialization", TypeAdapter(endpoint.meta)))
        for status, answer in endpoint.answers.items():
            if answer is not None:
                wanted.append((f"{endpoint.name} {status}", "serialization", TypeAdapter(answer)))
    schemas, root = TypeAdapter.json_schemas(wanted, ref_template="#/components/schemas/{model}")
    components = root.get("$defs", {})
    if "Error" in components:
        raise ValueError("The name 'Error' is taken by the error shape; give the model another name.")
    return schemas, components


def _operation(endpoint: Endpoint, schemas: dict[tuple[str, Mode], Any], authenticated: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": [endpoint.tag],
        "responses": {},
    }
    if endpoint.description:
        operation["description"] = endpoint.description
    parameters = _parameters(Parameters(endpoint.path_model, "path"), endpoint.path_parameters)
    parameters += _parameters(Parameters(endpoint.query, "query"))
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": not (endpoint.body_optional or endpoint.reads_lines),
            "content": _content(schemas[f"{endpoint.name} body", "validation"], lines=endpoint.reads_lines),
        }
    if authenticated and endpoint.scope is not None:
        operation["security"] = [{"token": [endpoint.scope]}]
    responses = operation["responses"]
    for status in sorted(endpoint.answers):
        responses[str(status)] = _success(endpoint, status, schemas)
    if endpoint.cacheable:
        responses["304"] = {"description": "The tag in If-None-Match is still right.", "headers": _ETAG}
    for status, codes in error_codes(endpoint, authenticated=authenticated).items():
        responses[str(status)] = _failure(status, codes)
    return operation


_ETAG = {"ETag": {"required": True, "schema": {"type": "string"}}}


def _parameters(parameters: Parameters, order: Iterable[str] = ()) -> list[dict[str, Any]]:
    described = []
    for name in order or parameters.schemas:
        schema = dict(parameters.schemas[name])
        parameter: dict[str, Any] = {"name": name, "in": parameters.place}
        if parameters.place == "path" or name in parameters.required:
            parameter["required"] = True
        if text := schema.pop("description", ""):
            parameter["description"] = text
        described.append({**parameter, "schema": schema})
    return described


def _success(endpoint: Endpoint, status: int, schemas: dict[tuple[str, Mode], Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": endpoint.summary}
    headers: dict[str, Any] = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in endpoint.headers.items()
    }
    if endpoint.cacheable and status == 200:
        headers |= _ETAG
    if headers:
        answer["headers"] = headers
    if endpoint.answers[status] is None:
        return answer
    schema = schemas[f"{endpoint.name} {status}", "serialization"]
    if not (endpoint.bare or endpoint.writes_lines or endpoint.writes_events):
        properties = {"data": schema}
        if endpoint.meta is not None:
            properties["meta"] = schemas[f"{endpoint.name} meta", "serialization"]
        schema = {"type": "object", "required": ["data"], "properties": properties}
    if endpoint.writes_events:
        whole = {"type": "string", "description": "Server-sent events; x-itemSchema is the schema of each one's data."}
        answer["content"] = {event_stream.MEDIA_TYPE: {"schema": whole, "x-itemSchema": schema}}
    else:
        answer["content"] = _content(schema, lines=endpoint.writes_lines)
    answer["content"] |= {media_type: {"schema": {"type": "string"}} for media_type in endpoint.text_types}
    return answer


def _content(schema: dict[str, Any], *, lines: bool) -> dict[str, Any]:
    if not lines:
        return {"application/json": {"schema": schema}}
    # OpenAPI 3.1 has no word for the type of a line (3.2 calls it itemSchema); the whole is no JSON document.
    whole = {"description": "One JSON document a line; x-itemSchema is the schema of each."}
    return {ndjson.MEDIA_TYPE: {"schema": whole, "x-itemSchema": schema}}


def _failure(status: int, codes: list[str]) -> dict[str, Any]:
    narrowed = {"properties": {"code": {"enum": codes}}}
    answer: dict[str, Any] = {
        "description": f"{_REASONS.get(status, 'Refused')}: " + ", ".join(f"`{code}`" for code in codes) + ".",
        "content": {"application/json": {"schema": {"allOf": [{"$ref": "#/components/schemas/Error"}, narrowed]}}},
    }
    if status in _HEADERS:
        answer["headers"] = _HEADERS[status]
    return answer
