"""候号提醒 and halls now: who is told what, once; and how halls stand for who wants to go there."""

from datetime import timedelta
from typing import Any

import pytest
from tests.visits.hall import Hall

from yichuang.core.actors import Actor, Channel
from yichuang.core.refusals import NotFound, Refused
from yichuang.network.models import Place
from yichuang.notices.models import Message
from yichuang.visits.commands.tickets import step_away
from yichuang.visits.commands.watch import set_travel, tell_watchers
from yichuang.visits.models import Queue, Ticket, Watch
from yichuang.visits.queries import halls_now, holder, my_ticket
from yichuang.visits.values import Taken


@pytest.fixture
def hall(demo: Any) -> Hall:
    return Hall.of(demo)


def told(template: str) -> list[str]:
    return list(Message.objects.filter(template=template).order_by("created_at", "id").values_list("body", flat=True))


def behind(hall: Hall, ahead: int, who: str = "zhangxiao") -> Taken:
    for _ in range(ahead):
        hall.take()
    return hall.take(person=hall.demo.actor(who).id)


def test_three_ahead_is_told_once_however_often_somebody_looks(hall: Hall) -> None:
    taken = behind(hall, 5)
    hall.open()
    hall.later(10)
    assert tell_watchers(at=hall.at) == 0
    hall.serve()
    assert tell_watchers(at=hall.at) == 0
    hall.serve()
    assert [tell_watchers(at=hall.at), tell_watchers(at=hall.at)] == [1, 0]
    hall.serve()
    assert tell_watchers(at=hall.at) == 0
    (body,) = told("ticket_near")
    assert "A006" in body
    assert "前面还有 3 人" in body
    assert f"/t/{taken.token}" in body
    assert "张晓" not in body


def test_who_took_it_with_three_ahead_or_has_no_name_is_not_written_to(hall: Hall) -> None:
    behind(hall, 3)
    hall.take()  # nobody's
    hall.open()
    assert tell_watchers(at=hall.at) == 0
    hall.later(30)
    hall.serve()
    assert tell_watchers(at=hall.at) == 0
    assert Message.objects.filter(template__startswith="ticket_").count() == 0


def test_leave_now_is_told_once_when_the_shortest_wait_is_the_way(hall: Hall) -> None:
    taken = behind(hall, 8)
    zhang = hall.demo.actor("zhangxiao")
    set_travel(actor=zhang, ticket=taken.ticket, minutes=30, at=hall.at)
    assert tell_watchers(at=hall.at) == 0  # no window is open: nobody can know
    hall.open()
    assert (my_ticket(taken.token, at=hall.at).leave_in or 0) > 0
    assert tell_watchers(at=hall.at) == 0
    while not tell_watchers(at=hall.at):
        mine = my_ticket(taken.token, at=hall.at)
        assert mine.leave_in is not None
        assert mine.leave_in > 1
        hall.serve()
    assert my_ticket(taken.token, at=hall.at).least <= 31  # type: ignore[operator]  # a window is open
    (body,) = told("ticket_leave")
    assert "现在出发正好" in body
    assert tell_watchers(at=hall.at) == 0
    assert Watch.objects.get().leave_at is not None


def test_who_stepped_away_is_reminded_to_come_back_first(hall: Hall) -> None:
    taken = behind(hall, 4)
    hall.open()
    hall.later(10)
    zhang = hall.demo.actor("zhangxiao")
    step_away(actor=zhang, ticket=taken.ticket, at=hall.at)
    hall.serve()
    assert tell_watchers(at=hall.at) == 1
    assert "请先点“我回来了”" in told("ticket_near")[0]


def test_the_way_is_set_by_the_holder_and_staff_of_the_hall_and_by_nobody_else(hall: Hall) -> None:
    taken = behind(hall, 5)
    mine = my_ticket(taken.token, at=hall.at)
    for actor in (hall.demo.actor("zhangxiao"), holder(mine), hall.clerk):
        set_travel(actor=actor, ticket=taken.ticket, minutes=15, at=hall.at)
        assert my_ticket(taken.token, at=hall.at).travel == 15
        set_travel(actor=actor, ticket=taken.ticket, minutes=None, at=hall.at)
    assert my_ticket(taken.token, at=hall.at).travel is None
    stranger, zhao = hall.demo.actor("moshengren"), hall.demo.actor("zhaomin")
    for actor in (stranger, zhao, Actor("link", channel=Channel.LINK, link=stranger.id)):
        with pytest.raises(NotFound):
            set_travel(actor=actor, ticket=taken.ticket, minutes=15, at=hall.at)
    with pytest.raises(Refused) as refused:
        set_travel(actor=hall.clerk, ticket=taken.ticket, minutes=7, at=hall.at)
    assert [reason.code for reason in refused.value.reasons] == ["TRAVEL"]


def test_a_number_that_was_called_is_told_nothing_and_set_no_more(hall: Hall) -> None:
    taken = behind(hall, 0)
    hall.open()
    hall.later(5)
    hall.call()
    assert tell_watchers(at=hall.at) == 0
    with pytest.raises(Refused) as refused:
        set_travel(actor=hall.clerk, ticket=taken.ticket, minutes=15, at=hall.at)
    assert refused.value.kind == "conflict"
    with pytest.raises(NotFound):
        set_travel(actor=hall.clerk, ticket=taken.ticket, minutes=15, at=hall.at + timedelta(days=1))


def test_halls_now_name_the_queue_that_takes_the_item_and_its_wait(hall: Hall) -> None:
    other = Place.objects.exclude(id=hall.place).order_by("code")[0].id
    Queue.objects.filter(place=other).delete()
    hall.take()
    hall.take("B")
    now = halls_now([hall.place, other], item="yangquan-dengji", department="CGZF", at=hall.at)
    assert set(now) == {hall.place}
    row = now[hall.place]
    assert (row.letter, row.waiting, row.desks, row.least, row.most) == ("A", 1, 0, None, None)
    assert halls_now([hall.place], item="shebao-chaxun", at=hall.at)[hall.place].letter == "B"
    assert halls_now([hall.place], at=hall.at)[hall.place].letter == "A"
    hall.open()
    row = halls_now([hall.place], at=hall.at)[hall.place]
    assert row.desks == 1
    assert row.least is not None
    assert row.most is not None
    assert row.least <= row.most


def test_halls_now_cost_five_statements_however_many_there_are(hall: Hall, django_assert_num_queries: Any) -> None:
    places = list(Place.objects.order_by("code").values_list("id", flat=True))
    assert len(set(Queue.objects.values_list("place", flat=True))) > 2
    hall.open()
    halls_now(places, at=hall.at)  # service times are looked up once an hour
    with django_assert_num_queries(5):
        halls_now(places, at=hall.at)
    assert Ticket.objects.count() == 0
