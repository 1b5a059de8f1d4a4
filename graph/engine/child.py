"""The process that holds the embedded database: `python -m graph.engine.child`, started by `embedded`.

A process of its own, since a JVM takes signals and memory for itself. It speaks JSON lines:

    stdin   {"data_dir", "heap", "service_pid"}, then nothing until the line `stop` or the end of the stream
    stdout  {"notice"} any number of times, then {"ready": {"uri", "user", "password", "database"}}
            or {"error", "code"}

The end of stdin means that the service is gone, even by kill -9: the database is closed, and the data
directory free.
"""

import contextlib
import json
import os
import secrets
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from graph.engine.directory import DataDirectory, claim
from graph.engine.errors import EngineError

DATABASE = "lineage"
USER = "root"

MAX_MESSAGE = 64 * 1024 * 1024
"""Bytes of one Bolt message. The engine's own 16 MiB is less than a group commit of sixteen payloads."""


def main() -> int:
    """Serve until told to stop; the process's exit code."""
    # A Ctrl-C or a service manager's TERM may reach the whole group: the service decides when to stop.
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    os.umask(0o077)
    line = sys.stdin.buffer.readline()
    if not line:
        return 0
    settings = json.loads(line)
    # The JVM writes to descriptors 1 and 2 as it likes, so the answers get a descriptor of their own.
    answers = os.dup(1)
    path = Path(settings["data_dir"])
    try:
        directory = claim(path, settings["service_pid"], lambda sentence: _tell(answers, notice=sentence))
        _serve(directory, settings["heap"], answers)
    except EngineError as error:
        _tell(answers, error=error.message, code=error.code)
        return 1
    except Exception as error:
        traceback.print_exc()
        sentence = f"The embedded database in {path} failed: {error}. Its logs are in {path / 'log'}."
        _tell(answers, error=sentence, code="engine_start_failed")
        return 1
    return 0


def _serve(directory: DataDirectory, heap: str, answers: int) -> None:
    closing = threading.Event()
    threading.Thread(target=_watch, args=(directory, closing), daemon=True).start()
    _redirect_output(directory.prepare())
    # Where the engine puts what it makes beside its root path.
    os.chdir(directory.path)
    password = secrets.token_urlsafe(24)
    server = _start(directory.path, password, heap)
    address = {
        "uri": f"bolt://127.0.0.1:{_bolt_port(server)}",
        "user": USER,
        "password": password,
        "database": DATABASE,
    }
    directory.note("ready", address)
    _tell(answers, ready=address)
    closing.wait()
    server.stop()


def _watch(directory: DataDirectory, closing: threading.Event) -> None:
    sys.stdin.buffer.readline()
    closing.set()
    # At once, also in the middle of a start: the next service waits for a holder that says so.
    directory.note("closing")


def _start(path: Path, password: str, heap: str) -> Any:
    # Not at the top: the import looks for a JVM, and its complaint must reach the log and the caller.
    from arcadedb_embedded import ArcadeDBServer

    server = ArcadeDBServer(
        str(path),
        root_password=password,
        config={
            "host": "127.0.0.1",
            "bolt_host": "127.0.0.1",
            "http_port": "0",  # the server insists on one; a free port of loopback that nobody uses
            "bolt_port": "0",
            "bolt_maxMessageSize": MAX_MESSAGE,
            "mode": "production",  # a commit is on disk when it is acknowledged; no Studio, no LOAD CSV
            "server_plugins": "Bolt:com.arcadedb.bolt.BoltProtocolPlugin",
            "server_defaultDatabases": f"{DATABASE}[{USER}]",
        },
        jvm_kwargs={
            "heap_size": heap,
            "jvm_args": [
                "-Xrs",  # signals are the service's
                "-XX:+ExitOnOutOfMemoryError",  # a restart recovers; a JVM short of memory does not
                "-XX:-CreateCoredumpOnCrash",
                f"-Djava.util.logging.config.file={Path(__file__).with_name('logging.properties')}",
            ],
        },
    )
    server.start()
    return server


def _bolt_port(server: Any) -> int:
    """The port that the system chose; the wrapper knows only the 0 that was asked for."""
    for plugin in server._java_server.getPlugins():
        if plugin.getClass().getSimpleName() == "BoltProtocolPlugin":
            return int(plugin.getPort())
    raise RuntimeError("it started without its Bolt listener")


def _redirect_output(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.close(descriptor)


def _tell(answers: int, **message: Any) -> None:
    with contextlib.suppress(BrokenPipeError):  # the service is gone; the end of stdin says the same
        os.write(answers, json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    code = main()
    # Not by return: threads that the JVM left behind would hold the process.
    sys.stderr.flush()
    os._exit(code)
