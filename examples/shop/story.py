"""What happened in the shop: four weeks of nightly runs up to now, with what goes wrong in any such month."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from .definitions import DEFINED, Defined
from .kept import DAY, HOUR
from .workflows import KEPT, OBSERVED

MINUTE = 60_000
DAYS = 24
"""Nights told, tonight's included."""

ORDER = (
    ("orders-import", 8.0),
    ("payments-import", 7.9),
    ("catalogue-import", 7.8),
    ("customers-sync", 7.7),
    ("warehouse-build", 7.0),
    ("feature-store", 6.0),
    ("model-training", 5.5),
    ("reporting", 5.0),
)
"""Each night's runs, and how many hours before the end of the day's story they begin."""

TRAINING_DAY = 1
SEGMENTS_DAY = 5
"""Nights ago, and every week before."""

INVALID_NIGHT = 3
BROKEN_NIGHT = 1
SKIPPED_NIGHT = 9
LATE_BY = 4
"""Nights that the refunds of `LATE_NIGHT` came late."""
LATE_NIGHT = 6


class Event(NamedTuple):
    """One request to the service, and when it was made. A list is sent in bulk, one message a line."""

    at: int
    """Epoch milliseconds."""
    method: str
    path: str
    body: Any


def story(now: int) -> list[Event]:
    """Everything that is sent, in order; nothing later than `now` (epoch milliseconds)."""
    events = [_define(defined, now) for defined in DEFINED]
    for days_ago in reversed(range(DAYS)):
        events += _night(days_ago, now)
    return sorted([*events, *_underway(now)], key=lambda event: event.at)


def _define(defined: Defined, now: int) -> Event:
    slug = defined.definition["slug"]
    return Event(now - round(defined.days_ago * DAY), "PUT", f"/workflows/{slug}", defined.definition)


def _night(days_ago: int, now: int) -> Iterator[Event]:
    """One request for all runs of a night, as a collector hands them in when the last has ended."""
    lines = []
    for slug, hours in ORDER:
        if slug != "model-training" or days_ago % 7 == TRAINING_DAY:
            lines += _Run(slug, days_ago, now - days_ago * DAY - round(hours * HOUR)).lines()
    yield Event(now - days_ago * DAY - 4 * HOUR, "POST", "/reports", lines)
    if days_ago == LATE_NIGHT - LATE_BY:
        yield _late(now)


class _Run:
    """A night's run of a workflow as messages: its start, a report for each step, its end."""

    def __init__(self, slug: str, days_ago: int, began: int) -> None:
        self.slug, self.days_ago, self.began = slug, days_ago, began
        self.id = f"{slug}-{instant(began)[:16]}".replace(":", "")
        self.day = instant(began)[:10]
        self._clock = began

    def lines(self) -> list[dict[str, Any]]:
        """The messages in order."""
        failed = self.slug == "feature-store" and self.days_ago == BROKEN_NIGHT
        started = {
            "op": "start",
            "id": self.id,
            "workflowSlug": self.slug,
            "startedAt": instant(self.began),
            "triggeredBy": "schedule",
            "partitionKey": self.day,
            "parameters": {"day": self.day, "full": self.days_ago % 7 == 0},
        }
        reports = [line for step in self._steps() for line in self._reports(step)]
        ended = {
            "op": "finish",
            "runId": self.id,
            "status": "failed" if failed else "succeeded",
            "completedAt": instant(self._clock),
            "errorMessage": "step baskets failed" if failed else None,
        }
        return [started, *reports, {name: value for name, value in ended.items() if value is not None}]

    def _steps(self) -> list[dict[str, Any]]:
        defined = [each.definition for each in DEFINED if each.definition["slug"] == self.slug and self._holds(each)]
        steps: list[dict[str, Any]] = defined[-1]["steps"]
        return steps

    def _holds(self, defined: Defined) -> bool:
        return defined.days_ago > self.days_ago + 0.4

    def _reports(self, step: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if self._fails(step["id"]):
            yield self._report(step, "failed", minutes=1, errorMessage=self._error(step["id"]))
            if self.slug == "feature-store":
                return
            yield self._report(step, "failed", minutes=1, attempt=2, errorMessage=self._error(step["id"]))
            yield self._report(step, "succeeded", minutes=3, attempt=3)
        elif self._rests(step["id"]):
            yield self._report(step, "skipped", minutes=0)
        else:
            yield self._report(step, "succeeded", minutes=2 + len(step["id"]) % 3)

    def _fails(self, step: str) -> bool:
        return (self.slug, step, self.days_ago) in (
            ("feature-store", "baskets", BROKEN_NIGHT),
            ("payments-import", "fetch", 0),
        )

    def _rests(self, step: str) -> bool:
        """Steps that have nothing to do in this night, or never yet."""
        return (
            step in ("vat", "elasticity")
            or (step == "segment" and self.days_ago % 7 != SEGMENTS_DAY)
            or (step == "board" and self.days_ago % 7 != TRAINING_DAY)
            or (step == "returns" and self.days_ago == SKIPPED_NIGHT)
        )

    def _error(self, step: str) -> str:
        if step == "fetch":
            return "The payment provider answered 503 Service Unavailable."
        return "Out of memory: 16 GB were not enough for 310,000 baskets."

    def _report(self, step: dict[str, Any], status: str, minutes: int, **more: Any) -> dict[str, Any]:
        began = self._clock
        self._clock += minutes * MINUTE
        made = [self._asset(asset["assetId"]) for asset in step["produces"]] if status == "succeeded" else []
        if step["id"] == "fetch" and self.days_ago == 2 and made:
            made.append({"assetId": OBSERVED, "payload": {"currencies": 31, "base": "EUR"}})
        if step["id"] == "load-payments" and self.days_ago == 2:
            more["inputs"] = [{"assetId": asset["assetId"]} for asset in step["consumes"]] + [{"assetId": OBSERVED}]
        times = {"startedAt": instant(began), "completedAt": instant(self._clock)}
        for asset in made:
            asset["producedAt"] = instant(self._clock)
        head = {"op": "report", "runId": self.id, "stepId": step["id"], "status": status}
        return {**head, "result": {"assets": made}, **times, **more}

    def _asset(self, asset: str) -> dict[str, Any]:
        payload = KEPT[asset].payload(DAYS - 1 - self.days_ago)
        if asset == "raw.payments" and self.days_ago == INVALID_NIGHT:
            payload |= {"total": -payload["total"], "fees": "unknown"}
        return {"assetId": asset, "payload": payload}


def _late(now: int) -> Event:
    """Refunds of an earlier night, told days later; what came in between stays the newest."""
    then = now - LATE_NIGHT * DAY - 7 * HOUR
    run = f"payments-import-late-{instant(then)[:10]}"
    asset = {
        "assetId": "raw.refunds",
        "producedAt": instant(then),
        "payload": KEPT["raw.refunds"].payload(DAYS - 1 - LATE_NIGHT) | {"rows": 171, "total": 8032.9},
    }
    lines = [
        {"op": "start", "id": run, "workflowSlug": "payments-import", "startedAt": instant(then), "triggeredBy": "ada"},
        {"op": "report", "runId": run, "stepId": "fetch", "status": "succeeded", "startedAt": instant(then),
         "completedAt": instant(then), "result": {"assets": [asset]}},
        {"op": "finish", "runId": run, "status": "succeeded", "completedAt": instant(then)},
    ]  # fmt: skip
    return Event(now - (LATE_NIGHT - LATE_BY) * DAY - 3 * HOUR, "POST", "/reports", lines)


def _underway(now: int) -> Iterator[Event]:
    """What goes on as the story ends: a run, a canceled one before it, and one that waits."""
    began = now - 12 * MINUTE
    run = f"reporting-{instant(began)[:16]}".replace(":", "")
    canceled = f"catalogue-import-{instant(began - HOUR)[:16]}".replace(":", "")
    yield Event(
        began - HOUR, "POST", "/workflows/catalogue-import/runs", {"id": canceled, "startedAt": instant(began - HOUR)}
    )
    yield Event(
        began - 50 * MINUTE,
        "POST",
        f"/workflow-runs/{canceled}/finish",
        {"status": "canceled", "completedAt": instant(began - 50 * MINUTE), "errorMessage": "Called off by ben."},
    )
    yield Event(
        began, "POST", "/workflows/reporting/runs", {"id": run, "startedAt": instant(began), "triggeredBy": "ada"}
    )
    for number, step in enumerate(("sales", "finance")):
        start = {"startedAt": instant(began + number * 4 * MINUTE)}
        yield Event(began + number * 4 * MINUTE, "POST", f"/workflow-runs/{run}/steps/{step}/start", start)
    yield Event(
        now - 2 * MINUTE, "POST", "/workflows/model-training/run", {"triggeredBy": "ada", "parameters": {"full": True}}
    )


def instant(at: int) -> str:
    """ISO 8601 in UTC of epoch milliseconds."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
