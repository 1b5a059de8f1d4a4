"""`lineage check` and `lineage wait` against a real service: what they print, and how they exit."""

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from xml.etree import ElementTree

import httpx
import pytest

from tests.life.process import COMMAND, free_port
from tests.service.client import produced, step, workflow

DEFINITION = workflow(
    "gates", step("make", produces=[{"assetId": "gates.made", "freshness": {"ttlMs": 3_600_000}}, "gates.later"])
)


@pytest.fixture(scope="module", autouse=True)
def made(service_url: str) -> Iterator[httpx.Client]:
    """One version of `gates.made`, none of `gates.later`."""
    with httpx.Client(base_url=service_url, timeout=30) as http:
        http.put("/workflows/gates", json=DEFINITION).raise_for_status()
        http.post("/workflows/gates/runs", json={"id": "gates"}).raise_for_status()
        report(http, "gates.made", 1)
        yield http


def report(http: httpx.Client, asset: str, attempt: int) -> None:
    body = produced({"assetId": asset, "payload": attempt}, attempt=attempt)
    http.post("/workflow-runs/gates/steps/make/report", json=body).raise_for_status()


def run(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LINEAGE_URL": url}
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=60, env=environment)


def test_it_passes(service_url: str) -> None:
    done = run(service_url, "check", "gates.made", "--max-age", "1h", "--require-valid", "--upstream")
    assert done.returncode == 0, done.stderr
    assert "gates.made" in done.stdout
    assert "It may go ahead." in done.stdout


def test_it_fails_and_says_why(service_url: str) -> None:
    done = run(service_url, "check", "gates.made", "gates.later", "--format", "json")
    assert done.returncode == 1
    assets = {each["assetId"]: each for each in json.loads(done.stdout)["assets"]}
    assert assets["gates.made"]["passed"]
    assert [each["code"] for each in assets["gates.later"]["objections"]] == ["never_produced"]
    junit = run(service_url, "check", "gates.later", "--format", "junit")
    assert junit.returncode == 1
    failure = ElementTree.fromstring(junit.stdout).find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("type") == "never_produced"


def test_what_cannot_be_told_is_neither(service_url: str) -> None:
    unknown = run(service_url, "check", "gates.nobody")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "gates.nobody" in unknown.stderr
    away = run(f"http://127.0.0.1:{free_port()}", "check", "gates.made")
    assert (away.returncode, away.stdout) == (2, "")
    assert "does not answer" in away.stderr
    assert run(service_url, "check", "gates.made", "--max-age", "soon").returncode == 2
    assert run(service_url, "check").returncode == 2
    assert run(f"{service_url}/nowhere", "check", "gates.made").returncode == 2


def test_a_time_that_is_over_fails(service_url: str) -> None:
    assert run(service_url, "wait", "gates.later", "--fresh", "--timeout", "1s").returncode == 1
    assert run(service_url, "wait", "gates.nobody", "--timeout", "1s").returncode == 2
    assert run(service_url, "wait", "gates.made", "--exists", "--timeout", "1ms").returncode == 0


@pytest.mark.anyio
async def test_it_waits_for_what_is_made_meanwhile(service_url: str, made: httpx.Client) -> None:
    asset = "gates.meanwhile"
    waiting = await asyncio.create_subprocess_exec(
        COMMAND, "wait", asset, "--exists", "--timeout", "50s", "--url", service_url, stdout=asyncio.subprocess.PIPE
    )
    # Whether it asks before or after the production: in the end it must have seen it.
    await asyncio.to_thread(report, made, asset, 2)
    async with asyncio.timeout(60):
        printed, _ = await waiting.communicate()
    assert waiting.returncode == 0
    assert asset in printed.decode()
