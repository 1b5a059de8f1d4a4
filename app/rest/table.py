"""How the routes of this service are declared: the name and the summary come from the handler itself."""

from collections.abc import Mapping
from typing import Any

from app.http import Endpoint
from app.http.endpoint import Handler

AWAY = ("database_busy", "database_refuses_login", "database_unavailable")
"""What every request to the graph may meet."""

REFUSED_IDS = {"slug": "invalid_slug", "assetId": "invalid_asset_id", "runId": "invalid_run_id"}
"""What a path is refused with, by the name of its parameter."""


def route(
    method: str,
    path: str,
    handler: Handler,
    *,
    tag: str,
    scope: str,
    answers: Mapping[int, Any],
    errors: Mapping[int, tuple[str, ...]] | None = None,
    **more: Any,
) -> Endpoint:
    """An endpoint on the graph. `errors` are its own; refused ids and a database that is away are added."""
    first, *rest = handler.__name__.split("_")
    errors = dict(errors or {})
    if refused := tuple(code for name, code in REFUSED_IDS.items() if f"{{{name}}}" in path):
        errors[400] = (*errors.get(400, ()), *refused)
    return Endpoint(
        method=method,
        path=path,
        handler=handler,
        name=first + "".join(word.title() for word in rest),
        summary=(handler.__doc__ or "").partition("\n")[0].rstrip("."),
        tag=tag,
        scope=scope,
        answers=answers,
        errors={**errors, 503: AWAY},
        **more,
    )
