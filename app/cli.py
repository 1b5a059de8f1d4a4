"""The command `lineage`.

Exit codes: 0 when it did what it was told, a stop by Ctrl-C or SIGTERM included; 1 when it could not; 2 when it was
told something wrong, on the command line or in the settings. Those of `check` and `wait`: app.gates.commands.
"""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from pydantic import ValidationError
from rich.console import Console

from app.gates.commands import check, wait
from app.http import create_token
from app.main import VERSION, make_app
from app.server import StartFailed, listen, log_to
from app.server import serve as serve_app
from app.settings import Settings, problems

WRONG = 2

cli = typer.Typer(
    name="lineage", help="Asset lineage: what made this, what depends on it, and is it fresh?", no_args_is_help=True
)

cli.command()(check)
cli.command()(wait)

errors = Console(stderr=True)


@cli.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (LINEAGE_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (LINEAGE_PORT).")] = None,
    data: Annotated[Path | None, typer.Option(help="The embedded database's directory (LINEAGE_DATA_DIR).")] = None,
) -> None:
    """Serve the API; Ctrl-C or SIGTERM ends it cleanly."""
    given = {"host": host, "port": port, "data_dir": data}
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
        log_to(errors, settings.log_level)
        app = make_app(settings)
    except ValidationError as error:
        _fail(*problems(error), code=WRONG)
    except ValueError as error:
        _fail(str(error), code=WRONG)
    try:
        listener = listen(settings.host, settings.port)
        serve_app(app, listener, errors, f"asset-lineage {VERSION}", max_message=settings.max_body)
    except StartFailed as error:
        _fail(str(error))


@cli.command()
def token(
    name: Annotated[str, typer.Argument(help="Whom the token is for.")],
    scope: Annotated[list[str], typer.Option(help="read, report or write; may be given several times.")],
) -> None:
    """Make a token: the secret for the client, and the line for LINEAGE_TOKENS."""
    try:
        secret, line = create_token(name, scope)
    except ValueError as error:
        _fail(str(error), code=WRONG)
    typer.echo(f"Secret, shown once, for the client:  {secret}")
    typer.echo(f"Line, for LINEAGE_TOKENS:            {line}")


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(VERSION)


def main() -> None:
    """The console command."""
    cli()


def _fail(*sentences: str, code: int = 1) -> NoReturn:
    for sentence in sentences:
        # Whatever is in it is text, never markup, and a path must not be cut in two.
        errors.print(sentence, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
