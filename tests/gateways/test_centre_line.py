"""The line of a hall node to its centre: paired by a code, sealed, cut anywhere and said again."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.visits.hall import Hall
from tests.visits.two_sides import COPIED, at_centre, at_node, make_node_schema

from yichuang.core import clock
from yichuang.core.actors import SYSTEM
from yichuang.devices.commands import add_device, revoke_device
from yichuang.devices.models import Device
from yichuang.gateways import jobs
from yichuang.gateways.centre import client, line
from yichuang.gateways.http import Answer, NoAnswer, NotConnected
from yichuang.network.models import Place, Window
from yichuang.people.models import Account, Staff
from yichuang.visits import queries
from yichuang.visits.commands import node
from yichuang.visits.models import Call, NodeAct, Queue, Ticket

pytestmark = pytest.mark.django_db


@dataclass
class Wire:
    """The network between the two: `fails` names what happens to the next requests, "" for nothing."""

    fails: list[str] = field(default_factory=list)
    asked: int = 0
    seen: list[bytes] = field(default_factory=list)

    def request(self, method: str, url: str, *, headers: dict[str, str], body: bytes, **_: Any) -> Answer:
        fault = self.fails.pop(0) if self.fails else ""
        if fault == "cut":
            raise NotConnected("cut")
        self.asked += 1
        told = dict(headers)
        with at_centre():
            answered = Client().post(
                url.removeprefix("http://centre.test"), body, content_type=told.pop("Content-Type"), headers=told
            )
        self.seen += [body, answered.content]
        if fault == "lost":
            raise NoAnswer("lost")
        content = answered.content[:-1] + b"?" if fault == "changed" else answered.content
        return Answer(answered.status_code, content)


@pytest.fixture
def wire(monkeypatch):
    made = Wire()
    monkeypatch.setattr(client, "request", made.request)
    monkeypatch.setattr(jobs, "_said", set())  # a worker that has just begun
    return made


@pytest.fixture
def hall(demo, wire):
    """The hall with a node that is named at the centre and paired; inside `at_node` the hall acts."""
    hall = Hall.of(demo)
    with clock.fixed(hall.at):
        code = add_device(actor=SYSTEM, place=hall.place, kind="node", name="大厅节点", at=hall.at)
        make_node_schema(*COPIED)
        with at_node():
            line.pair(code=code.code, at=hall.at)
        yield hall


def talk(hall: Hall, minutes: float = 1) -> None:
    hall.later(minutes)
    with clock.fixed(hall.at), at_node():
        line.talk(at=hall.at)


def test_a_paired_node_has_its_hall_its_people_and_its_days(hall):
    here = Place.objects.count(), Window.objects.filter(place=hall.place).count()
    talk(hall)
    with at_node():
        assert (Place.objects.count(), Window.objects.filter(place=hall.place).count()) == here
        assert set(Queue.objects.values_list("letter", flat=True)) == {"A", "B"}
        names = set(Staff.objects.values_list("name", flat=True))
        account = Account.objects.get(staff__name=hall.clerk.name)
        assert hall.take().number == "A001"
        hall.open()
        assert hall.serve() == "A001"
    assert hall.clerk.name in names
    assert "赵敏" not in names  # of another hall
    assert (account.phone, account.phone_index) == ("", "")
    assert account.password == Account.objects.get(staff__name=hall.clerk.name).password
    talk(hall)
    assert Ticket.objects.get().state == "DONE"


def test_nothing_readable_crosses_the_line(hall, wire):
    with at_node():
        hall.take(reason="pregnant")
    talk(hall)
    talk(hall)
    sealed = wire.seen[2:]  # after the pairing itself
    assert sealed
    assert not [part for part in sealed for word in (b"pregnant", b"ticket", hall.clerk.name.encode()) if word in part]


@pytest.mark.parametrize("fault", ["cut", "lost", "changed"])
def test_a_line_that_fails_loses_and_doubles_nothing(hall, wire, fault):
    talk(hall)
    with at_node():
        taken = [hall.take() for _ in range(3)]
        hall.open()
        hall.serve()
    for _ in range(3):
        wire.fails = [fault]
        with pytest.raises(client.LineDown):
            talk(hall)
    with at_node():
        assert [hall.take().number, len(queries.unsent_acts())] == ["A004", 8]  # the hall went on
    talk(hall)
    with at_node():
        assert queries.unsent_acts() == ()
    assert Ticket.objects.count() == len(taken) + 1
    assert Call.objects.count() == 3
    assert NodeAct.objects.count() == 8


def test_many_acts_go_in_parcels_and_a_cut_between_them_costs_nothing(hall, wire, monkeypatch):
    monkeypatch.setattr(line, "BATCH", 4)
    talk(hall)
    with at_node():
        for _ in range(11):
            hall.take()
    wire.fails = ["", "lost"]
    with pytest.raises(client.LineDown):
        talk(hall)
    with at_node():
        assert len(queries.unsent_acts()) == 7
    assert Ticket.objects.count() == 8
    talk(hall)
    assert Ticket.objects.count() == 11


def test_the_centres_data_is_sent_again_only_when_it_changed(hall, monkeypatch):
    taken = []
    real = node.take_copy
    monkeypatch.setattr(node, "take_copy", lambda **told: (taken.append(1), real(**told)))
    talk(hall)
    talk(hall)
    assert taken == []
    Queue.objects.filter(letter="B").update(name_zh="领证")
    talk(hall)
    assert taken == [1]
    with at_node():
        assert Queue.objects.get(letter="B").name_zh == "领证"


def test_a_code_pairs_once_and_a_revoked_node_is_nobody(hall, wire):
    with at_node(), pytest.raises(client.Declined) as again:
        line.pair(code="AAAAA-AAAAA", at=hall.at)
    assert again.value.code == "CODE_UNKNOWN"
    revoke_device(actor=SYSTEM, device=Device.objects.get(kind="node").id, at=hall.at)
    with pytest.raises(client.LineDown) as gone:
        talk(hall)
    assert gone.value.code == "NOT_FOUND"
    with at_node():
        assert queries.node_link().trouble == "NOT_FOUND"
        assert hall.take().number == "A001"  # the day goes on, and is settled by people


def test_a_question_of_long_ago_or_of_another_secret_is_nobodys(hall):
    told = {"acts": [], "left": {}, "whole": True, "mark": ""}
    with at_node():
        link = queries.node_link()
    ask = {"node": str(link.node), "told": told}
    now = hall.at.timestamp()
    with clock.fixed(hall.at), at_node():
        assert client.exchange(**ask, bearer=link.bearer, at=now)["seq"] == 0
        for bearer, at in (("ycd_other", now), (link.bearer, now - 400), (link.bearer, now + 400)):
            with pytest.raises(client.Declined):
                client.exchange(**ask, bearer=bearer, at=at)


@pytest.mark.parametrize(
    "told", [[], {}, {"acts": 1, "left": {}}, {"acts": [{}], "left": {}}, {"acts": [], "left": {"x": 1}}]
)
def test_what_cannot_be_read_is_said_so(hall, told):
    with at_node():
        link = queries.node_link()
    with clock.fixed(hall.at), at_node(), pytest.raises(client.Declined) as refused:
        client.exchange(node=str(link.node), bearer=link.bearer, told=told, at=hall.at.timestamp())
    assert refused.value.code == "UNREADABLE"


def test_a_code_of_a_kiosk_pairs_no_node(hall):
    code = add_device(actor=SYSTEM, place=hall.place, kind="kiosk", name="取号机", at=hall.at)
    with at_node(), pytest.raises(client.Declined) as refused:
        line.pair(code=code.code, at=hall.at)
    assert refused.value.code == "CODE_UNKNOWN"


def test_a_cut_is_said_once_and_its_end_once(hall, wire, caplog):
    def tick() -> list[str]:
        caplog.clear()
        with clock.fixed(hall.at), at_node():
            jobs.talk_to_centre()
        hall.later(0.1)
        return [one.getMessage() for one in caplog.records if one.name == "yichuang.gateways.jobs"]

    wire.fails = ["cut"] * 300
    assert tick() == ["no line to the centre: NOT_CONNECTED"]
    assert [told for _ in range(40) if (told := tick())] == []
    wire.fails = []
    assert tick() == ["the line to the centre is up again"]
    assert tick() == []
    wire.fails = ["cut", "lost", "cut", "lost"]
    assert [*tick(), *tick(), *tick(), *tick()] == [
        "no line to the centre: NOT_CONNECTED", "no line to the centre: NO_ANSWER",
    ]  # fmt: skip


def test_a_hall_that_was_cut_off_for_ten_minutes(hall, wire, caplog):
    """Ten minutes by the clock: three hundred tries of the line, while people come and are served. The clock is moved, since nothing
    here waits by itself; what does (sockets, a database that stands still) is cut in real time in tests/faults/test_cable_pulled."""
    talk(hall)
    wire.fails = ["cut"] * 1000
    caplog.clear()
    with at_node():
        hall.open()
    for tries in range(300):
        hall.later(1 / 30)
        with clock.fixed(hall.at), at_node():
            jobs.talk_to_centre()
            if tries % 30 == 0:
                hall.take()
            if tries % 60 == 59:
                hall.serve()
    assert [one.getMessage() for one in caplog.records if one.name == "yichuang.gateways.jobs"] == [
        "no line to the centre: NOT_CONNECTED"
    ]
    here = Place.objects.get(id=hall.place).id
    assert not Ticket.objects.filter(place=here).exists()  # the centre heard nothing
    [seen] = queries.list_nodes(hall.demo.actor("mali"), at=hall.at)
    assert hall.at - seen.heard_at >= timedelta(minutes=10)  # and its page says so
    with at_node():
        given = dict(Ticket.objects.order_by("number").values_list("number", "state"))
        calls = list(Call.objects.order_by("seq").values_list("number", "move", "window"))
        note = queries.node_note(here, at=hall.at)
        assert note.waiting > 20
        assert hall.at - note.cut_since >= timedelta(minutes=10)
    wire.fails = []
    for _ in range(3):
        talk(hall)
    assert dict(Ticket.objects.order_by("number").values_list("number", "state")) == given
    assert list(Call.objects.order_by("seq").values_list("number", "move", "window")) == calls
    assert len(given) == 10
    assert list(given.values()).count("DONE") == 5
    assert not queries.list_conflicts(hall.demo.actor("mali"))
