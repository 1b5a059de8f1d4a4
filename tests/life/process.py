"""A real `lineage serve` process, as somebody who runs it sees it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from graph.address import Address

COMMAND = str(Path(sys.executable).with_name("lineage"))

READY_SECONDS = 60.0
"""For a start on a busy machine; a quiet one needs three or four."""


class Process:
    """One service on one port and one data directory; it may be started again after it ended."""

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None, port: int | None = None) -> None:
        """`home` gets the data directory and the output; `environment` comes on top of the smallest one."""
        self.home = home
        self.data = home / "data"
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(base_url=self.url, timeout=20)
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        home.mkdir(parents=True, exist_ok=True)
        self._output = home / "output.txt"

    @property
    def pid(self) -> int:
        """The service's process id."""
        assert self._process
        return self._process.pid

    @property
    def engine_pid(self) -> int:
        """The process id of the embedded engine."""
        return int(self._engine()["pid"])

    @property
    def address(self) -> Address:
        """Where the embedded engine answers."""
        engine = self._engine()
        return Address(engine["uri"], engine["user"], engine["password"], engine["database"])

    @property
    def output(self) -> str:
        """What the process said since its first start."""
        return self._output.read_text()

    def start(self, *arguments: str) -> None:
        """Start the process, and wait for nothing."""
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "HOME": str(self.home),
            "LINEAGE_DATA_DIR": str(self.data),
            "LINEAGE_PORT": str(self.port),
            "LINEAGE_HEAP": "256m",
            **self._environment,
        }
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                [COMMAND, "serve", *arguments],
                cwd=self.home,  # not the checkout: what it needs must be found from anywhere
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_ready(self) -> None:
        """Start and wait until it can answer."""
        self.start()
        self.wait_for("/readyz", 200)

    def wait_for(self, path: str, status: int, seconds: float = READY_SECONDS) -> httpx.Response:
        """The first answer with this status; fails when the process ends before."""
        until = time.monotonic() + seconds
        while True:
            try:
                answer = self.http.get(path)
                if answer.status_code == status:
                    return answer
                seen = answer.text
            except httpx.TransportError as error:
                seen = repr(error)
            assert self._process
            assert self._process.poll() is None, f"ended with {self._process.returncode}: {self.output}"
            assert time.monotonic() < until, f"no {status} from {path} in {seconds} s, but {seen}; {self.output}"
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """Send the service a signal."""
        os.kill(self.pid, number)

    def wait(self, seconds: float = 15.0) -> int:
        """The exit code, within the time."""
        assert self._process
        return self._process.wait(seconds)

    def end(self) -> None:
        """Whatever became of it, nothing is left of it after this."""
        self.http.close()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _engine(self) -> dict[str, Any]:
        engine: dict[str, Any] = json.loads((self.data / "engine.json").read_text())
        return engine


def settings_for(address: Address) -> dict[str, str]:
    """The environment that names this database."""
    settings = {
        "NEO4J_URI": address.uri,
        "NEO4J_USER": address.user,
        "NEO4J_PASSWORD": address.password,
        "NEO4J_DATABASE": address.database,
    }
    return {name: value for name, value in settings.items() if value is not None}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def alive(pid: int) -> bool:
    """Whether the process runs; a dead one that nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_gone(pid: int, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while alive(pid):
        assert time.monotonic() < until, f"process {pid} is still there after {seconds} s"
        time.sleep(0.05)
