"""A hall node speaks for its own hall: windows, numbers and appointments of another one it neither makes nor moves (X15)."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import transaction
from tests.visits.test_hall_node import codes, manager, with_appointment
from tests.visits.two_sides import TwoSides, at_node, resigned

from yichuang.core.refusals import Refused
from yichuang.network.models import Place, Window
from yichuang.visits import queries
from yichuang.visits.commands import node
from yichuang.visits.commands.booking import check_in
from yichuang.visits.models import Booking, Desk, NodeConflict, Queue, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(demo):
    return TwoSides.of(demo)


def test_a_node_opens_no_window_of_another_hall(two):
    """A machine that was stolen from one hall must not speak for the next one."""
    two.lend()
    with at_node():
        two.hall.open()
        (act,) = queries.unsent_acts()
    other = Window.objects.exclude(place=two.hall.place).order_by("id")[0]
    for body in (
        {**act.body["desk"], "place_id": str(other.place_id)},
        {**act.body["desk"], "window_id": str(other.id)},
        {
            **act.body["desk"],
            "window_id": str(other.id),
            "window_number": other.number,
            "place_id": str(other.place_id),
        },
    ):
        told = resigned(replace(act, body={**act.body, "desk": body}))
        with transaction.atomic():
            node.receive(node=two.actor, acts=[told], at=two.at)
            assert [row.kind for row in queries.list_conflicts(manager(two))] == ["window"]
            assert not Desk.objects.exists()
            transaction.set_rollback(True)


def test_a_node_keeps_no_appointment_of_another_hall(demo):
    _, two, booked, key = with_appointment(demo)
    with at_node():
        check_in(**key)
    elsewhere = Place.objects.exclude(id=key["place"]).order_by("id")[0]
    Booking.objects.filter(id=booked.id).update(place=elsewhere)
    two.sync()
    assert Booking.objects.get(id=booked.id).state == "BOOKED"
    (conflict,) = queries.list_conflicts(manager(two))
    assert (conflict.kind, conflict.name) == ("booking", "")
    before = Booking.objects.filter(id=booked.id).values().get()
    cannot_stand(two, conflict)
    assert Booking.objects.filter(id=booked.id).values().get() == before


def cannot_stand(two, conflict):
    """The manager lets the hall's record hold, and is refused."""
    with pytest.raises(Refused) as refused:
        node.settle(actor=manager(two), conflict=conflict.id, held="hall", note="x", at=two.at)
    assert codes(refused) == ["CANNOT_STAND"]


def test_a_node_moves_no_number_of_another_hall_whoever_settles_it(two):
    two.lend()
    with at_node():
        taken = two.hall.take()
        two.hall.open()
    two.sync()
    elsewhere = Place.objects.exclude(id=two.hall.place).order_by("id")[0]
    Ticket.objects.filter(id=taken.ticket).update(place=elsewhere)
    with at_node():
        two.hall.serve()
    two.sync()
    (conflict,) = queries.list_conflicts(manager(two))
    before = Ticket.objects.filter(id=taken.ticket).values().get()
    cannot_stand(two, conflict)
    assert Ticket.objects.filter(id=taken.ticket).values().get() == before


@pytest.mark.parametrize("of", ["place", "queue"])
def test_a_node_gives_no_number_of_another_hall_whoever_settles_it(two, of):
    two.lend()
    with at_node():
        two.hall.take()
        (act,) = queries.unsent_acts()
    elsewhere = Place.objects.exclude(id=two.hall.place).order_by("id")[0]
    if of == "queue":
        Queue.objects.filter(id=two.hall.queues["B"]).update(place=elsewhere, letter="Z")
    theirs = elsewhere.id if of == "place" else two.hall.queues["B"]
    told = {**act.body["ticket"], "number": "A900", f"{of}_id": str(theirs)}
    node.receive(node=two.actor, acts=[resigned(replace(act, body={**act.body, "ticket": told}))], at=two.at)
    (conflict,) = queries.list_conflicts(manager(two))
    NodeConflict.objects.filter(id=conflict.id).update(kind="number")  # whatever it was shown as
    cannot_stand(two, conflict)
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("of", ["desk", "encounter", "state"])
def test_a_number_that_a_node_gave_is_a_new_one(two, of):
    two.lend()
    with at_node():
        two.hall.take()
        (act,) = queries.unsent_acts()
    said = {
        "desk": {"desk_id": str(uuid4())},
        "encounter": {"encounter_id": str(uuid4())},
        "state": {"state": "done", "outcome": "done"},
    }[of]
    told = {**act.body["ticket"], **said}
    node.receive(node=two.actor, acts=[resigned(replace(act, body={**act.body, "ticket": told}))], at=two.at)
    (conflict,) = queries.list_conflicts(manager(two))
    assert conflict.kind == "number"
    cannot_stand(two, conflict)
    assert not Ticket.objects.exists()


def test_a_number_is_in_the_name_of_nobody_whom_the_hall_does_not_know(two):
    two.lend()
    with at_node():
        taken = two.hall.take()
        (act,) = queries.unsent_acts()
    told = {**act.body["ticket"], "person_id": str(two.hall.demo.actor("moshengren").id)}
    node.receive(node=two.actor, acts=[resigned(replace(act, body={**act.body, "ticket": told}))], at=two.at)
    assert not queries.list_conflicts(manager(two))
    assert Ticket.objects.get(id=taken.ticket).person_id is None


def test_a_node_moves_no_number_into_a_queue_of_another_hall(two):
    two.lend()
    with at_node():
        taken = two.hall.take()
        two.hall.open()
    two.sync()
    with at_node():
        two.hall.call()
        (act,) = queries.unsent_acts()
    elsewhere = Place.objects.exclude(id=two.hall.place).order_by("id")[0]
    Queue.objects.filter(id=two.hall.queues["B"]).update(place=elsewhere, letter="Z")
    told = {**act.body["ticket"], "queue_id": str(two.hall.queues["B"])}
    node.receive(node=two.actor, acts=[resigned(replace(act, body={**act.body, "ticket": told}))], at=two.at)
    assert [row.kind for row in queries.list_conflicts(manager(two))] == ["ticket"]
    assert Ticket.objects.get(id=taken.ticket).state == "WAITING"


@pytest.mark.parametrize("source", ["x" * 400, "a\0b"])
def test_a_line_that_no_database_can_keep_is_shown_and_the_journal_goes_on(two, source):
    """Else it would be sent, and refused with an error, for ever."""
    two.lend()
    with at_node():
        two.hall.take()
        (act,) = queries.unsent_acts()
    told = {**act.body["ticket"], "source": source}
    node.receive(node=two.actor, acts=[resigned(replace(act, body={**act.body, "ticket": told}))], at=two.at)
    (conflict,) = queries.list_conflicts(manager(two))
    assert conflict.kind == "other"
    node.settle(actor=manager(two), conflict=conflict.id, held="centre", note="x", at=two.at)
    assert not Ticket.objects.exists()
