"""Whose request this is, decided as the City decides it: the first valid address in a row of headers."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network

from starlette.datastructures import Headers

_HEADERS = (
    "client-ip",
    "x-forwarded-for",
    "x-forwarded",
    "x-cluster-client-ip",
    "forwarded-for",
    "forwarded",
)


def client_address(headers: Headers, *, peer: str) -> str:
    for name in _HEADERS:
        for part in headers.get(name, "").split(","):
            if is_address(part.strip()):
                return part.strip()
    return peer


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_range(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def listed(address: str, ranges: Iterable[str]) -> bool:
    """Ranges are addresses or CIDR blocks; what is neither is passed over, as the City does."""
    if not is_address(address):
        return False
    client = ip_address(address)
    return any(client in ip_network(r.strip(), strict=False) for r in ranges if is_range(r.strip()))
