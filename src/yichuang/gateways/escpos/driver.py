"""Which printer stands at an address."""

from django.conf import settings

from yichuang.devices.ports import MachineFailed, TicketPrinter
from yichuang.devices.rules import may_speak_to
from yichuang.gateways.escpos.client import EscPosPrinter
from yichuang.gateways.escpos.simulator import SimulatedPrinter, simulated

_known: dict[str, EscPosPrinter] = {}


def printer_at(*, address: str, key: str, secret: str) -> TicketPrinter:
    """The same object each time: its breaker remembers. The demo's simulator has an address too."""
    if not may_speak_to(address, networks=settings.YICHUANG_DEVICE_NETWORKS, demo=settings.YICHUANG_DEMO):
        raise MachineFailed("NOT_CONFIGURED")
    if address.startswith("simulator"):
        return SimulatedPrinter(simulated(key, address))
    return _known.setdefault(address, EscPosPrinter(address))
