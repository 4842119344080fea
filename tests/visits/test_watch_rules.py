"""When somebody is told on the phone: without a database."""

from datetime import timedelta

import pytest

from yichuang.visits.rules.watch import AT_THE_DOOR, NEAR, Due, News, due, is_near, leave_in, should_leave
from yichuang.visits.values import TRAVELS

QUIET = Due(None, False, False)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


def judged(**given: object) -> Due:
    plain = {
        "ahead": 9,
        "least": minutes(40),
        "waited": minutes(20),
        "travel": None,
        "near_told": False,
        "leave_told": False,
    }
    return due(**{**plain, **given})  # type: ignore[arg-type]  # each of its type


def test_near_is_three_or_fewer() -> None:
    assert NEAR == 3
    assert [ahead for ahead in range(6) if is_near(ahead)] == [0, 1, 2, 3]


def test_one_leaves_so_as_to_arrive_by_the_short_end_of_the_interval() -> None:
    assert leave_in(minutes(40), minutes(15)) == minutes(25)
    assert leave_in(minutes(10), minutes(15)) == minutes(0)
    assert leave_in(None, minutes(15)) is None
    assert should_leave(minutes(16), minutes(15))  # before anybody looks again
    assert not should_leave(minutes(16.1), minutes(15))
    assert not should_leave(None, minutes(15))


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({}, QUIET),
        ({"travel": minutes(30)}, QUIET),
        ({"travel": minutes(45)}, Due(News.LEAVE, True, False)),
        ({"travel": minutes(45), "leave_told": True}, QUIET),
        ({"travel": minutes(45), "least": None}, QUIET),
        ({"ahead": 3}, Due(News.NEAR, False, True)),
        ({"ahead": 3, "near_told": True}, QUIET),
        ({"ahead": 3, "waited": AT_THE_DOOR}, Due(News.NEAR, False, True)),
        ({"ahead": 3, "waited": AT_THE_DOOR - timedelta(seconds=1)}, Due(None, False, True)),
        ({"ahead": 2, "travel": minutes(45)}, Due(News.LEAVE, True, True)),  # one message, and nothing is owed any more
        ({"ahead": 2, "travel": minutes(45), "near_told": True}, Due(News.LEAVE, True, False)),
    ],
)
def test_each_thing_is_said_once_and_only_when_it_is_news(given: dict[str, object], verdict: Due) -> None:
    assert judged(**given) == verdict


def test_the_ways_that_are_offered_are_within_an_hour() -> None:
    assert sorted(set(TRAVELS)) == list(TRAVELS)
    assert (TRAVELS[0], TRAVELS[-1]) == (5, 60)
