"""The cursor of an asset's history."""

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
