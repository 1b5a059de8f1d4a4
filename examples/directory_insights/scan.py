"""The job `scan-directory`: walk a directory and count what is in it.

Only metadata is read, no file is opened. Symbolic links are counted and never followed, so no loop can
catch the walk. It goes level by level and stops after `maxEntries`, so what a cut leaves out is what lies
deepest.
"""

import heapq
import os
import stat
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePath

from .jobs import JobContext, JobFailure, JobResult, instant, job, printable, succeeded
from .models import FoundFile, Group, Scan, Unreadable

ASSET_ID = "directory.insights.scan"
DEFAULT_MAX_ENTRIES = 200_000
TYPES_SHOWN = 10
LARGEST_SHOWN = 10
UNREADABLE_SHOWN = 20

KIB = 1024
SIZES = (
    ("empty", 1),
    ("< 1 KiB", KIB),
    ("1-10 KiB", 10 * KIB),
    ("10-100 KiB", 100 * KIB),
    ("0.1-1 MiB", KIB**2),
    ("1-10 MiB", 10 * KIB**2),
    ("10-100 MiB", 100 * KIB**2),
    ("0.1-1 GiB", KIB**3),
    ("≥ 1 GiB", None),
)
DAY = 86_400.0
AGES = (
    ("in the future", 0.0),
    ("< 1 day", DAY),
    ("1-7 days", 7 * DAY),
    ("7-30 days", 30 * DAY),
    ("30-90 days", 90 * DAY),
    ("90-365 days", 365 * DAY),
    ("1-2 years", 730 * DAY),
    ("2-5 years", 1826 * DAY),
    ("> 5 years", None),
)
"""Labels with the bound that a value stays below; the last has none."""


@job
def handle(context: JobContext) -> JobResult:
    """Parameters: `directory`; `exclude` (paths, optional); `maxEntries` (optional)."""
    root = Path(context.text("directory"))
    if not root.is_dir():
        raise JobFailure(f"'{root}' is not a directory that can be read.")
    limit = context.parameters.get("maxEntries", DEFAULT_MAX_ENTRIES)
    if type(limit) is not int or limit < 1:
        raise JobFailure("The parameter 'maxEntries' must be a whole number from 1.")
    excluded = context.parameters.get("exclude", [])
    if not isinstance(excluded, list) or not all(isinstance(path, str) for path in excluded):
        raise JobFailure("The parameter 'exclude' must be a list of paths.")

    now = context.now()
    walk = Walk(root.resolve(), {str(Path(path).resolve()) for path in excluded}, limit)
    tally = Tally(now.timestamp())
    for path, info in walk.files():
        tally.add(path, info)
    return succeeded(ASSET_ID, _scan(walk, tally, now), context.now(), files=[])


@dataclass
class Walk:
    """One pass over a tree, level by level; its counters are true once `files` has been read to the end."""

    root: Path
    excluded_paths: set[str]
    limit: int
    directories: int = 0
    symlinks: int = 0
    special: int = 0
    truncated: bool = False
    unreadable: int = 0
    unreadable_examples: list[Unreadable] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)

    def files(self) -> Iterator[tuple[str, os.stat_result]]:
        """Every regular file as (absolute path, lstat result). OSError when the root cannot be read."""
        seen = 0
        waiting = deque([str(self.root)])
        while waiting and not self.truncated:
            directory = waiting.popleft()
            # One more than may be used tells a directory that fits exactly from one that was cut.
            entries = self._list(directory, self.limit - seen + 1)
            if len(entries) > self.limit - seen:
                self.truncated = True
                del entries[self.limit - seen :]
            seen += len(entries)
            for path in sorted(entries):
                try:
                    info = os.lstat(path)
                except OSError as error:
                    self._could_not_read(path, error)
                    continue
                if stat.S_ISREG(info.st_mode):
                    yield path, info
                elif self._count_other(path, info.st_mode):
                    waiting.append(path)

    def relative(self, path: str) -> str:
        """The path below the root, fit for display."""
        return printable(os.path.relpath(path, self.root))

    def _count_other(self, path: str, mode: int) -> bool:
        """Count what is no file; True for a directory that is to be walked."""
        if stat.S_ISLNK(mode):
            self.symlinks += 1
        elif not stat.S_ISDIR(mode):
            self.special += 1
        elif path in self.excluded_paths:
            self.excluded.append(self.relative(path))
        else:
            self.directories += 1
            return True
        return False

    def _list(self, directory: str, limit: int) -> list[str]:
        try:
            with os.scandir(directory) as entries:
                return [entry.path for entry in islice(entries, limit)]
        except OSError as error:
            if directory == str(self.root):
                raise
            self._could_not_read(directory, error)
            return []

    def _could_not_read(self, path: str, error: OSError) -> None:
        self.unreadable += 1
        if len(self.unreadable_examples) < UNREADABLE_SHOWN:
            reason = error.strerror or type(error).__name__
            self.unreadable_examples.append(Unreadable(path=self.relative(path), reason=reason))


@dataclass
class _Count:
    files: int = 0
    bytes: int = 0

    def add(self, size: int) -> None:
        self.files += 1
        self.bytes += size


class Tally:
    """Counts of files by type, size and age, in constant memory but for the types."""

    def __init__(self, now: float) -> None:
        self.now = now
        self.all = _Count()
        self.types: dict[str, _Count] = {}
        self._sizes = [_Count() for _ in SIZES]
        self._ages = [_Count() for _ in AGES]
        self._largest: list[tuple[int, str, float]] = []

    def add(self, path: str, info: os.stat_result) -> None:
        """Count one file."""
        size = info.st_size
        self.all.add(size)
        self.types.setdefault(file_type(path), _Count()).add(size)
        self._sizes[_place(size, SIZES)].add(size)
        self._ages[_place(self.now - info.st_mtime, AGES)].add(size)
        keep = heapq.heappush if len(self._largest) < LARGEST_SHOWN else heapq.heappushpop
        keep(self._largest, (size, path, info.st_mtime))

    def largest(self) -> list[tuple[int, str, float]]:
        """(bytes, path, modification time), largest first."""
        return sorted(self._largest, key=lambda found: (-found[0], found[1]))

    def by_size(self) -> list[Group]:
        """The ranges of SIZES in their order, empty ones too."""
        return _groups(self._sizes, SIZES)

    def by_age(self) -> list[Group]:
        """The ranges of AGES in their order, empty ones too."""
        return _groups(self._ages, AGES)

    def by_type(self) -> list[Group]:
        """The types that weigh most, the rest gathered in one group at the end."""
        ranked = sorted(self.types.items(), key=lambda item: (-item[1].bytes, -item[1].files, item[0]))
        # A group of "1 other type" would be longer than that type's own name.
        shown = ranked if len(ranked) <= TYPES_SHOWN + 1 else ranked[:TYPES_SHOWN]
        groups = [Group(label=label, files=count.files, bytes=count.bytes) for label, count in shown]
        rest = [count for _, count in ranked[len(shown) :]]
        if rest:
            label = f"{len(rest)} other types"
            groups.append(Group(label=label, files=sum(c.files for c in rest), bytes=sum(c.bytes for c in rest)))
        return groups


def file_type(path: str) -> str:
    """The extension in lower case, such as `.pdf`; `no extension` for `README` and `.profile`."""
    return printable(PurePath(path).suffix.lower()) or "no extension"


def _place(value: float, ranges: tuple[tuple[str, float | None], ...]) -> int:
    return next(i for i, (_, below) in enumerate(ranges) if below is None or value < below)


def _groups(counts: list[_Count], ranges: tuple[tuple[str, float | None], ...]) -> list[Group]:
    return [
        Group(label=label, files=count.files, bytes=count.bytes)
        for (label, _), count in zip(ranges, counts, strict=True)
    ]


def modified_at(seconds: float) -> str | None:
    """A file's time as an instant; None when it lies outside the years 1 to 9999."""
    try:
        return instant(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return None


def _scan(walk: Walk, tally: Tally, now: datetime) -> Scan:
    return Scan(
        directory=printable(str(walk.root)),
        scanned_at=instant(now),
        files=tally.all.files,
        directories=walk.directories,
        symlinks=walk.symlinks,
        special=walk.special,
        total_bytes=tally.all.bytes,
        types=tally.by_type(),
        sizes=tally.by_size(),
        ages=tally.by_age(),
        largest=[
            FoundFile(path=walk.relative(path), bytes=size, modified_at=modified_at(modified))
            for size, path, modified in tally.largest()
        ],
        unreadable=walk.unreadable,
        unreadable_examples=walk.unreadable_examples,
        excluded=walk.excluded,
        truncated=walk.truncated,
        max_entries=walk.limit,
    )
