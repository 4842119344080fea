"""Which printer stands at an address."""

from yichuang.devices.ports import MachineFailed, TicketPrinter, may_reach
from yichuang.gateways.escpos.client import EscPosPrinter
from yichuang.gateways.escpos.simulator import SimulatedPrinter, simulated

_known: dict[str, EscPosPrinter] = {}


def printer_at(*, address: str, key: str, secret: str) -> TicketPrinter:
    """The same object each time: its breaker remembers. The demo's simulator has an address too."""
    if not may_reach(address):
        raise MachineFailed("NOT_CONFIGURED")
    if address.startswith("simulator"):
        return SimulatedPrinter(simulated(key, address))
    return _known.setdefault(address, EscPosPrinter(address))
