"""转办、加签、退回补查 on a case: who may, with which reasons, and what the record and the others' pages say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.hands import (
    answer_countersign,
    ask_countersign,
    delegate_review,
    send_back_review,
    take_back_review,
    withdraw_countersign,
)
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.core.refusals import NotFound, Refused
from yichuang.engine.queries import tasks_of


class Desk:
    """An accepted case and its tasks; each act reads the version anew, as a page does."""

    def __init__(self, demo):
        self.demo, self.at = demo, demo.at
        receipt = demo.file(demo.actor("zhangxiao"))
        self.id, self.number = receipt.case_id, receipt.number
        self.version = accept_case(
            actor=demo.actor("lina"), number=self.number, version=1, findings={}, at=demo.at
        ).version

    def task(self, post, /):
        return next(t for t in tasks_of(("case", self.id)) if t.post == post and t.state in {"open", "claimed"})

    def do(self, command, who, seat, /, **more):
        self.at += timedelta(minutes=1)
        head = command(actor=self.demo.actor(who), task=self.task(seat).id, version=self.version, at=self.at, **more)
        self.version = head.version
        return head

    def refused(self, command, who, seat, /, **more):
        with pytest.raises(Refused) as refused:
            self.do(command, who, seat, **more)
        return [(reason.code, reason.field) for reason in refused.value.reasons]


@pytest.fixture
def desk(demo):
    return Desk(demo)


STREET, DECIDE, ASKED = "CGZF.street_review", "CGZF.decide", "SCJG.review"


def test_a_task_goes_to_a_colleague_of_the_post_and_back(desk, demo):
    he, lin = demo.actor("hejing"), demo.actor("linfang")
    desk.do(claim_review, "wangqiang", STREET)
    assert desk.refused(delegate_review, "wangqiang", STREET, to=lin.id, reason=" ") == [
        ("REASON_NEEDED", "/reason"),
        ("NOT_A_COLLEAGUE", "/to"),
    ]
    assert [
        one.name for one in queries.task_for(demo.actor("wangqiang"), desk.task(STREET).id, at=desk.at)[1].colleagues
    ] == ["何静"]
    desk.do(delegate_review, "wangqiang", STREET, to=he.id, reason="出差三天")
    assert desk.refused(complete_review, "wangqiang", STREET, outcome="agree", opinion="") == [("CLAIMED", None)]
    desk.do(take_back_review, "wangqiang", STREET)
    desk.do(delegate_review, "wangqiang", STREET, to=he.id, reason="回避")
    desk.do(complete_review, "hejing", STREET, outcome="agree", opinion="同意")
    rows = [row.words.zh for row in queries.timeline(lin, desk.number)]
    assert rows[-4:] == ["把审查任务转办给同事", "收回转办的审查任务", "把审查任务转办给同事", "完成审查"]


def test_another_post_is_asked_sees_the_case_and_must_answer_first(desk, demo):
    luo = demo.actor("luobin")
    with pytest.raises(NotFound):
        queries.get_case_for(luo, desk.number, at=desk.at)
    desk.do(claim_review, "wangqiang", STREET)
    assert desk.refused(ask_countersign, "wangqiang", STREET, post="NO.where", question="") == [
        ("REASON_NEEDED", "/question"),
        ("UNKNOWN_POST", "/post"),
    ]
    assert desk.refused(ask_countersign, "wangqiang", STREET, post=STREET, question="?") == [("OWN_POST", "/post")]
    desk.do(ask_countersign, "wangqiang", STREET, post=ASKED, question="该单位是否在营？")
    assert [row.case.number for row in queries.list_tasks(luo, at=desk.at).items] == [desk.number]
    assert queries.get_case_for(luo, desk.number, at=desk.at).number == desk.number
    assert desk.refused(complete_review, "wangqiang", STREET, outcome="agree", opinion="") == [
        ("COUNTERSIGN_OPEN", None)
    ]
    desk.do(claim_review, "luobin", ASKED)
    assert desk.refused(complete_review, "luobin", ASKED, outcome="agree", opinion="x") == [("USE_ANSWER", None)]
    assert desk.refused(answer_countersign, "luobin", ASKED, outcome="", opinion="") == [
        ("OUTCOME_UNKNOWN", "/outcome"),
        ("OPINION_NEEDED", "/opinion"),
    ]
    desk.do(answer_countersign, "luobin", ASKED, outcome="agree", opinion="在营，无异常")
    desk.do(ask_countersign, "wangqiang", STREET, post="WJJ.review", question="?")
    question = desk.task("WJJ.review").id
    with pytest.raises(NotFound):
        desk.do(withdraw_countersign, "wangqiang", STREET, question=desk.task(STREET).id)
    asked = replace(luo, posts=frozenset({"WJJ.review"}), grants=frozenset())
    assert queries.get_case_for(asked, desk.number, at=desk.at).number == desk.number
    desk.do(withdraw_countersign, "wangqiang", STREET, question=question)
    with pytest.raises(NotFound):
        queries.get_case_for(asked, desk.number, at=desk.at)
    assert queries.get_case_for(luo, desk.number, at=desk.at).number == desk.number, "who answered may look it up"
    desk.do(complete_review, "wangqiang", STREET, outcome="agree", opinion="")
    assert desk.task(DECIDE).act == "decide"


def test_the_decider_sends_the_work_back_and_it_is_done_again(desk, demo):
    lin = demo.actor("linfang")
    due = queries.get_case_for(lin, desk.number, at=desk.at).due_at
    desk.do(claim_review, "wangqiang", STREET)
    desk.do(complete_review, "wangqiang", STREET, outcome="agree", opinion="")
    _, hands, _, _ = queries.task_for(lin, desk.task(DECIDE).id, at=desk.at)
    assert [node for node, _ in hands.steps_back] == ["street_review"]
    assert desk.refused(send_back_review, "linfang", DECIDE, to="street_review", reason="") == [
        ("REASON_NEEDED", "/reason")
    ]
    assert desk.refused(send_back_review, "linfang", DECIDE, to="site_check", reason="?") == [("NO_WAY_BACK", "/to")]
    desk.do(send_back_review, "linfang", DECIDE, to="street_review", reason="照片与犬只不符，请补查")
    with pytest.raises(Refused):
        decide_case(actor=lin, number=desk.number, version=desk.version, outcome="grant", reasons="", at=desk.at)
    desk.do(claim_review, "hejing", STREET)
    desk.do(complete_review, "hejing", STREET, outcome="agree", opinion="已补查")
    page = queries.get_case_for(lin, desk.number, at=desk.at)
    assert page.due_at == due, "the clock runs on"
    head = decide_case(actor=lin, number=desk.number, version=desk.version, outcome="grant", reasons="", at=desk.at)
    assert head.state.value in {"GRANTED", "READY"}


def test_strangers_find_neither_task_nor_choices(desk, demo):
    task = desk.task(STREET).id
    for who in ("luobin", "zhangxiao", "lina"):
        with pytest.raises(NotFound):
            queries.task_for(demo.actor(who), task, at=desk.at)
        with pytest.raises(NotFound):
            desk.do(take_back_review, who, STREET)
