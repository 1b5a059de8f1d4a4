"""The HTTP kit: strict JSON, one error shape, declared endpoints, OpenAPI, tokens, limits, caching.

It knows nothing of lineage. What a route needs to say about itself is an `Endpoint`; `create_app` makes the
ASGI application and `build_openapi` its description from the same table.
"""

from app.http.application import create_app
from app.http.auth import Principal, Token, check_bind, create_token, parse_tokens
from app.http.endpoint import Answer, Call, Endpoint
from app.http.errors import HttpError
from app.http.json_body import dump_json, parse_json
from app.http.ndjson import Line, NdjsonResponse, read_lines
from app.http.openapi import build_openapi
from app.http.validation import WHOLE

__all__ = [
    "WHOLE",
    "Answer",
    "Call",
    "Endpoint",
    "HttpError",
    "Line",
    "NdjsonResponse",
    "Principal",
    "Token",
    "build_openapi",
    "check_bind",
    "create_app",
    "create_token",
    "dump_json",
    "parse_json",
    "parse_tokens",
    "read_lines",
]
