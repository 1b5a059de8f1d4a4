"""`GET /events`: pages, cursors and filters."""

import asyncio
import itertools
from typing import Any

import pytest

from graph.database import Database, Transaction
from graph.events import store
from tests.events.log import numbers, page, types, whole_log
from tests.service.client import START, Service, produced, step, workflow
from tests.trips import recorded

pytestmark = pytest.mark.anyio

MAKE = workflow("make", step("one", produces=["sales.raw", "sales.clean"]), step("two", produces=["salesman"]))
USE = workflow("use", step("join", consumes=["sales.clean"], produces=["report"]))


@pytest.fixture
async def filled(service: Service) -> list[dict[str, Any]]:
    """A log with events of several types, assets and workflows."""
    await service.register(MAKE, USE)
    for slug in ("make", "use"):
        run = await service.start(slug)
        for each in (MAKE if slug == "make" else USE)["steps"]:
            for attempt in (1, 2):
                body = produced(*(each["produces"]), attempt=attempt)
                for asset in body["result"]["assets"]:
                    asset["payload"] = attempt
                await service.report(run, each["id"], body)
    return await whole_log(service)


def matches(event: dict[str, Any], **wanted: Any) -> bool:
    """The rules of the filters, said once more."""
    asset = event.get("asset")
    patterns = wanted.get("assets", [])
    named = any(
        asset is not None and (asset.startswith(each[:-1]) if each.endswith("*") else asset == each)
        for each in (text.lower() for text in patterns)
    )
    return (
        event["type"] in wanted.get("types", [event["type"]])
        and event.get("workflow") in wanted.get("workflows", [event.get("workflow")])
        and (named or not patterns)
        and ("upstreamOf" not in wanted or asset in UPSTREAM[wanted["upstreamOf"]])
    )


UPSTREAM = {"Report": {"report", "sales.clean"}, "salesman": {"salesman"}}

CHOICES: dict[str, list[Any]] = {
    "types": [["asset.changed"], ["asset.produced", "run.started"]],
    "assets": [["Sales.*"], ["salesman", "report"], ["sales*"]],
    "workflows": [["use"], ["make", "use"], ["nobody"]],
    "upstreamOf": ["Report", "salesman"],
}


async def test_filters_alone_and_together(service: Service, filled: list[dict[str, Any]]) -> None:
    some = 0
    for names in itertools.chain.from_iterable(itertools.combinations(CHOICES, n) for n in range(len(CHOICES) + 1)):
        for values in itertools.product(*(CHOICES[name] for name in names)):
            wanted = dict(zip(names, values, strict=True))
            expected = [event for event in filled if matches(event, **wanted)]
            assert await whole_log(service, limit=3, **wanted) == expected, wanted
            some += 0 < len(expected) < len(filled)
    assert some > 20


async def test_pages_of_every_size_and_from_every_place(service: Service, filled: list[dict[str, Any]]) -> None:
    for limit in (1, 2, len(filled) - 1, len(filled), 1000):
        assert await whole_log(service, limit=limit) == filled
    for after in range(len(filled) + 1):
        answer = await page(service, after=after, limit=2)
        assert answer["events"] == filled[after : after + 2]
        assert answer["more"] is (after + 2 < len(filled))
    end = await page(service, after=len(filled))
    assert end == {"events": [], "nextCursor": len(filled), "more": False}
    await service.start("make")
    assert types((await page(service, after=end["nextCursor"]))["events"]) == ["run.started"]


async def test_a_page_looks_at_so_many_events_and_no_more(
    service: Service, filled: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SCAN", 5)
    monkeypatch.setattr(store, "WINDOW", 2)
    answer = await page(service, workflows="use")
    assert (numbers(answer["events"]), answer["nextCursor"], answer["more"]) == ([2], 5, True)
    answer = await page(service, workflows="nobody", after=5)
    assert answer == {"events": [], "nextCursor": 10, "more": True}
    assert await whole_log(service, workflows="use") == [e for e in filled if e["workflow"] == "use"]


async def test_what_cannot_be_seen_yet_is_not_skipped(
    service: Service, filled: list[dict[str, Any]], database: Database
) -> None:
    """As if a commit were seen by half: what is behind a number that is missing comes with it, or after."""
    hide = "MATCH (e:Event {seq: 7}) SET e.seq = 7000"
    await database.write(lambda tx: tx.run(hide))
    answer = await page(service)
    assert (numbers(answer["events"]), answer["nextCursor"], answer["more"]) == (list(range(1, 7)), 6, True)
    assert await page(service, after=6) == {"events": [], "nextCursor": 6, "more": True}
    show = "MATCH (e:Event {seq: 7000}) SET e.seq = 7"
    await database.write(lambda tx: tx.run(show))
    assert await whole_log(service, after=6) == filled[6:]


async def test_upstream_follows_the_definitions(service: Service, filled: list[dict[str, Any]]) -> None:
    assert "salesman" not in {event["asset"] for event in await whole_log(service, upstreamOf="report")}
    wider = workflow("use", step("join", consumes=["sales.clean", "salesman"], produces=["report"]))
    first = await page(service, upstreamOf="report", limit=1)
    await service.register(wider)
    rest = await whole_log(service, upstreamOf="report", after=first["nextCursor"])
    assert {event["asset"] for event in rest} == {"report", "sales.clean", "salesman"}


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("types=x", "invalid_parameter", "'types' must be one of 'asset.produced', "),
        ("types=asset.produced&types=X", "invalid_parameter", "; 'X' came."),
        ("after=-1", "invalid_parameter", "'after' must be an integer from 0 to 9007199254740992; '-1' came."),
        ("limit=0", "invalid_parameter", "'limit' must be an integer from 1 to 1000; '0' came."),
        ("&".join(["types=asset.produced"] * 51), "invalid_parameter", "given 0 to 50 times; it came 51 times."),
        ("assets=*x", "invalid_asset_id", "'assets'"),
        ("assets=*", "invalid_asset_id", "'assets'"),
        ("workflows=A%20b", "invalid_slug", "A b"),
        ("upstreamOf=nothing", "asset_not_found", "nothing"),
        ("type=asset.produced", "unknown_parameter", "did you mean 'types'?"),
    ],
)
async def test_what_is_wrong_is_said(service: Service, query: str, code: str, says: str) -> None:
    for path in ("/events", "/events/stream"):
        if "limit" in query and path != "/events":
            continue
        answer = await service.http.get(f"{path}?{query}")
        assert answer.json()["code"] == code, answer.text
        assert answer.status_code == (404 if code == "asset_not_found" else 400)
        assert says in answer.json()["error"]


MANY = """
UNWIND range($first, $last) AS n
CREATE (:Event {seq: n, type: 'run.started', at: $now, data: '{}', run: 'r'})
"""

PROFILED = "PROFILE " + store.RANGE


async def test_a_page_costs_as_much_at_the_end_as_at_the_beginning(
    service: Service, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 20_000
    for first in range(1, count, 5_000):
        await database.write(
            lambda tx, first=first: tx.run(MANY, {"first": first, "last": first + 4_999, "now": START})
        )
    await database.write(lambda tx: tx.run("MATCH (m:Meta {key: 'events'}) SET m.last = $last", {"last": count}))
    trips = recorded(monkeypatch)
    costs = []
    for after in (0, 10_000, count - 100):
        trips.clear()
        assert len((await page(service, after=after))["events"]) == 100
        costs.append(sum(rows for query, rows in zip(trips.queries, trips.rows, strict=True) if "Event" in query))
    assert costs == [100] * 3
    # What the engine reads for it, where it tells.
    hits = await asyncio.gather(*(db_hits(database, after) for after in (0, 10_000, count - 100)))
    assert len(set(hits)) == 1
    assert hits[0] is None or hits[0] < 100 * 10


async def db_hits(database: Database, after: int) -> int | None:
    """Neo4j's db hits of the range behind the number; None of an engine that does not tell them."""

    async def work(tx: Transaction) -> int | None:
        result = await tx._inner.run(PROFILED, {"after": after, "until": after + 100})
        plan = (await result.consume()).profile
        return None if plan is None or "dbHits" not in plan else sum(_hits(plan))

    return await database.read(work)


def _hits(plan: dict[str, Any]) -> list[int]:
    return [plan["dbHits"], *(hit for child in plan.get("children", ()) for hit in _hits(child))]
