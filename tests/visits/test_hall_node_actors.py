"""Who acted at a hall node: somebody of its hall, by the name that the centre knows; anybody else is shown and not entered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from tests.visits.booked import BookedHall
from tests.visits.two_sides import TwoSides, at_node, resigned

from yichuang.cases.models import Encounter
from yichuang.core import ledger
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Refused
from yichuang.people.models import GrantRow
from yichuang.visits import queries
from yichuang.visits.commands import node
from yichuang.visits.commands.booking import check_in
from yichuang.visits.models import Booking, Call, Desk, Ticket
from yichuang.visits.values import Source
from yichuang.visits.values.node import Held

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(demo):
    return TwoSides.of(demo)


def manager(two):
    return two.hall.demo.actor("mali")


def named(two, **who):
    """Two numbers given and one called at the node; in the call somebody else stands as who did it."""
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.open()
        two.hall.call()
        return renamed("move", **who)


def renamed(*kinds, **who):
    """The journal of the node, with somebody else as who did the acts of those kinds (moves: or that move)."""
    acts, previous = [], ""
    for act in queries.unsent_acts():
        theirs = act.kind in kinds or act.body.get("move") in kinds
        body = {**act.body, "actor": {**act.body["actor"], **who}} if theirs else act.body
        act = resigned(replace(act, body=body, previous=previous or act.previous))
        previous = act.hash
        acts.append(act)
    return acts


def settle_as_in_the_hall(two):
    (conflict,) = queries.list_conflicts(manager(two))
    node.settle(actor=manager(two), conflict=conflict.id, held="hall", note="问过窗口", at=two.at)


@pytest.mark.parametrize("identity", ["", "no id"])
def test_no_service_stands_in_the_name_of_a_stranger_whoever_settles_it(two, identity):
    elsewhere = two.hall.demo.actor("wangqiang")
    before = Encounter.objects.count()
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.open()
        two.hall.serve()
        acts = renamed("start", id=identity or str(elsewhere.id), name=elsewhere.name)
    node.receive(node=two.actor, acts=acts, at=two.at)
    (conflict,) = queries.list_conflicts(manager(two))
    if Held.HALL in conflict.choices:
        settle_as_in_the_hall(two)
        assert Ticket.objects.get().state == "DONE"
    assert (Encounter.objects.count(), Ticket.objects.get().encounter) == (before, None)


def test_a_service_that_is_settled_stands_in_the_name_that_the_centre_knows(two):
    elsewhere = two.hall.demo.actor("wangqiang")
    two.lend()
    with at_node():
        two.hall.take()
        two.hall.open()
        two.hall.serve()
        acts = renamed("call", id=str(elsewhere.id), name=elsewhere.name)
    node.receive(node=two.actor, acts=acts, at=two.at)
    settle_as_in_the_hall(two)
    assert Ticket.objects.get().encounter.staff_id == two.hall.clerk.id


def test_whoever_came_to_an_appointment_counts_as_come_though_the_node_named_a_stranger(demo):
    hall = BookedHall.open_to(demo)
    slot = hall.slot(0, 14)
    booked = hall.book("maimaiti", slot)
    two, elsewhere = TwoSides.around(hall), demo.actor("wangqiang")
    hall.at = slot.starts_at
    two.lend()
    with at_node():
        check_in(actor=hall.clerk, place=hall.place, source=Source.COUNTER, key="k", booking=booked.id, at=hall.at)
        acts = renamed("arrive", id=str(elsewhere.id), name=elsewhere.name)
    node.receive(node=two.actor, acts=acts, at=two.at)
    assert Booking.objects.get(id=booked.id).state == "BOOKED"
    settle_as_in_the_hall(two)
    assert Booking.objects.get(id=booked.id).state == "ARRIVED"


def test_a_window_that_a_stranger_opened_leaves_nothing_to_choose(two):
    elsewhere = two.hall.demo.actor("wangqiang")
    two.lend()
    with at_node():
        two.hall.open()
        acts = renamed("desk", id=str(elsewhere.id), name=elsewhere.name)
    node.receive(node=two.actor, acts=acts, at=two.at)
    (conflict,) = queries.list_conflicts(manager(two))
    assert (conflict.kind, conflict.choices) == ("staff", (Held.CENTRE,))
    with pytest.raises(Refused) as refused:
        settle_as_in_the_hall(two)
    assert [reason.code for reason in refused.value.reasons] == ["HELD_UNKNOWN"]
    assert not Desk.objects.exists()


def test_a_node_names_nobody_who_does_not_work_in_its_hall(two):
    elsewhere = two.hall.demo.actor("wangqiang")
    acts = named(two, id=str(elsewhere.id), name=elsewhere.name)
    assert node.receive(node=two.actor, acts=acts, at=two.at).seq == len(acts)
    assert [(row.kind, row.name) for row in queries.list_conflicts(manager(two))] == [("staff", elsewhere.name)]
    assert not Call.objects.exists()
    assert Ticket.objects.get().state == "WAITING"


@pytest.mark.parametrize("who", [{"id": "no id"}, {"id": ""}, {"id": "0190b8a0-0000-7000-8000-000000000000"}])
def test_a_node_that_names_nobody_stops_no_act_behind_it(two, who):
    acts = named(two, **who)
    assert node.receive(node=two.actor, acts=acts, at=two.at).seq == len(acts)
    assert len(queries.list_conflicts(manager(two))) == 1


def test_whoever_acted_stands_in_the_ledger_by_the_name_that_the_centre_knows(two):
    acts = named(two, name="别的名字")
    node.receive(node=two.actor, acts=acts, at=two.at)
    assert not queries.list_conflicts(manager(two))
    told = ledger.list_entries(Subject("ticket", Ticket.objects.get().id))
    assert {entry.actor_name_masked for entry in told if entry.act == "ticket-call"} == {"李*"}


def test_a_role_that_was_withdrawn_while_the_hall_was_cut_off_counts_for_the_days_that_were_lent(two):
    acts = named(two)
    grants = GrantRow.objects.filter(staff=two.hall.clerk.id)
    grants.update(revoked_at=two.at - timedelta(days=1))
    with transaction.atomic():
        node.receive(node=two.actor, acts=acts, at=two.at)
        assert not queries.list_conflicts(manager(two))
        transaction.set_rollback(True)
    grants.update(revoked_at=two.at - timedelta(days=5))
    node.receive(node=two.actor, acts=acts, at=two.at)
    assert {row.kind for row in queries.list_conflicts(manager(two))} == {"staff"}
