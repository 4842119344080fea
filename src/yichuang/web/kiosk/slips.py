"""What stands on a slip (小票)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from yichuang.core.clock import local
from yichuang.core.words import W, Words
from yichuang.devices.values import Code2D, Slip, Text
from yichuang.network.values import PlaceRow
from yichuang.visits.values import BookingRow, HallHours, MyTicket

AHEAD = W("前面还有 {n} 人", "{n} before you")
WAIT = W("预计等候 {least}–{most} 分钟", "About {least}–{most} minutes")
UNTIL_LAST = W("今天服务到最后一位，您的号会办完", "Everybody with a number is served today")
EXTENDED = W("延时办理", "Extended hours")
SCAN = W("扫码看进度、过号重新排队", "Scan: how far it is, and to queue again")
BOOKED = W("预约单", "Appointment")
CHECK_IN = W("提前 15 分钟内带身份证来报到取号", "Bring your identity card and check in up to 15 minutes before")
CHANGE = W("开始前 2 小时可以改期、取消", "It can be moved or cancelled until two hours before")
TAKEN = W("{when} 取号，当天有效", "Taken {when}, good for today")


def address_of(token: str) -> str:
    """Where the holder of a ticket sees it on a phone: at the centre, also when a hall node gave it."""
    return (settings.YICHUANG_CENTRE or settings.YICHUANG_BASE_URL).rstrip("/") + reverse("portal:ticket", args=[token])


def slip_of(place: PlaceRow, mine: MyTicket, token: str, hours: HallHours, *, locale: str) -> Slip:
    """The slip of a ticket, in the language of whoever took it."""

    def line(words: Words, **more: Any) -> Text:
        return Text(words.in_(locale), align="middle", **more)

    wait = [] if mine.most is None else [line(WAIT.format(least=mine.least, most=mine.most))]
    return (
        line(place.name, bold=True),
        Text(mine.number, size=4, align="middle", bold=True),
        line(mine.queue_name, size=2),
        line(AHEAD.format(n=mine.ahead)),
        *wait,
        *([line(EXTENDED)] if hours.extended else []),
        *([line(UNTIL_LAST)] if hours.until_last else []),
        Code2D(address_of(token)),
        line(SCAN),
        line(TAKEN.format(when=f"{local(mine.taken_at):%Y-%m-%d %H:%M}")),
    )


def booking_slip(place: PlaceRow, row: BookingRow, names: Sequence[Words], *, locale: str) -> Slip:
    """The slip of an appointment; no name stands on it."""

    def line(words: Words, **more: Any) -> Text:
        return Text(words.in_(locale), align="middle", **more)

    begins = local(row.starts_at)
    return (
        line(place.name, bold=True),
        line(BOOKED, size=2),
        Text(row.number, size=2, align="middle", bold=True),
        Text(f"{begins:%Y-%m-%d %H:%M}", size=2, align="middle", bold=True),
        *(line(name) for name in names),
        line(CHECK_IN),
        line(CHANGE),
    )
