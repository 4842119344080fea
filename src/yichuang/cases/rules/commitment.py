"""Pure rules of the check behind a commitment (后续核查): by when it is made, what follows from it, what an order may say."""

from datetime import date

from yichuang.cases.commitments import Kept
from yichuang.cases.rules.sentences import day_of
from yichuang.core.refusals import Reason
from yichuang.core.words import W
from yichuang.core.workdays import Calendar

AGAIN_DAYS = 10  # working days behind the day of an order, within which the second check is made (P: our proposal)
PUT_OFF_DAYS = 20  # working days at most by which a check that could not be made is put off (P)
AHEAD = 5  # working days before the last day from which those who make the check are reminded
DAY_NEEDED = W("请选择日期", "Choose the day")
DAY_PAST = W("日期应在今天之后", "The day has to be ahead of today")
DAY_LATE = W("最迟可定在 {day}", "{day} at the latest")
NOT_WORKING = W("{day}不是工作日，请另选", "{day} is no working day: choose another")
KEPT_NEEDED = W("请选择是否符合承诺", "Say whether the promise is kept")
FINDINGS_NEEDED = W("请写明核查情况（最多 4000 字）", "Say what was found (at most 4,000 characters)")


def check_due(decided: date, days: int, calendar: Calendar) -> date:
    """The last day of the first check: so many working days behind the decision."""
    return calendar.add(decided, days)


def second_due(mend_by: date, calendar: Calendar) -> date:
    """The last day of the check behind an order: the day to put right has passed first."""
    return calendar.add(mend_by, AGAIN_DAYS)


def after(*, kept: bool, mend_days: int, ordered: bool) -> Kept:
    """What follows from a check. Once there is time to put it right; where nothing can be, or it was not, it is broken."""
    if kept:
        return Kept.KEPT
    return Kept.BROKEN if ordered or not mend_days else Kept.FOUND


def last_mend_day(today: date, mend_days: int, calendar: Calendar) -> date:
    """The latest day that an order of today may set."""
    return calendar.add(today, mend_days)


def day_faults(day: date | None, *, today: date, last: date, calendar: Calendar, field: str) -> list[Reason]:
    """Why a day to put something right, or for another check, cannot be this one."""
    if day is None:
        return [Reason("DAY_NEEDED", DAY_NEEDED, field)]
    if day <= today:
        return [Reason("DAY_PAST", DAY_PAST, field)]
    if day > last:
        return [Reason("DAY_LATE", DAY_LATE.format(day=day_of(last)), field)]
    if not calendar.is_working(day):
        return [Reason("NOT_A_WORKING_DAY", NOT_WORKING.format(day=day_of(day)), field)]
    return []


def finding_faults(kept: bool | None, findings: str) -> list[Reason]:
    """What a record without an inspection lacks."""
    faults = [] if kept is not None else [Reason("KEPT_NEEDED", KEPT_NEEDED, "/kept")]
    if not 1 <= len(findings.strip()) <= 4000:
        faults.append(Reason("FINDINGS_NEEDED", FINDINGS_NEEDED, "/findings"))
    return faults
