"""值班: the half of the day, what keeps somebody from being put down for it, and when a question is anybody's."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from yichuang.cases.rules.sentences import day_of
from yichuang.core.refusals import Reason
from yichuang.core.words import W, Words
from yichuang.core.workdays import Calendar

HALVES: Final[dict[str, Words]] = {"am": W("上午", "morning"), "pm": W("下午", "afternoon")}
AHEAD: Final = 60  # days
NOON: Final = 12
PAST = W("只能安排今天以后（含今天）{days} 天内的值班", "A duty is set from today on, at most {days} days ahead")
NO_WORKDAY = W("{day}不是工作日", "{day} is no working day")
HALF_NEEDED = W("请选择上午或者下午", "Choose the morning or the afternoon")
STRANGER = W("请选择本部门的人员", "Choose somebody of the department")


def half_of(local: datetime) -> str:
    """Of an instant in the hall's time."""
    return "am" if local.hour < NOON else "pm"


def duty_faults(
    day: date | None, half: str, staff: UUID | None, colleagues: Collection[UUID], today: date, calendar: Calendar
) -> list[Reason]:
    """What keeps a line from being written; `staff` None: nobody."""
    faults = []
    if day is None or not today <= day <= today + timedelta(days=AHEAD):
        faults.append(Reason("DUTY_WHEN", PAST.format(days=AHEAD), "/day"))
    elif not calendar.is_working(day):
        faults.append(Reason("NO_WORKDAY", NO_WORKDAY.format(day=day_of(day)), "/day"))
    if half not in HALVES:
        faults.append(Reason("HALF_NEEDED", HALF_NEEDED, "/half"))
    if staff is not None and staff not in colleagues:
        faults.append(Reason("NOT_A_COLLEAGUE", STRANGER, "/staff"))
    return faults


def is_handed_on(asked_at: datetime, now: datetime, minutes: int) -> bool:
    """Whether nobody on duty answered in time, so that every colleague sees the question."""
    return now >= asked_at + timedelta(minutes=minutes)
