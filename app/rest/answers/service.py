"""The service itself."""

from typing import Literal

from typing_extensions import TypedDict


class Health(TypedDict):
    """The process answers."""

    status: Literal["ok"]


class Readiness(TypedDict):
    """The database answers too."""

    status: Literal["ready"]
