"""The working-day calendar: published years, 调休, the year nobody has published yet, and caches that never lag."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from yichuang.core import ledger
from yichuang.core.actors import Actor
from yichuang.core.events import _handlers, subscribe
from yichuang.core.refusals import Refused
from yichuang.core.words import W
from yichuang.network import queries
from yichuang.network.commands import confirm_calendar_year, seed_calendar, set_calendar_day
from yichuang.network.commands.calendar import subject_of_year
from yichuang.network.events import CalendarChanged
from yichuang.network.models import CalendarDay

pytestmark = pytest.mark.usefixtures("network")
NEW_YEAR = W("元旦", "New Year's Day")


def test_the_law_vectors_hold_on_the_loaded_calendar() -> None:
    calendar = queries.working_calendar()
    assert calendar.add(date(2026, 9, 24), 20) == date(2026, 10, 29)
    assert calendar.add(date(2026, 2, 13), 5) == date(2026, 2, 27)


@pytest.mark.parametrize("day", ["2026-02-14", "2026-02-28", "2026-10-10", "2025-01-26", "2024-02-04"])
def test_a_week_end_day_that_is_worked_is_a_working_day(day: str) -> None:
    assert queries.working_calendar().is_working(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-02-17", "2026-10-01", "2025-10-08", "2024-05-03"])
def test_a_public_holiday_on_a_week_day_is_not(day: str) -> None:
    assert not queries.working_calendar().is_working(date.fromisoformat(day))


def test_years_published_are_confirmed_and_the_next_one_is_not() -> None:
    years = {row.year: row for row in queries.list_years()}
    assert [year for year, row in years.items() if row.confirmed] == [2024, 2025, 2026]
    assert years[2027].days == ()
    assert not queries.working_calendar().is_certain(date(2026, 12, 20), date(2027, 1, 11))


def test_a_year_with_its_holidays_entered_is_confirmed_and_then_certain(administrator: Actor, at: datetime) -> None:
    for day in range(1, 14):
        set_calendar_day(actor=administrator, day=date(2027, 1, day), working=False, name=NEW_YEAR, at=at)
    confirm_calendar_year(actor=administrator, year=2027, source="国办发明电〔2026〕X 号", at=at)
    assert queries.working_calendar().is_certain(date(2026, 12, 20), date(2027, 1, 11))
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("calendar", subject_of_year(2027)))]
    assert acts[-1] == "network.calendar_year_confirmed"


def test_an_empty_year_is_never_confirmed(administrator: Actor, at: datetime) -> None:
    with pytest.raises(Refused) as refused:
        confirm_calendar_year(actor=administrator, year=2027, source="", at=at)
    assert [reason.code for reason in refused.value.reasons] == ["SOURCE_MISSING", "HOLIDAYS_MISSING"]
    assert not queries.working_calendar().is_certain(date(2027, 1, 1), date(2027, 1, 2))


def test_li_na_and_a_hall_manager_do_not_change_the_calendar(li_na: Actor, manager: Actor, at: datetime) -> None:
    for actor in (li_na, manager):
        with pytest.raises(Refused) as refused:
            set_calendar_day(actor=actor, day=date(2026, 11, 24), working=False, name=NEW_YEAR, at=at)
        assert refused.value.status == 403
        with pytest.raises(Refused):
            confirm_calendar_year(actor=actor, year=2027, source="x", at=at)


def test_a_changed_day_is_seen_at_once_and_told_to_the_rooms_above(administrator: Actor, at: datetime) -> None:
    told: list[CalendarChanged] = []
    subscribe(CalendarChanged)(told.append)
    try:
        day = date(2026, 11, 24)
        assert queries.working_calendar().is_working(day)
        set_calendar_day(actor=administrator, day=day, working=False, name=W("台风停工", "Typhoon"), at=at)
        assert not queries.working_calendar().is_working(day)
        set_calendar_day(actor=administrator, day=day, working=None, name=W("", ""), at=at)
        assert queries.working_calendar().is_working(day)
        assert [event.first_day for event in told] == [day, day]
    finally:
        _handlers[CalendarChanged].remove(told.append)


def test_a_day_needs_its_name_in_both_languages(administrator: Actor, at: datetime) -> None:
    with pytest.raises(Refused, match="NAME_MISSING"):
        set_calendar_day(actor=administrator, day=date(2026, 11, 24), working=False, name=W("台风", ""), at=at)


def test_the_calendar_is_kept_until_it_changes_and_costs_one_small_query(
    django_assert_num_queries: Any,
) -> None:
    first = queries.working_calendar()
    with django_assert_num_queries(1):
        assert queries.working_calendar() is first


def test_a_change_by_hand_in_the_database_is_seen_too() -> None:
    assert queries.working_calendar().is_working(date(2026, 11, 24))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO network_calendarday VALUES ('2026-11-24', false, '停工', 'Closed')")
    assert not queries.working_calendar().is_working(date(2026, 11, 24))


def test_a_change_that_is_rolled_back_leaves_no_trace_in_the_cache() -> None:
    class Undo(Exception):
        pass

    day = date(2026, 11, 24)
    with pytest.raises(Undo), transaction.atomic():
        CalendarDay.objects.create(day=day, working=False, name_zh="停工", name_en="Closed")
        assert not queries.working_calendar().is_working(day)
        raise Undo
    assert queries.working_calendar().is_working(day)


def test_seeding_never_overwrites_a_year_that_is_there(administrator: Actor, at: datetime) -> None:
    set_calendar_day(actor=administrator, day=date(2026, 10, 10), working=None, name=NEW_YEAR, at=at)
    assert seed_calendar(actor=administrator, years=[2026], at=at) == 0
    assert not queries.working_calendar().is_working(date(2026, 10, 10))


@pytest.mark.parametrize("year", [1999, 2200])
def test_a_year_far_away_is_refused(administrator: Actor, year: int, at: datetime) -> None:
    with pytest.raises(Refused, match="YEAR_OUT_OF_RANGE"):
        confirm_calendar_year(actor=administrator, year=year, source="x", at=at)
