"""Calling requests for runs off, and letting dead letters wait again: as over REST, with the same rules and errors."""

from typing import Annotated

import strawberry

from app.graphql.context import Info
from app.graphql.inputs import checked
from app.graphql.types.failures import Conflict, InvalidInput, NotFound, TooLarge, Unprocessable
from app.graphql.types.run_request import RunRequest
from app.graphql.written import written
from app.http.auth import REPORT
from app.rest.run_request_requests import CancelBody, RequestPath


@strawberry.type(description="A request for a run after a write.")
class RunRequestPayload:
    """What a write about a request answers."""

    run_request: RunRequest


RunRequestResult = Annotated[
    RunRequestPayload | InvalidInput | NotFound | Conflict | TooLarge | Unprocessable,
    strawberry.union("RunRequestResult"),
]

Reason = Annotated[str | None, strawberry.argument(description="Why, in up to 1,000 characters.")]


async def cancel_run_request(info: Info, id: str, reason: Reason = None) -> RunRequestResult:
    """As POST /run-requests/{requestId}/cancel."""

    async def write() -> RunRequestPayload:
        path = checked(RequestPath, {"requestId": id})
        body = checked(CancelBody, {} if reason is None else {"reason": reason})
        canceled = await info.context.lineage.requests.cancel(path.requestId, body.reason)
        return RunRequestPayload(run_request=RunRequest.of(canceled))

    return await written(info, REPORT, write)


async def retry_run_request(info: Info, id: str) -> RunRequestResult:
    """As POST /run-requests/{requestId}/retry."""

    async def write() -> RunRequestPayload:
        path = checked(RequestPath, {"requestId": id})
        return RunRequestPayload(run_request=RunRequest.of(await info.context.lineage.requests.retry(path.requestId)))

    return await written(info, REPORT, write)
