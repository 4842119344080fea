"""A hall that is cut off goes on (X15): who acts, what is applied once, what is shown."""

import json
from dataclasses import replace

import pytest
from django.test import override_settings
from tests.visits.booked import BookedHall
from tests.visits.two_sides import TwoSides, at_node, resigned

from yichuang.cases.models import Encounter
from yichuang.core.refusals import Refused
from yichuang.visits import queries
from yichuang.visits.commands import node
from yichuang.visits.commands.booking import cancel_booking, check_in
from yichuang.visits.commands.calling import recall
from yichuang.visits.commands.serving import finish, park, resume, start, transfer
from yichuang.visits.commands.sweep import sweep_halls
from yichuang.visits.commands.sweep_bookings import sweep_bookings
from yichuang.visits.commands.tickets import leave, return_after_pass, step_away
from yichuang.visits.models import Booker, Booking, Call, Desk, HallDay, NodeAct, NodeConflict, Ticket
from yichuang.visits.queries import board
from yichuang.visits.values import Source
from yichuang.visits.values.wire import from_wire

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(demo):
    return TwoSides.of(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def rows(table, *names):
    return list(table.objects.order_by("id").values_list("id", *names))


TICKET = ("number", "state", "desk", "calls", "returns", "order_at", "outcome", "encounter", "token_hash", "reason")


def test_only_one_side_acts_on_a_lent_day(two):
    two.lend()
    with pytest.raises(Refused) as at_centre:
        two.hall.take()
    with pytest.raises(Refused) as window:
        two.hall.open()
    assert codes(at_centre) == codes(window) == ["LENT"]
    with at_node():
        assert two.hall.take().number == "A001"


def test_a_node_without_a_loan_gives_no_number(two):
    with at_node(), pytest.raises(Refused) as refused:
        two.hall.take()
    assert codes(refused) == ["NOT_LENT"]


def test_a_hall_in_the_middle_of_its_day_stays_the_centres(two):
    two.hall.take()
    lent = two.lend()
    assert two.at.date() not in lent.days
    assert len(lent.days) == 3
    assert two.hall.take().number == "A002"


def test_the_loan_is_the_same_when_it_is_asked_for_again(two):
    first, again = two.lend(), two.lend()
    assert first == again
    spans = {(b.queue, b.day): (b.first, b.last) for b in first.blocks}
    assert spans[two.hall.queues["A"], two.at.date()] == (1, 300)


def test_a_day_of_the_hall_is_at_the_centre_as_it_was_in_the_hall(two):
    hall = two.hall
    two.lend()
    with at_node():
        taken = [hall.take(reason="seventy" if n == 2 else "") for n in range(8)]
        hall.open()
        hall.serve()
        hall.miss()
        return_after_pass(actor=hall.clerk, ticket=passed_one(), at=hall.at)
        hall.call()
        recall(actor=hall.clerk, at=hall.at)
        start(actor=hall.clerk, at=hall.at)
        park(actor=hall.clerk, at=hall.at)
        hall.serve()
        hall.call()
        start(actor=hall.clerk, at=hall.at)
        transfer(actor=hall.clerk, ticket=serving_one(), queue=hall.queues["B"], at=hall.at)
        resume(actor=hall.clerk, ticket=parked_one(), at=hall.at)
        finish(actor=hall.clerk, outcome="consulted", at=hall.at)
        waiting = Ticket.objects.filter(state="WAITING").order_by("-number")
        step_away(actor=hall.clerk, ticket=waiting[0].id, at=hall.at)
        leave(actor=hall.clerk, ticket=waiting[1].id, at=hall.at)
        there = rows(Ticket, *TICKET), rows(Call, "seq", "move", "rule", "window", "staff", "at")
        desks, stays = (
            rows(Desk, "staff", "closed_at"),
            rows(Encounter, "window", "staff", "started_at", "ended_at", "outcome"),
        )
    two.sync()
    assert NodeConflict.objects.count() == 0
    assert rows(Ticket, *TICKET) == there[0]
    assert [row[1:] for row in rows(Call, "seq", "move", "rule", "window", "staff", "at")] == [r[1:] for r in there[1]]
    assert rows(Desk, "staff", "closed_at") == desks
    assert [
        row for row in rows(Encounter, "window", "staff", "started_at", "ended_at", "outcome") if row in stays
    ] == stays
    assert Ticket.objects.get(id=taken[2].ticket).reason == "seventy"
    assert board(hall.place, at=hall.at).queues


def passed_one():
    return Ticket.objects.get(state="PASSED").id


def serving_one():
    return Ticket.objects.get(state="SERVING").id


def parked_one():
    return Ticket.objects.get(state="PARKED").id


def test_what_comes_again_changes_nothing(two):
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.open()
        two.hall.serve()
    two.send()
    first = two.deliver(two.wire[0])
    calls = Call.objects.count()
    assert two.deliver(two.wire[0]) == first  # the answer was lost
    assert (Call.objects.count(), NodeAct.objects.count()) == (calls, first.seq)
    two.confirm(first)
    with at_node():
        assert queries.unsent_acts() == ()


def test_what_comes_too_early_waits_for_what_is_missing(two):
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.take()
    two.send()
    late = json.dumps(json.loads(two.wire[0])[1:])
    assert two.deliver(late).seq == 0
    assert Ticket.objects.count() == 0
    assert two.deliver(two.wire[0]).seq == 2
    assert Ticket.objects.count() == 2


def test_a_journal_that_was_touched_is_not_entered(two):
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.take()
        first, second = queries.unsent_acts()
    changed = replace(second, body={**second.body, "ticket": {**second.body["ticket"], "number": "A099"}})
    unsigned = replace(second, signature=first.signature)
    for forged in (changed, unsigned, replace(second, previous=second.hash)):
        with pytest.raises(Refused) as refused:
            node.receive(node=two.actor, acts=[first, forged], at=two.at)
        assert codes(refused) == ["JOURNAL_BROKEN"]
    assert list(Ticket.objects.values_list("number", flat=True)) == ["A001"]


def test_a_second_journal_of_the_same_node_is_refused(two):
    two.lend()
    with at_node():
        two.hall.take()
        (act,) = queries.unsent_acts()
    node.receive(node=two.actor, acts=[act], at=two.at)
    other = replace(act, at=act.at.replace(microsecond=7))
    with pytest.raises(Refused) as refused:
        node.receive(node=two.actor, acts=[other], at=two.at)
    assert codes(refused) == ["JOURNAL_BROKEN"]


def test_only_the_node_of_the_hall_sends(two):
    for stranger in (two.hall.clerk, replace(two.actor, device="kiosk:1"), replace(two.actor, kind="anonymous")):
        with pytest.raises(Refused) as refused:
            node.receive(node=stranger, acts=[], at=two.at)
        assert codes(refused) == ["NOT_A_NODE"]


def test_a_day_that_is_asked_for_comes_back_with_everything_and_goes_on(two):
    hall = two.hall
    two.lend()
    with at_node():
        hall.take()
        hall.take()
        hall.open()
        hall.serve()
    node.ask_back(actor=manager(two), place=hall.place, day=hall.at.date(), at=hall.at)
    with pytest.raises(Refused):  # not before the node has handed it over
        hall.call()
    two.sync()
    assert HallDay.objects.get(place=hall.place, day=hall.at.date()).keeper_id is None
    with at_node(), pytest.raises(Refused) as refused:
        hall.call()
    assert codes(refused) == ["NOT_LENT"]
    assert hall.serve() == "A002"
    assert hall.take().number == "A301"  # the numbers that were lent are the hall's for good


def test_an_answer_that_was_long_on_its_way_gives_no_day_back_to_the_node(two):
    hall = two.hall
    old = node.lend_days(node=two.actor, left={}, at=hall.at)
    two.lend()
    node.ask_back(actor=manager(two), place=hall.place, day=hall.at.date(), at=hall.at)
    two.sync()
    with at_node():
        node.accept_loan(lent=old, place=hall.place, at=hall.at)
        with pytest.raises(Refused) as refused:
            hall.take()
    assert codes(refused) == ["NOT_LENT"]
    assert hall.at.date() not in two.lend().days


def manager(two):
    return two.hall.demo.actor("mali")


def test_whoever_takes_a_day_back_says_that_the_node_is_off(two):
    two.lend()
    with pytest.raises(Refused) as refused:
        node.take_back(actor=manager(two), place=two.hall.place, day=two.at.date(), switched_off=False, at=two.at)
    assert codes(refused) == ["SAY_SWITCHED_OFF"]
    with pytest.raises(Refused) as forbidden:
        node.take_back(actor=two.hall.clerk, place=two.hall.place, day=two.at.date(), switched_off=True, at=two.at)
    assert codes(forbidden) == ["NOT_THE_MANAGER"]


def both_sides_called(two):
    """A001 was taken in the hall and known at the centre; then both sides served it. The id."""
    hall = two.hall
    two.lend()
    with at_node():
        taken = hall.take()
        hall.open()
    two.sync()
    node.take_back(actor=manager(two), place=hall.place, day=hall.at.date(), switched_off=True, at=hall.at)
    with at_node():
        hall.serve()
        hall.take()
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    return taken.ticket


def test_a_number_that_both_sides_served_is_shown_with_both_versions(two):
    ticket = both_sides_called(two)
    two.sync()
    (row,) = queries.list_conflicts(manager(two))
    assert (row.kind, row.name, len(row.hall)) == ("ticket", "A001", 3)
    assert row.centre is not None
    assert row.centre.state.zh == "办理中"
    assert [step.state.zh for step in row.hall] == ["叫号", "开始办理", "办理结束"]
    assert {step.who for step in row.hall} == {row.centre.who} == {two.hall.clerk.name}
    assert Ticket.objects.get(id=ticket).state == "SERVING"  # nothing was guessed
    assert Ticket.objects.filter(number="A002", state="WAITING").exists()  # what fits is entered
    assert queries.list_conflicts(two.hall.clerk) == ()


@pytest.mark.parametrize(("held", "state"), [("hall", "DONE"), ("centre", "SERVING")])
def test_a_conflict_is_settled_once_and_one_service_stays_one(two, held, state):
    ticket = both_sides_called(two)
    two.sync()
    (row,) = queries.list_conflicts(manager(two))
    before = Encounter.objects.count()
    for _ in range(2):
        node.settle(actor=manager(two), conflict=row.id, held=held, note="问过窗口", at=two.at)
    assert Ticket.objects.get(id=ticket).state == state
    assert Encounter.objects.count() == before
    stay = Encounter.objects.get(id=Ticket.objects.get(id=ticket).encounter_id)
    assert stay.outcome == ("filed" if held == "hall" else "")  # a service that ended in the hall is over
    assert queries.list_conflicts(manager(two)) == ()
    (settled,) = queries.list_conflicts(manager(two), settled=True)
    assert (settled.held, settled.note, settled.settled_by) == (held, "问过窗口", manager(two).name)
    with pytest.raises(Refused) as refused:
        other = "centre" if held == "hall" else "hall"
        node.settle(actor=manager(two), conflict=row.id, held=other, note="x", at=two.at)
    assert codes(refused) == ["SETTLED"]


def test_whoever_settles_says_whose_record_holds_and_why(two):
    both_sides_called(two)
    two.sync()
    (row,) = queries.list_conflicts(manager(two))
    with pytest.raises(Refused) as refused:
        node.settle(actor=manager(two), conflict=row.id, held="", at=two.at)
    assert codes(refused) == ["HELD_UNKNOWN", "NOTE_MISSING"]
    with pytest.raises(Refused) as missing:
        node.settle(actor=two.hall.clerk, conflict=row.id, held="hall", note="x", at=two.at)
    assert codes(missing) == ["NOT_FOUND"]


def test_a_window_that_was_opened_on_both_sides_is_shown_and_its_calls_count(two):
    hall = two.hall
    two.lend()
    node.take_back(actor=manager(two), place=hall.place, day=hall.at.date(), switched_off=True, at=hall.at)
    hall.open()
    with at_node():
        hall.take()
        hall.open()
        number = hall.serve()
    two.sync()
    (row,) = queries.list_conflicts(manager(two))
    assert (row.kind, row.name) == ("window", "1")
    assert Ticket.objects.get(number=number).state == "DONE"
    assert Desk.objects.filter(closed_at=None).count() == 1


def test_an_appointment_that_was_kept_in_the_hall_is_kept_at_the_centre(demo):
    hall, two, booked, key = with_appointment(demo)
    with at_node():
        given = check_in(**key)
        assert check_in(**key) == given  # pressed twice
    two.sync()
    row = Booking.objects.get(id=booked.id)
    assert (row.state, row.ticket.number, row.ticket.of) == ("ARRIVED", given.number, "booked")
    assert NodeConflict.objects.count() == 0


def with_appointment(demo):
    hall = BookedHall.open_to(demo)
    slot = hall.slot(0, 14)
    booked = hall.book("maimaiti", slot)
    two = TwoSides.around(hall)
    hall.at = slot.starts_at
    two.lend()
    key = {
        "actor": hall.clerk,
        "place": hall.place,
        "source": Source.COUNTER,
        "key": "k",
        "booking": booked.id,
        "at": hall.at,
    }
    return hall, two, booked, key


@pytest.mark.parametrize(("held", "state"), [("hall", "ARRIVED"), ("centre", "CANCELLED")])
def test_an_appointment_that_was_cancelled_while_the_hall_was_cut_off_is_shown(demo, held, state):
    hall, two, booked, key = with_appointment(demo)
    with at_node():
        given = check_in(**key)
    cancel_booking(actor=hall.manager, booking=booked.id, reason="本人来电", at=hall.at)
    two.sync()
    (row,) = queries.list_conflicts(hall.manager)
    assert (row.kind, row.centre.state.zh, row.hall[0].state.zh) == ("booking", "已取消", "预约报到")
    assert Ticket.objects.get(number=given.number).state == "WAITING"  # whoever stands in the hall is served
    node.settle(actor=hall.manager, conflict=row.id, held=held, note="在场", at=hall.at)
    assert Booking.objects.get(id=booked.id).state == state
    assert Booker.objects.get(person=demo.actor("maimaiti").id).open == 0


def test_nobody_has_missed_an_appointment_while_the_hall_has_not_told_who_came(demo):
    hall, two, booked, key = with_appointment(demo)
    with at_node():
        check_in(**key)
    hall.later(60 * 24)
    assert sweep_bookings(at=hall.at) == 0
    two.sync()
    assert Booking.objects.get(id=booked.id).state == "ARRIVED"


def test_a_number_that_was_not_lent_is_shown_not_entered(two):
    two.lend()
    with at_node():
        two.hall.take()
        (act,) = queries.unsent_acts()
    told = {**act.body, "ticket": {**act.body["ticket"], "number": "A900"}}
    node.receive(node=two.actor, acts=[resigned(replace(act, body=told))], at=two.at)
    (row,) = queries.list_conflicts(manager(two))
    assert (row.kind, row.name) == ("number", "A900")
    assert not Ticket.objects.exists()


def test_an_act_that_nobody_understands_stops_none_behind_it(two):
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.take()
        first, second = queries.unsent_acts()
    odd = resigned(replace(first, kind="take", body={"subject": first.body["subject"], "ticket": {"no": "column"}}))
    behind = resigned(replace(second, previous=odd.hash))
    assert node.receive(node=two.actor, acts=[odd, behind], at=two.at).seq == 2
    assert [row.kind for row in queries.list_conflicts(manager(two))] == ["other"]
    assert Ticket.objects.count() == 1


def test_numbers_run_out_with_words_and_come_again_with_the_network(two):
    hall = two.hall
    two.lend()
    with at_node():
        from yichuang.visits.models import NumberBlock

        NumberBlock.objects.filter(queue=hall.queues["A"]).update(upcoming=300)
        assert hall.take().number == "A300"
        with pytest.raises(Refused) as refused:
            hall.take()
        left = dict(queries.numbers_left(at=hall.at))
    assert codes(refused) == ["NO_NUMBERS_LEFT"]
    assert left[hall.queues["A"]] == 0
    two.lend(left)
    with at_node():
        assert hall.take().number == "A301"


def test_the_centre_sweeps_no_number_of_a_lent_day_and_the_node_does(two):
    hall = two.hall
    two.lend()
    with at_node():
        hall.take()
    two.sync()
    hall.later(60 * 24)
    assert sweep_halls(at=hall.at) == 0
    with at_node():
        assert sweep_halls(at=hall.at) == 1
        assert node.hand_back_past(at=hall.at) == 1
    two.sync()
    assert NodeConflict.objects.count() == 0
    assert set(Ticket.objects.values_list("state", flat=True)) == {"LEFT"}
    assert HallDay.objects.filter(keeper=None, taken_back_at__isnull=False).count() == 1


def test_a_node_that_was_set_up_anew_must_be_a_new_machine(two):
    with pytest.raises(Refused) as refused:
        node.know_node(node=two.actor.id, public_key="another", at=two.at)
    assert codes(refused) == ["KEY_CHANGED"]


def test_the_wire_carries_an_act_whole(two):
    from yichuang.visits.values.wire import as_wire

    two.lend()
    with at_node():
        two.hall.take(reason="green")
        (act,) = queries.unsent_acts()
    assert from_wire(json.loads(json.dumps(as_wire(act)))) == act


@override_settings(YICHUANG_CENTRE="")
def test_the_centre_is_no_node():
    assert queries.node_link() is None
    assert not queries.is_node()
