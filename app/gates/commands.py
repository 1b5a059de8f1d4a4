"""`lineage check` and `lineage wait`.

Exit codes: 0 when it passes, 1 when it does not, 2 when it cannot be told: an asset that nobody knows, a service that
does not answer or refuses, wrong use.
"""

import enum
import time
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from app.gates.client import Service, Untold, Wish
from app.gates.durations import parse_duration
from app.gates.report import as_json, as_junit, as_table
from app.rest.answers import GateResult

FAILED = 1
UNTOLD = 2

TIMEOUT = 600_000
"""Milliseconds of `wait`, where nothing else is said."""

PAUSE = 2.0
"""Seconds between two looks of `wait`."""


REFUSALS = frozenset({"unauthorized", "forbidden", "invalid_asset_id", "invalid_parameter", "traversal_too_large"})
"""What waiting does not change."""


class Format(enum.StrEnum):
    """How the result is printed."""

    TABLE = "table"
    JSON = "json"
    JUNIT = "junit"


def duration(text: str) -> int:
    """Milliseconds, for Typer."""
    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


Assets = Annotated[list[str], typer.Argument(help="Ids of assets.", show_default=False)]
MaxAge = Annotated[
    int | None,
    typer.Option(
        parser=duration, metavar="DURATION", help="The newest version must not be older, such as 2h or 1d12h."
    ),
]
RequireValid = Annotated[bool, typer.Option("--require-valid", help="The newest version must keep to its schema.")]
Upstream = Annotated[bool, typer.Option("--upstream", help="The same of everything upstream of them.")]
Strict = Annotated[bool, typer.Option("--strict", help="Due, or without declared limits, does not pass either.")]
Url = Annotated[str, typer.Option(envvar="LINEAGE_URL", help="Where the service is.")]
Token = Annotated[
    str | None, typer.Option(envvar="LINEAGE_TOKEN", help="A token with the scope read; best by its variable.")
]
Printed = Annotated[Format, typer.Option("--format", help="How the result is printed.")]

LOCAL = "http://127.0.0.1:4000"


def check(
    assets: Assets,
    max_age: MaxAge = None,
    require_valid: RequireValid = False,
    upstream: Upstream = False,
    strict: Strict = False,
    url: Url = LOCAL,
    token: Token = None,
    format: Printed = Format.TABLE,
) -> None:
    """Pass (0) or fail (1) by how fresh assets are; 2 when that cannot be told."""
    wish = Wish(assets, max_age, require_valid, upstream, strict)
    with Service(url, token) as service:
        try:
            result = service.check(wish)
        except Untold as untold:
            _untold(untold)
    _print(result, format)
    if not result["passed"]:
        raise typer.Exit(FAILED)


def wait(
    assets: Assets,
    fresh: Annotated[
        bool,
        typer.Option("--fresh/--exists", help="Until they pass as in `check`, or until there is any version."),
    ] = True,
    timeout: Annotated[
        int | None, typer.Option(parser=duration, metavar="DURATION", help="How long at most.", show_default="10m")
    ] = None,
    max_age: MaxAge = None,
    require_valid: RequireValid = False,
    upstream: Upstream = False,
    strict: Strict = False,
    url: Url = LOCAL,
    token: Token = None,
    format: Printed = Format.TABLE,
) -> None:
    """Wait until a check passes (0), or the time is over (1); 2 when until then it could never be told.

    An asset that nobody knows yet and a service that is away are waited for as well.
    """
    wish = Wish(assets, max_age, require_valid, upstream, strict)
    until = time.monotonic() + (TIMEOUT if timeout is None else timeout) / 1000
    last: GateResult | Untold
    with Service(url, token) as service:
        while True:
            try:
                last = service.check(wish, timeout=max(1.0, until - time.monotonic()))
            except Untold as untold:
                last = untold
                if untold.code in REFUSALS:
                    break
            else:
                if last["passed"] if fresh else _exists(last):
                    _print(last, format)
                    return
            left = until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(PAUSE, left))
    if isinstance(last, Untold):
        _untold(last)
    _print(last, format)
    raise typer.Exit(FAILED)


def _exists(result: GateResult) -> bool:
    return all(each["latest"] is not None for each in result["assets"])


def _print(result: GateResult, format: Format) -> None:
    if format is Format.TABLE:
        as_table(result, Console())
    else:
        typer.echo(as_json(result) if format is Format.JSON else as_junit(result))


def _untold(untold: Untold) -> NoReturn:
    Console(stderr=True).print(str(untold), style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(UNTOLD)
