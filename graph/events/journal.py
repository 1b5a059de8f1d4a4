"""Writes the events of a transaction into its log: the last thing that a writing transaction does."""

import dataclasses
from typing import Any

import orjson

from graph.database import Transaction
from graph.events.event import Draft, Event, EventType
from graph.events.reach import Reaches
from graph.events.store import remove_oldest
from graph.records import properties_of

TAKE_NUMBERS = """
MATCH (m:Meta {key: 'events'})
SET m.lockedAt = $now
WITH m
SET m.last = m.last + $count, m.definitions = m.definitions + $definitions
RETURN m.first AS first, m.last AS last, m.definitions AS definitions
"""
"""The lock comes before the counter is read: of two processes the second one waits for the first one's commit."""

WRITE = """
UNWIND $rows AS row
CREATE (e:Event)
SET e = row
"""

DEFINITIONS = frozenset({EventType.WORKFLOW_REGISTERED, EventType.WORKFLOW_DELETED})


class Journal:
    """The drafts of one transaction, in the order in which things happened."""

    def __init__(self, reaches: Reaches) -> None:
        self._reaches = reaches
        self._drafts: list[Draft] = []
        self._before: int | None = None
        self.last: int | None = None
        """The number of the last event written; None when there was none."""

    def add(self, *drafts: Draft) -> None:
        """Note what happened."""
        self._drafts += drafts

    def remove(self, before: int) -> None:
        """Note that the oldest events are to be removed, as far as they were recorded before an instant."""
        self._before = before

    async def flush(self, tx: Transaction) -> None:
        """Number the drafts and write them, and remove old ones; nothing else may be written behind it."""
        if not self._drafts and self._before is None:
            return
        definitions = sum(draft.type in DEFINITIONS for draft in self._drafts)
        now = max((draft.at for draft in self._drafts), default=self._before)
        row = await tx.row(TAKE_NUMBERS, {"count": len(self._drafts), "definitions": definitions, "now": now})
        assert row is not None, "ensure_schema makes the counter"
        assets = {draft.asset for draft in self._drafts if draft.asset is not None}
        # Behind the lock, where nobody else can change a definition. What this very transaction defines must not be
        # taken for what holds, should it fail.
        reaches = await (Reaches() if definitions else self._reaches).of(tx, assets, row["definitions"])
        first = row["last"] - len(self._drafts) + 1
        if self._before is not None:
            await remove_oldest(tx, row["first"], first - 1, self._before)
        if not self._drafts:
            return
        self.last = row["last"]
        rows: list[dict[str, Any]] = []
        for seq, draft in enumerate(self._drafts, first):
            data = draft.data
            if draft.asset is not None:
                data = data | {"downstream": reaches[draft.asset].as_document()}
            rows.append(properties_of(_numbered(draft, seq, data)))
        await tx.run(WRITE, {"rows": rows})


def _numbered(draft: Draft, seq: int, data: dict[str, Any]) -> Event:
    fields = {field.name: getattr(draft, field.name) for field in dataclasses.fields(draft)}
    return Event(**fields | {"seq": seq, "type": draft.type.value, "data": orjson.dumps(data).decode()})
