"""Events."""

from typing import Any, NotRequired

from typing_extensions import TypedDict


class CloudEvent(TypedDict):
    """What happened, as CloudEvents 1.0 has it; an attribute that does not apply is left out."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str | None
    time: str
    datacontenttype: str
    sequence: str
    asset: NotRequired[str]
    workflow: NotRequired[str]
    run: NotRequired[str]
    step: NotRequired[str]
    attempt: NotRequired[int]
    partition: NotRequired[str]
    version: NotRequired[int]
    snapshot: NotRequired[str]
    data: dict[str, Any]


class EventPage(TypedDict):
    """Events in order; `nextCursor` goes on behind them, `more` tells whether there is anything yet."""

    events: list[CloudEvent]
    nextCursor: int
    more: bool
