"""Every failure that a caller can meet, as one tree.

    LineageError                    code, sentence, details
    ├── InvalidInput                what was sent cannot be accepted as it is
    ├── NotFound                    what was named does not exist
    ├── Conflict                    what was sent contradicts what is known
    ├── Gone                        what was named was there once, and is not kept any more
    ├── TooLarge                    what was sent passes a limit
    ├── Unprocessable               well-formed, but it cannot be checked or carried out
    └── Unavailable                 the database cannot be reached now; try again

`code` is a stable lower_snake_case word for programs, `message` a sentence for people that says what to
do. `details` is JSON; a `field` in it names the offending place as a path such as `steps[2].produces[0].schema`.
"""

from typing import Any


class LineageError(Exception):
    """The root of the tree; raised only through its subclasses."""

    def __init__(self, code: str, message: str, *, details: dict[str, Any] | None = None, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details
        self.data = data
        """What exists already, where the contract puts it beside the error (a 409 that shows the existing run)."""


class InvalidInput(LineageError):
    """What was sent cannot be accepted as it is; `details.field` names the place."""


class NotFound(LineageError):
    """What was named does not exist."""


class Conflict(LineageError):
    """What was sent contradicts what is known already; `details` shows both where there are two."""


class Gone(LineageError):
    """What was named was there once, and is not kept any more."""


class TooLarge(LineageError):
    """What was sent passes a limit; the message names the limit."""


class Unprocessable(LineageError):
    """Well-formed, but it cannot be checked or carried out within the limits."""


class Unavailable(LineageError):
    """The database cannot be reached now; the same request may succeed in `retry_after` seconds."""

    def __init__(self, message: str, *, code: str = "database_unavailable", retry_after: int = 2) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


def invalid(field: str, message: str, *, code: str = "invalid_input", **details: Any) -> InvalidInput:
    """An `InvalidInput` that names the field it is about."""
    return InvalidInput(code, message, details={"field": field, **details})


def no_workflow(slug: str) -> NotFound:
    """What is said when a workflow does not exist or was deleted."""
    return NotFound("workflow_not_found", f"No workflow '{slug}' is registered.")
