"""窗口显示屏: what a window's display is to show, told to it until it says that it shows it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from yichuang.devices.machines import machine
from yichuang.devices.models import Device
from yichuang.devices.ports import Display, MachineFailed
from yichuang.devices.values import DeviceKind


def show(*, place: UUID, window: str, lines: Sequence[str], at: datetime) -> bool:
    """Every display of the window is to show these lines; whether all say that they do. The whole picture goes each time, so
    told twice it shows the same, and one that was away is right again. Not inside a transaction: a display takes its time.
    """
    rows = Device.objects.filter(place=place, kind=DeviceKind.DISPLAY.value, window=window, revoked_at=None)
    told = [_show(row, list(lines), at) for row in rows.order_by("made_at", "id")]  # each, also behind one that is down
    return all(told)


def _show(row: Device, lines: list[str], at: datetime) -> bool:
    """What it should show is kept before it is asked: a display that is down is known to be behind."""
    known = Device.objects.filter(id=row.id, revoked_at=None)
    known.exclude(wanted=lines).update(wanted=lines, wanted_at=at)
    try:
        display: Display = machine(row)
        display.show(lines)
    except MachineFailed as failed:
        known.update(parts={"connection": failed.fault})
        return False
    known.update(shown=lines, shown_at=at)
    return True
