"""The embedded database as the service sees it: started, stopped, watched.

The database lives in a child process (`graph.engine.child`), tied to this one by a pipe: when the service
ends in any way, the child closes the database and frees the data directory.
"""

import json
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

import anyio
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream

from graph.address import Address
from graph.engine.errors import EngineError, EngineStartFailed, from_code

START_TIMEOUT = 120.0
"""Seconds. A start takes two to four; after a crash the engine replays its log first."""

STOP_TIMEOUT = 20.0
"""Seconds for a clean stop before the child is killed; what was committed is safe either way."""

MAX_LINE = 64 * 1024

log = logging.getLogger(__name__)


class EmbeddedEngine:
    """The database of one data directory. Each `start` may give another port and password."""

    def __init__(self, data_dir: Path, *, heap: str = "1g") -> None:
        """Take the directory to keep the data in, and the most memory for the JVM's heap, such as `512m`."""
        self._data_dir = data_dir.absolute()
        self._heap = heap
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id; None when it does not run."""
        return self._process.pid if self._running() and self._process else None

    async def start(self) -> Address:
        """Start the database and wait until it answers.

        Raises:
            DataDirectoryInUse: another service holds the directory; the sentence says which process.
            DataDirectoryUnusable: the directory cannot be made or written.
            EngineStartFailed: the database did not come up, or not within `START_TIMEOUT`.
        """
        if self._running():
            raise RuntimeError("the engine runs already")
        with tempfile.TemporaryFile() as complaints:
            process = self._process = await self._spawn(complaints)
            try:
                with anyio.fail_after(START_TIMEOUT):
                    return await self._wait_ready(process, complaints)
            except TimeoutError:
                await self._kill()
                raise self._failed(f"did not start within {START_TIMEOUT:.0f} seconds.") from None
            except BaseException:
                await self._kill()
                raise

    async def stop(self) -> None:
        """Close the database and end its process: cleanly, or by force after `STOP_TIMEOUT`. Repeatable."""
        process = self._process
        if process is None:
            return
        # Shielded, since this is what a cancelled service does last.
        with anyio.move_on_after(STOP_TIMEOUT, shield=True):
            assert process.stdin is not None
            await process.stdin.aclose()
            await process.wait()
        if process.returncode is None:
            log.warning("The embedded database did not stop within %.0f seconds and is killed.", STOP_TIMEOUT)
        await self._kill()

    async def wait_exit(self) -> int:
        """Wait for the database's process to end; its exit code, or the negative number of a signal."""
        if self._process is None:
            raise RuntimeError("the engine was not started")
        return await self._process.wait()

    def _running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _spawn(self, complaints: IO[bytes]) -> Process:
        package_root = Path(__file__).parents[2]
        environment = {
            **os.environ,
            # The child must find this very package, and nothing of the current directory.
            "PYTHONPATH": os.pathsep.join(filter(None, [str(package_root), os.environ.get("PYTHONPATH")])),
            # A JVM under the C locale cannot open a path with other than ASCII letters.
            "LC_ALL": "C.UTF-8",
        }
        return await anyio.open_process(
            [sys.executable, "-P", "-m", "graph.engine.child"],
            stderr=complaints,
            env=environment,
            start_new_session=True,  # out of reach of the terminal's Ctrl-C
        )

    async def _wait_ready(self, process: Process, complaints: IO[bytes]) -> Address:
        assert process.stdin is not None
        assert process.stdout is not None
        settings = {"data_dir": str(self._data_dir), "heap": self._heap, "service_pid": os.getpid()}
        lines = BufferedByteReceiveStream(process.stdout)
        try:
            await process.stdin.send(json.dumps(settings).encode() + b"\n")
            while True:
                message: dict[str, Any] = json.loads(await lines.receive_until(b"\n", MAX_LINE))
                if "notice" in message:
                    log.warning("%s", message["notice"])
                elif "error" in message:
                    raise from_code(message["code"], message["error"])
                else:
                    return Address(**message["ready"])
        except (anyio.EndOfStream, anyio.IncompleteRead, anyio.BrokenResourceError):
            raise await self._died(process, complaints) from None

    async def _died(self, process: Process, complaints: IO[bytes]) -> EngineError:
        code = await process.wait()
        complaints.seek(0)
        # Only what was said before the child had its log; the last line of a traceback is the telling one.
        last = complaints.read().decode(errors="replace").strip().rpartition("\n")[2]
        return self._failed(f"ended with code {code} while it started. {last}".rstrip())

    def _failed(self, how: str) -> EngineStartFailed:
        where = self._data_dir
        sentence = f"The embedded database in {where} {how} Its logs are in {where / 'log'}."
        return EngineStartFailed("engine_start_failed", sentence)

    async def _kill(self) -> None:
        process = self._process
        if process is not None:
            with anyio.CancelScope(shield=True):
                if process.returncode is None:
                    process.kill()
                await process.aclose()
