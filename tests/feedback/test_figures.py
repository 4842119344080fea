"""Sums of ratings: of five and more, of one's own places and departments, with those who said nothing apart."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.feedback.ratings import NOBODY, press, served, withdrawn
from tests.visits.hall import Hall

from yichuang.core.clock import local_date
from yichuang.core.refusals import Refused
from yichuang.feedback.figures import days_asked, rating_figures
from yichuang.feedback.models import Rating
from yichuang.feedback.queries import list_words
from yichuang.feedback.values import RatingFigures


@pytest.fixture
def hall(demo: Any) -> Hall:
    return Hall.of(demo)


def sums(hall: Hall, who: str = "mali", at: Any = None) -> RatingFigures:
    day = local_date(hall.demo.at)
    return rating_figures(hall.demo.actor(who), since=day, until=day, at=at or hall.at)


def give(hall: Hall, *levels: int, **more: Any) -> None:
    for level in levels:
        press(served(hall, None), NOBODY, hall.at, level, **more)


def test_levels_are_shown_from_the_fifth_rating_on(hall: Hall) -> None:
    give(hall, 5, 5, 4, 1)
    total = sums(hall).total
    assert (total.services, total.given, total.levels, total.praise, total.average) == (4, 4, (), None, None)
    assert (sums(hall).staff, sums(hall).tags) == ((), ())
    give(hall, 2, tags=["slow"])
    found = sums(hall)
    assert found.total.levels == (2, 1, 0, 1, 1)
    assert (found.total.praise, found.total.average, found.owed) == (0.6, 3.4, 2)
    assert [(line.name.zh, line.given) for line in found.staff] == [("李娜", 5)]
    assert [(line.key, line.given) for line in found.places] == [(str(hall.place), 5)]
    assert [(words.zh, praise, n) for words, praise, n in found.tags] == [("办得慢", False, 1)]


def test_who_says_nothing_is_counted_apart_when_the_time_is_over(hall: Hall) -> None:
    give(hall, 5, 5, 5, 5, 1)
    row = served(hall, None)
    total = sums(hall).total
    assert (total.services, total.given, total.unrated) == (6, 5, 0)
    total = sums(hall, at=row.until).total
    assert (total.unrated, total.given, total.praise, total.average) == (1, 5, 0.8, 4.2)


def test_each_sees_the_own_place_or_department_and_staff_of_windows_see_nothing(hall: Hall) -> None:
    give(hall, 5)
    case = withdrawn(hall.demo)
    assert sums(hall, "huanghai").total.services == 2  # 监督员 of the district
    assert sums(hall, "mali").total.services == (2 if case.place_id == hall.place else 1)
    own = sums(hall, "wangqiang")
    assert [line.name.zh for line in own.departments] == ["罗湖区城市管理和综合执法局"]
    assert (own.total.services, own.places, own.staff) == (1, own.places, ())
    for name in ("lina", "zhangxiao", "chengyuan"):
        with pytest.raises(Refused) as refused:
            sums(hall, name)
        assert refused.value.kind == "forbidden"


def test_what_somebody_wrote_is_read_from_the_next_day_on_without_who_or_which(hall: Hall) -> None:
    mali, day = hall.demo.actor("mali"), local_date(hall.demo.at)
    given = {"since": day, "until": day}
    give(hall, 1, words="电话 13800003210 没人接", tags=["slow"])
    give(hall, 5, words="很好")
    give(hall, 5)
    assert list_words(mali, **given, at=hall.at).items == ()
    after = hall.at + timedelta(days=1)
    rows = list_words(mali, **given, at=after).items
    assert [(row.level, row.words, row.owed) for row in rows] == [(5, "很好", False), (1, "电话 ******10 没人接", True)]
    assert [row.words for row in list_words(mali, **given, at=after, bad=True).items] == [rows[1].words]
    assert list_words(hall.demo.actor("sunli"), **given, at=after).items == ()  # of another department
    first = list_words(mali, **given, at=after, limit=1)
    assert [row.words for row in first.items] == ["很好"]
    assert [row.words for row in list_words(mali, **given, at=after, limit=1, cursor=first.next).items] == [
        rows[1].words
    ]
    ids = [str(one) for one in Rating.objects.order_by("id").values_list("id", flat=True)]
    assert not any(one in str(first.next) for one in ids), "the id of a rating tells the second in which it was given"
    with pytest.raises(Refused):
        list_words(hall.demo.actor("lina"), **given, at=after)
    with pytest.raises(Refused) as refused:
        list_words(mali, **given, at=after, cursor="the-second-page")
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [("BAD_CURSOR", "/cursor")]


@pytest.mark.parametrize(("since", "until"), [("2026-11-25", "2026-11-24"), ("2024-01-01", "2026-01-01")])
def test_a_stretch_that_is_none_or_over_a_year_is_refused(demo: Any, since: str, until: str) -> None:
    with pytest.raises(Refused) as refused:
        rating_figures(demo.actor("mali"), since=date.fromisoformat(since), until=date.fromisoformat(until), at=demo.at)
    assert refused.value.reasons[0].code == "DAYS"


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_day_that_no_hall_has_seen_is_refused_and_breaks_nothing(demo: Any, day: str) -> None:
    """Found by sending dates at random: thirty days before the first day of all there is none."""
    for since, until in ((None, day), (day, None), (day, day)):
        asked = [date.fromisoformat(one) if one else None for one in (since, until)]
        with pytest.raises(Refused) as refused:
            rating_figures(
                demo.actor("mali"),
                **dict(zip(("since", "until"), days_asked(*asked, demo.at), strict=True)),
                at=demo.at,
            )
        assert refused.value.reasons[0].code == "DAYS"
