import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from examples.directory_insights import report, scan
from tests.example.calls import declared, payload_of, reported, run_job, scanned

NAMES = ["file-ages.svg", "file-sizes.svg", "file-types.svg", "index.html", "scan.json"]


class Page(HTMLParser):
    """The elements of a page, its text, and what it would load."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.loads, self.ids = [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href", "xlink:href", "data")]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_data(self, data):
        self.text.append(data)


def test_the_asset_is_what_the_overview_promises(files, tmp_path):
    assert declared(report.ASSET_ID)["schema"] == {
        "type": "object",
        "properties": {
            "outputDir": {"type": "string"},
            "reportTitle": {"type": "string"},
            "generatedAt": {"type": "string", "format": "date-time"},
            "artifacts": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["outputDir", "reportTitle", "generatedAt", "artifacts"],
    }
    payload = reported(files, tmp_path / "out")
    assert set(payload) == {"outputDir", "reportTitle", "generatedAt", "artifacts"}
    assert payload["outputDir"] == str(tmp_path / "out")
    assert payload["reportTitle"] == "What is in files"
    assert all(set(made) == {"relativePath", "mediaType", "sizeBytes"} for made in payload["artifacts"])


def test_every_artifact_is_there_with_the_size_it_claims(files, tmp_path):
    payload = reported(files, tmp_path / "deep" / "out")
    assert [made["relativePath"] for made in payload["artifacts"]] == NAMES
    assert sorted(path.name for path in (tmp_path / "deep" / "out").iterdir()) == NAMES
    for made in payload["artifacts"]:
        assert (Path(payload["outputDir"]) / made["relativePath"]).stat().st_size == made["sizeBytes"]


def test_the_same_scan_gives_the_same_report(files, tmp_path):
    reported(files, tmp_path / "one")
    reported(files, tmp_path / "two")
    for name in NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_page_loads_nothing_and_runs_nothing(files, tmp_path):
    reported(files, tmp_path)
    page = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert page.loads == []
    assert not {"script", "link", "iframe", "object", "img"} & set(page.tags)
    assert page.tags.count("svg") == 3
    assert len(page.ids) == len(set(page.ids)) == 6


def test_the_page_shows_the_figures(files, tmp_path):
    reported(files, tmp_path)
    text = " ".join(Page((tmp_path / "index.html").read_text(encoding="utf-8")).text)
    for shown in (
        "3.1 KiB",
        ".pdf: 1 file, 2.9 KiB",
        "docs/old/c.pdf",
        "15 June 2026, 12:00 UTC",
        "no extension",
    ):
        assert shown in text


def test_each_chart_is_a_drawing_of_its_own_that_says_what_it_shows(files, tmp_path):
    reported(files, tmp_path)
    space = {"svg": "http://www.w3.org/2000/svg"}
    for name, words in {
        "file-types": "Bytes by extension. .pdf: 2.9 KiB; .txt: 200 B; no extension: 10 B.",
        "file-sizes": "Files by size. empty: 1; < 1 KiB: 2; 1-10 KiB: 1.",
        "file-ages": "Files by time since the last change. < 1 day: 4.",
    }.items():
        root = ElementTree.parse(tmp_path / f"{name}.svg").getroot()
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
        assert root.find(f"svg:title[@id='{name}-title']", space) is not None
        assert root.find(f"svg:desc[@id='{name}-desc']", space).text == words
        assert "prefers-color-scheme: dark" in root.find("svg:style", space).text


def test_names_from_the_disk_are_escaped_everywhere(tmp_path):
    root = tmp_path / "<img src=x onerror=alert(1)>"
    root.mkdir()
    (root / "<script>alert(1)<").touch()
    (root / "a.<text><script>alert(2)").write_bytes(b"1")
    (root / "$css${title}").touch()  # a name is no template
    reported(root, tmp_path / "out", title="</title><script>alert(3)</script>")
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    page = Page(html)
    assert not {"script", "img"} & set(page.tags)
    assert "$css${title}" in html
    ElementTree.parse(tmp_path / "out" / "file-types.svg")
    assert "<script" not in (tmp_path / "out" / "file-types.svg").read_text(encoding="utf-8")


def test_an_empty_directory_has_a_report_too(tmp_path):
    (tmp_path / "empty").mkdir()
    reported(tmp_path / "empty", tmp_path / "out")
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert html.count("Nothing to show") == 3
    assert "There are no files in this directory." in html


def test_what_was_not_seen_is_said(files, tmp_path):
    found = scanned(files, maxEntries=5, exclude=[str(files / "docs" / "old")])
    found |= {
        "truncated": True,
        "unreadable": 22,
        "unreadableExamples": [{"path": "a<b", "reason": "Permission denied"}],
    }
    payload_of(run_job(report.handle, {scan.ASSET_ID: found}, outputDir=str(tmp_path / "out")))
    html = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    for shown in ("limit of 5 entries", "22 places could not be read", "a&lt;b", "and 21 more", "docs/old"):
        assert shown in html


def test_no_notice_without_a_reason(files, tmp_path):
    reported(files, tmp_path)
    assert 'class="notice"' not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_scan_is_kept_beside_the_page(files, tmp_path):
    reported(files, tmp_path)
    assert json.loads((tmp_path / "scan.json").read_text(encoding="utf-8")) == scanned(files)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({}, "no version of 'directory.insights.scan'"),
        ({scan.ASSET_ID: None}, "not what Scan should be"),
        ({scan.ASSET_ID: {"directory": "/x"}}, "scannedAt: Field required"),
    ],
)
def test_a_missing_or_broken_scan_fails(tmp_path, inputs, said):
    result = run_job(report.handle, inputs, outputDir=str(tmp_path))
    assert result["status"] == "failed"
    assert said in result["errorMessage"]


def test_a_negative_count_in_the_scan_fails(files, tmp_path):
    broken = scanned(files) | {"files": -1}
    result = run_job(report.handle, {scan.ASSET_ID: broken}, outputDir=str(tmp_path))
    assert re.search("files: .*greater than or equal to 0", result["errorMessage"])


def test_an_output_that_cannot_be_written_fails(files, unprivileged):
    (unprivileged / "locked").mkdir(mode=0o500)
    inputs = {scan.ASSET_ID: scanned(unprivileged)}
    result = run_job(report.handle, inputs, outputDir=str(unprivileged / "locked" / "out"))
    assert result["status"] == "failed"
    assert "Permission denied" in result["errorMessage"]


def test_an_output_that_is_a_file_fails(files, tmp_path):
    (tmp_path / "out").touch()
    result = run_job(report.handle, {scan.ASSET_ID: scanned(files)}, outputDir=str(tmp_path / "out"))
    assert result["status"] == "failed"
    assert "File exists" in result["errorMessage"]
