"""The data directory: who holds it, and how its files are laid out.

lock            held by the engine's process for as long as it lives; the operating system frees it
engine.json     who that is and where it answers, readable by its owner alone
databases/      the data
config/         made anew at every start
log/            the engine's logs, bounded
"""

import contextlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock

from graph.engine.errors import DataDirectoryInUse, DataDirectoryUnusable

CLOSING_WAIT = 15.0
"""Seconds to wait for a holder that is shutting down."""

NOTICE_WAIT = 3.0
"""Seconds that a holder is given to say that it is shutting down: one whose service was killed a moment ago
notices it only when its JVM lets Python run again."""

KEPT_CRASH_REPORTS = 3


class DataDirectory:
    """A data directory that this process holds until it ends; made by `claim`."""

    def __init__(self, path: Path, lock: filelock.BaseFileLock, service_pid: int) -> None:
        self.path = path
        self._lock = lock
        self._service_pid = service_pid
        self._noting = threading.Lock()
        self._closing = False

    def note(self, state: str, address: dict[str, str] | None = None) -> None:
        """Record the state (`starting`, `ready`, `closing`), and the address once there is one."""
        holder = {"pid": os.getpid(), "servicePid": self._service_pid, "state": state, **(address or {})}
        scratch = self.path / "engine.json.new"
        with self._noting:
            # Whoever waits for the end must not be told of a start that the end overtook.
            if self._closing:
                return
            self._closing = state == "closing"
            scratch.touch(mode=0o600)
            scratch.write_text(json.dumps(holder), encoding="utf-8")
            scratch.replace(self.path / "engine.json")

    def prepare(self) -> Path:
        """Drop what the last start left besides data; gives the file for this one's output."""
        # The engine reads its users and settings back from here. A start that was killed half-way may have
        # left half a file, and a new password is made at every start anyway.
        shutil.rmtree(self.path / "config", ignore_errors=True)
        # An empty one stops the engine for good, a missing one is made again.
        for configuration in self.path.glob("databases/*/configuration.json"):
            if configuration.stat().st_size == 0:
                configuration.unlink()
        log = self.path / "log"
        log.mkdir(exist_ok=True)
        crashes = sorted(log.glob("hs_err_pid*.log"), key=lambda file: file.stat().st_mtime)
        for report in crashes[:-KEPT_CRASH_REPORTS]:
            report.unlink()
        output = log / "engine.log"
        with contextlib.suppress(FileNotFoundError):
            output.replace(log / "engine.log.1")
        return output


def claim(path: Path, service_pid: int, notice: Callable[[str], None]) -> DataDirectory:
    """Make the directory if need be and hold it for the rest of this process's life.

    A holder that is shutting down, since its service ended or was killed, is waited for; `notice` gets a
    sentence then.

    Raises:
        DataDirectoryInUse: another service holds it and means to go on.
        DataDirectoryUnusable: it cannot be made or written.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = filelock.FileLock(path / "lock", mode=0o600)
        _acquire(lock, path, notice)
        directory = DataDirectory(path, lock, service_pid)
        directory.note("starting")
    except OSError as error:
        raise DataDirectoryUnusable(
            "data_directory_unusable",
            f"The data directory {path} cannot be used: {error.strerror or error}. "
            "Set LINEAGE_DATA_DIR to a directory that this user may create and write.",
        ) from error
    return directory


def _acquire(lock: filelock.BaseFileLock, path: Path, notice: Callable[[str], None]) -> None:
    began = time.monotonic()
    noticed = False
    while True:
        try:
            lock.acquire(blocking=False)
            return
        except filelock.Timeout:
            holder = _holder(path)
        closing = holder.get("state") == "closing"
        waited = time.monotonic() - began
        if waited > (CLOSING_WAIT if closing else NOTICE_WAIT):
            raise _in_use(path, holder, closing=closing)
        if closing and not noticed:
            noticed = True
            notice(f"Waiting for the last service on {path} to finish shutting down.")
        time.sleep(0.1)


def _holder(path: Path) -> dict[str, Any]:
    """What the holder says of itself; empty before it has said anything."""
    try:
        holder = json.loads((path / "engine.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def _in_use(path: Path, holder: dict[str, Any], *, closing: bool) -> DataDirectoryInUse:
    who = f"another service, process {holder['servicePid']}" if "servicePid" in holder else "another service"
    if closing:
        who = f"a database that is still shutting down, process {holder.get('pid')}"
    return DataDirectoryInUse(
        "data_directory_in_use",
        f"The data directory {path} is held by {who}. Stop it first, "
        "or set LINEAGE_DATA_DIR to a directory of this service's own.",
    )
