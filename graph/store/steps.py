"""Steps, many at once, and what became of them in runs; one query each."""

import dataclasses
from collections.abc import Iterable, Sequence

from graph.database import Transaction
from graph.records import Attempt, record_from
from graph.rules.identifiers import step_key

STEPS = """
UNWIND $keys AS key
MATCH (s:Step {key: key})<-[:HAS_STEP]-(w:Workflow)
RETURN collect([s.key, s.stepId, s.name, s.type, w.key, size(s.lifetimes) % 2 = 1]) AS steps
"""

STEPS_OF_WORKFLOWS = """
UNWIND $keys AS key
MATCH (w:Workflow {key: key})-[:HAS_STEP]->(s:Step)
RETURN collect([s.key, s.stepId, s.name, s.type, w.key, size(s.lifetimes) % 2 = 1]) AS steps
"""

ATTEMPTS_AT_STEPS = """
UNWIND $places AS place
MATCH (r:Run {workflow: place[0], ordinal: place[1]})<-[:ATTEMPT_IN]-(t:Attempt)
WHERE t.stepId IN place[2]
RETURN r.workflow AS workflow, r.ordinal AS ordinal, properties(t) AS attempt
"""

SCAN = 400
"""Runs of a workflow that one page looks through for attempts at a step, at most."""


@dataclasses.dataclass(frozen=True, slots=True)
class StepFacts:
    """A step; `active` while its workflow's current definition has it."""

    key: str
    step_id: str
    name: str
    type: str
    workflow: str
    active: bool


@dataclasses.dataclass(frozen=True, slots=True)
class RunsOfStep:
    """A page of attempts at a step: below the run `below` (an ordinal), or in it below the attempt."""

    workflow: str
    step_id: str
    below: int
    attempt: int = 0

    @property
    def key(self) -> str:
        """The step's key."""
        return step_key(self.workflow, self.step_id)


@dataclasses.dataclass(slots=True)
class AttemptPage:
    """Attempts, those of the newest run first, each with its run's ordinal.

    `scanned` is the lowest ordinal that was looked at: without attempts behind it, the next page begins there.
    """

    found: list[tuple[int, Attempt]]
    scanned: int


async def steps_by_key(tx: Transaction, keys: Sequence[str]) -> dict[str, StepFacts]:
    """The steps that exist, those that are declared no more included."""
    row = await tx.row(STEPS, {"keys": keys})
    return {each[0]: StepFacts(*each) for each in (row["steps"] if row else ())}


async def steps_by_workflow(tx: Transaction, keys: Sequence[str]) -> dict[str, list[StepFacts]]:
    """The steps of each workflow by id, those that are declared no more included."""
    row = await tx.row(STEPS_OF_WORKFLOWS, {"keys": keys})
    found: dict[str, list[StepFacts]] = {}
    for each in sorted((StepFacts(*each) for each in (row["steps"] if row else ())), key=lambda step: step.key):
        found.setdefault(each.workflow, []).append(each)
    return found


async def attempts_at_steps(tx: Transaction, asks: Iterable[RunsOfStep], limit: int) -> dict[str, AttemptPage]:
    """Up to `limit` attempts at each step, by step key; rounds of one query for all that are not full yet.

    Looks through the workflows' newest runs by their ordinals, twice as many each round: both engines find those by
    an equality on the index, many at once, which they do not do for ranges.
    """
    waiting = {ask.key: ask for ask in asks}
    pages = {ask.key: AttemptPage([], ask.below + (1 if ask.attempt else 0)) for ask in waiting.values()}
    floor = {key: max(0, page.scanned - SCAN) for key, page in pages.items()}
    width = limit
    while waiting:
        places: dict[tuple[str, int], list[str]] = {}
        for key, ask in waiting.items():
            top = pages[key].scanned
            pages[key].scanned = max(floor[key], 1, top - width)
            for ordinal in range(pages[key].scanned, top):
                places.setdefault((ask.workflow, ordinal), []).append(ask.step_id)
        rows = await tx.rows(ATTEMPTS_AT_STEPS, {"places": [[*place, ids] for place, ids in places.items()]})
        for row in rows:
            attempt = record_from(Attempt, row["attempt"])
            ask = waiting[step_key(row["workflow"], attempt.step_id)]
            if row["ordinal"] != ask.below or not ask.attempt or attempt.attempt < ask.attempt:
                pages[ask.key].found.append((row["ordinal"], attempt))
        width *= 2
        for key in list(waiting):
            if len(pages[key].found) >= limit or pages[key].scanned <= max(floor[key], 1):
                del waiting[key]
    for page in pages.values():
        page.found.sort(key=lambda each: (-each[0], -each[1].attempt))
    return pages
