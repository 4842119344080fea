"""Every way in which machines, and what is known of them, can change."""

from yichuang.devices.commands.enrolment import add_device, enrol, new_code, revoke_device
from yichuang.devices.commands.heartbeat import beat, look_after
from yichuang.devices.commands.reading import read_card
from yichuang.devices.commands.showing import show
from yichuang.devices.commands.slips import print_slip
from yichuang.devices.copies import take_copied

__all__ = [
    "add_device",
    "beat",
    "enrol",
    "look_after",
    "new_code",
    "print_slip",
    "read_card",
    "revoke_device",
    "show",
    "take_copied",
]
