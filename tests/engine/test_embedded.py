"""The embedded engine's life: start, stop, sudden death of either side, and a directory that is taken."""

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import anyio
import neo4j
import pytest

from graph.engine import Address, DataDirectoryInUse, DataDirectoryUnusable, EmbeddedEngine, EngineStartFailed
from tests.engine.conftest import add, names

pytestmark = pytest.mark.anyio


class Running(NamedTuple):
    engine: EmbeddedEngine
    data_dir: Path
    address: Address


@pytest.fixture(scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    """An engine for the tests that leave it as it is."""
    data_dir = tmp_path_factory.mktemp("running")
    engine = EmbeddedEngine(data_dir, heap="256m")
    yield Running(engine, data_dir, await engine.start())
    await engine.stop()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_data_outlives_a_restart_and_nothing_is_left_elsewhere(
    engine: EmbeddedEngine, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "cwd"
    elsewhere.mkdir()
    # A module of the current directory must not take the place of one of Python's.
    (elsewhere / "json.py").write_text("raise SystemExit('the wrong json')")
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("LC_ALL", "C")

    first = await engine.start()
    await add(first, "kept")
    await engine.stop()
    assert engine.pid is None
    await engine.stop()
    second = await engine.start()
    assert await names(second) == ["kept"]
    assert second.password != first.password
    assert [file.name for file in elsewhere.iterdir()] == ["json.py"]


async def test_the_directory_is_private_and_tells_the_address(running: Running) -> None:
    engine, data_dir, address = running
    holder = json.loads((data_dir / "engine.json").read_text())
    assert holder == {
        "pid": engine.pid,
        "servicePid": os.getpid(),
        "state": "ready",
        "uri": address.uri,
        "user": address.user,
        "password": address.password,
        "database": "lineage",
    }
    assert address.uri.startswith("bolt://127.0.0.1:")
    assert address.password not in repr(address)
    for path in [data_dir, *data_dir.rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO), path
    logs = {file.name for file in (data_dir / "log").iterdir()}
    assert {"engine.log", "arcadedb.log.0"} <= logs


async def test_only_the_password_opens_it(running: Running) -> None:
    address = running.address
    async with neo4j.AsyncGraphDatabase.driver(address.uri, auth=(address.user, "guess")) as driver:
        with pytest.raises(neo4j.exceptions.AuthError):
            await driver.verify_connectivity()


async def test_signals_to_the_group_leave_it_serving(running: Running) -> None:
    engine, _, address = running
    assert engine.pid
    assert os.getpgid(engine.pid) != os.getpgid(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(engine.pid, number)
    await add(address, "after the signals")
    assert "after the signals" in await names(address)


async def test_a_killed_engine_is_noticed_and_recovers(engine: EmbeddedEngine) -> None:
    address = await engine.start()
    await add(address, "acknowledged")
    assert engine.pid
    os.kill(engine.pid, signal.SIGKILL)
    with anyio.fail_after(5):
        assert await engine.wait_exit() == -signal.SIGKILL
    assert engine.pid is None
    assert await names(await engine.start()) == ["acknowledged"]


async def test_a_killed_service_frees_the_directory(engine: EmbeddedEngine, data_dir: Path) -> None:
    command = [sys.executable, "-m", "tests.engine.service", str(data_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as service:
        try:
            assert service.stdout
            assert service.stdout.readline() == b"acknowledged\n"
            orphan = json.loads((data_dir / "engine.json").read_text())["pid"]
        finally:
            service.kill()
    assert await names(await engine.start()) == ["acknowledged"]
    assert engine.pid != orphan


async def test_a_second_service_is_told_who_holds_it(running: Running) -> None:
    _, data_dir, address = running
    second = EmbeddedEngine(data_dir)
    began = time.monotonic()
    with pytest.raises(DataDirectoryInUse) as refused:
        await second.start()
    assert time.monotonic() - began < 8
    assert refused.value.code == "data_directory_in_use"
    assert f"process {os.getpid()}" in refused.value.message
    assert str(data_dir) in refused.value.message
    assert "LINEAGE_DATA_DIR" in refused.value.message
    assert second.pid is None
    await second.stop()
    await add(address, "undisturbed")


@pytest.mark.parametrize("moment", ["lock", "databases/lineage"])
async def test_a_start_that_is_killed_half_way_can_be_repeated(
    engine: EmbeddedEngine, data_dir: Path, moment: str
) -> None:
    async def kill_at_the_moment() -> None:
        while not (data_dir / moment).exists():
            await anyio.sleep(0.001)
        assert engine.pid
        os.kill(engine.pid, signal.SIGKILL)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(kill_at_the_moment)
        with pytest.raises(EngineStartFailed, match="ended with code -9 while it started"):
            await engine.start()
    address = await engine.start()
    await add(address, "works")
    assert await names(address) == ["works"]


async def test_a_start_that_is_cancelled_leaves_no_process(engine: EmbeddedEngine, data_dir: Path) -> None:
    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(engine.start)
            while not (data_dir / "log" / "engine.log").exists():
                await anyio.sleep(0.01)
            pid = engine.pid
            scope.cancel()
    assert pid is not None
    assert not alive(pid)


async def test_a_file_in_place_of_the_directory(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("in the way")
    for place in (path, path / "below"):
        with pytest.raises(DataDirectoryUnusable, match="LINEAGE_DATA_DIR") as refused:
            await EmbeddedEngine(place).start()
        assert str(place) in refused.value.message
    assert path.read_text() == "in the way"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
async def test_a_directory_that_is_not_writable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    for place in (tmp_path, tmp_path / "below"):
        with pytest.raises(DataDirectoryUnusable, match="Permission denied"):
            await EmbeddedEngine(place).start()
    tmp_path.chmod(0o700)


async def test_what_the_jvm_cannot_start_with_is_told(data_dir: Path) -> None:
    with pytest.raises(EngineStartFailed, match="Its logs are in") as failed:
        await EmbeddedEngine(data_dir, heap="1x").start()
    assert str(data_dir / "log") in failed.value.message


async def test_output_of_earlier_starts_is_bounded(engine: EmbeddedEngine, data_dir: Path) -> None:
    log = data_dir / "log"
    log.mkdir(parents=True)
    for number in range(6):
        (log / f"hs_err_pid{number}.log").write_text("crash")
        os.utime(log / f"hs_err_pid{number}.log", (number, number))
    (log / "engine.log").write_text("the last start's")
    await engine.start()
    assert sorted(file.name for file in log.glob("hs_err*")) == [f"hs_err_pid{n}.log" for n in (3, 4, 5)]
    assert (log / "engine.log.1").read_text() == "the last start's"


async def test_it_is_started_once_at_a_time(running: Running, engine: EmbeddedEngine) -> None:
    with pytest.raises(RuntimeError, match="runs already"):
        await running.engine.start()
    with pytest.raises(RuntimeError, match="not started"):
        await engine.wait_exit()
