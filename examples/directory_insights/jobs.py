"""What every job shares: its context, its result, and how it fails.

A result has the shape that the service takes as a step report:
`{"status": "succeeded", "result": {"files": […], "assets": [{"assetId", "payload", "producedAt"}]}}`, or
`{"status": "failed", "errorMessage": sentence}`.
"""

import logging
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from pydantic import ValidationError

from .models import Payload

JobResult = dict[str, Any]
Handler = Callable[["JobContext"], JobResult]

MAX_MESSAGE = 500

log = logging.getLogger(__name__)


class JobFailure(Exception):
    """The job cannot be done; the message tells the person who started it why."""


@dataclass(frozen=True)
class JobContext:
    """What a job is given: the run's parameters, the payloads of the assets it consumes, and a clock."""

    parameters: Mapping[str, Any]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def text(self, name: str) -> str:
        """A parameter that must be there, as text; JobFailure otherwise."""
        value = self.parameters.get(name)
        if not isinstance(value, str) or not value:
            raise JobFailure(f"The parameter '{name}' must be given, as text.")
        if "\0" in value:
            raise JobFailure(f"The parameter '{name}' holds a NUL character, which no path can.")
        return value

    def input(self, asset_id: str) -> Any:
        """The payload of a consumed asset; JobFailure when the run was given none."""
        if asset_id not in self.inputs:
            raise JobFailure(f"There is no version of '{asset_id}' to work from; run the workflow that makes it first.")
        return self.inputs[asset_id]


def job(work: Handler) -> Handler:
    """Turn whatever goes wrong in a job into a failed result: a job answers, it never throws."""

    @wraps(work)
    def handle(context: JobContext) -> JobResult:
        try:
            return work(context)
        except JobFailure as failure:
            return failed(str(failure))
        except ValidationError as failure:
            first = failure.errors(include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            return failed(f"The input is not what {failure.title} should be: {place}: {first['msg']}.")
        except OSError as failure:
            return failed(str(failure))
        except Exception as failure:
            log.exception("%s went wrong", work.__module__)
            return failed(f"Unexpected {type(failure).__name__}: {failure}")

    return handle


def succeeded(asset_id: str, payload: Payload, produced_at: datetime, files: list[dict[str, Any]]) -> JobResult:
    """The result of a job that wrote `files` and produced one asset."""
    asset = {"assetId": asset_id, "payload": payload.to_json(), "producedAt": instant(produced_at)}
    return {"status": "succeeded", "result": {"files": files, "assets": [asset]}}


def failed(message: str) -> JobResult:
    """The result of a job that could not be done."""
    shown = printable(message)
    return {
        "status": "failed",
        "errorMessage": shown if len(shown) <= MAX_MESSAGE else shown[: MAX_MESSAGE - 1] + "…",
    }


def instant(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as the service writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def printable(text: str) -> str:
    r"""Text that can be shown and sent: what is not, as an escape such as `\xff`, `\x1b` or `\u202e`.

    File names may hold any byte but NUL and '/'. As they are, they would break the JSON (lone surrogates),
    the terminal (escapes) or the reader's eye (a right-to-left override makes `gpj.exe` read `exe.jpg`).
    """
    return "".join(character if _shows(character) else _escaped(character) for character in text)


def _shows(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # how os.fsdecode carries a byte that is not UTF-8
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
