"""Machines of a hall for tests: enrolled through the real commands, with simulated printers and readers."""

from dataclasses import dataclass
from typing import Any

from yichuang.devices.commands import add_device, enrol
from yichuang.devices.values import Enrolled
from yichuang.gateways.escpos.simulator import Paper, Printer, simulated
from yichuang.network.queries import get_place

HALL = "LH"


@dataclass
class Kiosk:
    """A kiosk in 罗湖's hall with what stands at it."""

    bearer: str
    device: Any
    printer_id: str

    @property
    def printer(self) -> Printer:
        return simulated(self.printer_id, "simulator")

    @property
    def slips(self) -> list[Paper]:
        return self.printer.printed


def enrolled(demo: Any, kind: str, name: str) -> Enrolled:
    """A machine that traded its code."""
    code = add_device(actor=demo.actor("dengjie"), place=get_place(HALL).id, kind=kind, name=name, at=demo.at)
    return enrol(code=code.code, at=demo.at)


def kiosk_with(demo: Any, *, name: str, printer: str = "simulator", reader: str = "") -> Kiosk:
    """An enrolled kiosk with a printer and, where `reader` is an address, a card reader."""
    came = enrolled(demo, "kiosk", name)
    given = {"actor": demo.actor("dengjie"), "place": came.place, "kiosk": came.device, "at": demo.at}
    made = add_device(kind="printer", name=f"{name}打印机", address=printer, **given)
    if reader:
        add_device(kind="reader", name=f"{name}读卡器", address=reader, **given)
    return Kiosk(came.bearer, came.device, str(made.device))
