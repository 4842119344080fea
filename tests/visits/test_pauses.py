"""暂停: who paused a window, when, why and how long is on record for the manager of the hall, and for the day played again."""

from datetime import timedelta

import pytest
from tests.visits.hall import Hall

from yichuang.core.clock import local_date
from yichuang.core.refusals import Refused
from yichuang.visits.commands.desks import close_desk, pause_desk, resume_desk
from yichuang.visits.commands.plan import pause_window
from yichuang.visits.figures import day_of
from yichuang.visits.models import DeskPause
from yichuang.visits.queries import hall_load
from yichuang.visits.values import Pause


@pytest.fixture
def hall(demo):
    return Hall.of(demo)


def seen(hall):
    return [
        (row.window, row.staff_name, row.why.zh, row.meant, row.minutes, row.by_name, row.late, row.until is None)
        for row in hall_load(hall.demo.actor("mali"), hall.place, at=hall.at).pauses
    ]


def test_a_pause_is_on_record_with_who_when_why_and_how_long(hall):
    hall.open()
    for why in ("meal", "rest"):  # pressed twice it stays as it was first
        pause_desk(actor=hall.clerk, why=Pause(why, 30), at=hall.at)
    hall.later(20)
    assert seen(hall) == [("1", "李娜", "用餐", 30, 20, "李娜", False, True)]
    hall.later(15)
    [window] = [one for one in hall_load(hall.demo.actor("mali"), hall.place, at=hall.at).windows if one.staff]
    assert (window.pause.why.zh, window.pause.late) == ("用餐", True)
    resume_desk(actor=hall.clerk, at=hall.at)
    resume_desk(actor=hall.clerk, at=hall.at)
    hall.later(5)
    assert seen(hall) == [("1", "李娜", "用餐", 30, 35, "李娜", True, False)]


def test_the_manager_who_pauses_a_window_is_named_and_closing_ends_the_pause(hall):
    hall.open()
    pause_window(
        actor=hall.demo.actor("mali"), place=hall.place, window="1", why=Pause("trouble"), at=hall.at
    )  # fmt: skip
    hall.later(8)
    close_desk(actor=hall.clerk, at=hall.at)
    assert seen(hall) == [("1", "李娜", "系统或者设备故障", None, 8, "马丽", False, False)]
    hall.open()
    assert not DeskPause.objects.filter(until=None).exists()


def test_everything_wrong_with_a_pause_is_said_at_once_and_nothing_is_paused(hall):
    hall.open()
    with pytest.raises(Refused) as refused:
        pause_desk(actor=hall.clerk, why=Pause("holiday", 1000), at=hall.at)
    assert [reason.code for reason in refused.value.reasons] == ["PAUSE_WHY", "PAUSE_MINUTES"]
    hall.take()
    assert hall.call() is not None


def test_a_day_played_again_knows_when_a_window_was_not_there(hall):
    began = hall.at
    hall.open()
    hall.later(60)
    pause_desk(actor=hall.clerk, at=hall.at)
    hall.later(30)
    resume_desk(actor=hall.clerk, at=hall.at)
    hall.later(10)
    close_desk(actor=hall.clerk, at=hall.at)
    stretches = [
        (one.opened_at - began, one.closed_at - began)
        for one in day_of(hall.place, local_date(hall.at)).windows
        if one.number == "1" and one.opened_at >= began
    ]
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    assert stretches == [(0 * minute, hour), (90 * minute, 100 * minute)]


def test_only_the_manager_of_the_hall_reads_the_pauses(hall):
    for who in ("lina", "zhaomin", "wangqiang", "zhangxiao", "moshengren"):
        with pytest.raises(Refused):
            hall_load(hall.demo.actor(who), hall.place, at=hall.at)
