"""Which display stands at an address."""

from yichuang.devices.ports import Display, MachineFailed, may_reach
from yichuang.gateways.window_display.client import WindowDisplay
from yichuang.gateways.window_display.simulator import SimulatedDisplay, simulated


def display_at(*, address: str, key: str, secret: str) -> Display:
    """The client of a display; the demo's simulator has an address too."""
    if not may_reach(address):
        raise MachineFailed("NOT_CONFIGURED")
    if address.startswith("simulator"):
        return SimulatedDisplay(simulated(key, address))
    return WindowDisplay(address)
