"""The one error shape: `{"error": sentence, "code": word, "details"?, "data"?, "requestId"}`."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException

from app.http.json_body import dump_json
from graph.errors import (
    Conflict,
    Gone,
    InvalidInput,
    LineageError,
    NotFound,
    TooLarge,
    Unavailable,
    Unprocessable,
)

STATUS: Mapping[type[LineageError], int] = {
    InvalidInput: 400,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    Unprocessable: 422,
    Unavailable: 503,
}

_STARLETTE_CODES = {404: "route_not_found", 405: "method_not_allowed", 413: "body_too_large"}


class HttpError(Exception):
    """A refusal that only HTTP knows of: a status, a stable code, a sentence, and headers such as `Allow`."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}
        self.details = details


class Failure:
    """An exception as it is answered: status, JSON body, extra headers; `unexpected` when it is our fault."""

    def __init__(self, error: Exception, request_id: str) -> None:
        self.headers: dict[str, str] = {}
        self.unexpected = False
        details = data = None
        if isinstance(error, HttpError):
            self.status, code, message = error.status, error.code, error.message
            details = error.details
            self.headers.update(error.headers)
        elif isinstance(error, LineageError) and (status := _status_of(error)) is not None:
            self.status, code, message, details, data = (
                status,
                error.code,
                error.message,
                error.details,
                error.data,
            )
            if isinstance(error, Unavailable):
                self.headers["Retry-After"] = str(error.retry_after)
        elif isinstance(error, HTTPException):
            self.status = error.status_code
            code = _STARLETTE_CODES.get(error.status_code, f"http_{error.status_code}")
            message = error.detail if error.detail.endswith(".") else error.detail + "."
            self.headers.update(error.headers or {})
        else:
            self.unexpected = True
            self.status, code = 500, "internal_error"
            message = "Something went wrong inside the service; the request id finds it in the service's log."
        document: dict[str, Any] = {"error": message, "code": code}
        if details is not None:
            document["details"] = details
        if data is not None:
            document["data"] = data
        document["requestId"] = request_id
        self.document = document
        self.body = dump_json(document)


def _status_of(error: LineageError) -> int | None:
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
