"""Where a request may go, by address, by name and by how the address is written."""

import ipaddress

import pytest

from app.webhooks.addresses import refusal
from app.webhooks.guard import Guard, Refused

REFUSED = [
    *("0.0.0.0", "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "100::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1"),
    *("2001::1", "2001:db8::1", "2001:20::1", "3fff::1", "4000::1"),
]

PUBLIC = ["1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700:4700::1111", "2a00:1450::1", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) is not None


@pytest.mark.parametrize("address", [*PUBLIC, "64:ff9b::101:101", "2002:101:101::1"])
def test_what_is_public_is_not(address: str) -> None:
    assert refusal(ipaddress.ip_address(address)) is None


@pytest.mark.parametrize(
    "url",
    [
        *("", "example.com", "ftp://example.com", "file:///etc/passwd", "https://", "https:///path", "//example.com"),
        *("https://user:word@example.com", "https://user@example.com", "https://example.com#x", "https://a b"),
        *(
            "https://example.com:99999",
            "https://example.com:x",
            "https://exämple.com",
            "https://example.com\\@evil.com",
        ),
        *("https://2130706433", "https://0x7f000001", "https://0x7f.1", "https://0177.0.0.1", "https://127.1"),
        *("https://127.0.0.1.", "https://1.2.3.4.5", "https://010.0.0.1", "https://[::1", "https://[fe80::1%25eth0]x"),
        *("https://-a.example", "https://a..b", "https://%31%32%37.0.0.1", "https://example.com\r\nHost: x"),
        f"https://example.com/{'x' * 2000}",
    ],
)
def test_odd_forms_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        Guard(http=True).check_form(url)


def test_http_needs_the_setting_or_an_allowed_name() -> None:
    for url in ("http://example.com/x", "http://127.0.0.1/"):
        with pytest.raises(Refused, match="plain http"):
            Guard().check_form(url)
    assert Guard(http=True).check_form("http://example.com/x") == ("example.com", 80)
    assert Guard(["Example.com"]).check_form("http://EXAMPLE.com.:81/x")[1] == 81
    assert Guard(["127.0.0.0/8"]).check_form("http://127.0.0.1:81/") == ("127.0.0.1", 81)
    assert Guard().check_form("https://[2606:4700::1]/") == ("2606:4700::1", 443)


@pytest.mark.parametrize("entry", ["http://a", "10.0.0.1/8", "a b", "2130706433", "*", "a/b"])
def test_a_wrong_entry_of_the_setting_is_told(entry: str) -> None:
    with pytest.raises(ValueError, match="LINEAGE_WEBHOOK_ALLOWED"):
        Guard([entry])


@pytest.mark.anyio
async def test_one_forbidden_address_among_public_ones_refuses_the_name() -> None:
    guard = Guard(resolve=lambda host, port: ["1.1.1.1", "127.0.0.1"])
    with pytest.raises(Refused, match="is at a loopback address"):
        await guard.addresses("mixed.example", 443)


@pytest.mark.anyio
async def test_names_of_the_own_machine_are_refused_and_may_be_allowed() -> None:
    with pytest.raises(Refused, match="loopback"):
        await Guard().addresses("localhost", 443)
    assert await Guard(["localhost"]).addresses("localhost", 443)
    assert await Guard(["127.0.0.0/8", "::1"]).addresses("localhost", 443)
    with pytest.raises(Refused, match="loopback"):
        await Guard(["10.0.0.0/8"]).addresses("localhost", 443)


@pytest.mark.anyio
async def test_a_name_that_does_not_resolve_is_refused() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(Refused, match="cannot be resolved"):
        await Guard(resolve=resolve).addresses("nowhere.example", 443)
