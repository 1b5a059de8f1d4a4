"""One request: what counts as taken, how long it may last, how much is read, and where it really goes."""

import asyncio
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.webhooks.guard import Guard
from app.webhooks.sender import BODY, Sender
from graph.events.event import Event
from graph.webhooks.records import Answer, Outgoing, Webhook
from tests.webhooks.receiver import Receiver, answering, receiving, silent

pytestmark = pytest.mark.anyio

EVENT = Event(7, "asset.produced", 0, "{}", asset="a")


def outgoing(url: str) -> Outgoing:
    webhook = Webhook("wh_x", url, "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz", "{}", 0, 0, 0)
    return Outgoing("wh_x-7", webhook, EVENT, "db")


async def sent(url: str, guard: Guard | None = None, **more: Any) -> Answer:
    sender = Sender(guard or Guard(["127.0.0.0/8"]), agent="test", clock=lambda: 0, **more)
    try:
        return await sender(outgoing(url))
    finally:
        await sender.close()


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_2xx_is_taken(receiver: Receiver, status: int) -> None:
    receiver.behave = answering(status)
    answer = await sent(receiver.url)
    assert (answer.taken, answer.status) == (True, status)
    assert receiver.requests[0].headers["user-agent"] == "test"


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503])
async def test_another_status_is_not(receiver: Receiver, status: int) -> None:
    receiver.behave = answering(status)
    answer = await sent(receiver.url)
    assert (answer.taken, answer.status, answer.error) == (False, status, f"The endpoint answered {status}.")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(receiver: Receiver, status: int) -> None:
    async with receiving() as other:
        receiver.behave = answering(status, f"Location: {other.url}")
        answer = await sent(receiver.url)
        assert not answer.taken
        assert "redirects are not followed" in str(answer.error)
        assert other.requests == []


async def test_a_silent_endpoint_is_given_up_in_time(receiver: Receiver) -> None:
    receiver.behave = silent
    began = time.monotonic()
    answer = await sent(receiver.url, seconds=0.3)
    assert answer == Answer(None, "The endpoint did not answer within 10 seconds.", answer.duration)
    assert time.monotonic() - began < 5


async def test_a_status_that_comes_byte_by_byte_is_given_up_in_time(receiver: Receiver) -> None:
    async def drip(_: Any, writer: asyncio.StreamWriter) -> None:
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Long: y\r\n" * 1_000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.01)

    receiver.behave = drip
    answer = await sent(receiver.url, seconds=0.5)
    assert (answer.taken, answer.status) == (False, None)


async def test_an_endless_body_is_not_read_to_its_end(receiver: Receiver) -> None:
    written = 0

    async def endless(_: Any, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            await writer.drain()
            written += 4096

    receiver.behave = endless
    answer = await sent(receiver.url)
    assert (answer.taken, answer.status) == (True, 200)
    # What sockets hold in between comes on top of what was read.
    assert written < BODY + 16 * 1024 * 1024


async def test_a_slow_body_does_not_undo_the_status(receiver: Receiver) -> None:
    async def slow(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx")
        await writer.drain()
        await writer.wait_closed()

    receiver.behave = slow
    answer = await sent(receiver.url)
    assert (answer.taken, answer.status) == (True, 200)
    assert answer.duration < 8_000


async def test_what_is_no_http_and_what_breaks_off_is_told(receiver: Receiver) -> None:
    async def rubbish(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        await writer.drain()

    async def hang_up(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    for behave in (rubbish, hang_up):
        receiver.behave = behave
        answer = await sent(receiver.url)
        assert (answer.taken, answer.status) == (False, None)
        assert "broke the connection off" in str(answer.error)


async def test_nobody_there_is_told() -> None:
    async with receiving() as gone:
        url = gone.url
    answer = await sent(url)
    assert answer.error == "The endpoint does not take connections."


async def test_a_connection_is_used_again(receiver: Receiver) -> None:
    receiver.behave = answering(200, body=b"thanks")
    sender = Sender(Guard(["127.0.0.0/8"]), agent="test", clock=lambda: 0)
    for _ in range(3):
        assert (await sender(outgoing(receiver.url))).taken
    await sender.close()
    assert receiver.connections == 1


async def test_proxies_of_the_environment_are_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    async with receiving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert (await sent(receiver.url)).taken
        assert proxy.requests == []


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
async def test_the_own_machine_is_refused_unless_allowed(receiver: Receiver, host: str) -> None:
    answer = await sent(f"http://{host}:{receiver.port}/", Guard(http=True))
    assert (answer.taken, answer.status) == (False, None)
    assert "loopback" in str(answer.error)
    assert receiver.connections == 0


async def test_a_name_that_changes_its_address_after_the_check_gains_nothing(receiver: Receiver) -> None:
    asked = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1" if len(asked) == 1 else "127.0.0.1"]

    guard = Guard(["192.0.2.0/24"], http=True, resolve=rebinding)
    url = f"http://rebind.example:{receiver.port}/"
    host, port = guard.check_form(url)
    assert await guard.addresses(host, port) == ["192.0.2.1"]
    answer = await sent(url, guard)
    assert (answer.taken, answer.status) == (False, None)
    assert answer.error is not None
    assert "'rebind.example' is at a loopback address" in answer.error
    assert receiver.connections == 0
    # Each request resolves once: what was checked is what is connected to.
    assert len(asked) == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for hook.example, which signs itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    made = (folder / "certificate.pem", folder / "key.pem")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
        " -subj /CN=hook.example -addext subjectAltName=DNS:hook.example"
    )
    files = ["-out", str(made[0]), "-keyout", str(made[1])]
    subprocess.run(command.split() + files, check=True, capture_output=True)
    return made


@pytest.fixture
async def secured(certificate: tuple[Path, Path]) -> AsyncIterator[tuple[Receiver, list[str | None]]]:
    """A receiver with TLS, and the names that clients asked it for."""
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    async with receiving(context) as receiver:
        yield receiver, names


def to_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_tls_goes_by_the_name_though_the_address_is_pinned(
    secured: tuple[Receiver, list[str | None]], certificate: tuple[Path, Path]
) -> None:
    receiver, names = secured
    guard = Guard(["127.0.0.0/8"], resolve=to_loopback)
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    answer = await sent(f"https://hook.example:{receiver.port}/", guard, context=trusting)
    assert answer.taken, answer.error
    assert names == ["hook.example"]
    assert receiver.requests[0].headers["host"] == f"hook.example:{receiver.port}"

    other = await sent(f"https://other.example:{receiver.port}/", guard, context=trusting)
    assert not other.taken
    assert "No TLS with the endpoint: Hostname mismatch" in str(other.error)

    unknown = await sent(f"https://hook.example:{receiver.port}/", guard)
    assert not unknown.taken
    assert "self-signed certificate" in str(unknown.error)
    assert len(receiver.requests) == 1
