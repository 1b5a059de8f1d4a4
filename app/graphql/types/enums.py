"""The words that the schema knows. Values are those of the graph."""

import enum
from typing import Annotated

import strawberry

from graph.questions.levels import Direction, EdgeSource
from graph.questions.lineage import TruncationReason


@strawberry.enum(description="How a run stands.")
class RunStatus(enum.Enum):
    """Of a run."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@strawberry.enum(description="How a run can end.")
class FinalStatus(enum.Enum):
    """Of a run that ends."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


@strawberry.enum(description="How an attempt at a step stands.")
class StepStatus(enum.Enum):
    """Of an attempt."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


@strawberry.enum(description="How an attempt at a step can end.")
class ReportedStatus(enum.Enum):
    """Of an attempt that is reported."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"


@strawberry.enum(description="What runs a step.")
class StepType(enum.Enum):
    """Of a step."""

    JOB = "job"
    SERVICE = "service"
    FANOUT = "fanout"


@strawberry.enum(description="How much an asset matters, as declared.")
class Importance(enum.Enum):
    """Of an asset."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@strawberry.enum(description="Is what was last produced still good?")
class FreshnessState(enum.Enum):
    """Of an asset."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"
    EXPIRED = "expired"
    MISSING = "missing"
    UNKNOWN = "unknown"


Statuses = Annotated[list[RunStatus] | None, strawberry.argument(description="Runs that stand so; none means all.")]

strawberry.enum(Direction, description="Which way to go from an asset.")
strawberry.enum(
    EdgeSource, description="Which edges count: what definitions declare, what runs really did, or all of them."
)
strawberry.enum(TruncationReason, description="Why an answer holds less than there is.")
