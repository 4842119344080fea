"""办理流程: applicant and staff see the same steps of the same process, what is done, what is current and what is late."""

from datetime import timedelta

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.core.refusals import NotFound
from yichuang.engine.queries import tasks_of

BUREAU = "罗湖区城市管理和综合执法局"


def way(demo, who, number, **later):
    return queries.way_of(demo.actor(who), number, at=demo.at + timedelta(**later))


def states(page):
    return [(step.name.zh, step.state) for step in page.steps]


@pytest.fixture
def accepted(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt


def reviewed(demo, receipt):
    wang, task = demo.actor("wangqiang"), tasks_of(("case", receipt.case_id))[0].id
    head = claim_review(actor=wang, task=task, version=2, at=demo.at)
    return complete_review(actor=wang, task=task, version=head.version, outcome="agree", opinion="", at=demo.at).version


def test_before_acceptance_all_of_it_lies_ahead(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    page = way(demo, "zhangxiao", receipt.number)
    assert (page.number, page.stands) == (receipt.number, "to_come")
    assert states(page) == [("街道审查", "waiting"), ("犬舍现场核查", "waiting"), ("作出决定", "waiting")]
    assert "is-current" not in page.drawing


def test_applicant_and_staff_see_the_same_step_by_step_with_its_department(demo, accepted):
    page = way(demo, "zhangxiao", accepted.number)
    assert page.stands == "begun"
    assert states(page) == [("街道审查", "current"), ("犬舍现场核查", "waiting"), ("作出决定", "waiting")]
    assert [[office.zh for office in step.offices] for step in page.steps] == [[BUREAU]] * 3
    assert 'class="bpmn-task is-current" aria-current="step"' in page.drawing
    for staff in ("lina", "wangqiang", "linfang"):
        assert way(demo, staff, accepted.number) == page
    reviewed(demo, accepted)
    page = way(demo, "zhangxiao", accepted.number)
    assert states(page) == [("街道审查", "done"), ("作出决定", "current"), ("犬舍现场核查", "skipped")]
    assert page.steps[0].left_at == demo.at


def test_a_step_past_the_last_day_is_late(demo, accepted):
    assert states(way(demo, "zhangxiao", accepted.number, days=20))[0] == ("街道审查", "late")
    assert "办理中，已超期" in way(demo, "zhangxiao", accepted.number, days=20).drawing


def test_after_the_decision_everything_is_done(demo, accepted):
    version = reviewed(demo, accepted)
    boss = demo.actor("linfang")
    decide_case(actor=boss, number=accepted.number, version=version, outcome="grant", reasons="", at=demo.at)
    assert states(way(demo, "zhangxiao", accepted.number))[:2] == [("街道审查", "done"), ("作出决定", "done")]


def test_what_ended_before_it_was_accepted_passed_none_of_it(demo):
    receipt = demo.file(demo.actor("zhangxiao"))
    withdraw_case(actor=demo.actor("zhangxiao"), number=receipt.number, version=1, reason="", at=demo.at)
    page = way(demo, "zhangxiao", receipt.number)
    assert page.stands == "never"
    assert {step.state for step in page.steps} == {"skipped"}


def test_strangers_find_nothing_and_no_name_of_a_person_stands_in_it(demo, accepted):
    with pytest.raises(NotFound):
        way(demo, "moshengren", accepted.number)
    with pytest.raises(NotFound):
        way(demo, "sunli", accepted.number)
    reviewed(demo, accepted)
    assert "王强" not in str(way(demo, "lina", accepted.number))
