"""延期: one asks with reasons, another approves or declines; the clock moves on approval only, and the applicant is told."""

from datetime import date, timedelta

import pytest
from tests.cases.test_hearing import Hall

from yichuang.cases import queries
from yichuang.cases.commands.extend import ask_extension, decline_extension, extend_case
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.models import ExtensionRequest
from yichuang.cases.states import Act
from yichuang.cases.values import DocumentKind
from yichuang.core import ledger
from yichuang.notices.queries import list_inbox

ASK = {"days": 3, "reason": "需核实住所"}
LEGAL = "法定办结时限"


@pytest.fixture
def hall(demo):
    return Hall(demo)


def legal_day(hall, demo):
    clock = queries.clock_of(demo.actor("wangqiang"), hall.number, at=hall.at)
    return next(row.due_date for row in clock.deadlines if row.name.zh == LEGAL)


def test_it_is_asked_by_one_and_approved_by_another_and_only_then_the_clock_moves(hall, demo):
    wang, lin, zhang = (demo.actor(name) for name in ("wangqiang", "linfang", "zhangxiao"))
    assert hall.no(extend_case, "linfang") == ["NO_EXTENSION_ASKED"]
    assert hall.no(ask_extension, days=11, reason=" ") == ["REASON_NEEDED", "EXTENSION_TOO_LONG"]
    before = legal_day(hall, demo)
    hall.act(ask_extension, **ASK)
    assert legal_day(hall, demo) == before == date(2026, 12, 8)
    assert hall.no(ask_extension, **ASK) == ["EXTENSION_ASKED"]
    ((work,), (own,)) = (queries.waiting_extensions(who, at=hall.at) for who in (lin, wang))
    assert (work.number, work.to_answer, own.to_answer) == (hall.number, True, False)
    may = {who.name: set(queries.get_case_for(who, hall.number, at=hall.at).acts) for who in (wang, lin)}
    assert Act.EXTEND in may["林芳"]
    assert not may["王强"] & {Act.ASK_EXTENSION, Act.EXTEND, Act.DECLINE_EXTENSION}
    assert "case_extended" not in {row.template for row in list_inbox(zhang.id)}
    hall.at += timedelta(hours=1)
    hall.act(extend_case, "linfang")
    assert legal_day(hall, demo) == date(2026, 12, 11)
    assert "case_extended" in {row.template for row in list_inbox(zhang.id)}
    assert hall.no(extend_case, "linfang") == ["NO_EXTENSION_ASKED"], "pressed twice"
    assert hall.no(ask_extension, **ASK) == ["EXTENDED_ALREADY"]
    page = queries.get_case_for(zhang, hall.number, at=hall.at)
    assert [row.act for row in page.timeline][-2:] == ["ask-extension", "extend"]
    assert DocumentKind.EXTENSION in {row.kind for row in page.documents}
    assert not queries.waiting_extensions(lin, at=hall.at)
    assert ledger.verify_ledger([]) == []
    ExtensionRequest.objects.update(asked_name="别人")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_nobody_approves_their_own_and_only_who_decides_items_like_this_one(hall):
    hall.act(ask_extension, "linfang", **ASK)  # who may decide asks: somebody else answers
    assert hall.no(extend_case, "linfang") == ["EXTENSION_BY_ANOTHER"]
    assert hall.no(decline_extension, "linfang", reason="不") == ["EXTENSION_BY_ANOTHER"]
    assert hall.no(extend_case, "wangqiang") == ["NOT_ALLOWED"]
    hall.act(extend_case, "chengang")  # the chief representative


def test_a_declined_request_leaves_the_clock_and_says_why_and_another_may_follow(hall, demo):
    before = legal_day(hall, demo)
    hall.act(ask_extension, **ASK)
    assert hall.no(decline_extension, "linfang", reason="") == ["REASON_NEEDED"]
    hall.act(decline_extension, "linfang", reason="材料已齐，时间足够")
    assert legal_day(hall, demo) == before
    hall.act(ask_extension, **ASK)
    rows = queries.extensions_of(hall.id)
    assert [(row.stage, row.note) for row in rows] == [("declined", "材料已齐，时间足够"), ("asked", "")]
    assert ledger.verify_ledger([]) == []


def test_asked_in_time_and_approved_too_late_is_too_late(hall):
    hall.act(ask_extension, **ASK)
    hall.at += timedelta(days=15)
    assert hall.no(extend_case, "linfang") == ["EXTENSION_TOO_LATE"]
    hall.act(decline_extension, "linfang", reason="已超期")
    assert hall.no(ask_extension, **ASK) == ["EXTENSION_TOO_LATE"]


def test_while_the_clock_stands_still_no_extension_is_approved(hall, demo):
    hall.act(ask_extension, **ASK)
    hall.act(suspend_case, ground="testing", days=3, reason="送检")
    assert hall.no(extend_case, "linfang") == ["NOT_IN_THIS_STATE"]
    assert not queries.waiting_extensions(demo.actor("linfang"), at=hall.at)
