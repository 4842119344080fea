"""便民物品: never lent more than there are, back or lost once, who had it is forgotten, who is late is written to once."""

from datetime import timedelta
from functools import partial

import pytest

from yichuang.core import ledger
from yichuang.core.ledger import Subject
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.notices.models import Message
from yichuang.visits.commands.loans import end_loan, lend, remind_loans, set_loan_item
from yichuang.visits.models import Loan, LoanItem
from yichuang.visits.queries import loan_desk


class Lending:
    """The hall of 李娜 with two wheelchairs, lent for an hour."""

    def __init__(self, demo):
        self.demo, self.at = demo, demo.at
        self.li, self.mali = demo.actor("lina"), demo.actor("mali")
        self.place = self.li.place
        LoanItem.objects.filter(place=self.place).delete()
        self.item = self.set(owned=2)

    def set(self, actor=None, **more):
        given = {"name": W("轮椅", "Wheelchair"), "owned": 2, "minutes": 60, **more}
        return set_loan_item(actor=actor or self.mali, place=self.place, at=self.at, **given)

    def lend(self, key="a", actor=None, name="买买提·阿卜杜热合曼", mobile="13800000001"):
        given = {"place": self.place, "item": self.item, "name": name, "mobile": mobile, "key": key, "at": self.at}
        return lend(actor=actor or self.li, **given)

    def end(self, loan, actor=None, **more):
        end_loan(actor=actor or self.li, place=self.place, loan=loan, at=self.at, **more)

    def desk(self):
        return loan_desk(self.li, self.place, at=self.at)


@pytest.fixture
def hall(demo):
    return Lending(demo)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_pressed_twice_it_is_lent_once_and_the_last_one_is_the_last(hall):
    assert hall.lend() == hall.lend()
    hall.lend("b")
    with pytest.raises(Refused) as refused:
        hall.lend("c", name=" ", mobile="12")
    assert codes(refused)[:2] == ["NONE_LEFT", "LOAN_WHO"]
    assert len(codes(refused)) == 3
    [item] = hall.desk().items
    assert (item.owned, item.out, item.here) == (2, 2, 0)


def test_when_it_is_back_who_had_it_is_forgotten_and_twice_is_once(hall):
    loan = hall.lend()
    for _ in "twice":
        hall.end(loan)
    row = Loan.objects.get()
    assert (row.name, row.mobile, row.name_masked, row.end) == ("", "", "", "back")
    assert hall.desk().items[0].here == 2
    told = str([entry.detail for entry in ledger.list_entries(Subject("loan", loan))])
    assert "买买提" not in told
    assert "13800000001" not in told


def test_what_is_lost_the_hall_has_no_more(hall):
    hall.end(hall.lend(), lost=True)
    desk = hall.desk()
    assert (desk.items[0].owned, desk.items[0].out) == (1, 0)
    assert [(one.lent, one.late, one.lost) for one in desk.figures] == [(1, 0, 1)]


def test_who_is_late_is_written_to_once_and_stands_on_top(hall):
    late = hall.lend()
    hall.at += timedelta(minutes=30)
    hall.lend("b")
    assert remind_loans(at=hall.at) == 0
    hall.at += timedelta(minutes=30)
    assert [remind_loans(at=hall.at) for _ in "12"] == [1, 0]
    assert "轮椅" in Message.objects.get(template="loan_due").body
    hall.at += timedelta(minutes=1)
    rows = hall.desk().out
    assert [(row.id, row.overdue) for row in rows] == [(late, True), (rows[1].id, False)]
    assert rows[0].name_masked.startswith("买")
    assert "阿卜杜" not in rows[0].name_masked
    assert hall.desk().figures[0].late == 1


def test_the_manager_sets_what_is_lent_and_never_fewer_than_are_out(hall):
    hall.lend()
    with pytest.raises(Refused) as refused:
        hall.set(item=hall.item, owned=0, minutes=5, name=W("", ""))
    assert codes(refused) == ["LOAN_NAME", "LOAN_OWNED", "LOAN_MINUTES"]
    with pytest.raises(Refused) as refused:
        hall.set()
    assert codes(refused) == ["LOAN_NAME_TAKEN"]
    hall.set(item=hall.item, owned=1)
    assert hall.desk().items[0].here == 0


def test_only_staff_of_the_hall_lend_and_only_its_manager_sets(hall):
    loan = hall.lend()
    for name in ("zhaomin", "wangqiang", "zhangxiao", "moshengren"):
        other = hall.demo.actor(name)
        acts = (
            partial(hall.lend, "x", actor=other),
            partial(hall.end, loan, actor=other),
            partial(loan_desk, other, hall.place, at=hall.at),
        )
        for act in acts:
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.kind == "forbidden"
    with pytest.raises(Refused) as refused:
        hall.set(actor=hall.li, item=hall.item)
    assert codes(refused) == ["NOT_THE_MANAGER"]
    zhao = hall.demo.actor("zhaomin")
    with pytest.raises(NotFound):
        end_loan(actor=zhao, place=zhao.place, loan=loan, at=hall.at)


def test_what_came_back_is_not_lost_afterwards_and_one_page_lends_one_thing(hall):
    loan = hall.lend()
    hall.end(loan)
    with pytest.raises(Refused) as refused:
        hall.end(loan, lost=True)
    assert codes(refused) == ["LOAN_ENDED"]
    assert LoanItem.objects.get(id=hall.item).owned == 2
    other = hall.set(name=W("雨伞", "Umbrella"))
    hall.item = other
    with pytest.raises(Refused) as refused:
        hall.lend()  # the key of before
    assert codes(refused) == ["KEY_REUSED"]


def test_nobody_is_written_to_at_night(hall):
    hall.lend()
    hall.at = hall.at.replace(hour=14)  # 22:00 in the hall
    assert remind_loans(at=hall.at) == 0
    assert remind_loans(at=hall.at + timedelta(hours=10)) == 1
