"""The instant that a question is asked as of: an instant, or the one at which a run started or was asked for."""

from graph.database import Transaction
from graph.errors import invalid
from graph.questions.levels import NOW
from graph.questions.lineage import check_instant
from graph.rules.identifiers import RUN_ID
from graph.rules.instants import parse_instant
from graph.store.runs import known_run


async def instant_of(tx: Transaction, as_of: str | None, now: int) -> int:
    """Epoch milliseconds; `NOW` without `as_of`.

    Raises NotFound `run_not_found`, and InvalidInput: `invalid_parameter` for text that is neither,
    `as_of_in_future`, `as_of_before_beginning`.
    """
    if as_of is None:
        return NOW
    try:
        at = parse_instant(as_of)
    except ValueError as problem:
        at = await _start_of_run(tx, as_of, str(problem))
    await check_instant(tx, at, now)
    return at


async def _start_of_run(tx: Transaction, run_id: str, problem: str) -> int:
    if not RUN_ID.fullmatch(run_id):
        raise invalid("asOf", f"'asOf' is an instant or a run id; {problem}.", code="invalid_parameter")
    run = await known_run(tx, run_id)
    return run.created_at if run.started_at is None else run.started_at
