"""Where requests may go: an address as it is written, as its name resolves, and as it was connected to."""

import contextlib
import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpcore
from anyio import CapacityLimiter

from app.webhooks.addresses import Address, Network, refusal

LONGEST = 2_000
"""Characters of an address as written."""

EACH = 3.0
"""Seconds for one of several addresses of a name."""

RESOLVING = 5.0
"""Seconds for a name to be resolved."""

RESOLVERS = 16
"""Names that are resolved at once; each in a thread, that a silent name server holds for long."""

_FORM = re.compile(r"https?://[!-\[\]-~]+", re.IGNORECASE)
_PLACE = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:@%]+)(:\d+)?", re.IGNORECASE)
_NAME = re.compile(
    r"(?=.{1,253}\.?$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.?"
)
_NUMBER = re.compile(r"(\d+|0x[0-9a-f]*)")

Resolve = Callable[[str, int], Iterable[str]]
"""(host, port) → the addresses of the name. Runs in a thread; raises OSError."""


class Refused(Exception):
    """A request must not go there; the sentence says why."""


def resolve(host: str, port: int) -> list[str]:
    """As the machine resolves names."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Guard:
    """Holds the settings: hosts and networks that are allowed though they are not public, and whether http is."""

    def __init__(self, allowed: Iterable[str] = (), *, http: bool = False, resolve: Resolve = resolve) -> None:
        """Raises ValueError for an entry that is neither a host nor a network."""
        self._hosts: set[str] = set()
        self._networks: list[Network] = []
        for entry in allowed:
            try:
                self._networks.append(ipaddress.ip_network(entry))
            except ValueError:
                if not _NAME.fullmatch(entry.lower()) or _ends_in_number(entry):
                    raise ValueError(
                        f"LINEAGE_WEBHOOK_ALLOWED: '{entry}' is no name of a host and no network such as 10.1.0.0/16."
                    ) from None
                self._hosts.add(_plain(entry))
        self._http = http
        self._resolve = resolve
        self._resolving: CapacityLimiter | None = None

    def check_form(self, url: str) -> tuple[str, int]:
        """(host, port) of an address as written. Raises Refused."""
        if len(url) > LONGEST or not _FORM.fullmatch(url):
            raise Refused(f"An address is 'https://…', of at most {LONGEST} characters, none of them beyond ASCII.")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise Refused("The address has no host, or its port is no number up to 65535.") from None
        if "@" in parts.netloc or "#" in url:
            raise Refused("An address holds no user and no fragment; the signature tells who sends.")
        if not _PLACE.fullmatch(parts.netloc):
            raise Refused("The address has no host, or one in no usual form.")
        literal = _literal(host)
        if literal is None and (not _NAME.fullmatch(host) or _ends_in_number(host)):
            raise Refused(f"'{host}' is neither the name of a host nor an IP address in its usual form.")
        if parts.scheme == "http" and not (self._http or self._is_named(host, literal)):
            raise Refused("The address must be 'https://…'; plain http is not allowed here.")
        return host, port if port is not None else (443 if parts.scheme == "https" else 80)

    async def addresses(self, host: str, port: int) -> list[str]:
        """What the name resolves to now, all of it allowed. Raises Refused."""
        if self._resolving is None:
            self._resolving = CapacityLimiter(RESOLVERS)
        found: list[str] = []
        with contextlib.suppress(OSError, UnicodeError), anyio.move_on_after(RESOLVING):
            found = await anyio.to_thread.run_sync(
                lambda: list(self._resolve(host, port)), abandon_on_cancel=True, limiter=self._resolving
            )
        if not found:
            raise Refused(f"The name '{host}' cannot be resolved.")
        for address in found:
            self.check_address(host, address)
        return found

    def check_address(self, host: str, address: str) -> None:
        """Raises Refused unless requests for this host may go to the address."""
        if _plain(host) in self._hosts:
            return
        number = ipaddress.ip_address(address)
        if any(number.version == each.version and number in each for each in self._networks):
            return
        reason = refusal(number)
        if reason is not None:
            raise Refused(
                f"'{host}' is at {reason}; LINEAGE_WEBHOOK_ALLOWED names hosts and networks that may be used."
            )

    def _is_named(self, host: str, literal: Address | None) -> bool:
        if literal is None:
            return _plain(host) in self._hosts
        return any(literal.version == each.version and literal in each for each in self._networks)


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the very address that was checked; TLS above it still goes by the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises Refused, and what httpcore raises."""
        addresses = await self._guard.addresses(host, port)
        *others, last = addresses
        for address in others:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._connect(host, address, port, socket_options, EACH)
        return await self._connect(host, last, port, socket_options, timeout)

    async def _connect(
        self,
        host: str,
        address: str,
        port: int,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
        seconds: float | None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._inner.connect_tcp(address, port, seconds, socket_options=socket_options)
        try:
            peer = stream.get_extra_info("server_addr")
            self._guard.check_address(host, str(peer[0]))
        except BaseException:
            await stream.aclose()
            raise
        return stream

    async def sleep(self, seconds: float) -> None:
        """For httpcore's own retries, of which there are none here."""
        await self._inner.sleep(seconds)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _ends_in_number(host: str) -> bool:
    """Such as 2130706433, 0x7f.1 and 0177.0.0.1, which resolvers take for IPv4 addresses (WHATWG URL, host parsing)."""
    return _NUMBER.fullmatch(_plain(host).rpartition(".")[2]) is not None
