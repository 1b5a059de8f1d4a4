"""The command `lineage`."""

import logging
import socket
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.logging import RichHandler

from app.http import create_token
from app.main import VERSION, make_app
from app.settings import Settings

cli = typer.Typer(
    name="lineage", help="Asset lineage: what made this, what depends on it, and is it fresh?", no_args_is_help=True
)

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
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=10)
    # A start that fails is told in one sentence below, not in uvicorn's traceback.
    logging.getLogger("uvicorn.error").addFilter(lambda _: app.state.obstacle is None)
    errors.print(f"asset-lineage {VERSION} on http://{_shown(listener)}")
    uvicorn.Server(config).run(sockets=[listener])
    if app.state.obstacle is not None:
        _fail(app.state.obstacle)


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


def _listen(host: str, port: int) -> socket.socket:
    """The bound socket; OSError with a sentence when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's algorithm off (which holds answers back for 40 ms) only where the protocol is named.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # Without it, a port is blocked for a minute after every restart.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(
            f"Cannot listen on {host}:{port} ({error.strerror}); choose another with --port or LINEAGE_PORT."
        ) from None
    return listener


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _log_to_stderr(level: str) -> None:
    handler = RichHandler(console=errors, show_path=False, rich_tracebacks=False)
    logging.basicConfig(level=level.upper(), handlers=[handler], format="%(message)s", datefmt="[%X]", force=True)
    # The driver speaks of things that are handled here, such as a connection that is tried again.
    logging.getLogger("neo4j").setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _fail(message: str) -> NoReturn:
    errors.print(f"[red]{message}[/red]", soft_wrap=True)
    raise typer.Exit(1)
