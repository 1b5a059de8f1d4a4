"""May this go ahead? What a gate asks of an asset, and everything that is against it: pure.

A gate goes by the verdict on the asset (`graph.rules.freshness`): stale, expired and missing assets do not pass. One
that is only *due*, or of which nothing is declared, passes unless the gate is strict.
"""

from typing import NamedTuple

from graph.rules.freshness import Verdict


class Gate(NamedTuple):
    """What is asked; `max_age` in milliseconds."""

    max_age: int | None = None
    require_valid: bool = False
    strict: bool = False


class Made(NamedTuple):
    """The newest version: when it was produced, in epoch milliseconds, and whether it keeps to its schema."""

    produced_at: int
    valid: bool


class Objection(NamedTuple):
    """One thing for which an asset does not pass; `since` in epoch milliseconds, `asset_id` the upstream that it
    comes from.
    """

    code: str
    message: str
    since: int | None = None
    asset_id: str | None = None


def objections(gate: Gate, verdict: Verdict, newest: Made | None, now: int) -> list[Objection]:
    """Everything that is against the asset, the gravest first; it passes when there is nothing."""
    found = [Objection(*reason) for reason in verdict.reasons if gate.strict or reason.code != "due"]
    if gate.strict and verdict.state == "unknown":
        found.append(Objection("no_limits", "nothing is declared of how long it is good"))
    if newest is None:
        return found
    if gate.max_age is not None and now - newest.produced_at > gate.max_age:
        since = newest.produced_at + gate.max_age
        found.append(Objection("too_old", f"its newest version is older than {gate.max_age} ms", since))
    if gate.require_valid and not newest.valid:
        found.append(Objection("invalid_payload", "its newest version breaks its schema"))
    return found
