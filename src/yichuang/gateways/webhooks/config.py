"""Which private networks the messages of other applications may reach: none, unless the operator names them."""

import ipaddress

from django.conf import settings

from yichuang.gateways.webhooks.addresses import Network

NAME = "YICHUANG_WEBHOOK_NETWORKS"


def networks() -> tuple[Network, ...]:
    """`YICHUANG_WEBHOOK_NETWORKS=10.20.0.0/16`: where applications of the same district stand. ValueError for what is none."""
    return tuple(ipaddress.ip_network(one) for one in getattr(settings, NAME, ()))


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is sent."""
    faults = []
    for one in getattr(settings, NAME, ()):
        try:
            network = ipaddress.ip_network(one)
        except ValueError:
            faults.append(f"{NAME}: {one!r} is no network such as 10.20.0.0/16")
            continue
        if settings.YICHUANG_DEMO and not network.is_loopback:
            faults.append(f"{NAME}: the demo tells programs on this machine only")
    return faults
