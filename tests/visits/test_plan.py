"""The hall manager at work: queues, items and windows move at once, nobody who waits is left alone, others may not."""

from datetime import timedelta

import pytest
from tests.visits.hall import Hall

from yichuang.cases.models import Encounter
from yichuang.core import ledger
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Refused
from yichuang.feedback.commands.invite import invite_left
from yichuang.feedback.models import Invitation
from yichuang.network.queries import find_assignment
from yichuang.visits.commands.desks import close_desk, pause_desk
from yichuang.visits.commands.plan import (
    close_window,
    hand_window_over,
    move_item,
    move_queues,
    open_window,
    pause_window,
    resume_window,
)
from yichuang.visits.commands.serving import finish, park, resume, start
from yichuang.visits.commands.tickets import step_away
from yichuang.visits.models import Desk, Queue, Ticket
from yichuang.visits.queries import hall_load
from yichuang.visits.rules.plan import left_alone


class Managed(Hall):
    """The hall with its manager 马丽 and a second clerk, 周洁."""

    @property
    def mali(self):
        return self.demo.actor("mali")

    @property
    def zhou(self):
        return self.demo.actor("zhoujie")

    def given(self, window="1"):
        return {"actor": self.mali, "place": self.place, "window": window, "at": self.at}

    def only(self, letter, window="1", **more):
        move_queues(**self.given(window), queues=[self.queues[letter]], **more)

    def now(self):
        return hall_load(self.mali, self.place, at=self.at)


@pytest.fixture
def hall(demo):
    return Managed.of(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_queue_that_is_given_to_a_window_is_called_there_next(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    hall.only("B", "2")
    hall.take("A")
    assert hall.call(hall.zhou) is None
    move_queues(**hall.given("2"), queues=list(hall.queues.values()))
    called = hall.call(hall.zhou)
    assert called is not None
    assert called.number == "A001"
    entries = ledger.list_entries(Subject("desk", Desk.objects.get(window_number="2").id))
    assert [(entry.act, entry.detail.get("queues")) for entry in entries if entry.act == "move-queues"] == [
        ("move-queues", "B"),
        ("move-queues", "A B"),
    ]


def test_the_same_queues_again_change_nothing(hall):
    desk = hall.open()
    move_queues(**hall.given(), queues=list(hall.queues.values()))
    assert "move-queues" not in {entry.act for entry in ledger.list_entries(Subject("desk", desk))}


def test_people_who_wait_are_not_left_without_a_window(hall):
    hall.open()
    hall.take("A")
    with pytest.raises(Refused) as refused:
        hall.only("B")
    assert codes(refused) == ["QUEUE_LEFT_ALONE"]
    hall.open(hall.zhou, "2")
    pause_desk(actor=hall.zhou, at=hall.at)  # comes back
    hall.only("B")
    assert [len(one.queues) for one in hall.now().windows[:2]] == [1, 2]
    with pytest.raises(Refused) as refused:
        move_queues(**hall.given(), queues=[])
    assert codes(refused) == ["SERVES_NOTHING"]


def test_a_move_for_good_holds_when_the_window_is_opened_again(hall):
    hall.open()
    hall.only("B")
    close_desk(actor=hall.clerk, at=hall.at)
    hall.open()
    assert len(Desk.objects.get(closed_at=None).queues) == 2  # the first move was for the day
    hall.only("B", lasting=True)
    close_desk(actor=hall.clerk, at=hall.at)
    hall.open()
    assert Desk.objects.get(closed_at=None).queues == [hall.queues["B"]]
    with pytest.raises(Refused) as refused:
        hall.only("A", "3")  # nobody has it open
    assert codes(refused) == ["WINDOW_NOT_OPEN"]
    hall.only("A", "3", lasting=True)
    assert [one.queues for one in hall.now().windows if one.number == "3"] == [(hall.queues["A"],)]


def test_an_item_that_moves_leads_to_the_other_queue_from_the_next_number_on(hall):
    def item(code, letter):
        move_item(actor=hall.mali, place=hall.place, item=code, queue=hall.queues[letter], at=hall.at)

    def number(code):
        return hall.take(queue=None, items=[code]).number

    Queue.objects.filter(id=hall.queues["B"]).update(order=9)  # named goes before everything, whatever the order
    before = hall.take(queue=None, items=["yangquan-dengji"])
    for _ in range(2):  # pressed twice
        item("yangquan-dengji", "B")
    assert (before.number, number("yangquan-dengji"), hall.state(before)) == ("A001", "B001", "WAITING")
    acts = [entry.act for entry in ledger.list_entries(Subject("queue", hall.queues["B"]))]
    assert acts == ["move-item"]
    for code in ("yangquan-dengji", "shebao-chaxun"):
        item(code, "A")
        assert number(code)[0] == "A"
    left = Queue.objects.get(id=hall.queues["B"])
    assert (left.items, left.by_item) == ([], False)  # found by its name, and not for everything
    item("yangquan-dengji", "B")
    assert number("yangquan-dengji") == "B002"


def test_an_item_that_there_is_not_or_that_a_department_keeps_moves_nowhere(hall):
    with pytest.raises(Refused) as refused:
        move_item(actor=hall.mali, place=hall.place, item="no-such-item", queue=hall.queues["B"], at=hall.at)
    assert codes(refused) == ["ITEM_UNKNOWN"]
    organ = find_assignment("yangquan-dengji").department
    Queue.objects.filter(id=hall.queues["B"]).update(departments=[organ])
    with pytest.raises(Refused) as refused:
        move_item(actor=hall.mali, place=hall.place, item="yangquan-dengji", queue=hall.queues["A"], at=hall.at)
    assert codes(refused) == ["ITEM_STAYS"]
    assert hall.take(queue=None, items=["yangquan-dengji"]).number == "B001"


def test_a_window_is_opened_paused_and_closed_for_a_clerk_who_forgot(hall):
    open_window(**hall.given(), staff=hall.clerk.id)
    assert hall.now().windows[0].staff_name == "李娜"
    assert hall.clerk.id not in {staff for staff, _ in hall.now().free}
    with pytest.raises(Refused) as refused:
        open_window(**hall.given("2"), staff=hall.clerk.id)
    assert codes(refused) == ["DESK_ELSEWHERE"]
    with pytest.raises(Refused) as refused:
        open_window(**hall.given("2"), staff=hall.demo.actor("zhaomin").id)
    assert codes(refused) == ["NOT_STAFF_HERE"]
    hall.take()
    pause_window(**hall.given())
    with pytest.raises(Refused) as refused:
        hall.call()
    assert codes(refused) == ["DESK_PAUSED"]
    resume_window(**hall.given())
    close_window(**hall.given())
    close_window(**hall.given())  # pressed twice
    assert not Desk.objects.filter(closed_at=None).exists()
    with pytest.raises(Refused) as refused:
        pause_window(**hall.given())
    assert codes(refused) == ["WINDOW_NOT_OPEN"]


def test_who_stepped_away_keeps_a_window_too(hall):
    """They keep their place, and come back to it: the queue is not left to nobody."""
    taken = hall.take("B")
    step_away(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    hall.open()
    with pytest.raises(Refused) as refused:
        hall.only("A")
    assert codes(refused) == ["QUEUE_LEFT_ALONE"]


def test_whom_a_deserted_window_has_called_waits_again_at_the_old_place(hall):
    first, second = hall.take(), hall.take()
    hall.open()
    hall.call()
    close_window(**hall.given())
    assert hall.state(first) == "WAITING"
    hall.open(hall.zhou, "2")
    assert hall.call(hall.zhou).number == first.number
    assert hall.state(second) == "WAITING"


def test_whom_a_deserted_window_served_is_set_aside_and_another_goes_on(hall):
    taken = hall.take()
    hall.open()
    hall.call()
    stay = start(actor=hall.clerk, at=hall.at)
    hall.later(30)
    close_window(**hall.given())
    assert hall.state(taken) == "PARKED"
    hall.open(hall.zhou, "2")
    resume(actor=hall.zhou, ticket=taken.ticket, at=hall.at)
    finish(actor=hall.zhou, outcome="consulted", at=hall.at)
    done = Ticket.objects.get(id=taken.ticket)
    assert (done.state, done.outcome) == ("DONE", "consulted")
    assert done.encounter_id != stay


@pytest.mark.parametrize("handed", [False, True])
def test_a_service_that_another_clerk_goes_on_with_is_theirs(hall, handed):
    """Filings and the rating name who served last; the stay of the first clerk is over without being rated."""
    zhang = hall.demo.actor("zhangxiao")
    hall.take(person=zhang.id)
    hall.open()
    hall.call()
    stay = start(actor=hall.clerk, at=hall.at)
    hall.later(30)
    if handed:
        hand_window_over(**hall.given(), staff=hall.zhou.id)
    else:
        close_window(**hall.given())
        hall.open(hall.zhou, "2")
        resume(actor=hall.zhou, ticket=Ticket.objects.get().id, at=hall.at)
    ticket = Ticket.objects.get()
    first, second = Encounter.objects.get(id=stay), Encounter.objects.get(id=ticket.encounter_id)
    assert (first.staff_id, first.outcome, first.ended_at) == (hall.clerk.id, "sent-on", hall.at)
    assert (second.staff_id, second.window, second.person_id) == (hall.zhou.id, "1" if handed else "2", zhang.id)
    hall.later(5)
    finish(actor=hall.zhou, outcome="consulted", at=hall.at)
    assert list(Invitation.objects.values_list("subject", "staff")) == [(second.id, hall.zhou.id)]
    assert invite_left(at=hall.at + timedelta(hours=3)) == 0


def test_who_takes_up_the_own_service_again_goes_on_in_it(hall):
    taken = hall.take()
    hall.open()
    hall.call()
    stay = start(actor=hall.clerk, at=hall.at)
    park(actor=hall.clerk, at=hall.at)
    resume(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    assert Ticket.objects.get().encounter_id == stay


@pytest.mark.parametrize("served", [False, True])
def test_who_takes_a_window_over_has_its_queues_and_its_person(hall, served):
    taken = hall.take("B")
    hall.open()
    hall.only("B")
    hall.call()
    if served:
        start(actor=hall.clerk, at=hall.at)
    for _ in range(2):  # pressed twice
        hand_window_over(**hall.given(), staff=hall.zhou.id)
    window = hall.now().windows[0]
    assert (window.staff_name, window.present, window.serving) == ("周洁", taken.number, served)
    assert window.queues == (hall.queues["B"],)
    assert Desk.objects.filter(closed_at=None).count() == 1
    if not served:
        start(actor=hall.zhou, at=hall.at)
    finish(actor=hall.zhou, outcome="filed", at=hall.at)
    assert hall.state(taken) == "DONE"


def test_who_sits_elsewhere_takes_nothing_over_and_nobody_is_moved(hall):
    taken = hall.take()
    hall.open()
    hall.call()
    hall.open(hall.zhou, "2")
    with pytest.raises(Refused) as refused:
        hand_window_over(**hall.given(), staff=hall.zhou.id)
    assert codes(refused) == ["DESK_ELSEWHERE"]
    assert (hall.state(taken), hall.now().windows[0].staff_name) == ("CALLED", "李娜")
    with pytest.raises(Refused) as refused:
        hand_window_over(**hall.given("3"), staff=hall.zhou.id)
    assert codes(refused) == ["WINDOW_NOT_OPEN"]


def test_windows_show_who_is_there_since_when_and_how_busy(hall):
    hall.open()
    hall.take()
    hall.later(4.9)
    hall.serve()  # five minutes of it
    hall.take()
    hall.call()
    window = hall.now().windows[0]
    assert (window.number, window.staff_name, window.served, window.present) == ("1", "李娜", 1, "A002")
    assert window.opened_at is not None
    assert 40 <= window.busy <= 60
    assert [one.row.letter for one in hall.now().queues] == ["B", "A"]


@pytest.mark.parametrize("who", ["lina", "zhaomin", "huanghai", "moshengren"])
def test_nobody_but_the_manager_of_the_hall_moves_anything(hall, who):
    other = hall.demo.actor(who)
    hall.open()
    given = {**hall.given(), "actor": other}
    for act in (
        lambda: move_queues(**given, queues=list(hall.queues.values())),
        lambda: move_item(actor=other, place=hall.place, item="shebao-chaxun", queue=hall.queues["A"], at=hall.at),
        lambda: open_window(**given, staff=hall.zhou.id),
        lambda: hand_window_over(**given, staff=hall.zhou.id),
        lambda: pause_window(**given),
        lambda: resume_window(**given),
        lambda: close_window(**given),
        lambda: hall_load(other, hall.place, at=hall.at),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert (refused.value.kind, codes(refused)) == ("forbidden", ["NOT_THE_MANAGER"])


def test_what_is_not_there_is_not_found(hall):
    for act in (
        lambda: pause_window(**hall.given("999")),
        lambda: move_queues(**hall.given(), queues=[hall.place]),
        lambda: move_item(actor=hall.mali, place=hall.place, item="shebao-chaxun", queue=hall.place, at=hall.at),
    ):
        with pytest.raises(NotFound):
            act()


def test_left_alone_are_only_queues_that_wait_and_nobody_else_serves() -> None:
    from uuid import UUID

    a, b, c, d = (UUID(int=n) for n in range(4))
    assert left_alone([a, b, c, d], [a], [b], {a: 1, b: 1, c: 1, d: 0}) == [c]
