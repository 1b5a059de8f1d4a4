"""Who may hold a data directory, without a database."""

import json
from pathlib import Path

import pytest

from graph.engine import DataDirectoryInUse
from graph.engine import directory as module
from graph.engine.directory import claim


def test_a_closing_holder_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOTICE_WAIT", 0.0)
    first = claim(tmp_path, 11, pytest.fail)
    first.note("closing")
    notices: list[str] = []

    def free(sentence: str) -> None:
        notices.append(sentence)
        first._lock.release()

    second = claim(tmp_path, 22, free)
    assert notices == [f"Waiting for the last service on {tmp_path} to finish shutting down."]
    assert json.loads((tmp_path / "engine.json").read_text())["servicePid"] == 22
    second._lock.release()


def test_a_closing_holder_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CLOSING_WAIT", 0.2)
    first = claim(tmp_path, 11, pytest.fail)
    first.note("closing")
    with pytest.raises(DataDirectoryInUse, match="still shutting down"):
        claim(tmp_path, 22, lambda sentence: None)
    first._lock.release()


@pytest.mark.parametrize("said", ["", "{", "[]", None])
def test_a_holder_that_said_nothing_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None) -> None:
    monkeypatch.setattr(module, "NOTICE_WAIT", 0.0)
    first = claim(tmp_path, 11, pytest.fail)
    (tmp_path / "engine.json").unlink()
    if said is not None:
        (tmp_path / "engine.json").write_text(said)
    with pytest.raises(DataDirectoryInUse, match="held by another service"):
        claim(tmp_path, 22, pytest.fail)
    first._lock.release()


def test_after_closing_nothing_else_is_said(tmp_path: Path) -> None:
    held = claim(tmp_path, 11, pytest.fail)
    held.note("closing")
    held.note("ready", {"uri": "bolt://127.0.0.1:1"})
    assert json.loads((tmp_path / "engine.json").read_text())["state"] == "closing"
    held._lock.release()


def test_half_written_settings_are_dropped_and_data_is_not(tmp_path: Path) -> None:
    database = tmp_path / "databases" / "lineage"
    database.mkdir(parents=True)
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "server-users.jsonl").write_text('{"na')
    (database / "configuration.json").touch()
    (database / "schema.json").write_text("{}")
    held = claim(tmp_path, 11, pytest.fail)
    held.prepare()
    assert not (tmp_path / "config").exists()
    assert [file.name for file in database.iterdir()] == ["schema.json"]
    held._lock.release()
