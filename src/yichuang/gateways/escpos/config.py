"""The networks in which machines of halls stand, and what is wrong with them."""

import ipaddress

from django.conf import settings


def check_config() -> list[str]:
    """Every fault of the configuration, in words for the operator; nothing is asked."""
    faults = []
    for told in settings.YICHUANG_DEVICE_NETWORKS:
        try:
            network = ipaddress.ip_network(told)
        except ValueError:
            faults.append(f"YICHUANG_DEVICE_NETWORKS: {told!r} is no network such as 10.20.0.0/16")
            continue
        if network.is_global:
            faults.append(
                f"YICHUANG_DEVICE_NETWORKS: {told} is a public network: machines of halls stand in private ones"
            )
        elif settings.YICHUANG_DEMO and not network.is_loopback:
            faults.append(f"YICHUANG_DEVICE_NETWORKS: {told}: the demo speaks to simulators on this machine only")
    return faults
