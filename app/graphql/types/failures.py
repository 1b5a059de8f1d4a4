"""Why a write was refused, as types: the same codes and sentences as over REST."""

from typing import Self

import orjson
import strawberry

from app.graphql.scalars import JSON, json
from graph import errors
from graph.errors import LineageError
from graph.records import Json


@strawberry.interface(description="A write was refused, and nothing was changed.")
class Failure:
    """A refusal."""

    code: str = strawberry.field(description="A stable word for programs.")
    message: str = strawberry.field(description="A sentence for people that says what to do.")
    field: str | None = strawberry.field(description="The place that it is about, such as `steps[2].id`.")
    details: JSON | None

    @classmethod
    def of(cls, error: LineageError) -> Self:
        """The refusal as it is shown."""
        field = (error.details or {}).get("field")
        return cls(code=error.code, message=error.message, field=field, details=json(_text(error)))


@strawberry.type(description="What was sent cannot be accepted as it is.")
class InvalidInput(Failure):
    """Over REST 400."""


@strawberry.type(description="What was named does not exist.")
class NotFound(Failure):
    """Over REST 404."""


@strawberry.type(description="What was sent contradicts what is known already.")
class Conflict(Failure):
    """Over REST 409."""


@strawberry.type(description="What was sent passes a limit.")
class TooLarge(Failure):
    """Over REST 413."""


@strawberry.type(description="Well-formed, but it cannot be checked or carried out within the limits.")
class Unprocessable(Failure):
    """Over REST 422."""


AnyFailure = InvalidInput | NotFound | Conflict | TooLarge | Unprocessable

_SHOWN: dict[type[LineageError], type[InvalidInput | NotFound | Conflict | TooLarge | Unprocessable]] = {
    errors.InvalidInput: InvalidInput,
    errors.NotFound: NotFound,
    errors.Conflict: Conflict,
    errors.TooLarge: TooLarge,
    errors.Unprocessable: Unprocessable,
}


def failure(error: LineageError) -> AnyFailure:
    """The refusal that an error of the graph is; an error that is none, such as `Unavailable`, is raised again."""
    shown = next((_SHOWN[kind] for kind in type(error).__mro__ if kind in _SHOWN), None)
    if shown is None:
        raise error
    return shown.of(error)


def _text(error: LineageError) -> Json | None:
    return None if error.details is None else orjson.dumps(error.details).decode()
