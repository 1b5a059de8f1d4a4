"""The service as an orchestrator sees it: the few routes it needs, over HTTP alone.

Every call is idempotent (a workflow is put, a run's id is chosen here, a report may be sent again), so
whatever may not have arrived is simply sent once more.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

BACK_OFF = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds before each further try; about 24 in all, which covers a restart of the service."""
MAX_WAIT = 30.0
"""Seconds; a longer `Retry-After` is not waited for in full."""
PASSING = frozenset({429, 502, 503, 504})


class ServiceError(Exception):
    """The service could not be reached, or refused; the message is a sentence for people."""


class Refused(ServiceError):
    """The service answered, and the answer is no: sending the same again would not help."""


@dataclass(frozen=True)
class Snapshot:
    """One version of an asset, as far as a step needs it."""

    id: str
    asset_id: str
    payload: Any


class Service:
    """A client of the service. `sleep` waits for some seconds; `told` hears of every wait, as a sentence."""

    def __init__(
        self,
        http: httpx.Client,
        *,
        sleep: Callable[[float], None] = time.sleep,
        told: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._http = http
        self._sleep = sleep
        self._told = told

    def register(self, definition: dict[str, Any]) -> None:
        """Register a workflow, or replace what was registered under its slug."""
        self._send("PUT", f"/workflows/{_part(definition['slug'])}", definition)

    def start_run(self, slug: str, body: dict[str, Any]) -> None:
        """Start a run under the id in the body."""
        self._send("POST", f"/workflows/{_part(slug)}/runs", body)

    def start_step(self, run_id: str, step_id: str, body: dict[str, Any]) -> None:
        """Say that a step begins."""
        self._send("POST", f"/workflow-runs/{_part(run_id)}/steps/{_part(step_id)}/start", body)

    def report_step(self, run_id: str, step_id: str, body: dict[str, Any]) -> tuple[list[Snapshot], list[str]]:
        """Hand in a job's result; returns what it produced, as the service recorded it, and the warnings."""
        answer = self._send("POST", f"/workflow-runs/{_part(run_id)}/steps/{_part(step_id)}/report", body)
        produced = [Snapshot(made["id"], made["assetId"], made["payload"]) for made in answer["data"]["producedAssets"]]
        return produced, [str(warning) for warning in answer.get("meta", {}).get("warnings", [])]

    def finish_run(self, run_id: str, body: dict[str, Any]) -> None:
        """Say how a run ended."""
        self._send("POST", f"/workflow-runs/{_part(run_id)}/finish", body)

    def newest(self, slug: str, asset_id: str) -> Snapshot | None:
        """The newest snapshot of an asset, from the history in workflow `slug`; None before any."""
        path = f"/workflows/{_part(slug)}/assets/{_part(asset_id)}/history?limit=1"
        history = self._send("GET", path)["data"]["history"]
        return Snapshot(history[0]["snapshotId"], asset_id, history[0]["payload"]) if history else None

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for delay in (*BACK_OFF, None):
            try:
                response = self._http.request(method, path, json=body)
            except httpx.RequestError as error:
                trouble, wait = (
                    f"{self._http.base_url} cannot be reached ({error or type(error).__name__})",
                    delay,
                )
            else:
                if response.status_code not in PASSING:
                    return _answer(method, path, response)
                trouble, wait = f"{method} {path}: {_sentence(response)}", _retry_after(response, delay)
            if wait is None:
                break
            self._told(f"{trouble}; trying again in {wait:g} s")
            self._sleep(wait)
        raise ServiceError(f"{trouble}; given up after {len(BACK_OFF) + 1} tries.")


def _part(text: str) -> str:
    return quote(text, safe="")


def _retry_after(response: httpx.Response, delay: float | None) -> float | None:
    """The delay that is due, or longer when the service asks for it; None when no try is left."""
    asked = response.headers.get("Retry-After", "")
    if delay is None or not (asked.isascii() and asked.isdigit()):
        return delay
    return max(delay, min(float(asked), MAX_WAIT))


def _answer(method: str, path: str, response: httpx.Response) -> dict[str, Any]:
    if not response.is_success:
        raise Refused(f"{method} {path}: {_sentence(response)}")
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or "data" not in answer:
        raise Refused(f"{method} {path}: the answer is not the service's JSON; is this the right address?")
    return answer


def _sentence(response: httpx.Response) -> str:
    """The error as the service words it, or the bare status when something else answered."""
    try:
        body = response.json()
        return f"{body['error']} ({response.status_code} {body['code']})"
    except (ValueError, KeyError, TypeError):
        return f"status {response.status_code}"
