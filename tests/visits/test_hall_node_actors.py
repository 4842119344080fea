"""Who acted at a hall node: somebody of its hall, by the name that the centre knows; anybody else is shown and not entered."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from tests.visits.two_sides import TwoSides, at_node, resigned

from yichuang.core import ledger
from yichuang.core.ledger import Subject
from yichuang.people.models import GrantRow
from yichuang.visits import queries
from yichuang.visits.commands import node
from yichuang.visits.models import Call, Ticket

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
        acts, previous = [], ""
        for act in queries.unsent_acts():
            body = {**act.body, "actor": {**act.body["actor"], **who}} if act.kind == "move" else act.body
            act = resigned(replace(act, body=body, previous=previous or act.previous))
            previous = act.hash
            acts.append(act)
    return acts


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
