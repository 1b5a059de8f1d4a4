"""What the service should know: what happened, in plain lists, and the rules in their plainest form.

Nothing here is clever or fast: every answer is looked for in everything. A command that the service should refuse
raises `Refused`.
"""

from typing import Any

from tests.model.declared import declarations, freshness, same, steps
from tests.model.log import Attempt, Entry, Refused, Revision, Run, Snapshot, Workflow


class Reference:
    """The commands; what they leave behind are the lists."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.workflows: dict[str, Workflow] = {}
        self.asset_ids: dict[str, str] = {}
        self.declared: set[str] = set()
        self.runs: dict[str, Run] = {}
        self.attempts: list[Attempt] = []
        self.snapshots: list[Snapshot] = []

    # ---- workflows

    def alive(self, slug: str) -> Workflow:
        workflow = self.workflows.get(slug.lower())
        if workflow is None or workflow.deleted_at is not None:
            raise Refused(404, "workflow_not_found")
        return workflow

    def register(self, slug: str, document: dict[str, Any], *, only_new: bool = False) -> tuple[Workflow, bool]:
        """The workflow, and whether it is new (or back)."""
        workflow = self.workflows.get(slug.lower())
        here = workflow is not None and workflow.deleted_at is None
        if workflow and here:
            if only_new:
                raise Refused(409, "workflow_exists")
            if same(workflow.current.document, document):
                return workflow, False
        at = self._next_instant(workflow)
        if workflow is None:
            workflow = self.workflows[slug.lower()] = Workflow(slug.lower(), at, at)
        elif here:
            workflow.current.valid_to = at
        workflow.revisions.append(Revision(len(workflow.revisions) + 1, document, at))
        workflow.updated_at, workflow.deleted_at = at, None
        for each in declarations(document):
            if each.key not in self.declared:
                self.declared.add(each.key)
                self.asset_ids[each.key] = each.asset["assetId"]
        return workflow, not here

    def patch(self, slug: str, changes: dict[str, Any]) -> Workflow:
        workflow = self.alive(slug)
        kept = {key: value for key, value in workflow.current.document.items() if key not in changes}
        return self.register(slug, kept | {k: v for k, v in changes.items() if v is not None})[0]

    def delete(self, slug: str) -> None:
        workflow = self.alive(slug)
        workflow.deleted_at = workflow.updated_at = workflow.current.valid_to = self._next_instant(workflow)
        for run in self.runs.values():
            if run.workflow is workflow and run.status == "pending":
                run.status, run.completed_at, run.updated_at = "canceled", self.now, self.now
                run.finish = {"status": "canceled", "errorMessage": "The workflow was deleted."}

    def _next_instant(self, workflow: Workflow | None) -> int:
        """Instants of one workflow strictly rise, also where the clock stands still."""
        return max(self.now, workflow.updated_at + 1) if workflow else self.now

    # ---- runs

    def known(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise Refused(404, "run_not_found")
        return self.runs[run_id]

    def start_run(
        self, slug: str, run_id: str, body: dict[str, Any], started_at: int | None, *, requested: bool = False
    ) -> tuple[Run, bool]:
        """The run, and whether it is new. A requested run gets its id from the service."""
        if known := self.runs.get(run_id):
            if known.workflow.key == slug.lower() and not known.requested and same(known.request, body):
                return known, False
            raise Refused(409, "run_conflict")
        workflow = self.alive(slug)
        key = body.get("runKey")
        if key and any(
            r.active and r.workflow is workflow and r.request.get("runKey") == key for r in self.runs.values()
        ):
            raise Refused(409, "run_key_active")
        began = None if requested else self.now if started_at is None else started_at
        status = "pending" if requested else "running"
        run = Run(run_id, workflow, workflow.current, requested, body, self.now, self.now, status, began)
        self.runs[run_id] = run
        return run, True

    def begin_run(self, run_id: str) -> Run:
        run = self.known(run_id)
        if run.status == "running":
            return run
        if run.status != "pending":
            raise Refused(409, "run_finished")
        run.revision = self.alive(run.workflow.key).current
        run.status, run.started_at, run.updated_at = "running", self.now, self.now
        return run

    def finish_run(self, run_id: str, body: dict[str, Any]) -> Run:
        run = self.known(run_id)
        if run.finish is not None and same(run.finish, body):
            return run
        if not run.active:
            raise Refused(409, "run_conflict")
        if run.status == "pending" and body["status"] != "canceled":
            raise Refused(409, "run_not_started")
        run.status, run.finish, run.completed_at, run.updated_at = body["status"], body, self.now, self.now
        return run

    # ---- steps

    def start_step(self, run_id: str, step_id: str, number: int, body: dict[str, Any], began: int | None) -> Attempt:
        run = self.known(run_id)
        step = self._step(run, step_id)
        known = self.attempt(run, step_id, number)
        if known:
            if known.start is not None and same(known.start, body):
                return known
            raise Refused(409, "step_conflict")
        if run.status == "pending":
            raise Refused(409, "run_not_started")
        if not run.active:
            raise Refused(409, "run_finished")
        assumed, warnings = self._newest_inputs(run, step, began)
        attempt = Attempt(run, step, number, "running", self.now, self.now if began is None else began)
        attempt.start, attempt.assumed, attempt.warnings = body, assumed, warnings
        self.attempts.append(attempt)
        run.step, run.updated_at = step_id, self.now
        return attempt

    def report(
        self, run_id: str, step_id: str, number: int, body: dict[str, Any], entries: list[Entry], began: int | None
    ) -> Attempt:
        """`entries` are the assets of the body's result, in its order."""
        run = self.known(run_id)
        step = self._step(run, step_id)
        made, warnings = self._read(run, step, entries)
        if run.revision.document.get("onInvalidPayload") == "reject" and not all(each.valid for each in made):
            raise Refused(422, "payload_invalid")
        attempt = self.attempt(run, step_id, number)
        if attempt and attempt.report is not None:
            if same(attempt.report, body):
                return attempt
            raise Refused(409, "report_conflict")
        if run.status == "pending":
            raise Refused(409, "run_not_started")
        if "inputs" in body:
            inputs = [self._named(each) for each in body["inputs"]]
        elif attempt and attempt.assumed is not None:
            inputs = attempt.assumed
        else:
            inputs, missing = self._newest_inputs(run, step, began)
            warnings += missing
        if attempt is None:
            attempt = Attempt(run, step, number, "", self.now)
            self.attempts.append(attempt)
        if not run.active:
            warnings.append("run_finished")
        else:
            run.step, run.updated_at = step_id, self.now
        attempt.report, attempt.status, attempt.warnings = body, body["status"], warnings
        attempt.started_at = attempt.started_at if began is None else began
        attempt.completed_at, attempt.inputs = self.now, list(dict.fromkeys(inputs))
        for each in made:
            each.attempt, each.inputs = attempt, attempt.inputs
            each.version = 1 + len(
                [s for s in self.snapshots if (s.asset, s.partition) == (each.asset, each.partition)]
            )
            each.arrival = len(self.snapshots)
            each.asset_id = self.asset_ids.setdefault(each.asset, each.asset_id)
            self.snapshots.append(each)
        attempt.snapshots = made
        return attempt

    def newest(self, snapshots: list[Snapshot]) -> Snapshot | None:
        """By `producedAt`; of one millisecond the last to arrive."""
        return max(snapshots, key=lambda each: (each.produced_at, each.arrival), default=None)

    def _step(self, run: Run, step_id: str) -> dict[str, Any]:
        for step in steps(run.revision.document):
            if step["id"] == step_id:
                return step
        raise Refused(404, "step_not_found")

    def attempt(self, run: Run, step_id: str, number: int) -> Attempt | None:
        return next((a for a in self.attempts if (a.run, a.step["id"], a.number) == (run, step_id, number)), None)

    def _read(self, run: Run, step: dict[str, Any], entries: list[Entry]) -> tuple[list[Snapshot], list[str]]:
        """The versions that a result stands for, not yet counted, and the codes of its warnings."""
        produces = {
            each.key: each.asset
            for each in declarations(run.revision.document)
            if each.kind == "PRODUCES" and each.step["id"] == step["id"]
        }
        made: list[Snapshot] = []
        warnings: list[str] = []
        for entry in entries:
            said, key = entry.document, entry.document["assetId"].lower()
            declared = produces.get(key)
            if declared is None:
                warnings.append("undeclared_asset")
            partition = said.get("partitionKey")
            if declared is not None and "partitioning" in declared:
                partition = partition or run.request.get("partitionKey")
                if partition is None:
                    raise Refused(400, "partition_key_required")
                if partition not in declared["partitioning"].get("keys", [partition]):
                    raise Refused(400, "unknown_partition")
            elif declared is not None and partition is not None:
                warnings.append("undeclared_partitioning")
            if any((each.asset, each.partition) == (key, partition) for each in made):
                raise Refused(400, "duplicate_asset")
            made.append(self._made(run, step, entry, declared or {}, partition))
        return made, warnings

    def _made(
        self, run: Run, step: dict[str, Any], entry: Entry, declared: dict[str, Any], partition: str | None
    ) -> Snapshot:
        said = entry.document
        rest = {
            k: v for k, v in said.items() if k not in ("assetId", "schema", "freshness", "partitionKey", "producedAt")
        }
        return Snapshot(
            asset=said["assetId"].lower(),
            asset_id=said["assetId"],
            partition=partition,
            version=0,
            arrival=0,
            produced_at=self.now if entry.produced_at is None else entry.produced_at,
            created_at=self.now,
            payload=said.get("payload", rest),
            schema=said.get("schema", declared.get("schema")),
            freshness=freshness(said) or freshness(declared),
            run=run,
            step=step,
            attempt=None,  # type: ignore[arg-type]
            inputs=[],
        )

    def _newest_inputs(self, run: Run, step: dict[str, Any], began: int | None) -> tuple[list[Snapshot], list[str]]:
        """Of each consumed asset the newest when the step began, of the run's own partition where there is one."""
        found: list[Snapshot] = []
        missing: list[str] = []
        for each in declarations(run.revision.document):
            if each.kind != "CONSUMES" or each.step["id"] != step["id"]:
                continue
            there = [s for s in self.snapshots if s.asset == each.key and (began is None or s.produced_at <= began)]
            partition = run.request.get("partitionKey")
            same_partition = [s for s in there if partition is not None and s.partition == partition]
            if newest := self.newest(same_partition) or self.newest(there):
                found.append(newest)
            else:
                missing.append("input_missing")
        return found, missing

    def _named(self, name: dict[str, Any]) -> Snapshot:
        """A version as a report names it: by id, by number in its partition, or the newest."""
        if "snapshotId" in name:
            found = [s for s in self.snapshots if s.id == name["snapshotId"]]
        else:
            of_asset = [s for s in self.snapshots if s.asset == name["assetId"].lower()]
            partition, version = name.get("partitionKey"), name.get("version")
            found = [s for s in of_asset if s.partition == partition and version in (None, s.version)]
            if not found and partition is None and version is None:
                found = of_asset
        newest = self.newest(found)
        if newest is None:
            raise Refused(404, "input_not_found")
        return newest
