"""How the service starts, refuses to start, and ends; exit codes and sentences as app/cli.py has them."""

import signal
import subprocess
import time

import httpx
import pytest

from app.http import create_token
from tests.life.conftest import Start
from tests.life.process import COMMAND, Process, alive, wait_gone
from tests.service.client import produced, step, workflow

DEFINITION = workflow("collect", step("scan", produces=["raw"]))


def refused(service: Process, *arguments: str) -> tuple[int, str]:
    """Exit code and output of a start that does not succeed."""
    service.start(*arguments)
    return service.wait(30), service.output


def test_it_ends_cleanly_and_the_next_start_goes_on(process: Start) -> None:
    service = process()
    service.start_ready()
    assert service.http.put("/workflows/collect", json=DEFINITION).status_code == 201
    engine = service.engine_pid
    service.send(signal.SIGTERM)
    assert service.wait(10) == 0
    assert not alive(engine)

    service.start_ready()
    assert service.http.get("/workflows/collect").status_code == 200
    engine = service.engine_pid
    service.send(signal.SIGINT)  # Ctrl-C
    assert service.wait(10) == 0
    assert not alive(engine)
    assert "Traceback" not in service.output


def test_it_can_be_stopped_while_it_starts(process: Start) -> None:
    service = process()
    service.start()
    until = time.monotonic() + 30
    while not (service.data / "log" / "engine.log").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    engine = service.engine_pid
    service.send(signal.SIGTERM)
    assert service.wait(5) == 0
    wait_gone(engine)
    assert service.output == ""


def test_requests_under_way_are_answered_before_it_ends(process: Start) -> None:
    service = process()
    service.start_ready()
    service.http.put("/workflows/collect", json=DEFINITION)
    service.http.post("/workflows/collect/runs", json={"id": "run-1"})
    body = b'{"status": "succeeded", "result": {"assets": [{"assetId": "raw", "payload": 1}]}}'

    def slowly() -> object:
        yield body[:10]
        service.send(signal.SIGTERM)
        yield body[10:]

    headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    answer = service.http.post("/workflow-runs/run-1/steps/scan/report", content=slowly(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert service.wait(10) == 0
    service.start_ready()
    history = service.http.get("/workflows/collect/assets/raw/history").json()["data"]["history"]
    assert [each["payload"] for each in history] == [1]


def test_a_second_service_on_the_same_directory_is_told_who_holds_it(process: Start) -> None:
    first = process()
    first.start_ready()
    second = process({"LINEAGE_DATA_DIR": str(first.data)}, home="second")
    code, said = refused(second)
    assert code == 1
    assert said == (
        f"The data directory {first.data} is held by another service, process {first.pid}. Stop it first, "
        "or set LINEAGE_DATA_DIR to a directory of this service's own.\n"
    )
    assert first.http.get("/readyz").status_code == 200

    same_port = process(port=first.port, home="same-port")
    code, said = refused(same_port)
    assert code == 1
    assert said == (
        f"Cannot listen on 127.0.0.1:{first.port} (Address already in use); "
        "choose another with --port or LINEAGE_PORT.\n"
    )
    assert not same_port.data.exists()


def test_every_wrong_setting_gets_a_sentence(process: Start) -> None:
    wrong = {
        "LINEAGE_PORT": "abc",
        "LINEAGE_HEAP": "1x",
        "LINEAGE_MAX_BODY": "0",
        "NEO4J_URI": "http://me:secret@host",
        "LINEAGE_LOG_LEVEL": "loud",
    }
    code, said = refused(process(wrong))
    assert code == 2
    lines = said.splitlines()
    assert {line.partition(":")[0] for line in lines} == set(wrong)
    assert len(lines) == len(wrong)
    assert "not 'abc'" in said
    assert "[mg]" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"LINEAGE_HOST": "0.0.0.0"}, "lineage token NAME --scope read"),
        ({"LINEAGE_TOKENS": "ci"}, "Token 1 must be written"),
        ({"LINEAGE_MAX_BODY": "2000"}, "LINEAGE_MAX_BODY is less than LINEAGE_MAX_PAYLOAD"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(process: Start, environment: dict[str, str], says: str) -> None:
    code, said = refused(process(environment))
    assert code == 2
    assert said.count("\n") == 1
    assert says in said


def test_a_directory_that_cannot_be_had_is_refused(process: Start) -> None:
    service = process()
    service.data.write_text("in the way")
    code, said = refused(service)
    assert code == 1
    assert said.count("\n") == 1
    assert str(service.data) in said


def test_what_the_engine_cannot_start_with_is_told(process: Start) -> None:
    code, said = refused(process({"LINEAGE_HEAP": "999999g"}))
    assert code == 1
    assert said.count("\n") == 1
    assert "Its logs are in" in said


def test_tokens_and_scopes_hold_over_the_wire(process: Start) -> None:
    made = subprocess.run(
        [COMMAND, "token", "dashboard", "--scope", "read"], capture_output=True, text=True, check=True, timeout=30
    )
    reading, line = (each.partition(":")[2].strip() for each in made.stdout.splitlines())
    reporting, other = create_token("job", ["report"])
    writing, third = create_token("ci", ["write"])
    service = process({"LINEAGE_TOKENS": f"{line} {other} {third}", "LINEAGE_HOST": "0.0.0.0"})
    service.start_ready()

    def asked(secret: str | None, method: str, path: str, body: object = None) -> httpx.Response:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return service.http.request(method, path, json=body, headers=headers)

    assert asked(None, "GET", "/workflows").json()["code"] == "unauthorized"
    assert asked(reading + "x", "GET", "/workflows").status_code == 401
    assert asked(reading, "PUT", "/workflows/collect", DEFINITION).json()["code"] == "forbidden"
    assert asked(reporting, "PUT", "/workflows/collect", DEFINITION).status_code == 403
    assert asked(writing, "PUT", "/workflows/collect", DEFINITION).status_code == 201
    assert asked(writing, "POST", "/workflows/collect/runs", {"id": "run-1"}).status_code == 403
    assert asked(reporting, "POST", "/workflows/collect/runs", {"id": "run-1"}).status_code == 201
    report = produced({"assetId": "raw", "payload": 1})
    assert asked(reporting, "POST", "/workflow-runs/run-1/steps/scan/report", report).status_code == 200
    assert asked(reporting, "GET", "/workflows/collect/assets").status_code == 403
    assert asked(reading, "GET", "/workflows/collect/assets").json()["data"]["assets"][0]["available"]
    for secret in (reading, reporting, writing):
        assert secret not in service.output
