"""What may happen, in any order: each rule does one thing to the service and to the reference, and compares answers."""

import contextlib
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from graph.address import Address
from tests.model import answers, strategies
from tests.model.comparison import compare
from tests.model.declared import declarations, instant
from tests.model.driver import Driver, driver, path
from tests.model.log import Attempt, Entry, Refused, Run, Workflow
from tests.model.reference import Reference
from tests.service.client import START, Clock

COMPARE_EVERY = 8
"""Rules between two comparisons of everything."""

Line = tuple[dict[str, Any], Callable[[], Run | Attempt]]
"""A line of a bulk request, and what it does to the reference."""


class LineageMachine(RuleBasedStateMachine):
    """One service on an empty database; the engine comes with the subclass."""

    address: Address

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.reference = Reference(START)
        self.rules_done = 0
        self.run_numbers = 0
        self.stack = contextlib.ExitStack()
        self.driver: Driver = self.stack.enter_context(driver(self.address, self.clock))

    def teardown(self) -> None:
        self.stack.close()

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        self.rules_done += 1
        if self.rules_done % COMPARE_EVERY == 0:
            compare(self.driver, self.reference)

    @initialize(definitions=st.lists(strategies.definitions, min_size=1, max_size=2))
    def begin(self, definitions: list[dict[str, Any]]) -> None:
        for slug, definition in zip(strategies.SLUGS, definitions, strict=False):
            self.put(slug, definition, named=True)

    @rule(milliseconds=st.integers(1, 5_000))
    def time_passes(self, milliseconds: int) -> None:
        self.clock.forward(milliseconds)
        self.reference.now = self.clock.now

    # ---- workflows

    @rule(slug=strategies.slugs, definition=strategies.definitions, named=st.booleans())
    def put(self, slug: str, definition: dict[str, Any], named: bool) -> None:
        document = {"slug": slug.lower(), **definition} if named else definition
        answer = self.driver.call("PUT", path("workflows", slug), document)
        workflow, new = self.reference.register(slug, document)
        assert answer.status_code == (201 if new else 200), answer.text
        self._same_workflow(answer.json()["data"], workflow)

    @rule(slug=st.sampled_from(strategies.SLUGS), definition=strategies.definitions)
    def post(self, slug: str, definition: dict[str, Any]) -> None:
        document = {"slug": slug, **definition}
        answer = self.driver.call("POST", "/workflows", document)
        with self._refusal(answer.status_code, answer.json()):
            workflow, _ = self.reference.register(slug, document, only_new=True)
            assert answer.status_code == 201, answer.text
            self._same_workflow(answer.json()["data"], workflow)

    @rule(slug=strategies.slugs, changes=strategies.changes)
    def patch(self, slug: str, changes: dict[str, Any]) -> None:
        answer = self.driver.call("PATCH", path("workflows", slug), changes)
        with self._refusal(answer.status_code, answer.json()):
            workflow = self.reference.patch(slug, changes)
            assert answer.status_code == 200, answer.text
            self._same_workflow(answer.json()["data"], workflow)

    @rule(slug=strategies.slugs)
    def delete(self, slug: str) -> None:
        answer = self.driver.call("DELETE", path("workflows", slug))
        with self._refusal(answer.status_code, answer.json() if answer.content else {}):
            self.reference.delete(slug)
            assert answer.status_code == 204, answer.text

    # ---- runs

    @rule(slug=strategies.slugs, body=strategies.run_bodies, data=st.data())
    def start_run(self, slug: str, body: dict[str, Any], data: st.DataObject) -> None:
        line, apply = self._start(slug, body, data)
        self._single("POST", path("workflows", slug, "runs"), _body(line), apply)

    @rule(slug=strategies.slugs, body=strategies.run_bodies)
    def request_run(self, slug: str, body: dict[str, Any]) -> None:
        answer = self.driver.call("POST", path("workflows", slug, "run"), body)
        document = answer.json()
        with self._refusal(answer.status_code, document):
            run_id = document["data"]["id"] if answer.status_code == 202 else ""
            run, _ = self.reference.start_run(slug, run_id, body, None, requested=True)
            assert answer.status_code == 202, answer.text
            run.request_id = document["data"]["requestId"]
            assert run.request_id is not None
            assert document["data"] == answers.run(run)

    @rule(data=st.data())
    def begin_run(self, data: st.DataObject) -> None:
        run_id = self._any_run(data)
        self._single("POST", path("workflow-runs", run_id, "start"), {}, lambda: self.reference.begin_run(run_id))

    @rule(data=st.data())
    def finish_run(self, data: st.DataObject) -> None:
        line, apply = self._finish(data)
        self._single("POST", path("workflow-runs", line["runId"], "finish"), _body(line), apply)

    # ---- steps

    @rule(data=st.data())
    def start_step(self, data: st.DataObject) -> None:
        run_id, step_id, number, began = self._any_attempt(data)
        body = {"attempt": number} | ({"startedAt": instant(began)} if began is not None else {})
        kept = {key: value for key, value in body.items() if key != "attempt"}
        self._single(
            "POST",
            path("workflow-runs", run_id, "steps", step_id, "start"),
            body,
            lambda: self.reference.start_step(run_id, step_id, number, kept, began),
        )

    @rule(data=st.data())
    def report_step(self, data: st.DataObject) -> None:
        line, apply = self._report(data)
        self._single(
            "POST", path("workflow-runs", line["runId"], "steps", line["stepId"], "report"), _body(line), apply
        )

    @rule(data=st.data())
    def report_in_bulk(self, data: st.DataObject) -> None:
        lines: list[Line] = []
        for kind in data.draw(st.lists(st.sampled_from(("report", "report", "report", "start", "finish", "again")))):
            if kind == "start":
                slug = data.draw(strategies.slugs)
                lines.append(self._start(slug, data.draw(strategies.run_bodies), data))
            elif kind == "finish":
                lines.append(self._finish(data))
            elif kind == "again" and lines:
                lines.append(data.draw(st.sampled_from(lines)))
            else:
                lines.append(self._report(data))
        outcomes = self.driver.lines("/reports", [line for line, _ in lines])
        assert [each["line"] for each in outcomes] == list(range(1, len(lines) + 1))
        for outcome, (_, apply) in zip(outcomes, lines, strict=True):
            with self._refusal(outcome["status"], outcome):
                done = apply()
                assert outcome["status"] in (200, 201), outcome
                assert outcome["data"]["status"] == done.status
                if isinstance(done, Attempt):
                    self._same_snapshots(outcome["data"]["producedAssets"], done)
                    assert [each["code"] for each in outcome["warnings"]] == done.warnings

    # ---- what the rules are made of

    def _start(self, slug: str, body: dict[str, Any], data: st.DataObject) -> Line:
        """A new run, or now and then one that is there, the same or otherwise."""
        known = [run for run in self.reference.runs.values() if not run.requested]
        if known and data.draw(st.integers(0, 4)) == 0:
            run = data.draw(st.sampled_from(known))
            body = run.request if data.draw(st.booleans()) else {**body, "id": run.id}
        else:
            self.run_numbers += 1
            body = {**body, "id": f"run-{self.run_numbers}"}
        line = {"op": "start", "workflowSlug": slug, **body}
        return line, lambda: self.reference.start_run(slug, body["id"], body, None)[0]

    def _finish(self, data: st.DataObject) -> Line:
        run_id, body = self._any_run(data), data.draw(strategies.finish_bodies)
        return {"op": "finish", "runId": run_id, **body}, lambda: self.reference.finish_run(run_id, body)

    def _report(self, data: st.DataObject) -> Line:
        """A report, now and then one that was sent before."""
        sent = [each for each in self.reference.attempts if each.report is not None]
        if sent and data.draw(st.integers(0, 5)) == 0:
            before = data.draw(st.sampled_from(sent))
            assert before.report is not None
            return self._report_of(before.run.id, before.step["id"], before.number, before.report, None)
        run_id, step_id, number, began = self._any_attempt(data)
        body = {"status": data.draw(st.sampled_from(["succeeded", "succeeded", "failed", "skipped"]))}
        entries = [self._entry(data, run_id, step_id) for _ in range(data.draw(st.integers(0, 3)))]
        if entries or data.draw(st.booleans()):
            body |= {"result": {"assets": _encoded(data, [entry.document for entry in entries]), "files": 1}}
        if began is not None:
            body |= {"startedAt": instant(began)}
        if data.draw(st.integers(0, 4)) == 0:
            body |= {"inputs": data.draw(st.lists(self._inputs(), max_size=2))}
        if body["status"] == "failed":
            body |= {"errorMessage": "it broke"}
        return self._report_of(run_id, step_id, number, body, [entries, began])

    def _report_of(self, run_id: str, step_id: str, number: int, body: dict[str, Any], read: Any) -> Line:
        entries, began = read or ([], None)

        def apply() -> Attempt:
            # A repeated report is read again from what the first one said.
            known = self.reference.attempt(self.reference.known(run_id), step_id, number)
            if read is None and known is not None:
                return known
            return self.reference.report(run_id, step_id, number, body, entries, began)

        return {"op": "report", "runId": run_id, "stepId": step_id, "attempt": number, **body}, apply

    def _entry(self, data: st.DataObject, run_id: str, step_id: str) -> Entry:
        """An asset that the step declares, or any."""
        said, offset = data.draw(strategies.productions)
        run = self.reference.runs.get(run_id)
        declared = [
            each.asset["assetId"]
            for each in (declarations(run.revision.document) if run else ())
            if (each.kind, each.step["id"]) == ("PRODUCES", step_id)
        ]
        ids = strategies.spelt(tuple(declared)) if declared and data.draw(st.integers(0, 4)) else strategies.asset_ids
        document = {"assetId": data.draw(ids), **said}
        if offset is None:
            return Entry(document, None)
        produced_at = self.clock.now + offset
        return Entry({**document, "producedAt": instant(produced_at)}, produced_at)

    def _inputs(self) -> st.SearchStrategy[dict[str, Any]]:
        by_asset = st.fixed_dictionaries(
            {"assetId": strategies.asset_ids},
            optional={"version": st.integers(1, 3), "partitionKey": st.sampled_from(strategies.PARTITIONS)},
        )
        ids = [each.id for each in self.reference.snapshots]
        return by_asset | st.fixed_dictionaries({"snapshotId": st.sampled_from(ids)}) if ids else by_asset

    def _any_run(self, data: st.DataObject) -> str:
        """A run that goes on, more often than one that has ended or is not there."""
        active = [run.id for run in self.reference.runs.values() if run.active]
        if active and data.draw(st.integers(0, 3)):
            return data.draw(st.sampled_from(active))
        return data.draw(st.sampled_from([*self.reference.runs, "no-such-run"]))

    def _any_attempt(self, data: st.DataObject) -> tuple[str, str, int, int | None]:
        run_id = self._any_run(data)
        run = self.reference.runs.get(run_id)
        known = [step["id"] for step in run.revision.document["steps"]] if run else []
        step_id = data.draw(st.sampled_from(known if known and data.draw(st.integers(0, 9)) else strategies.STEPS))
        offset = data.draw(st.none() | strategies.offsets)
        return run_id, step_id, data.draw(st.integers(1, 3)), None if offset is None else self.clock.now + offset

    def _single(self, method: str, where: str, body: dict[str, Any], apply: Callable[[], Run | Attempt]) -> None:
        answer = self.driver.call(method, where, body)
        document = answer.json()
        with self._refusal(answer.status_code, document):
            done = apply()
            assert answer.status_code in (200, 201), answer.text
            if isinstance(done, Run):
                assert document["data"] == answers.run(done)
            else:
                self._same_snapshots(document["data"]["producedAssets"], done)
                assert document["data"]["status"] == done.status
                assert [each["code"] for each in document["meta"]["warnings"]] == done.warnings

    @contextlib.contextmanager
    def _refusal(self, status: int, document: dict[str, Any]) -> Any:
        """Where the reference refuses, the service must do so in the same words."""
        expected: Refused | None = None
        try:
            yield
        except Refused as refused:
            expected = refused
        if expected:
            assert (status, document.get("code")) == (expected.status, expected.code), document

    def _same_workflow(self, shown: dict[str, Any], workflow: Workflow) -> None:
        workflow.id = workflow.id or shown["id"]
        assert shown == answers.workflow(workflow)

    def _same_snapshots(self, shown: list[dict[str, Any]], attempt: Attempt) -> None:
        for each, expected in zip(shown, attempt.snapshots, strict=True):
            expected.id = expected.id or each["snapshotId"]
            assert (each["snapshotId"], each["version"], each["valid"], each["partitionKey"]) == (
                expected.id,
                expected.version,
                expected.valid,
                expected.partition,
            )


def _body(line: dict[str, Any]) -> dict[str, Any]:
    """What a request of its own would say."""
    return {key: value for key, value in line.items() if key not in ("op", "workflowSlug", "runId", "stepId")}


def _encoded(data: st.DataObject, assets: list[dict[str, Any]]) -> Any:
    """A list, a single object or a map by id: the three ways in which a result may hold its assets."""
    if len(assets) == 1 and data.draw(st.booleans()):
        return assets[0]
    by_id = {each["assetId"]: {k: v for k, v in each.items() if k != "assetId"} for each in assets}
    if assets and len(by_id) == len(assets) and data.draw(st.booleans()):
        return by_id
    return assets
