"""Machines that watch over the installation (监控): those on this very machine, and those that hold the token."""

from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

# A proxy on this machine has a local address too: it says for whom it asks, as `deploy/nginx.conf` does.
_FOR_OTHERS = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def watches(request: HttpRequest) -> bool:
    """Whether the request comes from one of them."""
    token = settings.YICHUANG_METRICS_TOKEN
    if token and compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
        return True
    return _is_local(str(request.META.get("REMOTE_ADDR", ""))) and not any(
        name in request.headers for name in _FOR_OTHERS
    )


def _is_local(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:  # a socket has no address; who sends through it is not known
        return False
