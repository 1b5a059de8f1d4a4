"""Tells a service what happened in the shop."""

import json
from collections.abc import Callable, Iterable

import httpx

from .story import Event


def play(http: httpx.Client, events: Iterable[Event], before: Callable[[int], None] = lambda at: None) -> None:
    """Send every event; `before` hears the instant of each (epoch milliseconds).

    Raises RuntimeError with the service's own words when it refuses one.
    """
    for event in events:
        before(event.at)
        if isinstance(event.body, list):
            _bulk(http, event)
        else:
            _check(http.request(event.method, event.path, json=event.body))


def _bulk(http: httpx.Client, event: Event) -> None:
    content = "\n".join(json.dumps(line) for line in event.body)
    answer = http.post(event.path, content=content, headers={"Content-Type": "application/x-ndjson"})
    _check(answer)
    for line in answer.text.splitlines():
        outcome = json.loads(line)
        if outcome["status"] >= 400:
            raise RuntimeError(f"line {outcome['line']} of {event.path}: {outcome['error']}")


def _check(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.text}")
