"""The computable rules of the law, each as a vector with its article; and ten years of clocks against a day-by-day walk.

The calendar is the State Council's, as the package chinesecalendar has it; the walk knows nothing of our rules.
"""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import chinese_calendar
import pytest

from yichuang.cases.rules.acceptance import acceptance_date, correction_date, may_deem
from yichuang.cases.rules.clock import (
    ClockFacts,
    Span,
    Stop,
    answer_deadline,
    decision_deadline,
    delivery_deadline,
    excluded_days,
)
from yichuang.cases.values import Ground
from yichuang.core.clock import SHANGHAI
from yichuang.core.workdays import Calendar

FIRST, LAST = date(2016, 1, 1), date(2026, 12, 31)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
WORKING = {day: chinese_calendar.is_workday(day) for day in DAYS}
CALENDAR = Calendar({d: w for d, w in WORKING.items() if w != (d.weekday() < 5)}, frozenset(range(2016, 2027)))


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI).astimezone(UTC)


def facts(day: date, limit: Span, **more: Any) -> ClockFacts:
    known: dict[str, Any] = {
        "received_at": at(day),
        "accepted_at": at(day),
        "accepted_date": day,
        "legal": limit,
        "promise": limit,
    }
    return ClockFacts(**{**known, **more})


def due(day: date, limit: Span, **more: Any) -> date:
    deadline = decision_deadline(facts(day, limit, **more), CALENDAR, at(day), promise=False)
    assert deadline is not None
    assert deadline.due_date is not None
    return deadline.due_date


def stop(start: date, end: date) -> Stop:
    return Stop(Ground.EXPERT_REVIEW, start, end, 5)


@pytest.mark.parametrize(
    ("article", "found", "expected"),
    [
        # 行政许可法 art. 42: twenty days from acceptance; art. 82: working days; the day of the event is not counted
        ("许可法42", due(date(2026, 9, 24), Span(20, "workday")), date(2026, 10, 29)),
        ("许可法82", due(date(2026, 2, 13), Span(5, "workday")), date(2026, 2, 27)),
        ("许可法82", due(date(2026, 3, 2), Span(20, "workday")), date(2026, 3, 30)),
        # art. 42: ten more with the approval of the organ's head; joint handling 45 and 15
        ("许可法42", due(date(2026, 3, 2), Span(20, "workday"), extension_days=10), date(2026, 4, 14)),
        ("许可法42", due(date(2026, 3, 2), Span(45, "workday")), date(2026, 5, 8)),
        ("许可法42", due(date(2026, 3, 2), Span(45, "workday"), extension_days=15), date(2026, 5, 28)),
        # art. 45: what the eight procedures take is not counted, overlapping ones once
        (
            "许可法45",
            due(date(2026, 3, 2), Span(20, "workday"), stops=(stop(date(2026, 3, 4), date(2026, 3, 11)),)),
            date(2026, 4, 7),
        ),
        (
            "许可法45",
            due(
                date(2026, 3, 2),
                Span(20, "workday"),
                stops=(stop(date(2026, 3, 4), date(2026, 3, 11)), stop(date(2026, 3, 6), date(2026, 3, 13))),
            ),
            date(2026, 4, 9),
        ),
        # 民法典 arts. 201, 203: calendar days begin the next day; a last day of rest gives way to the next working day
        ("民法典201", due(date(2026, 3, 2), Span(15, "day")), date(2026, 3, 17)),
        ("民法典203", due(date(2026, 9, 16), Span(15, "day")), date(2026, 10, 8)),
        ("民法典203", due(date(2026, 9, 5), Span(15, "day")), date(2026, 9, 20)),  # a Sunday that is worked
        # 当场: on the day itself
        ("许可法34", due(date(2026, 3, 2), Span(0, "instant")), date(2026, 3, 2)),
    ],
)
def test_a_vector_of_the_law(article: str, found: date, expected: date) -> None:
    assert found == expected, article


@pytest.mark.parametrize(
    ("received", "corrected", "last"),
    [
        (date(2026, 2, 13), None, date(2026, 2, 27)),  # art. 32 (4): five days to answer, Spring Festival between
        (date(2026, 9, 30), None, date(2026, 10, 13)),  # Saturday 10 October is worked
        (date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 12)),  # counted anew from the last correction
    ],
)
def test_five_working_days_to_answer_then_silence_accepts(received: date, corrected: date | None, last: date) -> None:
    known = facts(received, Span(20, "workday"), accepted_at=None, accepted_date=None, corrected_date=corrected)
    assert answer_deadline(known, CALENDAR, at(received)).due_date == last
    asked = {"received": received, "corrected": corrected, "calendar": CALENDAR, "limit": 5}
    assert not may_deem(is_permit=True, today=last, **asked)
    assert may_deem(is_permit=True, today=last + timedelta(days=1), **asked)
    assert not may_deem(is_permit=False, today=last + timedelta(days=90), **asked)
    day = acceptance_date(today=last, received=received, corrected=corrected, deemed=True)
    assert day == (corrected or received), "as of the day on which the papers were received"


def test_ten_working_days_to_deliver() -> None:
    granted = facts(date(2026, 9, 1), Span(20, "workday"), served_at=at(date(2026, 9, 24)), granted=True)
    deadline = delivery_deadline(granted, CALENDAR, at(date(2026, 9, 24)), None)
    assert deadline is not None
    assert deadline.due_date == date(2026, 10, 15)  # art. 44, over Mid-Autumn and National Day


def test_the_last_day_lasts_until_midnight_in_the_hall() -> None:
    """民法典 art. 203: the last day ends at 24:00, which is 16:00 in UTC."""
    deadline = decision_deadline(
        facts(date(2026, 3, 2), Span(5, "workday")), CALENDAR, at(date(2026, 3, 2)), promise=True
    )
    assert deadline is not None
    assert deadline.due == datetime(2026, 3, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "new", "arrived", "before", "expected"),
    [
        ({"a"}, set(), {"a": date(2026, 3, 4)}, None, date(2026, 3, 4)),
        ({"a", "b"}, set(), {"a": date(2026, 3, 4), "b": date(2026, 3, 6)}, None, date(2026, 3, 6)),
        ({"a", "b"}, {"b"}, {"a": date(2026, 3, 4), "b": date(2026, 3, 6)}, None, date(2026, 3, 4)),
        ({"b"}, {"b"}, {"a": date(2026, 3, 5), "b": date(2026, 3, 6)}, date(2026, 3, 4), date(2026, 3, 4)),
        ({"b"}, {"b"}, {"a": date(2026, 3, 4), "b": date(2026, 3, 6)}, None, date(2026, 3, 4)),
        ({"a"}, set(), {"a": date(2026, 3, 9)}, date(2026, 3, 4), date(2026, 3, 9)),
        ({"a"}, set(), {}, date(2026, 3, 4), date(2026, 3, 4)),
    ],
)
def test_the_last_lawful_correction_sets_the_day(
    asked: set[str], new: set[str], arrived: dict[str, date], before: date | None, expected: date
) -> None:
    """Art. 32 (4), (5): all requested corrections handed in; what the first notice did not name moves nothing."""
    found = correction_date(asked=asked, new_demands=new, first={"a"}, arrived=arrived, before=before)
    assert found == expected


def walked(day: date, days: int, stops: list[Stop]) -> date:
    """Day by day: a working day counts unless a special procedure covers it."""
    while days:
        day += timedelta(days=1)
        covered = any(s.start < day <= (s.end or LAST) for s in stops)
        days -= WORKING[day] and not covered
    return day


@pytest.mark.parametrize(
    ("limit", "extension", "pace"), [(5, 0, 1), (20, 10, 1), (1, 0, 7), (10, 10, 7), (20, 0, 7), (45, 15, 11)]
)
def test_ten_years_of_clocks_equal_the_walk(limit: int, extension: int, pace: int) -> None:
    """Every (or every `pace`-th) day of 2016–2026 as day of acceptance, with up to three special procedures on the way."""
    chance, compared = random.Random(f"{limit}+{extension}"), 0
    for day in DAYS[: -(2 * (limit + extension) + 160) : pace]:
        stops: list[Stop] = []
        for _ in range(chance.randrange(4)):
            start = chance.choice([day, *(s.end or day for s in stops)]) + timedelta(days=chance.randrange(3))
            if start < walked(day, limit + extension, stops):  # whoever is late cannot stop the clock any more
                stops.append(stop(start, start + timedelta(days=chance.randrange(25))))
        expected = walked(day, limit + extension, stops)
        found = due(day, Span(limit, "workday"), extension_days=extension, stops=tuple(stops))
        assert found == expected, (day, stops)
        compared += 1
    assert compared > 3500 // pace


@pytest.mark.parametrize("seed", range(20))
def test_days_of_special_procedures_equal_the_walk(seed: int) -> None:
    chance = random.Random(seed)
    stops = [stop(d, d + timedelta(days=chance.randrange(40))) for d in chance.choices(DAYS[:-60], k=40)]
    covered = {d for d in DAYS if WORKING[d] and any(s.start < d <= (s.end or LAST) for s in stops)}
    assert excluded_days(stops, CALENDAR, until=LAST) == len(covered)
