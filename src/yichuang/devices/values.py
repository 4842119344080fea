"""What other rooms and doors may hold of a machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from yichuang.core.words import W, Words


class DeviceKind(StrEnum):
    """What stands in a hall. A kiosk and a board are browsers that we serve; a node is this program; the others we speak to."""

    KIOSK = "kiosk"
    BOARD = "board"
    PRINTER = "printer"
    READER = "reader"
    DISPLAY = "display"
    NODE = "node"


KIND_WORDS: Mapping[DeviceKind, Words] = {
    DeviceKind.KIOSK: W("自助取号机", "Kiosk"),
    DeviceKind.BOARD: W("大厅显示屏", "Hall board"),
    DeviceKind.PRINTER: W("小票打印机", "Ticket printer"),
    DeviceKind.READER: W("身份证读卡器", "ID-card reader"),
    DeviceKind.DISPLAY: W("窗口显示屏", "Window display"),
    DeviceKind.NODE: W("大厅节点", "Hall node"),
}
BROWSERS = frozenset({DeviceKind.KIOSK, DeviceKind.BOARD})  # they come to us with their token
COMES_BY_ITSELF = BROWSERS | {DeviceKind.NODE}  # a node is this program in the hall, and speaks first
SPOKEN_TO = frozenset(set(DeviceKind) - COMES_BY_ITSELF)  # they have an address
COMES_BY_CODE = COMES_BY_ITSELF | {
    DeviceKind.READER
}  # what proves itself by a token: browsers to us, a reader's service and we to each other
AT_A_KIOSK = frozenset({DeviceKind.PRINTER, DeviceKind.READER})  # may belong to one


class Part(StrEnum):
    """How a part of a machine is, as the machine says."""

    FINE = "fine"
    LOW = "low"
    FAULT = "fault"


class Health(StrEnum):
    """How a machine is, as the console says."""

    NEW = "new"  # named, its code not used yet
    FINE = "fine"
    FAULT = "fault"
    SILENT = "silent"
    REVOKED = "revoked"


HEALTH_WORDS: Mapping[Health, Words] = {
    Health.NEW: W("待启用", "Not enrolled yet"),
    Health.FINE: W("正常", "Working"),
    Health.FAULT: W("有故障", "Has a fault"),
    Health.SILENT: W("没有消息", "Silent"),
    Health.REVOKED: W("已停用", "Revoked"),
}
FAULT_WORDS: Mapping[str, Words] = {  # what a machine says of its parts; anything else stands as it is
    "PAPER_OUT": W("缺纸", "no paper"),
    "PAPER_LOW": W("纸将用完", "paper low"),
    "COVER_OPEN": W("上盖没有合好", "cover open"),
    "JAM": W("卡纸或切刀故障", "paper jam or cutter fault"),
    "NOT_CONNECTED": W("连接不上", "not connected"),
    "NO_ANSWER": W("没有回答", "no answer"),
    "BUSY": W("忙", "busy"),
    "NOT_CONFIGURED": W("没有配置驱动", "no driver is configured"),
    "NO_CARD": W("没有读到证件", "no card was read"),
    "UNREADABLE": W("证件读不出来", "the card cannot be read"),
    "NOT_PROVED": W("没有证明身份", "did not prove itself"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """What a window's display shows: what it should since `wanted_at`, and what it said of itself last at `shown_at`."""

    wanted: tuple[str, ...]
    wanted_at: datetime
    shown: tuple[str, ...]
    shown_at: datetime | None

    @property
    def behind(self) -> bool:
        """Whether it shows something else than it should, or nothing that we know of."""
        return self.shown != self.wanted


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A machine for who keeps it. `parts`: name of a part → what is wrong with it ("" is nothing)."""

    id: UUID
    place: UUID
    kind: DeviceKind
    name: str
    window: str
    kiosk: UUID | None
    address: str
    health: Health
    seen_at: datetime | None
    parts: Mapping[str, str]
    code_until: datetime | None  # until when its enrolment code can be used
    picture: Picture | None = None  # of a window's display that was told what to show


@dataclass(frozen=True, slots=True)
class Code:
    """The one-time enrolment code (启用码) of a machine, shown this once; "" for one that needs none."""

    device: UUID
    code: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What a machine traded its code for; the bearer is shown this once."""

    device: UUID
    kind: DeviceKind
    place: UUID
    window: str
    bearer: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of a slip. `size`: 1 ordinary, up to 4 times as large."""

    text: str
    size: int = 1
    bold: bool = False
    align: Literal["left", "middle"] = "left"


@dataclass(frozen=True, slots=True)
class Code2D:
    """A QR code on a slip."""

    payload: str


Slip = tuple[Text | Code2D, ...]  # what is printed, from top to bottom; the printer cuts after it


@dataclass(frozen=True, slots=True)
class Identity:
    """What a card said. It lives as long as the question does: nobody writes it down."""

    name: str
    number: str


class Printing(StrEnum):
    """What became of a slip."""

    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"  # surely nothing came out
    UNKNOWN = "unknown"  # something may have come out: never sent again by itself


@dataclass(frozen=True, slots=True)
class Printed:
    """The answer to a slip; `fault` is a code of FAULT_WORDS."""

    state: Printing
    fault: str = ""
