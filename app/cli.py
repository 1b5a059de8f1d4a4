"""The command `lineage`."""

import logging
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler

from app.http import create_token
from app.main import VERSION, make_app
from app.settings import Settings
from graph.engine import EngineError

cli = typer.Typer(name="lineage", help="Asset lineage: what made this, what depends on it, and is it fresh?", no_args_is_help=True)

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
        _log_to_stderr(settings.log_level)
        app = make_app(settings)
        listener = _listen(settings.host, settings.port)
    except ValidationError as error:
        for problem in error.errors():
            errors.print(f"[red]Setting {'.'.join(map(str, problem['loc']))}:[/red] {problem['msg']}")
        raise typer.Exit(2) from None
    except (ValueError, OSError) as error:
        _fail(str(error))
    # The lifespan's own errors would end in a traceback of uvicorn's; kept here, they become a sentence.
    config = uvicorn.Config(app, log_config=None, lifespan="on", access_log=False, timeout_graceful_shutdown=10)
    server = _Server(config)
    server.run(sockets=[listener])
    if server.obstacle:
        _fail(server.obstacle)


@cli.command()
def token(
    name: Annotated[str, typer.Argument(help="Whom the token is for.")],
    scope: Annotated[list[str], typer.Option(help="read, report or write; may be given several times.")],
) -> None:
    """Make a token: the secret for the client, and the line for LINEAGE_TOKENS."""
    try:
        secret, line = create_token(name, scope)
    except ValueError as error:
        _fail(str(error))
    typer.echo(f"Secret, shown once, for the client:  {secret}")
    typer.echo(f"Line, for LINEAGE_TOKENS:            {line}")


@cli.command()
def version() -> None:
    """Print the version."""
    typer.echo(VERSION)


def main() -> None:
    """The console command."""
    cli()
