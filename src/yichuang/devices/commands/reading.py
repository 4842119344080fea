"""刷证: whoever stands before a kiosk lays a card on its reader."""

from yichuang.core.actors import Actor
from yichuang.core.refusals import NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.devices import messages
from yichuang.devices.machines import machine
from yichuang.devices.models import Device
from yichuang.devices.permissions import is_device_of
from yichuang.devices.ports import CardReader, MachineFailed
from yichuang.devices.values import DeviceKind, Identity

NO_CARD = W(
    "没有读到证件。请把身份证平放在读卡区，再按一次。",
    "No card was read. Lay the card flat on the reader and press again.",
)
UNREADABLE = W(
    "这张证件读不出来。请换个方向再试，或者请导办人员帮忙。",
    "This card cannot be read. Turn it and try again, or ask the staff at the door.",
)
READER_DOWN = W(
    "读卡器暂时不能用。您仍然可以取号，或者请导办人员帮忙。",
    "The card reader does not work now. You can still take a number, or ask the staff at the door.",
)
WORDS = {"NO_CARD": NO_CARD, "UNREADABLE": UNREADABLE}


def read_card(*, actor: Actor) -> Identity:
    """Who lies on the reader of the kiosk that asks; nothing of it is kept. Refused: NO_CARD, UNREADABLE (invalid), or
    READER_DOWN (unavailable). NotFound for whoever is no kiosk."""
    if actor.kind != "device" or actor.place is None or not is_device_of(actor, actor.place):
        raise NotFound(messages.DEVICE)
    readers = Device.objects.filter(kiosk=actor.id, kind=DeviceKind.READER.value, revoked_at=None)
    row = readers.order_by("made_at", "id").first()
    if row is None:
        raise Refused(Reason("READER_DOWN", READER_DOWN), kind="unavailable")
    try:
        reader: CardReader = machine(row)
        return reader.read()
    except MachineFailed as failed:
        if failed.fault in WORDS:
            raise Refused(Reason(failed.fault, WORDS[failed.fault])) from failed
        Device.objects.filter(id=row.id).update(parts={"reader": failed.fault})
        raise Refused(Reason("READER_DOWN", READER_DOWN), kind="unavailable") from failed
