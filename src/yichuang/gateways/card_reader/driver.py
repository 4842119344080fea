"""Which reader stands at an address."""

from yichuang.devices.ports import CardReader, MachineFailed, may_reach
from yichuang.gateways.card_reader.client import CardReaderClient
from yichuang.gateways.card_reader.simulator import SimulatedReader, simulated


def reader_at(*, address: str, key: str, secret: str) -> CardReader:
    """The client of its service; the demo's simulator has an address too (`simulator:zhangxiao` has that card on it)."""
    if not may_reach(address):
        raise MachineFailed("NOT_CONFIGURED")
    if address.startswith("simulator"):
        return SimulatedReader(simulated(address))
    return CardReaderClient(address, key=key, secret=secret)
