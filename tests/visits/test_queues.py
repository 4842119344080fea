"""A hall's queues are set up: made, changed, retired and put back, at once, and nobody who waits is forgotten."""

from dataclasses import replace
from datetime import time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.visits.hall import Hall

from yichuang.core import ledger
from yichuang.core.clock import fixed, local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import Words
from yichuang.devices.models import Device
from yichuang.network import queries as network
from yichuang.network.values import Span, WindowKind
from yichuang.visits.commands.booking.making import book
from yichuang.visits.commands.booking.planning import publish_slots, set_group_plan
from yichuang.visits.commands.desks import close_desk
from yichuang.visits.commands.hours import extend_hours
from yichuang.visits.commands.plan import move_queues
from yichuang.visits.commands.queues import retire_queue, save_queue, standard_queues, start_queues
from yichuang.visits.commands.tickets import leave
from yichuang.visits.models import Desk, HallDay, Queue, Slot, Ticket
from yichuang.visits.queries import board, queue_settings
from yichuang.visits.rules.queues import Known, judge_queue
from yichuang.visits.values import GroupPlan, QueueData, QueueScope

COMPANY, DOG = "youxian-gongsi-sheli", "yangquan-dengji"
QUEUE = QueueData("K", Words("企业开办", "Opening a company"), 20, QueueScope.NAMED, ("1", "2"), (COMPANY,), (), 3)


class Set(Hall):
    """The hall with its manager 马丽, who sets up queues."""

    @property
    def mali(self):
        return self.demo.actor("mali")

    def save(self, queue=QUEUE, **changed):
        return save_queue(actor=self.mali, place=self.place, queue=replace(queue, **changed), at=self.at)

    def retire(self, letter="K"):
        retire_queue(actor=self.mali, place=self.place, letter=letter, at=self.at)

    def setting(self, letter="K"):
        return next(one for one in queue_settings(self.mali, self.place) if one.data.letter == letter)

    def desk(self, window="1"):
        letters = dict(Queue.objects.values_list("id", "letter"))
        return "".join(sorted(letters[id] for id in Desk.objects.get(window_number=window, closed_at=None).queues))


@pytest.fixture
def hall(demo):
    return Set.of(demo)


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def refused(do, *given, **more):
    with pytest.raises(Refused) as found:
        do(*given, **more)
    return codes(found)


def test_a_new_queue_is_called_from_at_once_where_a_window_is_open(hall):
    hall.open()
    made = hall.save()
    assert hall.save() == made  # pressed twice
    assert hall.save(name=Words(" 企业开办", "Opening a company "), windows=("1", "2", "1")) == made
    assert hall.desk() == "ABK"
    taken = hall.take(queue=None, items=[COMPANY])
    assert taken.number == "K001"
    assert hall.call().number == "K001"
    hall.open(hall.demo.actor("zhoujie"), "2")
    assert hall.desk("2") == "ABK"
    acts = [entry.act for entry in ledger.list_entries(Subject("queue", made))]
    assert acts == ["make-queue"]


def test_a_window_that_loses_a_queue_calls_from_it_no_more_and_nobody_is_left_alone(hall):
    hall.open()
    hall.save()
    hall.take(queue=None, items=[COMPANY])
    assert refused(hall.save, windows=("2",)) == ["QUEUE_LEFT_ALONE"]
    assert hall.setting().data.windows == ("1", "2")  # nothing is half written
    hall.open(hall.demo.actor("zhoujie"), "2")
    hall.save(windows=("2",))
    assert (hall.desk("1"), hall.desk("2")) == ("AB", "ABK")


@pytest.mark.parametrize(("had", "gets"), [("1", "2"), ("2", "1")])
def test_a_queue_with_people_moves_between_open_windows_either_way(hall, had, gets):
    hall.save(windows=(had,))
    hall.open(window=had)
    hall.open(hall.demo.actor("zhoujie"), gets)
    hall.take(queue=None, items=[COMPANY])
    hall.save(windows=(gets,))
    assert (hall.desk(had), hall.desk(gets)) == ("AB", "ABK")


def test_a_window_keeps_at_least_one_queue(hall):
    hall.save()
    hall.open()
    move_queues(actor=hall.mali, place=hall.place, window="1", queues=[hall.setting().id], at=hall.at)
    assert refused(hall.save, windows=("2",)) == ["QUEUE_ALONE_AT"]
    assert refused(hall.retire) == ["QUEUE_ALONE_AT"]
    assert (hall.desk(), hall.setting().active) == ("K", True)


def test_another_name_leaves_what_the_windows_serve_today(hall):
    hall.save()
    hall.open()
    move_queues(actor=hall.mali, place=hall.place, window="1", queues=[hall.queues["A"]], at=hall.at)
    hall.save(name=Words("开办企业", "Open a company"), aim_minutes=10)
    assert hall.desk() == "A"
    assert (hall.setting().data.name.zh, hall.setting().data.aim_minutes) == ("开办企业", 10)


def test_every_fault_is_told_at_once(hall):
    wrong = QueueData("7", Words(" ", ""), None, QueueScope.NAMED, (), (), (), 100)
    assert refused(hall.save, wrong) == [
        "LETTER_MALFORMED", "NAME_MISSING", "NAME_MISSING", "AIM_WRONG", "ORDER_WRONG", "WINDOW_MISSING", "SCOPE_EMPTY",
    ]  # fmt: skip
    assert refused(hall.save, items=("no-such-item",), departments=("NONE",), windows=("99",)) == [
        "WINDOW_UNKNOWN", "ITEM_UNKNOWN", "DEPARTMENT_UNKNOWN",
    ]  # fmt: skip
    assert refused(hall.save, scope=QueueScope.PRIORITY) == ["SCOPE_NOT_NAMED"]
    assert refused(hall.save, items=("shebao-chaxun",)) == ["NAMED_TWICE"]  # queue B names it


@pytest.mark.parametrize(
    ("aim", "order", "fits"), [(1, 0, True), (240, 99, True), (0, 0, False), (241, 0, False), (1, -1, False)]
)
def test_the_longest_wait_and_the_order_have_bounds(aim, order, fits):
    queue = replace(QUEUE, scope=QueueScope.EVERYTHING, items=(), aim_minutes=aim, order=order)
    assert (not judge_queue(queue, Known({"1", "2"}, (), (), {}))) is fits


@pytest.mark.parametrize("scope", list(QueueScope))
def test_what_was_entered_is_what_is_shown(hall, scope):
    items = (COMPANY,) if scope is QueueScope.NAMED else ()
    hall.save(scope=scope, items=items)
    assert hall.setting().data == replace(QUEUE, scope=scope, items=items)


def test_a_retired_queue_gives_no_numbers_and_comes_back_as_it_was(hall):
    hall.open()
    made = hall.save()
    hall.retire()
    hall.retire()  # pressed twice
    assert hall.desk() == "AB"
    assert hall.take(queue=None, items=[COMPANY]).number == "A001"
    assert refused(hall.take, queue=made) == ["NO_QUEUE"]
    assert "K" not in [row.letter for row in board(hall.place, at=hall.at).queues]
    assert not hall.setting().active
    assert hall.save() == made
    assert hall.desk() == "ABK"
    acts = [entry.act for entry in ledger.list_entries(Subject("queue", made))]
    assert acts == ["make-queue", "retire-queue", "save-queue"]
    with pytest.raises(NotFound):
        hall.retire("Z")


def test_a_queue_with_somebody_in_it_is_not_retired(hall):
    hall.save()
    taken = hall.take(queue=None, items=[COMPANY])
    assert refused(hall.retire) == ["QUEUE_IN_USE"]
    leave(actor=hall.clerk, ticket=taken.ticket, at=hall.at)
    hall.retire()


def test_a_queue_with_appointments_or_extended_hours_is_not_retired_and_then_takes_none(hall):
    group, tomorrow = hall.save(), local_date(hall.at) + timedelta(days=1)
    plan = GroupPlan((2, 2, 2), (0, 0, 0), 15, 0, 0)
    given = {"actor": hall.mali, "place": hall.place, "at": hall.at}
    set_group_plan(**given, group=group, plan=plan)
    publish_slots(**given, group=group, first=tomorrow, last=tomorrow)
    slot = Slot.objects.filter(queue=group).order_by("starts_at").first()
    Slot.objects.filter(queue=group).update(opens_at=hall.at)
    zhang = hall.demo.actor("zhangxiao")
    booked = book(actor=zhang, person=zhang.id, slot=slot.id, items=[COMPANY], key="once", at=hall.at)
    why, span = Words("延时办理", "Extended hours"), Span(time(18), time(20))
    extend_hours(**given, first=tomorrow, last=tomorrow, span=span, queues=[group], reason=why)
    assert refused(hall.retire) == ["QUEUE_BOOKED", "QUEUE_EXTENDED"]
    assert booked


def test_the_places_of_a_retired_queue_are_gone_and_come_back_with_it(hall):
    group, tomorrow = hall.save(), local_date(hall.at) + timedelta(days=1)
    given = {"actor": hall.mali, "place": hall.place, "group": group, "at": hall.at}
    set_group_plan(**given, plan=GroupPlan((2, 2, 2), (0, 0, 0), 15, 0, 0))
    publish_slots(**given, first=tomorrow, last=tomorrow)
    before = sum(Slot.objects.filter(queue=group).values_list("capacity", flat=True))
    hall.retire()
    assert before
    assert not any(Slot.objects.filter(queue=group).values_list("capacity", flat=True))
    hall.save()
    assert sum(Slot.objects.filter(queue=group).values_list("capacity", flat=True)) == before


def test_only_the_manager_of_the_hall_and_the_system_administrator_set_queues_up(hall):
    for name in ("lina", "zhaomin"):
        with pytest.raises(Refused) as found:
            save_queue(actor=hall.demo.actor(name), place=hall.place, queue=QUEUE, at=hall.at)
        assert found.value.kind == "forbidden"
    save_queue(actor=hall.demo.actor("shilei"), place=hall.place, queue=QUEUE, at=hall.at)
    assert hall.setting().active


def test_while_the_halls_node_keeps_the_day_windows_follow_later_and_nothing_is_retired(hall):
    hall.save()
    node = Device.objects.create(place_id=hall.place, kind="node", name="一楼大厅节点", made_at=hall.at)
    hall.open()
    HallDay.objects.filter(place=hall.place, day=local_date(hall.at)).update(keeper=node)
    hall.save(QUEUE, letter="L", items=(DOG,))
    assert hall.desk() == "ABK"  # what its window serves the node knows better
    assert refused(hall.retire) == ["LENT"]


def test_a_hall_of_its_own_gets_a_queue_for_each_kind_of_window_and_serves(hall):
    hall.none()
    count = start_queues(actor=hall.mali, place=hall.place, at=hall.at)
    rows = queue_settings(hall.mali, hall.place)
    assert [one.data.letter for one in rows] == list("ABCDEF")
    assert len(rows) == count
    assert refused(start_queues, actor=hall.mali, place=hall.place, at=hall.at) == ["HAS_QUEUES"]
    hall.queues = {one.data.letter: one.id for one in rows}
    hall.open()
    taken = hall.take(queue=None, items=[DOG])
    assert hall.serve() == taken.number == "A001"
    close_desk(actor=hall.clerk, at=hall.at)
    assert Ticket.objects.get().state == "DONE"


def test_specialised_windows_get_a_queue_for_each_scope_and_none_twice(hall):
    one = network.list_windows(hall.place)[0]

    def window(number, departments, items=()):
        return replace(one, number=number, kind=WindowKind.SPECIAL, departments=departments, items=items)

    made = standard_queues(
        [window("1", ("SCJG",)), window("2", ("SCJG",)), window("3", ("SCJG", "BDC")), window("4", ("BDC",))]
    )
    assert [(q.letter, q.windows, q.departments) for q in made] == [
        ("G", ("1", "2"), ("SCJG",)),
        ("H", ("3",), ("BDC",)),
    ]


def test_a_district_gives_all_its_halls_queues_with_one_command(hall):
    hall.none()

    def run(*codes):
        out = StringIO()
        with fixed(hall.at):
            call_command("start_queues", *codes, stdout=out)
        return out.getvalue()

    assert "LH " in run()
    assert "every hall" in run()
    for wrong in ("LH", "NOWHERE"):
        with pytest.raises(CommandError):
            run(wrong)
