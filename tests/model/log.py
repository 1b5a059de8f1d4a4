"""What the reference keeps: each thing as it was told, and what became of it."""

import dataclasses
from typing import Any

import jsonschema


class Refused(Exception):
    """The answer should be this error."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(status, code)
        self.status, self.code = status, code


@dataclasses.dataclass
class Revision:
    """A definition as sent, and while it held."""

    number: int
    document: dict[str, Any]
    valid_from: int
    valid_to: int | None = None


@dataclasses.dataclass
class Workflow:
    """Every definition that a workflow ever had; `id` is known once the service told it."""

    key: str
    created_at: int
    updated_at: int
    id: str | None = None
    revisions: list[Revision] = dataclasses.field(default_factory=list)
    deleted_at: int | None = None

    @property
    def current(self) -> Revision:
        return self.revisions[-1]

    @property
    def name(self) -> str:
        return str(self.current.document.get("name", self.key))


@dataclasses.dataclass(eq=False)
class Run:
    """A run; `request` is the body that started it."""

    id: str
    workflow: Workflow
    revision: Revision
    requested: bool
    request: dict[str, Any]
    created_at: int
    updated_at: int
    status: str
    started_at: int | None
    completed_at: int | None = None
    finish: dict[str, Any] | None = None
    step: str | None = None
    request_id: str | None = None
    """Once the service told it: of the request that a requested run is the first attempt of."""

    @property
    def active(self) -> bool:
        return self.status in ("pending", "running")


@dataclasses.dataclass(eq=False)
class Snapshot:
    """A version; `id` is known once the service told it. `inputs` are the versions that it was made from."""

    asset: str
    asset_id: str
    partition: str | None
    version: int
    arrival: int
    produced_at: int
    created_at: int
    payload: Any
    schema: dict[str, Any] | None
    freshness: dict[str, int] | None
    run: Run
    step: dict[str, Any]
    attempt: "Attempt"
    inputs: list["Snapshot"]
    id: str | None = None

    @property
    def valid(self) -> bool:
        return self.schema is None or jsonschema.Draft202012Validator(self.schema).is_valid(self.payload)


@dataclasses.dataclass(eq=False)
class Attempt:
    """An attempt at a step: what its start and its report said, without the attempt's number."""

    run: Run
    step: dict[str, Any]
    number: int
    status: str
    created_at: int
    started_at: int | None = None
    completed_at: int | None = None
    start: dict[str, Any] | None = None
    report: dict[str, Any] | None = None
    assumed: list[Snapshot] | None = None
    inputs: list[Snapshot] = dataclasses.field(default_factory=list)
    snapshots: list[Snapshot] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One asset of a result, as it is written in it, with `producedAt` as an instant too."""

    document: dict[str, Any]
    produced_at: int | None
