"""Where messages for other applications may go: never into this house or its network, unless the operator named it. Pure."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LABEL = 63  # letters of a part of a name (RFC 1035, 2.3.4)
LONGEST = 500  # characters
LEAST_PORT = 1024  # besides 443 (80 where http is allowed): not the ports of mail, names and the like


def fault_of(url: str, networks: Iterable[Network]) -> str:
    """Why nobody may be told at this address; "" for one that may be tried. A name is looked up when it is called.

    URL, USER, PORT, SCHEME (https, except to networks that the operator named), ADDRESS (private, or this machine).
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "URL"
    if len(url) > LONGEST or not url.isascii() or any(ord(one) <= 32 for one in url) or not host:
        return "URL"
    if any(not 0 < len(label) <= LABEL for label in host.rstrip(".").split(".")) and _literal(host) is None:
        return "URL"
    if parts.username is not None or parts.password is not None or parts.fragment:
        return "USER"
    networks = tuple(networks)
    literal = _literal(host)
    named = literal is not None and any(literal in one for one in networks)
    if parts.scheme != "https" and not (parts.scheme == "http" and named):
        return "SCHEME"
    if port is not None and port < LEAST_PORT and port != (443 if parts.scheme == "https" else 80):
        return "PORT"
    if literal is None:
        return "ADDRESS" if "." not in host or host.endswith((".localhost", ".local", ".internal")) else ""
    return "" if may_reach(host, networks) else "ADDRESS"


def may_reach(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address that a name stands for is one of the public internet, or of a network that the operator named."""
    literal = _literal(address)
    if literal is None:
        return False
    if any(literal in one for one in networks if one.version == literal.version):
        return True
    if isinstance(literal, ipaddress.IPv6Address) and literal.sixtofour:
        return False  # leads to an address of the old kind, whichever
    return literal.is_global and not (literal.is_multicast or literal.is_reserved or literal.is_unspecified)


def _literal(host: str) -> Address | None:
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found
