"""Which events a reader wants, as both edges have it asked: REST in its query string, GraphQL in arguments."""

from collections.abc import Iterable

from graph.errors import invalid
from graph.events.filter import EventFilter
from graph.events.wanted import Wanted
from graph.rules.identifiers import check_asset_id, check_slug, workflow_key

MOST_TYPES = 50
MOST_NAMES = 100
"""Assets, or workflows, that one reader may name."""

LARGEST_NUMBER = 2**53


def check_asset_pattern(text: str) -> str:
    """An asset's id, or the beginning of ids and `*`. Raises InvalidInput `invalid_asset_id`."""
    check_asset_id(text.removesuffix("*"), field="assets")
    return text


def wanted_events(
    *,
    types: Iterable[str] = (),
    assets: Iterable[str] = (),
    workflows: Iterable[str] = (),
    upstream_of: str | None = None,
    cap: int,
) -> Wanted:
    """All that is given must hold. Values that were checked already pass once more.

    `cap` is how many assets the way upstream may look at. Raises InvalidInput.
    """
    types, assets, workflows = frozenset(types), tuple(assets), tuple(workflows)
    _check_count("types", len(types), MOST_TYPES)
    _check_count("assets", len(assets), MOST_NAMES)
    _check_count("workflows", len(workflows), MOST_NAMES)
    for slug in workflows:
        check_slug(slug, field="workflows")
    if upstream_of is not None:
        check_asset_id(upstream_of, field="upstreamOf")
    chosen = EventFilter(
        types=types,
        assets=tuple(check_asset_pattern(asset).lower() for asset in assets),
        workflows=frozenset(workflow_key(slug) for slug in workflows),
    )
    return Wanted(chosen, upstream_of, cap)


def _check_count(field: str, count: int, most: int) -> None:
    if count > most:
        raise invalid(field, f"At most {most} may be named; {count} came.")
