"""Asks a running service what its gate says."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import httpx

from app.rest.answers import GateResult

TIMEOUT = 60.0
"""Seconds for one answer; a gate over much upstream may take some."""


class Untold(Exception):
    """Whether it may go ahead cannot be told; `code` is the service's, None where it said nothing."""

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of which assets; `max_age` in milliseconds."""

    assets: Sequence[str]
    max_age: int | None = None
    require_valid: bool = False
    upstream: bool = False
    strict: bool = False

    def parameters(self) -> dict[str, Any]:
        """As `GET /gates/check` takes them."""
        flags = {"requireValid": self.require_valid, "upstream": self.upstream, "strict": self.strict}
        return {
            "asset": list(self.assets),
            **{name: "true" for name, wanted in flags.items() if wanted},
            **({"maxAgeMs": self.max_age} if self.max_age is not None else {}),
        }


class Service:
    """A service at an address, asked in the name of a token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.url = url
        self._http = httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> "Service":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._http.close()

    def check(self, wish: Wish, *, timeout: float = TIMEOUT) -> GateResult:
        """What the gate says. Raises Untold when it says nothing."""
        try:
            answer = self._http.get("/gates/check", params=wish.parameters(), timeout=timeout)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Untold(f"The service at {self.url} does not answer: {error or type(error).__name__}.") from None
        try:
            document = answer.json()
        except ValueError:
            document = None
        if answer.status_code == httpx.codes.OK and isinstance(document, dict) and "data" in document:
            result: GateResult = document["data"]
            return result
        if isinstance(document, dict) and isinstance(document.get("error"), str):
            raise Untold(document["error"], document.get("code"))
        raise Untold(f"What answers at {self.url} is no lineage service (status {answer.status_code}).")
