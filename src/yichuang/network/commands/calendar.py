"""The working-day calendar (工作日历): days, and years confirmed by the State Council's notice."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.events import publish
from yichuang.core.refusals import Reason, Refused, refuse_all
from yichuang.core.words import W, Words
from yichuang.network.events import CalendarChanged
from yichuang.network.models import CalendarDay, CalendarYear
from yichuang.network.permissions import check_can_change_network
from yichuang.network.rules import judge_year

SEED_SOURCE = "国务院办公厅关于{year}年部分节假日安排的通知（chinesecalendar 整理）"
MAKE_UP = W("调休上班（{name}）", "Make-up working day ({name})")


def subject_of_year(year: int) -> UUID:
    """The identity under which the ledger keeps a calendar year."""
    return uuid5(NAMESPACE_OID, f"yichuang.network.calendar.{year}")


def _year(year: int) -> CalendarYear:
    if not 2000 <= year <= 2199:
        raise Refused(
            Reason("YEAR_OUT_OF_RANGE", W("年份应在 2000 至 2199 之间", "The year must be 2000–2199"), "/year")
        )
    CalendarYear.objects.get_or_create(year=year)
    return CalendarYear.objects.select_for_update(of=("self",)).get(year=year)


@transaction.atomic
def set_calendar_day(*, actor: Actor, day: date, working: bool | None, name: Words, at: datetime) -> None:
    """Say that offices work or rest on a day; None = an ordinary day again. `name` tells why ("国庆节")."""
    check_can_change_network(actor)
    _year(day.year)
    if working is None:
        CalendarDay.objects.filter(day=day).delete()
    else:
        if not (name.zh.strip() and name.en.strip()):
            words = W("请写明节日或调休的名称（中文和英文）", "Please name the holiday in Chinese and English")
            refuse_all([Reason("NAME_MISSING", words, "/name")])
        CalendarDay.objects.update_or_create(
            day=day, defaults={"working": working, "name_zh": name.zh.strip(), "name_en": name.en.strip()}
        )
    ledger.append(
        act="network.calendar_day_set",
        actor=actor,
        at=at,
        subject=ledger.Subject("calendar", subject_of_year(day.year)),
        detail={"day": day.isoformat(), "working": working},
    )
    publish(CalendarChanged(first_day=day, at=at))


@transaction.atomic
def confirm_calendar_year(*, actor: Actor, year: int, source: str, at: datetime) -> None:
    """Confirm that the year's holidays are the published ones; `source` names the notice (文号).

    Deadlines that reach an unconfirmed year say that they are provisional; from now on these do not.
    """
    check_can_change_network(actor)
    row = _year(year)
    days = dict(CalendarDay.objects.filter(day__year=year).order_by("day").values_list("day", "working"))
    refuse_all(judge_year(year, days, source))
    if row.confirmed and row.source == source.strip():
        return
    row.confirmed, row.source = True, source.strip()
    row.save(update_fields=["confirmed", "source"])
    ledger.append(
        act="network.calendar_year_confirmed",
        actor=actor,
        at=at,
        subject=ledger.Subject("calendar", subject_of_year(year)),
        detail={"year": year},
    )
    publish(CalendarChanged(first_day=date(year, 1, 1), at=at))


def published_days(year: int) -> list[CalendarDay]:
    """Holidays and make-up days of a year as `chinesecalendar` knows them; empty when it does not know the year."""
    from chinese_calendar import constants  # needed once a year

    words = {festival.value: (festival.chinese, festival.value) for festival in constants.Holiday}
    found = []
    for day, festival in constants.holidays.items():
        if day.year == year:
            zh, en = words[festival]
            found.append(CalendarDay(day=day, working=False, name_zh=zh, name_en=en))
    for day, festival in constants.workdays.items():
        if day.year == year:
            zh, en = words[festival]
            name = Words(MAKE_UP.zh.format(name=zh), MAKE_UP.en.format(name=en))
            found.append(CalendarDay(day=day, working=True, name_zh=name.zh, name_en=name.en))
    return found


@transaction.atomic
def seed_calendar(*, actor: Actor, years: Iterable[int], at: datetime) -> int:
    """Take over the published years and leave the others unconfirmed; how many days were written.

    Years that are in the table already stay as they are: what the district entered itself is never overwritten.
    """
    check_can_change_network(actor)
    known = set(CalendarYear.objects.values_list("year", flat=True))
    written = 0
    for year in sorted(set(years) - known):
        days = CalendarDay.objects.bulk_create(published_days(year))
        source = SEED_SOURCE.format(year=year) if days else ""
        CalendarYear.objects.create(year=year, confirmed=bool(days), source=source)
        written += len(days)
        if days:
            publish(CalendarChanged(first_day=date(year, 1, 1), at=at))
        ledger.append(
            act="network.calendar_seeded",
            actor=actor,
            at=at,
            subject=ledger.Subject("calendar", subject_of_year(year)),
            detail={"year": year, "days": len(days), "confirmed": bool(days)},
        )
    return written
