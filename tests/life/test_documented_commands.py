"""Every curl in the README and in the example's page, as a reader would type it: in order, against a real service.

An answer other than success, or a jq filter that finds nothing, fails; what a page shows as the answer must come.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PAGES = ("docs/directory-insights-archive-workflow.md", "README.md")
"""In this order: the README looks at what the example has left."""

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)

EXAMPLE = ".venv/bin/python -m examples.directory_insights.run --directory docs --output /tmp/insights\n"


def commands(page: str) -> list[tuple[str, str]]:
    """The blocks of a page that ask the service, each with the answer that the page shows, if any."""
    found = []
    blocks = [(match[1], match[2]) for match in BLOCK.finditer((ROOT / page).read_text())]
    for (language, text), (after, shown) in zip(blocks, [*blocks[1:], ("bash", "")], strict=True):
        if language == "bash" and ("curl" in text or text == EXAMPLE):
            found.append((text, shown if after == "" and shown.startswith(("[", "{")) else ""))
    return found


def test_every_curl_works_as_it_stands(service_url: str, tmp_path: Path) -> None:
    if not shutil.which("curl"):
        pytest.fail("The pages' commands are tested with curl itself: install it.")
    asked = 0
    for page in PAGES:
        for text, shown in commands(page):
            line = text.replace("http://127.0.0.1:4000", service_url)
            line = line.replace("curl -sS", "curl -sS --fail-with-body")
            if text == EXAMPLE:
                line = text.replace(".venv/bin/python", sys.executable).replace("/tmp/insights", str(tmp_path / "out"))
                line = f"{line.strip()} --url {service_url}"
            elif shutil.which("jq"):
                line = line.replace("| jq", "| jq --exit-status")
            else:
                line, shown = re.sub(r" \| jq( -\w+)*( '[^']*')?$", "", line, flags=re.MULTILINE), ""
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=60
            )
            assert done.returncode == 0, f"{page}: {text}{done.stdout}{done.stderr}"
            assert done.stderr == "" or text == EXAMPLE
            if shown:
                assert done.stdout == shown, f"{page}: {text}"
            asked += text.count("curl -sS")
    written = sum((ROOT / page).read_text().count("curl -sS") for page in PAGES)
    assert asked == written > 15
