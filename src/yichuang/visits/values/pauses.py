"""暂停: why nobody is called to a window for a while, and how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from yichuang.core.words import W, Words

MINUTES = range(1, 241)  # that a pause may be meant to last


class PauseWhy(StrEnum):
    """A word of a list: nobody asks a clerk for more."""

    REST = "rest"
    MEAL = "meal"
    MEETING = "meeting"
    TROUBLE = "trouble"
    HELP = "help"
    OTHER = "other"


PAUSE_WORDS: Mapping[PauseWhy, Words] = {
    PauseWhy.REST: W("休息", "A break"),
    PauseWhy.MEAL: W("用餐", "A meal"),
    PauseWhy.MEETING: W("开会、培训", "A meeting or training"),
    PauseWhy.TROUBLE: W("系统或者设备故障", "Machine fault"),
    PauseWhy.HELP: W("协助别的窗口", "Helping elsewhere"),
    PauseWhy.OTHER: W("其他", "Something else"),
}


@dataclass(frozen=True, slots=True)
class Pause:
    """What is put down when a window pauses. `minutes`: how long it is meant to last (None: nobody said)."""

    why: str = PauseWhy.REST.value
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class PauseRow:
    """One pause of a window, for the manager of its hall. `minutes`: how long it was, or has been until now."""

    window: str
    staff_name: str
    since: datetime
    until: datetime | None  # None: it goes on
    why: Words
    meant: int | None
    minutes: int
    by_name: str  # who put it down: the clerk, or the manager
    late: bool  # it lasts, or lasted, longer than it was meant to
