"""Load the shop into a service: `python -m examples.shop --url http://127.0.0.1:4000`."""

import time
from typing import Annotated

import httpx
import typer

from .play import play
from .story import story


def main(
    url: Annotated[str, typer.Option(help="The service.")] = "http://127.0.0.1:4000",
    token: Annotated[
        str, typer.Option(envvar="LINEAGE_TOKEN", help="A token with the scopes read, report and write.")
    ] = "",
) -> None:
    """Tell the service four weeks of a shop: 8 workflows, about 50 assets, and what went wrong with them.

    Versions have the times of their story; that they were reported just now stays true, so the past of the graph
    itself (`asOf`) begins with this.
    """
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    events = story(int(time.time()) * 1000)
    try:
        with httpx.Client(base_url=url, headers=headers, timeout=60) as http:
            play(http, events)
    except (RuntimeError, httpx.HTTPError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    typer.echo(f"Told the service {len(events)} events; open {url}/")


if __name__ == "__main__":
    typer.run(main)
