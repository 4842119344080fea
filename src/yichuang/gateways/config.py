"""What every gateway's `check_config()` answers: faults in words for the operator, never a secret."""

import ipaddress
from urllib.parse import urlsplit

LEAST_SECRET = 32  # characters of a shared secret


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: a simulator beside us."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_url(name: str, url: str, *, demo: bool) -> list[str]:
    """Faults of an address: HTTPS, except to this machine; in the demo this machine only, so that nobody real is told."""
    parts = urlsplit(url)
    try:
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return [f"{name}: the port is not a number"]
    if parts.scheme not in {"http", "https"} or not host:
        return [f"{name}: must be https://host[:port]/path"]
    faults = []
    if parts.username or parts.password or parts.query or parts.fragment:
        faults.append(f"{name}: no user, password, query or fragment belongs into it")
    if parts.scheme != "https" and not is_loopback(host):
        faults.append(f"{name}: must be https unless it is this machine")
    if demo and not is_loopback(host):
        faults.append(f"{name}: the demo sends to simulators on this machine only")
    return faults


def check_secret(name: str, secret: str) -> list[str]:
    """Faults of a shared secret."""
    return [] if len(secret) >= LEAST_SECRET else [f"{name}: must have at least {LEAST_SECRET} characters"]
