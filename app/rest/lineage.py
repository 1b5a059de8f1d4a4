"""The lineage of assets, as JSON or in the formats of other tools."""

import itertools
from collections.abc import AsyncIterator, Iterable

import anyio.lowlevel
from starlette.responses import StreamingResponse

from app.export import FORMATS
from app.http import Call
from app.http.auth import READ
from app.rest import answers
from app.rest.requests import LineageQuery
from app.rest.table import route
from graph.database import Transaction
from graph.lineage import Lineage
from graph.questions.as_of import instant_of
from graph.questions.levels import Direction, EdgeSource, Scope
from graph.questions.lineage import LineageGraph, LineageQuestion, lineage
from graph.rules.identifiers import asset_key, workflow_key

CHUNK = 64 * 1024
"""Characters that go out together."""


async def get_lineage(call: Call[None, LineageQuery, None]) -> StreamingResponse:
    """What is upstream, downstream or both of assets, complete, in a format of choice."""
    service: Lineage = call.state.lineage
    query = call.query

    async def work(tx: Transaction) -> LineageGraph:
        at = await instant_of(tx, query.asOf, service.clock())
        scope = Scope(
            EdgeSource(query.source.upper()), at, tuple(sorted({workflow_key(slug) for slug in query.workflow}))
        )
        roots = {asset_key(asset_id): asset_id for asset_id in query.asset}
        direction = Direction(query.direction.upper())
        return await lineage(
            tx, LineageQuestion(roots, direction, query.depth, scope, query.limit, call.state.max_traversal)
        )

    found = await service.read(work)
    chosen = FORMATS[query.format]
    pieces: Iterable[str] = chosen.write(found)
    if query.format == "json":
        # The one shape of every success.
        pieces = itertools.chain(['{"data":'], pieces, ["}"])
    kept = "inline" if query.format == "json" else "attachment"
    headers = {"Content-Disposition": f'{kept}; filename="lineage.{chosen.extension}"'}
    if found.truncation_reason is not None:
        headers["X-Lineage-Truncated"] = _cut(found)
    return StreamingResponse(_chunks(pieces), media_type=chosen.media_type, headers=headers)


def _cut(found: LineageGraph) -> str:
    total = "" if found.total_known is None else f"; total={found.total_known}"
    assert found.truncation_reason is not None
    return f"{found.truncation_reason.value}; assets={len(found.assets)}{total}; depth={found.depth_reached}"


async def _chunks(pieces: Iterable[str]) -> AsyncIterator[bytes]:
    """The text in chunks; others get their turn in between."""
    waiting: list[str] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
            await anyio.lowlevel.checkpoint()
    if waiting:
        yield "".join(waiting).encode()


ENDPOINTS = (
    route(
        "GET",
        "/lineage",
        get_lineage,
        tag="lineage",
        scope=READ,
        query=LineageQuery,
        answers={200: answers.LineageGraph},
        text_types=tuple(each.media_type for name, each in FORMATS.items() if name != "json"),
        headers={
            "X-Lineage-Truncated": "Only when the answer was cut, such as `LIMIT; assets=10; total=31; depth=2`: "
            "`LIMIT` or `TRAVERSAL`, `total` where it is known, and `depth`, the last distance that is complete.",
            "Content-Disposition": "The name of a file to keep it in.",
        },
        errors={
            400: ("as_of_before_beginning", "as_of_in_future", "invalid_asset_id", "invalid_slug"),
            404: ("asset_not_found", "run_not_found"),
        },
    ),
)
