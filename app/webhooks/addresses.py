"""Which addresses are public: pure. After the IANA special-purpose registries, and what clouds put elsewhere.

`ipaddress.is_global` would not do: what it knows differs between patches of Python, and 192.0.0.192 passes it in some.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_REFUSED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("the unspecified address", ("0.0.0.0/8", "::/128")),
    ("a loopback address", ("127.0.0.0/8", "::1/128")),
    ("a private address", ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10")),
    ("a link-local address", ("169.254.0.0/16", "fe80::/10")),
    ("an address shared by a carrier", ("100.64.0.0/10",)),
    ("a multicast address", ("224.0.0.0/4", "ff00::/8")),
    (
        "an address of special purpose",
        (
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
        ),
    ),
    # The host's own agent on Azure, at an address that is public by the registry.
    ("a metadata service", ("168.63.129.16/32",)),
)

_EMBEDDED = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)
"""IPv6 networks that stand for IPv4 addresses (mapped, compatible, NAT64, 6to4), and how far from the end these are."""

_SPECIAL = tuple(ipaddress.IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "3fff::/20"))
"""Within the global unicast range, and nobody's to be sent to: protocols such as Teredo, and documentation."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")

_NETWORKS = tuple((ipaddress.ip_network(network), reason) for reason, networks in _REFUSED for network in networks)


def refusal(address: Address) -> str | None:
    """Why the address may not be sent to, in a few words, or None for a public one."""
    for network, reason in _NETWORKS:
        if address.version == network.version and address in network:
            return reason
    if isinstance(address, ipaddress.IPv4Address):
        return None
    for network, distance in _EMBEDDED:
        if address in network:
            inner = refusal(ipaddress.IPv4Address((int(address) >> distance) & 0xFFFFFFFF))
            return f"an IPv6 form of {inner}" if inner else None
    if address not in _GLOBAL_UNICAST or any(address in each for each in _SPECIAL):
        return "an address of special purpose"
    return None
