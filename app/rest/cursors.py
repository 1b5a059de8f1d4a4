"""The cursors of pages: an asset's history, the requests for runs."""

from app.cursors import seal, unseal, unusable
from graph.rules.ranks import HIGHEST
from graph.store.history import Position, Selection


def history_cursor(selection: Selection, position: Position) -> str:
    """Where the next page of this selection begins."""
    return seal("history", selection.prefix, selection.series, position.order, position.series, position.version)


def history_position(cursor: str, selection: Selection) -> Position:
    """The position that a cursor of this selection stands for; InvalidInput for any other text."""
    match unseal(cursor, "before"):
        case ["history", selection.prefix, selection.series, int(order), str(series), int(version)]:
            # Whoever made it: past 64 bits the driver could not send it.
            if 0 <= order <= HIGHEST and 0 <= version <= HIGHEST:
                return Position(order, series, version)
    raise unusable("before")


def request_cursor(end: str, workflow: str | None, state: str | None) -> str:
    """Where the next page of these requests for runs begins."""
    return seal("run-requests", workflow, state, end)


def request_position(cursor: str, workflow: str | None, state: str | None) -> str:
    """The recency that a cursor of this very question stands for; InvalidInput for any other text."""
    match unseal(cursor, "before"):
        case ["run-requests", asked_workflow, asked_state, str(end)]:
            if (asked_workflow, asked_state) == (workflow, state):
                return end
    raise unusable("before")
