"""From a row to the machine that it names."""

from typing import Any

from yichuang.devices.models import Device
from yichuang.devices.ports import driver_for
from yichuang.devices.values import DeviceKind


def machine(row: Device) -> Any:
    """The driver's object for it: a `ports.Machine` of its kind. Raises MachineFailed NOT_CONFIGURED.

    What the machine and we both know is its token: we its hash, which proves our questions to it.
    """
    return driver_for(DeviceKind(row.kind))(address=row.address, key=str(row.id), secret=row.token_hash)
