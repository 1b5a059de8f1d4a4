"""What a webhook wants, as it is kept and shown, and what makes a filter of it."""

from collections.abc import Sequence
from typing import TypedDict

from graph.events.filter import EventFilter
from graph.events.wanted import Wanted
from graph.rules.identifiers import asset_key, workflow_key


class Wishes(TypedDict, total=False):
    """As the client gave it; what is not given is left out."""

    types: Sequence[str]
    assets: Sequence[str]
    workflows: Sequence[str]
    upstreamOf: str


def wanted(wishes: Wishes, cap: int) -> Wanted:
    """`cap` is how many assets the way upstream may look at."""
    plain = EventFilter(
        types=frozenset(wishes.get("types", ())),
        assets=tuple(asset_key(asset) for asset in wishes.get("assets", ())),
        workflows=frozenset(workflow_key(slug) for slug in wishes.get("workflows", ())),
    )
    return Wanted(plain, wishes.get("upstreamOf"), cap)
