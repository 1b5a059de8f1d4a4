"""The payloads of the three assets, as their producers write them and their consumers read them.

Attribute names here, camelCase in JSON. Instants are ISO 8601 text in UTC; sizes are bytes, as the file
system reports them (a sparse file counts in full, a hard link each time).
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    """JSON in camelCase. Unknown keys are left alone, so that a producer may add some."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    def to_json(self) -> dict[str, Any]:
        """The payload as plain JSON values."""
        return self.model_dump(mode="json", by_alias=True)


class Group(Payload):
    """The files of one type, size range or age range."""

    label: str
    files: int = Field(ge=0)
    bytes: int = Field(ge=0)


class FoundFile(Payload):
    """One file, its path relative to the scanned directory and fit for display."""

    path: str
    bytes: int = Field(ge=0)
    modified_at: str | None
    """None where the file system holds a time that no calendar has."""


class Unreadable(Payload):
    """A file or directory that could not be looked at, and why."""

    path: str
    reason: str


class Scan(Payload):
    """`directory.insights.scan`: what a directory held."""

    directory: str
    scanned_at: str
    files: int = Field(ge=0)
    directories: int = Field(ge=0)
    """Directories below the scanned one."""
    symlinks: int = Field(ge=0)
    """Counted, never followed."""
    special: int = Field(ge=0)
    """Sockets, pipes and devices."""
    total_bytes: int = Field(ge=0)
    types: list[Group]
    """Largest first; the last may gather all others."""
    sizes: list[Group]
    ages: list[Group]
    largest: list[FoundFile]
    unreadable: int = Field(ge=0)
    unreadable_examples: list[Unreadable]
    excluded: list[str]
    """Directories that were left out on request, where the walk met them."""
    truncated: bool
    """True when the walk stopped at `max_entries`; every figure then covers only what was seen."""
    max_entries: int = Field(ge=1)


class Artifact(Payload):
    """One file of a report."""

    relative_path: str
    media_type: str
    size_bytes: int = Field(ge=0)


class Report(Payload):
    """`directory.insights.report`: where the report stands and what belongs to it."""

    output_dir: str
    report_title: str
    generated_at: str
    artifacts: list[Artifact]


class ArchiveEntry(Payload):
    """One file in an archive."""

    relative_path: str
    size_bytes: int = Field(ge=0)
    sha256: str


class Archive(Payload):
    """`directory.insights.archive`: a zip file, and the checksum of all that is in it."""

    archive_path: str
    source_dir: str
    created_at: str
    size_bytes: int = Field(ge=0)
    sha256: str
    entries: list[ArchiveEntry]
