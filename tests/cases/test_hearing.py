"""利害关系人告知与听证: told, heard, asked for in five days, called seven days ahead, held with a record; then the decision."""

from datetime import date, timedelta

import pytest
from tests.cases.test_hands import STREET, Desk

from yichuang.cases import queries
from yichuang.cases.commands.answer_notice import open_notice
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.hearing import (
    call_hearing,
    close_hearing,
    hold_hearing,
    postpone_hearing,
    record_statement,
    tell_interested,
)
from yichuang.cases.commands.review import claim_review, complete_review
from yichuang.cases.commands.serve_notice import record_service
from yichuang.cases.commands.special import resume_case
from yichuang.cases.models import Hearing
from yichuang.cases.rules import hearing as rules
from yichuang.cases.values import DocumentKind, Light
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.issuing.commands import render_document
from yichuang.network.queries import working_calendar
from yichuang.notices.queries import list_inbox

NEIGHBOUR = ("邻居王某", "13800000000")
TOLD = {"matter": "犬舍与相邻住户共用出入口。", "parties": [NEIGHBOUR]}


class Hall(Desk):
    def serve(self, nth=1, **more):
        """One of those told gets the paper that is to be served, today, in person (0: the applicant)."""
        told = queries.hearings_of(self.id, at=self.at)[-1].told[nth]
        given = {"on": self.at.date(), "how": "in_person", "refused": False, "note": "", **more}
        return self.act(record_service, party=told.id, **given)

    def opens(self, who="zhangxiao", nth=0):
        """One of those told opens the notice signed in, and is served by it."""
        self.demo.agrees(who)
        told = queries.hearings_of(self.id, at=self.at)[-1].told[nth]
        self.version += open_notice(actor=self.demo.actor(who), party=told.id, at=self.at)

    def act(self, command, who="wangqiang", /, **more):
        head = command(actor=self.demo.actor(who), number=self.number, version=self.version, at=self.at, **more)
        self.version = head.version
        return head

    def no(self, command, who="wangqiang", /, **more):
        with pytest.raises(Refused) as refused:
            self.act(command, who, **more)
        return [reason.code for reason in refused.value.reasons]


@pytest.fixture
def hall(demo):
    hall = Hall(demo)
    hall.do(claim_review, "wangqiang", STREET)
    hall.do(complete_review, "wangqiang", STREET, outcome="agree", opinion="")
    return hall


GRANT = {"outcome": "grant", "reasons": ""}


def test_a_hearing_from_the_notice_to_the_decision(hall, demo):
    lin, he = demo.actor("linfang"), demo.actor("hejing")
    assert hall.no(tell_interested, matter=" ", parties=[("", "")]) == ["MATTER_NEEDED", "PARTY_NEEDED"]
    hall.act(tell_interested, **TOLD)
    hall.serve()
    hall.opens()
    assert hall.no(tell_interested, **TOLD) == ["TOLD_ALREADY"]
    assert hall.no(decide_case, "linfang", **GRANT) == ["HEARING_OPEN"]
    assert hall.no(record_statement, who="", words="", asks=False) == ["WHO_NEEDED", "WORDS_NEEDED"]
    hall.at += timedelta(days=1)
    hall.act(record_statement, who="邻居王某", words="影响通行，要求听证。", asks=True)
    where = {"place": "区政务中心 301", "chair": he.id}
    assert hall.no(call_hearing, day=date(2026, 12, 3), place="", chair=demo.actor("wangqiang").id) == [
        "TOO_SOON",
        "PLACE_NEEDED",
        "CHAIR_WRONG",
    ]
    assert [one.name for one in queries.possible_chairs(hall.id, at=hall.at)] == ["何静", "林芳"]
    head = hall.act(call_hearing, day=date(2026, 12, 4), **where)
    assert head.state.value == "SUSPENDED"
    assert queries.get_case_for(lin, hall.number, at=hall.at).light is Light.STOPPED
    assert hall.no(resume_case) == ["HEARING_CALLED"]
    hall.serve()
    hall.opens()
    said = {"present": "申请人、邻居王某", "record": "各方陈述了意见。", "signed": False, "note": ""}
    assert hall.no(hold_hearing, **said) == ["NOT_HELD_YET", "NOTE_NEEDED"]
    hall.at += timedelta(days=9)
    head = hall.act(hold_hearing, **{**said, "note": "邻居拒绝签字"})
    assert head.state.value == "IN_REVIEW"
    papers = [row for row in queries.documents(lin, hall.number) if "hear" in row.kind or "interested" in row.kind]
    assert [row.kind for row in papers] == [
        DocumentKind.INTERESTED_NOTICE,
        DocumentKind.REVIEW_HEARING,
        DocumentKind.REVIEW_HEARING_RECORD,
    ]
    assert all(render_document(row.id).startswith(b"%PDF") for row in papers)
    assert ledger.verify_ledger([]) == []
    Hearing.objects.update(chair_name="别人")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}
    hall.act(decide_case, "linfang", **GRANT)


def test_who_does_not_ask_in_five_working_days_has_no_hearing_and_the_decision_is_free(hall, demo):
    hall.act(tell_interested, **TOLD)
    hall.serve()
    hall.opens()
    assert hall.no(call_hearing, day=date(2026, 12, 4), place="x", chair=None) == ["NO_HEARING"]
    hall.at += timedelta(days=8)  # 2 December: the last day was the first
    assert hall.no(record_statement, who="邻居", words="要求听证", asks=True) == ["TOO_LATE_TO_ASK"]
    hall.act(record_statement, who="邻居", words="我不同意", asks=False)
    hall.act(tell_interested, **{**TOLD, "parties": [("后来找到的邻居", "13800000001")]})
    hall.serve()
    hall.opens()
    assert [row.stage for row in queries.hearings_of(hall.id, at=hall.at)] == ["closed", "told"]
    assert hall.no(tell_interested, **TOLD) == ["TOLD_ALREADY"]
    assert hall.no(decide_case, "linfang", **GRANT) == ["HEARING_OPEN"]
    assert ledger.verify_ledger([]) == []
    hall.at += timedelta(days=9)
    hall.act(decide_case, "linfang", **GRANT)


@pytest.fixture
def called(hall, demo):
    hall.act(tell_interested, **TOLD)
    hall.act(record_statement, who="邻居王某", words="要求听证。", asks=True)
    hall.act(call_hearing, day=date(2026, 12, 3), place="301", chair=demo.actor("hejing").id)
    return hall


def test_a_called_hearing_moves_by_a_new_notice_seven_working_days_ahead_again(called, demo):
    new = {"place": "302", "chair": demo.actor("linfang").id}
    called.at += timedelta(days=3)
    assert called.no(postpone_hearing, day=date(2026, 12, 7), reason=" ", **new) == ["TOO_SOON", "REASON_NEEDED"]
    assert called.no(postpone_hearing, day=date(2026, 12, 30), reason="?", **new) == ["TOO_FAR"]
    head = called.act(postpone_hearing, day=date(2026, 12, 8), reason="主持人生病", **new)
    assert head.state.value == "SUSPENDED"
    row = Hearing.objects.get()
    assert (row.stage, row.held_on, row.place, row.chair_name) == ("called", date(2026, 12, 8), "302", "林芳")
    papers = [row.kind for row in queries.documents(demo.actor("linfang"), called.number)]
    assert papers.count(DocumentKind.REVIEW_HEARING) == 2
    assert [m.template for m in list_inbox(demo.actor("zhangxiao").id)].count("hearing_set") == 2
    assert ledger.verify_ledger([]) == []


def test_a_request_withdrawn_ends_the_hearing_and_the_clock_runs_on(called, demo):
    assert called.no(close_hearing, ground="no", reason="") == ["REASON_NEEDED", "GROUND_NEEDED"]
    head = called.act(close_hearing, ground="withdrawn", reason="邻居书面撤回")
    assert head.state.value == "IN_REVIEW"
    assert "hearing_off" in {m.template for m in list_inbox(demo.actor("zhangxiao").id)}
    assert [row.stage for row in queries.hearings_of(called.id, at=called.at)] == ["told"]
    assert called.no(hold_hearing, present="x", record="x", signed=True, note="") == ["NO_HEARING"]
    assert ledger.verify_ledger([]) == []
    assert called.no(decide_case, "linfang", **GRANT) == ["HEARING_OPEN"], "the neighbour has not been served yet"
    called.serve()
    called.opens()
    called.at += timedelta(days=8)
    called.act(decide_case, "linfang", **GRANT)


def test_a_hearing_that_the_chair_could_not_hold_has_to_be_called_anew(called, demo):
    assert called.act(close_hearing, ground="not_held", reason="主持人回避").state.value == "IN_REVIEW"
    assert called.no(decide_case, "linfang", **GRANT) == ["HEARING_OPEN"]
    assert called.no(close_hearing, ground="not_held", reason="?") == ["NOT_CALLED"]
    head = called.act(call_hearing, day=date(2026, 12, 4), place="301", chair=demo.actor("linfang").id)
    assert head.state.value == "SUSPENDED"


def test_others_may_not(hall, demo):
    assert hall.no(tell_interested, "lina", **TOLD) == ["NOT_ALLOWED"]
    with pytest.raises(NotFound):
        hall.act(tell_interested, "luobin", **TOLD)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (None, "DAY_NEEDED"), (date(2026, 12, 5), "NO_WORKDAY"), (date(2026, 12, 2), "TOO_SOON"),
        (date(2026, 12, 3), ""), (date(2026, 12, 22), ""), (date(2026, 12, 23), "TOO_FAR"),
    ],
)  # fmt: skip
def test_a_hearing_is_told_seven_days_ahead_and_held_within_twenty(demo, day, code):
    today = date(2026, 11, 24)
    faults = rules.call_faults(day, "301", None, {None}, today, today, working_calendar())
    assert [reason.code for reason in faults] == [code] * bool(code)


@pytest.mark.parametrize(
    ("stage", "may_ask", "bars"),
    [
        ("told", True, True),
        ("told", False, False),
        ("asked", False, True),
        ("called", False, True),
        ("held", True, False),
    ],
)
def test_a_decision_waits_for_the_right_to_be_heard(stage, may_ask, bars):
    assert rules.bars_decision(stage, may_ask=may_ask) is bars
