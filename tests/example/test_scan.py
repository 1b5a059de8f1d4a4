import json
import os
import socket
from pathlib import Path

import pytest

from examples.directory_insights import scan
from tests.example.calls import NOW, declared, payload_of, run_job, scanned


def by_label(groups):
    return {group["label"]: (group["files"], group["bytes"]) for group in groups if group["files"]}


def test_counts_types_sizes_and_ages(files):
    found = scanned(files)
    assert (found["files"], found["directories"], found["totalBytes"]) == (4, 2, 3210)
    assert found["types"] == [
        {"label": ".pdf", "files": 1, "bytes": 3000},
        {"label": ".txt", "files": 2, "bytes": 200},
        {"label": "no extension", "files": 1, "bytes": 10},
    ]
    assert by_label(found["sizes"]) == {"empty": (1, 0), "< 1 KiB": (2, 210), "1-10 KiB": (1, 3000)}
    assert by_label(found["ages"]) == {"< 1 day": (4, 3210)}
    assert [file["path"] for file in found["largest"]] == [
        "docs/old/c.pdf",
        "docs/a.txt",
        "README",
        "docs/B.TXT",
    ]
    assert found["largest"][0]["modifiedAt"] == "2026-06-15T11:00:00.250Z"
    assert found["scannedAt"] == "2026-06-15T12:00:00.250Z"
    assert not found["truncated"]


@pytest.mark.parametrize(
    ("seconds", "label"),
    [
        (-1, "in the future"),
        (0, "< 1 day"),
        (86_399, "< 1 day"),
        (86_400, "1-7 days"),
        (364 * 86_400, "90-365 days"),
        (365 * 86_400, "1-2 years"),
        (40 * 365 * 86_400, "> 5 years"),
    ],
)
def test_an_age_belongs_to_the_range_it_lies_in(tmp_path, seconds, label):
    (tmp_path / "file").touch()
    os.utime(tmp_path / "file", (NOW.timestamp() - seconds,) * 2)
    assert by_label(scanned(tmp_path)["ages"]) == {label: (1, 0)}


@pytest.mark.parametrize(
    ("size", "label"),
    [
        (0, "empty"),
        (1, "< 1 KiB"),
        (1023, "< 1 KiB"),
        (1024, "1-10 KiB"),
        (2**30 - 1, "0.1-1 GiB"),
        (2**40, "≥ 1 GiB"),
    ],
)
def test_a_size_belongs_to_the_range_it_lies_in(tmp_path, size, label):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(size)
    assert by_label(scanned(tmp_path)["sizes"]) == {label: (1, size)}


def test_an_empty_directory(tmp_path):
    found = scanned(tmp_path)
    assert (found["files"], found["directories"], found["totalBytes"]) == (0, 0, 0)
    assert found["types"] == found["largest"] == []


def test_symlinks_are_counted_and_never_followed(files):
    (files / "loop").symlink_to(files, target_is_directory=True)
    (files / "docs" / "self").symlink_to("self")
    (files / "dangling").symlink_to("nowhere")
    (files / "to-file").symlink_to("README")
    found = scanned(files)
    assert (found["symlinks"], found["files"], found["directories"]) == (4, 4, 2)


def test_a_symlink_to_the_directory_itself_is_followed(files, tmp_path):
    (tmp_path / "link").symlink_to(files)
    assert scanned(tmp_path / "link")["files"] == 4


def test_sockets_and_pipes_are_counted_and_never_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # the path of a socket may have 107 characters at most
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        found = scanned(tmp_path)
    assert (found["special"], found["files"]) == (2, 0)


def test_what_may_not_be_read_is_left_out_and_named(unprivileged):
    for name in ("open", "locked", "listed"):
        (unprivileged / name).mkdir()
        (unprivileged / name / "file.txt").write_bytes(b"12345")
    (unprivileged / "closed.txt").write_bytes(b"1")
    (unprivileged / "closed.txt").chmod(0)
    (unprivileged / "locked").chmod(0)
    (unprivileged / "listed").chmod(0o444)  # its names can be listed, nothing more
    found = scanned(unprivileged)
    # The metadata of a closed file is open, and more is not looked at.
    assert (found["files"], found["totalBytes"], found["directories"]) == (2, 6, 3)
    assert found["unreadable"] == 2
    assert found["unreadableExamples"] == [
        {"path": "listed/file.txt", "reason": "Permission denied"},
        {"path": "locked", "reason": "Permission denied"},
    ]


def test_a_path_too_long_for_the_system_is_named(tmp_path):
    depth = 0
    here = os.open(tmp_path, os.O_RDONLY)
    for depth in range(1, 30):  # noqa: B007 (the last value is used)
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    found = scanned(tmp_path)
    assert 0 < found["directories"] < depth
    assert found["unreadable"] == 1
    assert found["unreadableExamples"][0]["reason"] == "File name too long"


def test_only_some_of_many_unreadable_places_are_named(tmp_path, monkeypatch):
    for number in range(scan.UNREADABLE_SHOWN + 5):
        (tmp_path / f"{number:03}").touch()

    def gone(path):
        raise FileNotFoundError(2, "No such file or directory", path)

    monkeypatch.setattr(scan.os, "lstat", gone)  # as when files vanish while the walk goes on
    found = scan.Walk(tmp_path, set(), 1000)
    assert list(found.files()) == []
    assert found.unreadable == scan.UNREADABLE_SHOWN + 5
    assert len(found.unreadable_examples) == scan.UNREADABLE_SHOWN


def test_a_huge_tree_is_cut_and_says_so(tmp_path):
    for folder in range(5):
        (tmp_path / f"folder-{folder}").mkdir()
        for number in range(20):
            (tmp_path / f"folder-{folder}" / f"{number}.txt").touch()
    found = scanned(tmp_path, maxEntries=50)
    assert found["truncated"]
    assert found["maxEntries"] == 50
    assert found["files"] + found["directories"] == 50


def test_the_cut_leaves_out_what_lies_deepest(files):
    found = scanned(files, maxEntries=5)
    assert found["truncated"]
    assert (found["files"], found["directories"]) == (3, 2)


def test_a_tree_that_fits_the_limit_exactly_is_not_cut(files):
    assert not scanned(files, maxEntries=6)["truncated"]


def test_excluded_directories_are_left_out_and_named(files):
    found = scanned(files, exclude=[str(files / "docs" / "old"), str(files / "nowhere")])
    assert (found["files"], found["directories"], found["excluded"]) == (3, 1, ["docs/old"])


def test_odd_names_are_made_fit_to_show_and_send(tmp_path):
    names = {
        b"\xff\xfe.bin": "\\xff\\xfe.bin",
        b"two\nlines.txt": "two\\x0alines.txt",
        "\u202egpj.exe".encode(): "\\u202egpj.exe",
        b"\x1b[31mred": "\\x1b[31mred",
        "名前.データ".encode(): "名前.データ",
        b"-rf": "-rf",
        b"<b>&'\".html": "<b>&'\".html",
    }
    for name in names:
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).touch()
    found = scanned(tmp_path)
    assert {file["path"] for file in found["largest"]} == set(names.values())
    json.dumps(found, ensure_ascii=False).encode()  # no lone surrogate


def test_many_types_are_gathered_in_one_group_at_the_end(tmp_path):
    for number in range(scan.TYPES_SHOWN + 5):
        (tmp_path / f"file.{number:02}").write_bytes(b"x" * (100 - number))
    found = scanned(tmp_path)["types"]
    assert len(found) == scan.TYPES_SHOWN + 1
    assert found[-1] == {"label": "5 other types", "files": 5, "bytes": sum(100 - n for n in range(10, 15))}


@pytest.mark.parametrize("seconds", [-2_000_000_000, 253_402_300_800, 2**40])
def test_a_time_beyond_any_calendar_does_no_harm(tmp_path, monkeypatch, seconds):
    (tmp_path / "file").touch()
    real = os.lstat

    def odd(path):
        info = list(real(path))
        info[8] = seconds
        return os.stat_result(info)

    monkeypatch.setattr(scan.os, "lstat", odd)
    walk, tally = scan.Walk(tmp_path, set(), 10), scan.Tally(NOW.timestamp())
    for path, info in walk.files():
        tally.add(path, info)
    assert by_label([{"label": g.label, "files": g.files, "bytes": 0} for g in tally.by_age()]) == {
        "> 5 years" if seconds < 0 else "in the future": (1, 0)
    }
    assert (scan.modified_at(seconds) is None) == (seconds > 0)


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, "'directory' must be given"),
        ({"directory": 7}, "'directory' must be given"),
        ({"directory": "a\0b"}, "NUL"),
        ({"directory": "/no/such/directory"}, "not a directory"),
        ({"directory": __file__}, "not a directory"),
        ({"directory": ".", "maxEntries": 0}, "'maxEntries'"),
        ({"directory": ".", "maxEntries": True}, "'maxEntries'"),
        ({"directory": ".", "maxEntries": 1.5}, "'maxEntries'"),
        ({"directory": ".", "exclude": "docs"}, "'exclude'"),
        ({"directory": "x" * 5000}, "too long"),
    ],
)
def test_what_cannot_be_done_is_a_failed_result_with_a_sentence(parameters, said):
    result = run_job(scan.handle, **parameters)
    assert set(result) == {"status", "errorMessage"}
    assert result["status"] == "failed"
    assert said in result["errorMessage"]
    assert len(result["errorMessage"]) <= 500


def test_a_directory_that_may_not_be_listed_fails(unprivileged):
    (unprivileged / "locked").mkdir(mode=0)
    result = run_job(scan.handle, directory=str(unprivileged / "locked"))
    assert result["status"] == "failed"
    assert "Permission denied" in result["errorMessage"]


def test_a_fault_of_the_job_itself_is_a_failed_result_too(files, monkeypatch, caplog):
    monkeypatch.setattr(scan, "Tally", None)
    result = run_job(scan.handle, directory=str(files))
    assert result["errorMessage"].startswith("Unexpected TypeError")
    assert "Traceback" in caplog.text


def test_the_payload_stays_small_however_large_the_tree(tmp_path):
    for number in range(600):
        (tmp_path / f"{'n' * 200}{number}.{'t' * 30}{number}").touch()
    assert len(json.dumps(payload_of(run_job(scan.handle, directory=str(tmp_path))))) < 20_000


def test_the_declared_schema_refuses_a_payload_without_its_figures(files):
    from jsonschema import Draft202012Validator

    found = scanned(files)
    del found["totalBytes"]
    assert not Draft202012Validator(declared(scan.ASSET_ID)["schema"]).is_valid(found)
