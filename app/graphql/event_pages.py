"""What happened before: the log from its newest event back."""

from app.event_filters import wanted_events
from app.graphql.context import Info
from app.graphql.scalars import Long
from app.graphql.types.event import AnyEvent, Assets, EventConnection, Types, UpstreamOf, Workflows
from app.graphql.types.pages import PAGE, After, Cursors, First, check_first
from graph.database import Transaction
from graph.events.store import PastPage, read_log, read_past


async def events(
    info: Info,
    first: First = PAGE,
    after: After = None,
    types: Types = None,
    assets: Assets = None,
    workflows: Workflows = None,
    upstream_of: UpstreamOf = None,
) -> EventConnection:
    """A page."""
    limit, context = check_first(first), info.context
    wanted = wanted_events(
        types=[each.value for each in types or ()],
        assets=assets or (),
        workflows=workflows or (),
        upstream_of=upstream_of,
        cap=context.traversal,
    )
    asked = wanted.filter
    cursors = Cursors(
        "events", sorted(asked.types), list(asked.assets), sorted(asked.workflows), (upstream_of or "").lower()
    )
    before = cursors.numbers(after, 1)

    async def work(tx: Transaction) -> tuple[PastPage, str]:
        page = await read_past(tx, await wanted.work_out(tx), before[0] if before else None, limit)
        return page, (await read_log(tx)).source

    page, source = await context.lineage.read(work)
    return EventConnection.of(
        [(AnyEvent.of(event, source), cursors.seal([event.seq])) for event in page.events],
        after=after,
        end=cursors.seal([page.before]) if page.more else None,
        truncated=page.more and len(page.events) < limit,
        up_to=Long(page.up_to),
    )
