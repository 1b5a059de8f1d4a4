"""Which events a webhook is owed, and how far its cursor moves: pure."""

import dataclasses
from collections.abc import Mapping, Sequence

from graph.events.event import Event
from graph.events.filter import EventFilter
from graph.rules.deliveries import slots_of
from graph.webhooks.records import Webhook

MOST_PENDING = 1_000
"""Deliveries of a webhook that wait; with so many its cursor waits too."""

IMPORTANCE = {"low": 0, "normal": 1, "high": 2}
UNDECLARED = "normal"


@dataclasses.dataclass(slots=True)
class Line:
    """A webhook as the dispatcher has it in mind. `position` may be ahead of what is stored, over unwanted events.

    `quiet_until`: nothing is due before this instant (None: nothing is due at all). `flying` are the keys of the
    deliveries under way.
    """

    webhook: Webhook
    wanted: EventFilter
    position: int
    flying: set[str]
    quiet_until: int | None = 0

    @property
    def room(self) -> int:
        """Deliveries that may be made of it now."""
        return MOST_PENDING - self.webhook.pending

    @property
    def slots(self) -> int:
        """Requests that may be started to it now."""
        return slots_of(self.webhook) - len(self.flying)

    def has_due(self, now: int) -> bool:
        """Whether it is worth asking what is due."""
        return self.slots > 0 and self.quiet_until is not None and self.quiet_until <= now

    def owed(self, events: Sequence[Event], importance: Mapping[str, str]) -> tuple[list[Event], int]:
        """The wanted ones of the events, as many as there is room for, and the number behind which it goes on.

        `importance` is by asset key; a webhook with a minimum wants events about assets alone.
        """
        found: list[Event] = []
        position = self.position
        for event in events:
            if event.seq <= position:
                continue
            if self.wanted.matches(event) and self._matters(event, importance):
                if len(found) == self.room:
                    break
                found.append(event)
            position = event.seq
        return found, position

    def _matters(self, event: Event, importance: Mapping[str, str]) -> bool:
        minimum = self.webhook.minimum_importance
        if minimum is None:
            return True
        if event.asset is None:
            return False
        return IMPORTANCE[importance.get(event.asset, UNDECLARED)] >= IMPORTANCE[minimum]


def clusters(lines: Sequence[Line], last: int, window: int) -> list[tuple[int, list[Line]]]:
    """(start, lines) for each range of `window` events to read: every line that has something before it moves on.

    Lines far behind are read for on their own, so that they do not hold up those that are up to date.
    """
    found: list[tuple[int, list[Line]]] = []
    for line in sorted((each for each in lines if each.position < last and each.room > 0), key=lambda e: e.position):
        if found and line.position < found[-1][0] + window:
            found[-1][1].append(line)
        else:
            found.append((line.position, [line]))
    return found


def highest(declared: Sequence[str]) -> str:
    """The importance of an asset whose producers declare these."""
    return max(declared, key=IMPORTANCE.__getitem__, default=UNDECLARED)
