"""Who may subscribe, within which limits, and what becomes of readers when the service stops or they do not read."""

import asyncio
import json
import signal
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from app.http import create_token
from graph.address import Address
from tests.conftest import Processes
from tests.life.process import settings_for
from tests.service.readers import (
    EVENTS,
    PROTOCOL,
    closed,
    hear,
    last_number,
    say,
    server_sent,
    subscribe,
    web_socket,
    write,
)

pytestmark = pytest.mark.anyio

QUERY = "{ __typename }"


def memory(pid: int) -> int:
    """Resident, in KiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


async def test_tokens(processes: Processes, empty_embedded: Address) -> None:
    reader, read_line = create_token("reader", ["read"])
    reporter, report_line = create_token("reporter", ["report"])
    service = processes({**settings_for(empty_embedded), "LINEAGE_TOKENS": f"{read_line} {report_line}"})
    url = service.url
    for payload in ({}, {"authorization": "Bearer lin_unknown"}, {"authorization": 7}):
        async with web_socket(url) as refused:
            await say(refused, type="connection_init", payload=payload)
            assert await closed(refused) == (4403, "Forbidden")
    bearers: list[dict[str, Any]] = [
        {"payload": {"authorization": f"Bearer {reader}"}},
        {"payload": {}, "additional_headers": {"Authorization": f"Bearer {reader}"}},
    ]
    for bearer in bearers:
        async with web_socket(url, **bearer) as allowed:
            await subscribe(allowed, "1", QUERY)
            assert (await hear(allowed))["payload"] == {"data": {"__typename": "Query"}}
    async with web_socket(url, {"authorization": f"Bearer {reporter}"}) as narrow:
        await subscribe(narrow, "1", EVENTS)
        refusal = await hear(narrow)
        assert refusal["payload"][0]["extensions"] == {"code": "forbidden", "details": {"neededScope": "read"}}
    with pytest.raises(InvalidStatus) as unknown:
        async with web_socket(url, additional_headers={"Authorization": "Bearer lin_unknown"}):
            pass
    assert unknown.value.response.status_code == 401
    assert unknown.value.response.body is not None
    assert json.loads(unknown.value.response.body)["code"] == "unauthorized"
    async with server_sent(url, QUERY, headers={"Authorization": f"Bearer {reader}"}) as frames:
        assert (await anext(frames)).data == {"data": {"__typename": "Query"}}
    async with httpx.AsyncClient(base_url=url, headers={"Accept": "text/event-stream"}) as http:
        assert (await http.post("/graphql", json={"query": EVENTS})).status_code == 401
        narrow_headers = {"Authorization": f"Bearer {reporter}"}
        assert (await http.post("/graphql", json={"query": EVENTS}, headers=narrow_headers)).status_code == 403


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "https://elsewhere.example"}, "cross_origin"),
        ({"Origin": "null"}, "cross_origin"),
        ({"Host": "elsewhere.example"}, "host_not_allowed"),
    ],
)
async def test_pages_of_other_sites_open_no_web_socket(service_url: str, headers: dict[str, str], code: str) -> None:
    sent = dict(headers)
    options: dict[str, Any] = {"origin": sent.pop("Origin", None)}
    if "Host" in sent:
        host, port = service_url.removeprefix("http://").split(":")
        options |= {"host": host, "port": int(port)}
        address = "ws://elsewhere.example/graphql"
    else:
        address = service_url.replace("http://", "ws://") + "/graphql"
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, subprotocols=[PROTOCOL], proxy=None, **options):
            pass
    assert refused.value.response.status_code == 403
    assert refused.value.response.body is not None
    assert json.loads(refused.value.response.body)["code"] == code


async def test_a_page_of_the_service_itself_opens_one(service_url: str) -> None:
    async with web_socket(service_url, {}, origin=service_url) as allowed:
        await subscribe(allowed, "1", QUERY)
        assert (await hear(allowed))["payload"] == {"data": {"__typename": "Query"}}


async def test_limits_of_a_connection(processes: Processes, empty_embedded: Address) -> None:
    limits = {
        "LINEAGE_GRAPHQL_MAX_OPERATIONS": "2",
        "LINEAGE_MAX_BODY": "20000",
        "LINEAGE_MAX_PAYLOAD": "10000",
        "LINEAGE_GRAPHQL_MAX_DEPTH": "3",
        "LINEAGE_GRAPHQL_MAX_COST": "100",
    }
    service = processes({**settings_for(empty_embedded), **limits})
    async with web_socket(service.url, {}) as busy:
        for id in ("1", "2", "3"):
            await subscribe(busy, id, EVENTS)
        refusal = await hear(busy)
        assert (refusal["id"], refusal["type"]) == ("3", "error")
        assert refusal["payload"][0]["extensions"] == {"code": "too_many_operations", "details": {"limit": 2}}
        await say(busy, id="1", type="complete")
        await subscribe(busy, "3", "subscription { assetEvents { asset { latest { asset { key } } } } }")
        assert (await hear(busy))["payload"][0]["extensions"]["code"] == "too_deep"
        await subscribe(busy, "3", "{ assets(first: 100) { edges { cursor } } }")
        assert (await hear(busy))["payload"][0]["extensions"]["code"] == "too_costly"
        await say(busy, type="ping", payload={"padding": "x" * 20_000})
        assert (await closed(busy))[0] == 1009


PRODUCED = """
subscription Produced($after: Long) {
  assetEvents(after: $after, types: [PRODUCED]) { sequence snapshotId }
}
"""


async def test_two_processes_hear_of_each_other(processes: Processes, empty_neo4j: Address) -> None:
    one, other = (processes(settings_for(empty_neo4j)) for _ in range(2))
    start = await last_number(one.url)
    async with web_socket(one.url, {}) as here, web_socket(other.url, {}) as there:
        for each in (here, there):
            await subscribe(each, "1", PRODUCED, after=start)
        made: list[str] = []
        for turn, url in enumerate((one.url, other.url, one.url)):
            made += await write(url, 1, prefix=f"two-{start}-{turn}")
            heard = [
                [(await hear(each))["payload"]["data"]["assetEvents"] for _ in range(16)] for each in (here, there)
            ]
            assert heard[0] == heard[1]
            assert sorted(each["snapshotId"] for each in heard[0]) == sorted(made[-16:])
            assert [each["sequence"] for each in heard[0]] == sorted({each["sequence"] for each in heard[0]})


async def test_the_service_stops_at_once_and_readers_go_on_at_the_next(
    processes: Processes, empty_neo4j: Address
) -> None:
    service = processes(settings_for(empty_neo4j))
    start = await last_number(service.url)
    async with (
        web_socket(service.url, {}) as leaving,
        server_sent(service.url, EVENTS, after=start) as frames,
        httpx.AsyncClient(base_url=service.url, timeout=60) as http,
        http.stream("GET", "/events/stream", params={"after": start}) as plain,
    ):
        await subscribe(leaving, "1", EVENTS, after=start)
        await write(service.url, 1, prefix=f"stop-{start}")
        first = (await hear(leaving))["payload"]["data"]["assetEvents"]
        began = time.monotonic()
        service.send(signal.SIGTERM)
        assert await closed(leaving) == (1001, "the service stops")
        rest = [frame.event async for frame in frames]
        assert set(rest) == {"next"}, "a stream that the service cut is not complete"
        assert b"error" not in await plain.aread()
        assert await asyncio.to_thread(service.wait) == 0
        assert time.monotonic() - began < 8
    service.start_ready()
    async with web_socket(service.url, {}) as back:
        await subscribe(back, "1", EVENTS, after=first["sequence"])
        assert (await hear(back))["payload"]["data"]["assetEvents"]["sequence"] > first["sequence"]
