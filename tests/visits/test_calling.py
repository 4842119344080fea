"""Numbers given and called in a hall: in order, once each, whatever is pressed twice, and the log says why."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.visits.hall import Hall

from yichuang.cases.models import Case, Encounter
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.visits.commands.calling import call_number, pass_over, recall
from yichuang.visits.commands.desks import close_desk, pause_desk, resume_desk
from yichuang.visits.commands.serving import finish, park, resume, start, transfer
from yichuang.visits.commands.tickets import come_back, leave, return_after_pass, step_away, take_ticket
from yichuang.visits.models import Call, Queue, Ticket
from yichuang.visits.queries import board, desk_page, my_ticket
from yichuang.visits.values import Rule, Shown, Source


@pytest.fixture
def hall(demo):
    return Hall.of(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_numbers_are_given_in_order_and_called_in_order(hall):
    taken = [hall.take() for _ in range(4)]
    assert [one.number for one in taken] == ["A001", "A002", "A003", "A004"]
    hall.open()
    assert [hall.serve() for _ in taken] == ["A001", "A002", "A003", "A004"]
    assert hall.call() is None
    assert list(Call.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 13))


def test_the_same_press_gives_the_same_ticket(hall):
    first, again, other = hall.take(key="press"), hall.take(key="press"), hall.take(key="another")
    assert first == again
    assert (first.number, other.number) == ("A001", "A002")
    assert Ticket.objects.count() == 2


def test_calling_twice_calls_nobody_else(hall):
    hall.take()
    hall.take()
    hall.open()
    first, again = hall.call(), hall.call()
    assert first is not None
    assert again is not None
    assert (first.number, first.again, again.number, again.again) == ("A001", False, "A001", True)
    start(actor=hall.clerk, at=hall.at)
    with pytest.raises(Refused) as refused:
        hall.call()
    assert codes(refused) == ["DESK_BUSY"]


def test_priority_is_one_of_three_calls_and_the_log_names_the_rule(hall):
    for reason in ("", "", "", "seventy", "seventy", ""):
        hall.take(reason=reason)
    hall.open()
    assert [hall.serve() for _ in range(6)] == ["A004", "A001", "A002", "A005", "A003", "A006"]
    rules = Call.objects.filter(move="call").order_by("seq").values_list("rule", flat=True)
    assert list(rules) == ["priority", "turn", "turn", "priority", "order", "order"]
    reasons = {row.reason for row in Ticket.objects.filter(of="priority").order_by("id")}
    assert reasons == {"seventy"}
    said = str(
        [
            entry.detail
            for row in Ticket.objects.order_by("id")
            for entry in ledger.list_entries(ledger.Subject("ticket", row.id))
        ]
    )
    assert "seventy" not in said  # a category is nobody's business but the ticket's


def test_a_green_queue_beside_a_general_one_has_one_of_three_calls_and_each_side_is_told_why(hall):
    """绿色通道: its window serves both queues; the cap is counted over them."""
    Queue.objects.filter(id=hall.queues["B"]).update(priority_only=True)
    green = [hall.take("B", reason="green") for _ in range(3)]
    general = [hall.take("A") for _ in range(4)]
    hall.open()
    assert [hall.serve() for _ in range(7)] == ["B001", "A001", "A002", "B002", "A003", "A004", "B003"]
    rules = Call.objects.filter(move="call").order_by("seq").values_list("rule", flat=True)
    assert list(rules) == ["priority", "turn", "turn", "priority", "turn", "turn", "priority"]
    told = {row.number: row.words.en for row in my_ticket(green[1].token, at=hall.at).before}
    assert "of three calls one priority at most" in told["A001"]
    told = {row.number: row.words.en for row in my_ticket(general[3].token, at=hall.at).before}
    assert told["A003"] == "took a number earlier"
    assert told["B002"].startswith("another queue: a priority ticket (one of three calls at most;")


def test_a_priority_number_called_by_choice_counts_as_one_of_the_three(hall):
    for reason in ("", "", "seventy", "seventy"):
        hall.take(reason=reason)
    hall.open()
    chosen = Ticket.objects.get(number="A004")
    call_number(actor=hall.clerk, ticket=chosen.id, at=hall.at)
    start(actor=hall.clerk, at=hall.at)
    finish(actor=hall.clerk, outcome="filed", at=hall.at)
    assert [hall.serve() for _ in range(3)] == ["A001", "A002", "A003"]


def test_a_queue_with_a_shorter_aim_comes_first_when_it_is_later_for_it(hall):
    hall.take("A")
    hall.take("B")
    hall.later(6)  # B means five minutes, A fifteen
    hall.open()
    called = hall.call()
    assert called is not None
    assert (called.number, called.rule) == ("B001", Rule.LONGEST_WAIT)


def test_items_find_their_queue_and_everything_else_the_general_one(hall):
    narrow = hall.take("A", queue=None, items=["shebao-chaxun"])
    wide = hall.take("A", queue=None, items=["shebao-chaxun", "yangquan-dengji"])
    assert (narrow.number, wide.number) == ("B001", "A001")


def test_three_calls_then_it_has_passed_and_returns_once_behind_three(hall):
    missed = hall.take()
    for _ in range(5):
        hall.take()
    hall.open()
    hall.call()
    assert [recall(actor=hall.clerk, at=hall.at) for _ in range(2)] == [2, 3]
    with pytest.raises(Refused) as refused:
        recall(actor=hall.clerk, at=hall.at)
    assert codes(refused) == ["CALLED_ENOUGH"]
    pass_over(actor=hall.clerk, at=hall.at)
    assert hall.state(missed) == "PASSED"
    return_after_pass(actor=hall.clerk, ticket=missed.ticket, at=hall.at)
    assert [hall.serve() for _ in range(3)] == ["A002", "A003", "A004"]
    assert hall.miss() == "A001"
    with pytest.raises(Refused) as refused:
        return_after_pass(actor=hall.clerk, ticket=missed.ticket, at=hall.at)
    assert codes(refused) == ["RETURNED_ONCE"]


def test_who_steps_away_is_not_called_and_keeps_the_place(hall):
    first, second = hall.take(), hall.take()
    step_away(actor=hall.clerk, ticket=first.ticket, at=hall.at)
    hall.open()
    assert hall.serve() == second.number
    come_back(actor=hall.clerk, ticket=first.ticket, at=hall.at)
    hall.take()
    assert hall.serve() == first.number


def test_service_begins_an_encounter_and_ends_with_an_outcome(hall):
    zhang = hall.demo.actor("zhangxiao")
    taken = hall.take(person=zhang.id)
    hall.open()
    hall.call()
    encounter = start(actor=hall.clerk, at=hall.at)
    assert start(actor=hall.clerk, at=hall.at) == encounter  # pressed twice
    row = Encounter.objects.get(id=encounter)
    assert (row.person_id, row.window, row.place_id) == (zhang.id, "1", hall.place)
    with pytest.raises(Refused) as refused:
        finish(actor=hall.clerk, outcome="happy", at=hall.at)
    assert codes(refused) == ["OUTCOME_UNKNOWN"]
    hall.later(7)
    finish(actor=hall.clerk, outcome="consulted", at=hall.at)
    row.refresh_from_db()
    assert (row.outcome, row.ended_at) == ("consulted", hall.at)
    assert hall.state(taken) == "DONE"


def test_a_key_for_somebody_who_has_gone_touches_nobody_else(hall):
    """Two tabs of one clerk: what was pressed for A001 never ends the service of A002."""
    first, second = hall.take(), hall.take()
    hall.open()
    hall.call()
    old = Shown(first.ticket, 1)
    start(actor=hall.clerk, shown=old, at=hall.at)
    finish(actor=hall.clerk, shown=old, outcome="consulted", at=hall.at)
    hall.call()
    finish(actor=hall.clerk, shown=old, outcome="consulted", at=hall.at)  # the same once more: it stays so
    for act in (start, recall, pass_over, park, partial(finish, outcome="filed")):
        with pytest.raises(Refused) as refused:
            act(actor=hall.clerk, shown=old, at=hall.at)
        assert codes(refused) == ["NOT_SHOWN"]
        assert refused.value.reasons[0].words.zh.startswith("窗口现在是 A002，不是 A001")
    assert (hall.state(first), hall.state(second)) == ("DONE", "CALLED")
    start(actor=hall.clerk, shown=Shown(second.ticket), at=hall.at)
    park(actor=hall.clerk, shown=Shown(second.ticket), at=hall.at)
    park(actor=hall.clerk, shown=Shown(second.ticket), at=hall.at)
    with pytest.raises(Refused) as refused:
        finish(actor=hall.clerk, shown=Shown(second.ticket), outcome="filed", at=hall.at)
    assert refused.value.reasons[0].words.zh.startswith("A002 已不在本窗口，现在是“挂起”")


def test_two_presses_of_one_page_call_again_once(hall):
    taken = hall.take()
    hall.open()
    hall.call()
    assert recall(actor=hall.clerk, shown=Shown(taken.ticket, 1), at=hall.at) == 2
    with pytest.raises(Refused) as refused:
        recall(actor=hall.clerk, shown=Shown(taken.ticket, 1), at=hall.at)
    assert codes(refused) == ["NOT_SHOWN"]
    pass_over(actor=hall.clerk, shown=Shown(taken.ticket, 2), at=hall.at)
    pass_over(actor=hall.clerk, shown=Shown(taken.ticket, 2), at=hall.at)
    assert Call.objects.filter(move="pass").count() == 1


def test_set_aside_and_taken_up_again_at_a_free_window(hall):
    first = hall.take()
    hall.take()
    hall.open()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    park(actor=hall.clerk, at=hall.at)
    assert hall.serve() == "A002"
    resume(actor=hall.clerk, ticket=first.ticket, at=hall.at)
    resume(actor=hall.clerk, ticket=first.ticket, at=hall.at)
    finish(actor=hall.clerk, outcome="filed", at=hall.at)
    assert hall.state(first) == "DONE"


def test_who_is_sent_to_another_queue_keeps_since_when_they_wait(hall):
    moved = hall.take("A")
    hall.later(3)
    hall.take("B")
    hall.open()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    transfer(actor=hall.clerk, ticket=moved.ticket, queue=hall.queues["B"], at=hall.at)
    called = hall.call()
    assert called is not None
    assert called.number == moved.number  # it came before B001
    assert Ticket.objects.get(id=moved.ticket).queue_id == hall.queues["B"]


def test_a_number_may_be_chosen_and_the_log_says_so(hall):
    hall.take()
    chosen = hall.take()
    hall.open()
    called = call_number(actor=hall.clerk, ticket=chosen.ticket, at=hall.at)
    assert called.rule is Rule.CHOSEN
    row = Call.objects.get(move="call")
    assert (row.rule, row.staff_id, row.number) == ("chosen", hall.clerk.id, "A002")


def test_a_window_paused_or_closed_calls_nobody(hall):
    hall.take()
    with pytest.raises(Refused) as refused:
        hall.call()
    assert codes(refused) == ["NOT_AT_DESK"]
    desk = hall.open()
    assert hall.open() == desk  # pressed twice
    with pytest.raises(Refused) as refused:
        hall.open(window="2")
    assert codes(refused) == ["DESK_ELSEWHERE"]
    pause_desk(actor=hall.clerk, at=hall.at)
    with pytest.raises(Refused) as refused:
        hall.call()
    assert codes(refused) == ["DESK_PAUSED"]
    resume_desk(actor=hall.clerk, at=hall.at)
    hall.call()
    with pytest.raises(Refused) as refused:
        close_desk(actor=hall.clerk, at=hall.at)
    assert codes(refused) == ["DESK_BUSY"]
    pass_over(actor=hall.clerk, at=hall.at)
    close_desk(actor=hall.clerk, at=hall.at)
    assert hall.open() != desk


def test_a_closed_hall_and_a_wrong_wish_are_told_together(hall):
    hall.later(60 * 12)  # ten in the evening
    with pytest.raises(Refused) as refused:
        hall.take(queue=None, items=[], companions=99, reason="rich")
    assert codes(refused) == ["HALL_CLOSED", "COMPANIONS", "REASON_UNKNOWN"]
    assert not Ticket.objects.exists()


def test_a_person_has_one_number_of_the_phone_and_no_priority_of_their_own(hall):
    zhang = hall.demo.actor("zhangxiao")
    given = {"actor": zhang, "place": hall.place, "source": Source.PHONE, "queue": hall.queues["A"], "at": hall.at}
    taken = take_ticket(**given, key="1")
    with pytest.raises(Refused) as refused:
        take_ticket(**given, key="2")
    assert codes(refused) == ["ONE_TICKET_EACH"]
    with pytest.raises(Refused) as refused:
        take_ticket(**given, key="3", reason="seventy")
    assert codes(refused) == ["ONLY_STAFF_PRIORITY"]
    stranger, elsewhere = hall.demo.actor("moshengren"), hall.demo.actor("zhaomin")
    for other in (stranger, elsewhere):
        with pytest.raises(NotFound):
            leave(actor=other, ticket=taken.ticket, at=hall.at)
    leave(actor=zhang, ticket=taken.ticket, at=hall.at)
    assert take_ticket(**given, key="4").number == "A002"


def test_a_number_of_the_green_channel_is_given_by_staff_with_its_category(hall):
    Queue.objects.filter(id=hall.queues["B"]).update(priority_only=True)
    zhang = hall.demo.actor("zhangxiao")
    with pytest.raises(Refused) as refused:
        take_ticket(
            actor=zhang,
            place=hall.place,
            source=Source.PHONE,
            queue=hall.queues["B"],
            key="p",
            companions=99,
            at=hall.at,
        )
    assert codes(refused) == ["ONLY_STAFF_GREEN", "COMPANIONS"]
    with pytest.raises(Refused) as refused:
        hall.take("B")
    assert codes(refused) == ["GREEN_NEEDS_REASON"]
    row = Ticket.objects.get(id=hall.take("B", reason="pregnant").ticket)
    assert (row.of, row.reason) == ("priority", "pregnant")


def test_nobody_uses_up_the_halls_numbers_by_taking_and_leaving_them(hall):
    zhang = hall.demo.actor("zhangxiao")
    given = {"actor": zhang, "place": hall.place, "source": Source.PHONE, "queue": hall.queues["A"], "at": hall.at}
    for n in range(5):
        leave(actor=zhang, ticket=take_ticket(**given, key=str(n)).ticket, at=hall.at)
    with pytest.raises(Refused) as refused:
        take_ticket(**given, key="6")
    assert (refused.value.kind, codes(refused)) == ("too_many", ["TOO_MANY_NUMBERS"])
    assert take_ticket(**{**given, "actor": hall.clerk, "source": Source.GUIDE}, key="7").number == "A006"


def test_a_press_is_its_own_persons_and_has_a_key(hall):
    """Two visitors at one counter, a page that lost its key, keys that differ only at their end: each has a number of its own."""
    zhang, lina = hall.demo.actor("zhangxiao"), hall.clerk
    given = {"place": hall.place, "queue": hall.queues["A"], "at": hall.at}
    long = "k" * 39
    first = take_ticket(**given, actor=zhang, source=Source.PHONE, key=f"{long}1")
    others = [
        take_ticket(**given, actor=lina, source=Source.GUIDE, key=key)
        for key in (f"{long}1", f"{long}2", f"{str(zhang.id)[:30]}:1")
    ]
    assert len({first.number, *(one.number for one in others)}) == 4
    assert take_ticket(**given, actor=lina, source=Source.GUIDE, key=f"{long}2").number == others[1].number
    for key in ("", "k" * 41):
        with pytest.raises(Refused) as refused:
            take_ticket(**given, actor=lina, source=Source.GUIDE, key=key)
        assert codes(refused) == ["KEY_MISSING"]


def test_staff_of_another_hall_neither_give_numbers_nor_open_windows(hall):
    zhao = hall.demo.actor("zhaomin")
    for act in (
        lambda: take_ticket(actor=zhao, place=hall.place, source=Source.GUIDE, key="x", at=hall.at),
        lambda: hall.open(zhao),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["NOT_OF_THIS_HALL"]


def test_the_order_of_calls_cannot_be_altered(hall):
    hall.take()
    hall.open()
    hall.call()
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        Call.objects.update(number="A009")


def test_what_is_filed_at_the_window_joins_the_service_that_the_number_began(hall):
    """One visit, one encounter: the number had no name, the filing brings it."""
    zhang = hall.demo.actor("zhangxiao")
    hall.take()
    hall.open()
    hall.call()
    encounter = start(actor=hall.clerk, at=hall.at)
    receipt = hall.demo.file(hall.clerk, applicant=zhang.id)
    assert Case.objects.get(id=receipt.case_id).encounter_id == encounter
    assert Encounter.objects.get(id=encounter).person_id == zhang.id
    assert Encounter.objects.count() == 1


def test_a_service_that_is_sent_on_ends_there_and_begins_anew(hall):
    taken = hall.take("A")
    hall.open()
    hall.call()
    first = start(actor=hall.clerk, at=hall.at)
    transfer(actor=hall.clerk, ticket=taken.ticket, queue=hall.queues["B"], at=hall.at)
    assert Encounter.objects.get(id=first).outcome == "sent-on"
    hall.call()
    assert start(actor=hall.clerk, at=hall.at) != first


def test_who_steps_away_is_listed_at_the_window_and_comes_back_there(hall):
    taken = hall.take()
    hall.open()
    step_away(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    page = desk_page(hall.clerk, hall.place, at=hall.at)
    assert [row.number for row in page.away] == ["A001"]
    assert page.waiting == ()


def test_whoever_is_called_stands_above_those_who_are_served(hall):
    hall.take()
    hall.take()
    hall.open()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    park(actor=hall.clerk, at=hall.at)
    hall.call()
    assert [one.number for one in board(hall.place, at=hall.at).calls] == ["A002"]
    assert board(hall.place, at=hall.at, window="2").calls == ()
    assert [one.number for one in board(hall.place, at=hall.at, window="1").calls] == ["A002"]


def test_a_board_costs_the_same_however_many_queues_there_are(hall):
    def statements() -> int:
        board(hall.place, at=hall.at)  # how long services take is looked up once an hour
        with CaptureQueriesContext(connection) as sent:
            board(hall.place, at=hall.at)
        return len(sent)

    hall.take()
    hall.open()
    few = statements()
    for letter in "CDEFG":
        Queue.objects.create(place_id=hall.place, letter=letter, name_zh=letter, name_en=letter)
    assert statements() == few
    assert [queue.waiting for queue in board(hall.place, at=hall.at).queues] == [0] * 5 + [0, 1]
