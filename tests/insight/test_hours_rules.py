"""The best hour to come: learned by half hour, said only where it is known and where one is better than others."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from yichuang.core.clock import SHANGHAI
from yichuang.insight.rules.hours import ENOUGH, day_of, hours_of
from yichuang.visits.values import PastTicket, TicketClass

MONDAY = date(2026, 11, 23)
TODAY = MONDAY + timedelta(days=1)  # a Tuesday


def at(hour: int, minute: int = 0, day: date = TODAY) -> datetime:
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def came(
    hour: int,
    waited: float | None,
    n: int = ENOUGH,
    of: TicketClass = TicketClass.ORDINARY,
    day: date = MONDAY,
    minute: int = 5,
) -> list[PastTicket]:
    """So many who came at that hour and waited so many minutes."""
    seconds = None if waited is None else waited * 60
    return [
        PastTicket(UUID(int=1), day, at(hour, minute, day), of, "", (), 1, 1, seconds, 60.0, None, "1", None)
        for _ in range(n)
    ]


def test_a_half_hour_is_known_by_half_and_by_nine_of_ten_who_came_in_it() -> None:
    rows = [row for n in range(ENOUGH) for row in came(9, n, 1)]
    known = hours_of(rows, TODAY)
    usual, most = known["0:18"]
    assert (usual, most) == (ENOUGH // 2 - 1, ENOUGH * 9 // 10 - 1)
    assert known["1:18"] == known["0:18"]  # no Tuesday was seen: as on other working days
    assert "5:18" not in known  # a weekend is no working day


def test_few_numbers_appointments_and_who_left_tell_nothing_of_an_hour() -> None:
    assert hours_of(came(9, 5, ENOUGH - 1), TODAY) == {}
    assert (
        hours_of(came(9, 5, of=TicketClass.BOOKED) + came(10, 5, of=TicketClass.PRIORITY) + came(11, None), TODAY) == {}
    )


def test_what_was_long_ago_counts_less() -> None:
    rows = came(9, 40, day=MONDAY - timedelta(weeks=8)) + came(9, 5, ENOUGH // 2)
    assert hours_of(rows, TODAY)["0:18"][0] == 5


@pytest.mark.parametrize(
    ("waits", "best"),
    [
        ({9: 20, 10: 3, 11: 30}, [10]),
        ({9: 8, 10: 8, 11: 8}, []),
        ({9: 4, 10: 5, 11: 40, 14: 5, 15: 4}, [9, 15, 10]),
        ({9: 0}, []),
        ({9: 20, 10: 3}, [10]),
        ({9: 20, 10: 25, 11: 26}, [9, 10]),
        ({9: 2, 10: 4, 11: 5}, [9, 10]),
    ],
)
def test_at_most_three_half_hours_are_recommended_and_none_where_all_are_alike(
    waits: dict[int, int], best: list[int]
) -> None:
    known = hours_of([row for hour, minutes in waits.items() for row in came(hour, minutes)], TODAY)
    halves = day_of(known, [(at(9), at(17))], at(8))
    assert [one.starts_at.hour for one in halves] == sorted(waits)
    assert {one.starts_at.hour for one in halves if one.best} == set(best)


def test_what_has_gone_by_and_the_last_half_hour_are_not_offered() -> None:
    known = hours_of([row for hour in (9, 10, 11) for row in came(hour, hour)], TODAY)
    assert [one.starts_at.hour for one in day_of(known, [(at(9), at(17))], at(10, 10))] == [10, 11]
    assert [one.starts_at.hour for one in day_of(known, [(at(9), at(11, 20))], at(8))] == [9, 10]
    assert day_of(known, [], at(8)) == ()
    assert [one.starts_at.hour for one in day_of(known, [(at(9), at(11, 30))], at(8))] == [9, 10, 11]
    assert [one.starts_at.hour for one in day_of(known, [(at(9), at(17))], at(10, 30))] == [11]


def test_both_half_hours_of_an_hour_are_known_apart_and_begin_on_the_half_hour() -> None:
    known = hours_of(came(9, 8.26) + came(9, 20.04, minute=30) + came(9, 40.6, minute=59), TODAY)
    assert known["0:18"] == (8.3, 8.3)
    assert known["0:19"] == (20.0, 40.6)
    assert set(known) == {f"{weekday}:{half}" for weekday in range(5) for half in (18, 19)}
    early, late = day_of(known, [(at(9, 10).replace(second=7, microsecond=5), at(12))], at(8))
    assert (early.starts_at, early.usual, early.most) == (at(9), 8, 8)
    assert (late.starts_at, late.usual, late.most) == (at(9, 30), 20, 41)
    [only] = day_of(known, [(at(9, 40), at(12))], at(8))
    assert only.starts_at == at(9, 30)
    assert [one.starts_at for one in day_of(known, [(at(9), at(12))], at(9, 29))] == [at(9), at(9, 30)]


def test_a_weekday_with_numbers_enough_of_its_own_is_not_like_the_others_and_a_weekend_is_like_a_weekend() -> None:
    days = {weekday: MONDAY - timedelta(days=7 - weekday) for weekday in range(7)}
    known = hours_of(came(9, 50, day=days[0]) + came(9, 5, ENOUGH * 3, day=days[1]) + came(9, 30, day=days[5]), TODAY)
    assert {key: usual for key, (usual, _) in known.items()} == {
        "0:18": 50, "1:18": 5, "2:18": 5, "3:18": 5, "4:18": 5, "5:18": 30, "6:18": 30,
    }  # fmt: skip
