"""Which display stands at an address."""

from django.conf import settings

from yichuang.devices.ports import Display, MachineFailed
from yichuang.devices.rules import may_speak_to
from yichuang.gateways.window_display.client import WindowDisplay
from yichuang.gateways.window_display.simulator import SimulatedDisplay, simulated


def display_at(*, address: str, key: str, secret: str) -> Display:
    """The client of a display; the demo's simulator has an address too."""
    if not may_speak_to(address, networks=settings.YICHUANG_DEVICE_NETWORKS, demo=settings.YICHUANG_DEMO):
        raise MachineFailed("NOT_CONFIGURED")
    if address.startswith("simulator"):
        return SimulatedDisplay(simulated(key, address))
    return WindowDisplay(address)
