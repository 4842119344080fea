"""上岗资格: a number goes to a window whose clerk is qualified for it; nobody waits for what no one on duty has."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.visits.hall import Hall

from yichuang.core.clock import local_date
from yichuang.core.refusals import Refused
from yichuang.notices.models import Message
from yichuang.people.commands import grant_qualification, withdraw_qualification
from yichuang.people.models import Qualification
from yichuang.people.values import Qualified
from yichuang.visits.commands.calling import call_number
from yichuang.visits.commands.desks import close_desk, pause_desk
from yichuang.visits.commands.plan import hand_window_over
from yichuang.visits.commands.qualified import ask_qualification, lift_qualification, tell_unqualified
from yichuang.visits.commands.serving import park, resume, start
from yichuang.visits.models import Call, QualifiedItem
from yichuang.visits.queries import desk_page, hall_load, my_ticket
from yichuang.visits.rules.qualified import BREAK, OnDuty

FOOD, DOG, SHOP = "shipin-jingying-xuke", "yangquan-dengji", "youxian-gongsi-sheli"


class Asking(Hall):
    """The hall where food licences ask for a qualification: 李娜 has it, 周洁 has not."""

    @property
    def mali(self):
        return self.demo.actor("mali")

    @property
    def zhou(self):
        return self.demo.actor("zhoujie")

    def qualify(self, actor, item=FOOD, **more):
        values = {"evidence": "考核 2026-01", **more}
        return grant_qualification(actor=self.mali, place=self.place, staff=actor.id, item=item, at=self.at, **values)

    def want(self, *items, **more):
        return self.take("A", items=items, **more)


@pytest.fixture
def hall(demo):
    hall = Asking.of(demo)
    QualifiedItem.objects.all().delete()
    Qualification.objects.all().delete()
    ask_qualification(actor=demo.actor("wuqian"), item=FOOD, at=hall.at)
    hall.qualify(hall.clerk)
    return hall


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_window_is_routed_only_what_its_clerk_is_qualified_for(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    first, second = hall.want(FOOD), hall.want(DOG)
    assert hall.call(hall.zhou).number == second.number
    assert hall.call().number == first.number
    assert not Call.objects.filter(move="call", helped=True).exists()


def test_who_waited_longer_reads_why_the_next_one_was_called(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    mine, _ = hall.want(FOOD), hall.want(DOG)
    hall.call(hall.zhou)
    page = my_ticket(mine.token, at=hall.at)
    assert page.windows == ("1",)
    assert [one.words.zh for one in page.before] == ["您的事项要有上岗资格的窗口办理，那个窗口先叫了后面的号"]


def test_where_nobody_on_duty_is_qualified_every_window_calls_and_the_call_says_so(hall):
    hall.open(hall.zhou, "2")
    mine = hall.want(FOOD)
    assert my_ticket(mine.token, at=hall.at).windows == ()
    called = hall.call(hall.zhou)
    assert called.number == mine.number
    assert called.helped
    assert Call.objects.get(move="call").helped
    row = desk_page(hall.zhou, hall.place, at=hall.at).present
    assert (row.lacking, row.elsewhere) == ((FOOD,), False)


def test_a_window_that_paused_a_moment_ago_still_counts_and_a_longer_break_does_not(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    hall.want(FOOD)
    pause_desk(actor=hall.clerk, at=hall.at)
    assert hall.call(hall.zhou) is None
    hall.later(BREAK.seconds / 60 + 1)
    assert hall.call(hall.zhou).helped


def test_two_items_need_one_clerk_for_both_and_nobody_starves_between_two(hall):
    ask_qualification(actor=hall.demo.actor("wuqian"), item=SHOP, at=hall.at)
    hall.qualify(hall.zhou, SHOP)
    hall.open()
    hall.open(hall.zhou, "2")
    both = hall.want(FOOD, SHOP)
    assert hall.call(hall.zhou).number == both.number


def test_a_number_of_another_window_is_not_called_by_hand_nor_taken_up(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    mine = hall.want(FOOD)
    with pytest.raises(Refused) as refused:
        call_number(actor=hall.zhou, ticket=mine.ticket, at=hall.at)
    assert codes(refused) == ["NOT_QUALIFIED"]
    assert "窗口 1" in refused.value.reasons[0].words.zh
    hall.call()
    start(actor=hall.clerk, at=hall.at)
    park(actor=hall.clerk, at=hall.at)
    with pytest.raises(Refused) as refused:
        resume(actor=hall.zhou, ticket=mine.ticket, at=hall.at)
    assert codes(refused) == ["NOT_QUALIFIED"]
    close_desk(actor=hall.clerk, at=hall.at)
    resume(actor=hall.zhou, ticket=mine.ticket, at=hall.at)


def test_the_desk_shows_what_waits_for_another_window(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    hall.want(FOOD)
    hall.want(DOG)
    rows = desk_page(hall.zhou, hall.place, at=hall.at).waiting
    assert [(row.lacking, row.elsewhere) for row in rows] == [((FOOD,), True), ((), False)]
    assert not any(row.lacking for row in desk_page(hall.clerk, hall.place, at=hall.at).waiting)


def test_the_manager_may_hand_a_window_over_to_who_is_not_qualified(hall):
    hall.open()
    hall.want(FOOD)
    hall.call()
    hand_window_over(actor=hall.mali, place=hall.place, window="1", staff=hall.zhou.id, at=hall.at)
    assert Call.objects.filter(move="call").order_by("seq").last().helped


def test_the_manager_is_told_once_a_day_and_sees_who_could_be_seated(hall):
    hall.want(FOOD)
    hall.open(hall.zhou, "2")
    [gap] = hall_load(hall.mali, hall.place, at=hall.at).unqualified
    assert (gap.item, gap.waiting, gap.could) == (FOOD, 1, ("李娜",))
    assert tell_unqualified(at=hall.at) == 1
    tell_unqualified(at=hall.at)
    [message] = Message.objects.filter(template="hall_unqualified")
    assert message.party == hall.mali.id
    hall.open()
    assert tell_unqualified(at=hall.at) == 0
    assert hall_load(hall.mali, hall.place, at=hall.at).unqualified == ()


def test_a_department_and_everything_cover_the_item_and_an_ended_or_withdrawn_one_does_not(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    yesterday = local_date(hall.at) - timedelta(days=1)
    ended = {"valid_from": yesterday - timedelta(days=9), "valid_to": yesterday}
    hall.qualify(hall.zhou, "", **ended)
    hall.want(FOOD)
    assert hall.call(hall.zhou) is None
    whole = hall.qualify(hall.zhou, "", department="SCJG")
    assert hall.call(hall.zhou) is not None
    withdraw_qualification(actor=hall.mali, place=hall.place, qualification=whole, reason="换证", at=hall.at)
    withdraw_qualification(actor=hall.mali, place=hall.place, qualification=whole, reason="", at=hall.at)
    assert desk_page(hall.zhou, hall.place, at=hall.at).present.lacking == (FOOD,)


def test_when_it_is_lifted_every_window_calls_it(hall):
    hall.open()
    hall.open(hall.zhou, "2")
    hall.want(FOOD)
    for _ in "twice":
        lift_qualification(actor=hall.demo.actor("wuqian"), item=FOOD, at=hall.at)
    called = hall.call(hall.zhou)
    assert called is not None
    assert not called.helped


def test_all_that_is_wrong_with_a_qualification_is_said_at_once(hall):
    day = local_date(hall.at)
    with pytest.raises(Refused) as refused:
        hall.qualify(
            hall.clerk, FOOD, department="SCJG", evidence=" ", valid_from=day, valid_to=day - timedelta(days=1)
        )
    assert codes(refused) == ["QUALIFIED_TWICE", "EVIDENCE_MISSING", "ENDS_BEFORE_START"]
    with pytest.raises(Refused) as refused:
        hall.qualify(hall.clerk)
    assert codes(refused) == ["QUALIFICATION_HELD"]
    with pytest.raises(Refused) as refused:
        ask_qualification(actor=hall.demo.actor("wuqian"), item="no-such-item", at=hall.at)
    assert codes(refused) == ["ITEM_UNKNOWN"]


def test_only_the_manager_of_the_hall_qualifies_its_clerks_and_only_editors_say_what_asks_for_it(hall):
    others = ("lina", "zhaomin", "wangqiang", "zhangxiao", "moshengren", "wuqian")
    for name in others:
        with pytest.raises(Refused) as refused:
            grant_qualification(
                actor=hall.demo.actor(name),
                place=hall.place,
                staff=hall.zhou.id,
                item=FOOD,
                evidence="考核",
                at=hall.at,
            )
        assert refused.value.kind == "forbidden"
    for name in ("lina", "mali", "zhangxiao", "moshengren"):
        with pytest.raises(Refused) as refused:
            ask_qualification(actor=hall.demo.actor(name), item=DOG, at=hall.at)
        assert refused.value.kind == "forbidden"
    manager = replace(hall.mali, id=hall.zhou.id)
    with pytest.raises(Refused) as refused:
        grant_qualification(actor=manager, place=hall.place, staff=hall.zhou.id, item=DOG, evidence="考核", at=hall.at)
    assert codes(refused) == ["QUALIFIED_BY_ONESELF"]


def test_the_manager_qualifies_nobody_of_another_hall(hall):
    with pytest.raises(Refused) as refused:
        grant_qualification(
            actor=hall.mali,
            place=hall.place,
            staff=hall.demo.actor("zhaomin").id,
            item=FOOD,
            evidence="考核",
            at=hall.at,
        )
    assert refused.value.kind == "missing"


ITEMS = ["a", "b", "c"]
STAFF = [uuid4() for _ in range(3)]
QUEUE = uuid4()


@given(
    st.sets(st.sampled_from(ITEMS)),
    st.lists(st.sets(st.sampled_from(ITEMS)), min_size=3, max_size=3),
    st.sets(st.sampled_from(STAFF), min_size=1),
    st.sets(st.sampled_from(ITEMS)),
)
def test_whoever_is_on_duty_somebody_may_call_each_number_and_nobody_before_the_qualified(asking, held, there, items):
    holds = {staff: Qualified(frozenset(one)) for staff, one in zip(STAFF, held, strict=True)}
    duty = OnDuty(frozenset(asking), {}, holds, {QUEUE: frozenset(there)})
    may = {staff for staff in there if duty.may_call(staff, QUEUE, items)}
    fit = {staff for staff in there if asking & items <= holds[staff].items}
    assert may == (fit or there)
