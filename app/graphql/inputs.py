"""What writes take, and the documents that they stand for.

A write is known again by its document, the same one that a REST request would have sent: so an input becomes that
document, is checked by the same models, and a repetition is recognised whichever way it comes.
"""

import dataclasses
import enum
from typing import Any, TypeVar

import strawberry
from pydantic import BaseModel, ValidationError
from strawberry.utils.str_converters import to_camel_case

from app.graphql.scalars import JSON, DateTime, Moment
from app.graphql.types.enums import FinalStatus, ReportedStatus
from app.http.validation import from_validation_error
from graph.rules.instants import format_instant

M = TypeVar("M", bound=BaseModel)

UNSET: Any = strawberry.UNSET


@strawberry.input
class RunFactsInput:
    """What a run is for, however it begins."""

    parameters: JSON | None = UNSET
    triggered_by: str | None = UNSET
    trigger: JSON | None = UNSET
    partition_key: str | None = UNSET
    run_key: str | None = UNSET


@strawberry.input(description="Asks for a run.")
class RequestRunInput(RunFactsInput):
    """As POST /workflows/{slug}/run."""

    priority: int | None = UNSET
    max_attempts: int | None = UNSET


@strawberry.input(
    description="Starts a run; with an `id` of the client's own the same again answers with the same run."
)
class StartRunInput(RunFactsInput):
    """As POST /workflows/{slug}/runs."""

    id: str | None = UNSET
    context: JSON | None = UNSET
    started_at: DateTime | None = UNSET


@strawberry.input(description="Starts a run that was asked for.")
class BeginRunInput:
    """As POST /workflow-runs/{runId}/start."""

    started_at: DateTime | None = UNSET


@strawberry.input(description="Ends a run.")
class FinishRunInput:
    """As POST /workflow-runs/{runId}/finish."""

    status: FinalStatus
    completed_at: DateTime | None = UNSET
    output: JSON | None = UNSET
    metrics: JSON | None = UNSET
    context: JSON | None = UNSET
    error_message: str | None = UNSET


@strawberry.input(description="Begins an attempt at a step.")
class StartStepInput:
    """As POST /workflow-runs/{runId}/steps/{stepId}/start."""

    attempt: int | None = UNSET
    started_at: DateTime | None = UNSET
    parameters: JSON | None = UNSET
    require_fresh: bool | None = strawberry.field(
        default=UNSET, description="Refuse unless everything that the step consumes will do."
    )


@strawberry.input(
    description="An input that a report names: a snapshot, or a version of an asset, by default the newest."
)
class StepInputInput:
    """One of `inputs`."""

    snapshot_id: str | None = UNSET
    asset_id: str | None = UNSET
    partition_key: str | None = UNSET
    version: int | None = UNSET


@strawberry.input(description="What a job handler returned: its status and result, and what an orchestrator may add.")
class ReportStepInput:
    """As POST /workflow-runs/{runId}/steps/{stepId}/report."""

    status: ReportedStatus
    result: JSON | None = strawberry.field(
        default=UNSET, description="`assets` in it: a list, one object, or a map by asset id."
    )
    error_message: str | None = UNSET
    attempt: int | None = UNSET
    started_at: DateTime | None = UNSET
    completed_at: DateTime | None = UNSET
    parameters: JSON | None = UNSET
    inputs: list[StepInputInput] | None = UNSET


def document_of(sent: Any) -> dict[str, Any]:
    """The REST document that an input stands for: what was left out stays out."""
    members = ((each.name, getattr(sent, each.name)) for each in dataclasses.fields(sent))
    return {to_camel_case(name): _plain(value) for name, value in members if value is not UNSET}


def checked(model: type[M], document: dict[str, Any]) -> M:
    """The document as the REST model reads it, or InvalidInput in the same words."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise from_validation_error(error) from None


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Moment):
        return format_instant(value)
    if isinstance(value, list):
        return [document_of(each) if dataclasses.is_dataclass(each) else each for each in value]
    return value
