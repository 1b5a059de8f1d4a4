"""Events as CloudEvents 1.0 in JSON (github.com/cloudevents/spec)."""

from typing import cast

import orjson

from app.http.json_body import dump_json
from app.rest.answers import CloudEvent
from graph.events.event import Event
from graph.rules.instants import format_instant

MEDIA_TYPE = "application/cloudevents+json"

SEQUENCE_DIGITS = 16
"""The extension `sequence` is compared as text; so many digits hold every number of the log."""


def cloud_event(event: Event, source: str) -> CloudEvent:
    """The event; `source` is the name of the database. Attributes that do not apply are left out."""
    extensions = {
        "asset": event.asset,
        "workflow": event.workflow,
        "run": event.run,
        "step": event.step,
        "attempt": event.attempt,
        "partition": event.partition,
        "version": event.version,
        "snapshot": event.snapshot,
    }
    shown = {
        "specversion": "1.0",
        "id": str(event.seq),
        "source": f"urn:asset-lineage:{source}",
        "type": event.type,
        "subject": event.asset or event.run or event.workflow,
        "time": format_instant(event.at),
        "datacontenttype": "application/json",
        "sequence": f"{event.seq:0{SEQUENCE_DIGITS}}",
        **{name: value for name, value in extensions.items() if value is not None},
        "data": orjson.Fragment(event.data),
    }
    return cast(CloudEvent, shown)


def cloud_event_json(event: Event, source: str) -> bytes:
    """The event as JSON text."""
    return dump_json(cloud_event(event, source))
