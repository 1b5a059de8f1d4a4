import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from examples.directory_insights import archive
from examples.directory_insights.jobs import JobFailure
from tests.example.calls import archived, payload_of, reported, run_job


@pytest.fixture
def made(files, tmp_path):
    return reported(files, tmp_path / "report-1")


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_the_archive_holds_the_report_and_its_checksums(made, tmp_path):
    result = archived(made, tmp_path / "archives")
    payload = payload_of(result)
    path = Path(payload["archivePath"])
    assert path == tmp_path / "archives" / "report-1.zip"
    assert payload["sourceDir"] == made["outputDir"]
    assert (payload["sizeBytes"], payload["sha256"]) == (path.stat().st_size, sha256(path.read_bytes()))
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        lines = packed.read("SHA256SUMS").decode()
        contents = {name: packed.read(name) for name in names}
    assert names == [*sorted(made["relativePath"] for made in made["artifacts"]), "SHA256SUMS"]
    for entry in payload["entries"]:
        content = (tmp_path / "report-1" / entry["relativePath"]).read_bytes()
        assert contents[entry["relativePath"]] == content
        assert (entry["sizeBytes"], entry["sha256"]) == (len(content), sha256(content))
    assert lines == "".join(f"{entry['sha256']}  {entry['relativePath']}\n" for entry in payload["entries"])
    assert [file["relativePath"] for file in result["result"]["files"]] == [
        "report-1.zip",
        "report-1.zip.sha256",
    ]
    assert sorted(os.listdir(tmp_path / "archives")) == ["report-1.zip", "report-1.zip.sha256"]


def test_common_tools_can_check_it(made, tmp_path):
    path = Path(payload_of(archived(made, tmp_path))["archivePath"])
    subprocess.run(["sha256sum", "--check", "--strict", f"{path.name}.sha256"], cwd=tmp_path, check=True)
    subprocess.run([sys.executable, "-m", "zipfile", "-e", path, tmp_path / "out"], check=True)
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path / "out", check=True)


def test_the_same_report_gives_the_same_bytes(made, tmp_path):
    first = payload_of(archived(made, tmp_path / "one"))
    for path in (tmp_path / "report-1").iterdir():
        os.utime(path, (1, 1))
        path.chmod(0o600)
    made["artifacts"].reverse()
    second = payload_of(archived(made, tmp_path / "two"))
    assert first["sha256"] == second["sha256"]
    assert first["entries"] == second["entries"]


def test_doing_it_again_replaces_the_archive(made, tmp_path):
    first = payload_of(archived(made, tmp_path / "archives"))
    assert payload_of(archived(made, tmp_path / "archives")) == first


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "/etc/hostname",
        "sub/../../secret",
        "",
        ".",
        "./index.html",
        "a//b",
        "nul\0name",
        "link",
        "SHA256SUMS",
    ],
)
def test_a_path_outside_the_report_is_refused(made, tmp_path, name):
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "report-1" / "link").symlink_to(tmp_path / "secret")
    made["artifacts"].append({"relativePath": name, "mediaType": "text/plain", "sizeBytes": 6})
    result = archived(made, tmp_path / "archives")
    assert result["status"] == "failed"
    assert "The report names" in result["errorMessage"]
    assert not (tmp_path / "archives").exists()


@pytest.mark.parametrize("content", [b"", b"longer than it was" * 10_000])
def test_a_file_changed_since_is_refused(made, tmp_path, content):
    (tmp_path / "report-1" / "index.html").write_bytes(content)
    result = archived(made, tmp_path / "archives")
    assert "'index.html' was changed" in result["errorMessage"]


def broken(made, what):
    match what:
        case "artifact gone":
            os.unlink(Path(made["outputDir"]) / "index.html")
        case "named twice":
            made["artifacts"].append(made["artifacts"][0])
        case "nothing named":
            made["artifacts"] = []
        case "too large":
            made["artifacts"][0]["sizeBytes"] = 2**40
        case "directory gone":
            made["outputDir"] += "-gone"
        case "relative directory":
            made["outputDir"] = "."
        case "not a report":
            made = {"outputDir": "/tmp"}
    return made


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("artifact gone", "'index.html' of the report in"),
        ("named twice", "twice"),
        ("nothing named", "nothing to archive"),
        ("too large", "too large to archive"),
        ("directory gone", "is gone; run the report again"),
        ("relative directory", "is gone"),
        ("not a report", "not what Report should be"),
    ],
)
def test_what_cannot_be_archived_fails_with_a_sentence(made, tmp_path, what, said):
    result = archived(broken(made, what), tmp_path / "archives")
    assert result["status"] == "failed"
    assert said in result["errorMessage"]


def test_there_must_be_a_report(tmp_path):
    result = run_job(archive.handle, archiveDir=str(tmp_path))
    assert "no version of 'directory.insights.report'" in result["errorMessage"]


def test_an_archive_that_differs_from_what_was_put_in_is_found(tmp_path):
    archive.write_zip(tmp_path / "a.zip", {"one": b"1", "two": b"2"})
    archive.verify_zip(tmp_path / "a.zip", {"one": b"1", "two": b"2"})
    for other in ({"one": b"1"}, {"one": b"1", "two": b"3"}, {"one": b"1", "two": b"2", "three": b"3"}):
        with pytest.raises(JobFailure, match="different"):
            archive.verify_zip(tmp_path / "a.zip", other)


def test_an_archive_damaged_on_disk_is_found(tmp_path):
    contents = {"one": b"content that is damaged"}
    archive.write_zip(tmp_path / "a.zip", contents)
    data = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(b"damaged", b"dAmaged", 1))
    with pytest.raises(JobFailure, match="cannot be read back"):
        archive.verify_zip(tmp_path / "a.zip", contents)


def test_a_failed_archive_leaves_nothing_behind_and_the_old_one_whole(made, tmp_path, monkeypatch):
    before = payload_of(archived(made, tmp_path / "archives"))

    def damaged(path, contents):
        raise JobFailure("damaged")

    monkeypatch.setattr(archive, "verify_zip", damaged)
    assert archived(made, tmp_path / "archives")["errorMessage"] == "damaged"
    assert sorted(os.listdir(tmp_path / "archives")) == ["report-1.zip", "report-1.zip.sha256"]
    assert sha256(Path(before["archivePath"]).read_bytes()) == before["sha256"]


def test_the_report_directory_may_be_reached_through_a_link(made, tmp_path):
    (tmp_path / "latest").symlink_to(made["outputDir"])
    made["outputDir"] = str(tmp_path / "latest")
    assert payload_of(archived(made, tmp_path / "archives"))["archivePath"].endswith("/latest.zip")
