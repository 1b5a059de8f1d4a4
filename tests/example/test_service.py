import httpx
import pytest

from examples.directory_insights.service import BACK_OFF, MAX_WAIT, Refused, Service, ServiceError, Snapshot

GONE = httpx.ConnectError("refused")
DOWN = httpx.Response(503, json={"error": "Not now.", "code": "database_unavailable"})
OK = httpx.Response(200, json={"data": {}})


class Answers:
    """Answers in turn, the last one again and again; keeps what was asked and how long was waited."""

    def __init__(self, *answers):
        self.answers, self.asked, self.waited, self.told = list(answers), [], [], []
        http = httpx.Client(base_url="http://service.test", transport=httpx.MockTransport(self.answer))
        self.service = Service(http, sleep=self.waited.append, told=self.told.append)

    def answer(self, request):
        self.asked.append((request.method, request.url.raw_path.decode(), request.content))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize("trouble", [GONE, httpx.ReadTimeout("slow"), DOWN, httpx.Response(502), httpx.Response(429)])
def test_what_passes_is_tried_again_with_the_same_body(trouble):
    answers = Answers(trouble, trouble, OK)
    answers.service.start_run("slug", {"id": "run-1"})
    assert answers.asked == [("POST", "/workflows/slug/runs", b'{"id":"run-1"}')] * 3
    assert answers.waited == [0.25, 0.5]
    assert len(answers.told) == 2


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("2", 2),
        ("0", 0.25),
        ("999999", MAX_WAIT),
        ("9" * 400, MAX_WAIT),
        ("soon", 0.25),
        ("-5", 0.25),
        ("²", 0.25),
    ],
)
def test_retry_after_is_kept_within_bounds(asked, waited):
    down = httpx.Response(503, headers=[(b"Retry-After", asked.encode("latin-1"))])
    answers = Answers(down, OK)
    answers.service.register({"slug": "slug"})
    assert answers.waited == [waited]


@pytest.mark.parametrize(("trouble", "said"), [(GONE, "cannot be reached"), (DOWN, r"Not now. \(503 database_unavail")])
def test_it_gives_up_in_the_end(trouble, said):
    answers = Answers(trouble)
    with pytest.raises(ServiceError, match=said):
        answers.service.finish_run("run-1", {"status": "succeeded"})
    assert answers.waited == list(BACK_OFF)
    assert len(answers.asked) == len(BACK_OFF) + 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            httpx.Response(409, json={"error": "It differs.", "code": "run_conflict"}),
            r"It differs. \(409 run_conflict\)",
        ),
        (httpx.Response(404, text="<h1>nginx</h1>"), "status 404"),
        (httpx.Response(400, json=["error"]), "status 400"),
        (httpx.Response(307, headers={"Location": "http://elsewhere.test"}), "status 307"),
        (httpx.Response(200, text="hello"), "is this the right address"),
        (httpx.Response(200, json={"ok": True}), "is this the right address"),
    ],
)
def test_a_refusal_is_not_tried_again(answer, said):
    answers = Answers(answer)
    with pytest.raises(Refused, match=said):
        answers.service.start_step("run-1", "scan", {})
    assert answers.waited == []


def test_the_newest_version_is_asked_for_as_the_overview_shows():
    answers = Answers(
        httpx.Response(200, json={"data": {"history": [{"snapshotId": "s-1", "payload": {"outputDir": "/out"}}]}})
    )
    found = answers.service.newest("directory-insights-report", "directory.insights.report")
    assert found == Snapshot("s-1", "directory.insights.report", {"outputDir": "/out"})
    path = "/workflows/directory-insights-report/assets/directory.insights.report/history?limit=1"
    assert answers.asked == [("GET", path, b"")]


def test_an_asset_without_a_version_has_no_newest():
    assert Answers(httpx.Response(200, json={"data": {"history": []}})).service.newest("slug", "asset") is None


def test_a_report_gives_what_was_recorded_and_the_warnings():
    made = {"id": "s-1", "assetId": "a", "payload": 7, "stepId": "scan"}
    answer = {
        "data": {"stepId": "scan", "producedAssets": [made]},
        "meta": {"warnings": ["Undeclared asset."]},
    }
    answers = Answers(httpx.Response(200, json=answer))
    assert answers.service.report_step("r:1", "s/1", {}) == ([Snapshot("s-1", "a", 7)], ["Undeclared asset."])
    assert answers.asked[0][1] == "/workflow-runs/r%3A1/steps/s%2F1/report"
