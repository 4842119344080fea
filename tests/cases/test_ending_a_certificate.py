"""撤销, 撤回, 吊销, 注销: on which ground, told, answered, heard, decided by another; and what the register says then."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from yichuang.cases.aftermath import GROUNDS, MOVES, OPEN_STAGES, STATUS, EndAct, Move, Stage, Taken
from yichuang.cases.commands import proceedings as acts
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.models import Case
from yichuang.cases.queries import certificate_page, documents, find_certificates, timeline
from yichuang.cases.rules import ending
from yichuang.core import ledger
from yichuang.core.clock import local_date
from yichuang.core.ledger import Subject
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.core.workdays import Calendar
from yichuang.notices.queries import list_inbox
from yichuang.registry.queries import certificate_of_subject, get_certificate
from yichuang.registry.values import Status

CALENDAR = Calendar(
    {date(2026, 11, 24) + timedelta(n): (n + 1) % 7 not in {4, 5} for n in range(60)}, frozenset({2026, 2027})
)
TUESDAY = date(2026, 11, 24)


# ── the rules ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_act_has_a_ground_a_status_and_a_paper_and_each_ground_its_article():
    assert {ground.act for ground in GROUNDS.values()} == set(EndAct) == set(STATUS)
    assert len(set(STATUS.values())) == len(STATUS), "the four ends are told apart"
    assert all("《行政许可法》第" in ground.article for ground in GROUNDS.values())


def test_every_running_stage_leads_to_an_end_and_no_end_leads_on():
    assert {origin for origin, _ in MOVES} == OPEN_STAGES
    assert all(Move.DROP in {move for origin, move in MOVES if origin is stage} for stage in OPEN_STAGES)


def test_grounds_fit_what_the_certificate_is_worth():
    assert "expired" not in ending.grounds_for("valid")
    assert set(ending.grounds_for("expired")) == {k for k, g in GROUNDS.items() if g.act is EndAct.REVOKE} | {"expired"}
    for over in ("revoked", "withdrawn", "forfeited", "cancelled", "replaced"):
        assert not ending.grounds_for(over)
        assert [r.code for r in ending.judge_ground("fraud", over)] == ["NOT_IN_FORCE"]
    assert [r.code for r in ending.judge_ground("expired", "valid")] == ["GROUND_UNFIT"]
    assert [r.code for r in ending.judge_ground("whim", "valid")] == ["GROUND_UNKNOWN"]


def test_five_working_days_to_answer_and_no_decision_before_they_are_over():
    last = ending.last_day_to_answer(TUESDAY, CALENDAR)
    assert last == date(2026, 12, 1)

    def codes(stage: Stage, today: date, *, same: bool = False) -> list[str]:
        found = ending.why_not_decide(stage, today=today, answer_until=last, opened_by_decider=same)
        return [reason.code for reason in found]

    assert codes(Stage.TOLD, last) == ["STILL_TIME"]
    assert codes(Stage.TOLD, last + timedelta(1)) == []
    assert codes(Stage.HEARING, last + timedelta(30)) == ["HEARING_FIRST"]
    assert codes(Stage.READY, TUESDAY) == []
    assert codes(Stage.READY, TUESDAY, same=True) == ["NOT_WHO_OPENED"]
    assert not ending.why_not_answer(last, last, Stage.TOLD)
    assert ending.why_not_answer(last + timedelta(1), last, Stage.TOLD)
    assert not ending.why_not_answer(last + timedelta(1), last, Stage.HEARING)


def test_a_hearing_is_announced_seven_working_days_ahead_on_a_working_day():
    def codes(day: date) -> list[str]:
        return [r.code for r in ending.judge_hearing_day(day, today=TUESDAY, calendar=CALENDAR)]

    assert codes(date(2026, 12, 2)) == ["TOO_SOON"]
    assert codes(date(2026, 12, 3)) == []  # the seventh working day
    assert codes(date(2026, 12, 5)) == ["NOT_A_WORKING_DAY"]


# ── a certificate and its organ ───────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def granted(demo: Any) -> SimpleNamespace:
    """张晓's dog licence, the organ's two people, a stranger."""
    zhang, li, wang, lin = (demo.actor(name) for name in ("zhangxiao", "lina", "wangqiang", "linfang"))
    receipt = demo.file(zhang)
    head = accept_case(actor=li, number=receipt.number, version=1, findings={}, at=demo.at)
    decide_case(
        actor=demo.actor("chengang"),
        number=receipt.number,
        version=head.version,
        outcome="grant",
        reasons="",
        at=demo.at,
    )
    certificate = certificate_of_subject("case", receipt.case_id)
    assert certificate is not None
    return SimpleNamespace(
        at=demo.at, id=certificate.id, number=receipt.number, zhang=zhang, wang=wang, lin=lin,
        stranger=demo.actor("moshengren"), other=demo.actor("sunli"), supervisor=demo.actor("huanghai"),
    )  # fmt: skip


def opened(on: SimpleNamespace, ground: str = "fraud", **more: Any) -> Any:
    given = {"actor": on.wang, "certificate": on.id, "ground": ground, "facts": "免疫证明系伪造。", "at": on.at, **more}
    return acts.open_proceeding(**given)


def now_at(on: SimpleNamespace, actor: Any, at: datetime | None = None) -> Any:
    return certificate_page(actor, on.id, at=at or on.at).proceedings[0]


def kinds(on: SimpleNamespace) -> list[str]:
    return [d.kind.value for d in documents(on.zhang, on.number)]


def codes_of(told: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.code for reason in told.value.reasons}


def test_a_revocation_is_told_answered_and_decided_by_another(granted):
    on, later = granted, granted.at + timedelta(days=10)
    one = opened(on)
    assert now_at(on, on.zhang).moves == {Move.STATE, Move.WAIVE}
    assert now_at(on, on.wang).moves == {Move.STATE, Move.WAIVE, Move.DROP}
    with pytest.raises(Refused) as told:
        acts.end_certificate(actor=on.lin, proceeding=one, version=1, reasons="查实", at=on.at)
    assert codes_of(told) == {"STILL_TIME"}
    acts.state_defence(actor=on.zhang, proceeding=one, version=1, statement="证明是真的", at=on.at)
    assert {Move.END, Move.DROP} <= now_at(on, on.lin, later).moves
    acts.end_certificate(actor=on.lin, proceeding=one, version=2, reasons="申辩不成立", at=later)
    assert get_certificate(on.id).status is Status.REVOKED
    assert kinds(on)[-3:] == ["revoke_notice", "defence", "revocation"]
    assert [row.act for row in timeline(on.zhang, on.number)][-3:] == [Move.OPEN, Move.STATE, Move.END]
    page = certificate_page(on.zhang, on.id, at=later)
    assert page.worth == "revoked"
    assert [d.kind.value for d in page.documents] == ["revoke_notice", "defence", "revocation"]
    with pytest.raises(Refused) as told:
        opened(on, at=later)
    assert codes_of(told) == {"NOT_IN_FORCE"}


def test_a_penalty_waits_for_the_hearing_that_the_holder_asks_for(granted):
    on = granted
    one = opened(on, "traded")
    acts.state_defence(actor=on.zhang, proceeding=one, version=1, statement="没有转让", wants_hearing=True, at=on.at)
    with pytest.raises(Refused) as told:
        acts.end_certificate(actor=on.lin, proceeding=one, version=2, reasons="查实", at=on.at + timedelta(days=30))
    assert codes_of(told) == {"NOT_AT_THIS_STAGE"}
    hearing = {"actor": on.wang, "proceeding": one, "version": 2, "place": "三楼", "at": on.at}
    with pytest.raises(Refused) as told:
        acts.call_hearing(**hearing, hearing_on=date(2026, 11, 30), chair=on.wang.name)
    assert codes_of(told) == {"TOO_SOON", "CHAIR_NEEDED"}
    for place, day in (("三楼", 10), ("五楼", 10), ("五楼", 11), ("三楼", 10)):  # moved, and moved back
        acts.call_hearing(**{**hearing, "place": place}, hearing_on=date(2026, 12, day), chair="周正")
        hearing["version"] += 1
    assert len([m for m in list_inbox(on.zhang.id) if m.template == "hearing_called"]) == 4
    held = on.at + timedelta(days=16)
    with pytest.raises(Refused) as told:
        acts.record_hearing(actor=on.wang, proceeding=one, version=6, record="双方质证", at=on.at)
    assert codes_of(told) == {"HEARING_NOT_YET"}
    acts.record_hearing(actor=on.wang, proceeding=one, version=6, record="双方质证", at=held)
    acts.end_certificate(actor=on.lin, proceeding=one, version=7, reasons="转让属实", at=held)
    assert get_certificate(on.id).status is Status.FORFEITED
    assert kinds(on)[-8:] == ["forfeit_notice", "defence", *["hearing_notice"] * 4, "hearing_record", "forfeiture"]


def test_the_organ_writes_down_what_a_holder_without_an_account_says_with_who_how_and_when(granted):
    on, late = granted, granted.at + timedelta(days=20)
    one = opened(on, "traded")
    given = {"actor": on.wang, "proceeding": one, "version": 1, "statement": "没有转让", "at": late}
    for taken, codes in (
        (None, {"WHO_NEEDED", "HOW_NEEDED", "DAY_NEEDED"}),
        (Taken("张晓", "oral", on.at.date() - timedelta(days=1)), {"DAY_UNFIT"}),
        (Taken("张晓", "oral", late.date()), {"ANSWER_OVER"}),  # the day of saying counts
    ):
        with pytest.raises(Refused) as told:
            acts.state_defence(**given, taken=taken)
        assert codes_of(told) == codes
    for nobody in (on.stranger, on.other):
        with pytest.raises(NotFound):
            acts.state_defence(**{**given, "actor": nobody}, taken=Taken("张晓", "oral", on.at.date()))
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        acts.waive_defence(actor=on.supervisor, proceeding=one, version=1, at=on.at)
    acts.state_defence(**given, taken=Taken("张晓", "oral", on.at.date()), wants_hearing=True)
    row = now_at(on, on.wang, late)
    assert row.stage is Stage.HEARING
    assert row.statement == f"（张晓于2026-11-24口头提出，{on.wang.name}记录）没有转让"
    entry = ledger.list_entries(Subject("case", Case.objects.get(number=on.number).id))[-1]
    assert (entry.act, entry.actor_id) == (Move.STATE, on.wang.id)
    assert (entry.detail["how"], entry.detail["on"]) == ("oral", "2026-11-24")
    assert kinds(on)[-1] == "defence"


def test_the_organ_writes_down_a_waiver_and_there_is_a_paper_of_it(granted):
    on = granted
    one = opened(on)
    acts.waive_defence(actor=on.wang, proceeding=one, version=1, taken=Taken("张晓", "written", on.at.date()), at=on.at)
    assert kinds(on)[-1] == "defence"
    acts.end_certificate(actor=on.lin, proceeding=one, version=2, reasons="查实", at=on.at)
    assert get_certificate(on.id).status is Status.REVOKED


def test_a_holder_may_waive_and_a_dropped_proceeding_leaves_the_certificate_in_force(granted):
    on = granted
    one = opened(on, "facts_changed")
    acts.waive_defence(actor=on.zhang, proceeding=one, version=1, at=on.at)
    acts.drop_proceeding(actor=on.wang, proceeding=one, version=2, reasons="公共利益已不需要", at=on.at)
    assert get_certificate(on.id).status is Status.VALID
    two = opened(on, "law_changed")
    acts.waive_defence(actor=on.zhang, proceeding=two, version=1, at=on.at)
    acts.end_certificate(actor=on.lin, proceeding=two, version=2, reasons="条例已废止", at=on.at)
    assert get_certificate(on.id).status is Status.WITHDRAWN


def test_what_the_holder_asks_for_is_cancelled_without_a_notice_and_never_by_who_opened_it(granted):
    on = granted
    one = opened(on, "on_request", actor=on.lin)
    assert certificate_page(on.lin, on.id, at=on.at).proceedings[0].stage is Stage.READY
    with pytest.raises(Refused) as told:
        acts.end_certificate(actor=on.lin, proceeding=one, version=1, reasons="持证人申请", at=on.at)
    assert codes_of(told) == {"NOT_WHO_OPENED"}
    acts.drop_proceeding(actor=on.lin, proceeding=one, version=1, reasons="另案处理", at=on.at)
    two = opened(on, "on_request")
    acts.end_certificate(actor=on.lin, proceeding=two, version=1, reasons="持证人申请", at=on.at)
    assert get_certificate(on.id).status is Status.CANCELLED
    assert kinds(on)[-1] == "cancellation"


def test_one_at_a_time_by_those_whose_it_is(granted):
    on = granted
    for nobody in (on.stranger, on.other):
        with pytest.raises(NotFound):
            opened(on, actor=nobody)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        opened(on, actor=on.supervisor)
    one = opened(on)
    with pytest.raises(Conflict, match="PROCEEDING_RUNNING"):
        opened(on, "traded")
    with pytest.raises(NotFound):
        acts.state_defence(actor=on.stranger, proceeding=one, version=1, statement="x", at=on.at)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        acts.end_certificate(actor=on.zhang, proceeding=one, version=1, reasons="x", at=on.at)
    with pytest.raises(Refused, match="NOT_ALLOWED"):
        acts.end_certificate(actor=on.wang, proceeding=one, version=1, reasons="x", at=on.at + timedelta(days=20))
    with pytest.raises(Conflict, match="STALE_VERSION"):
        acts.waive_defence(actor=on.zhang, proceeding=one, version=7, at=on.at)
    with pytest.raises(Refused, match="ANSWER_OVER"):
        acts.state_defence(actor=on.zhang, proceeding=one, version=1, statement="晚了", at=on.at + timedelta(days=20))


def test_an_organ_finds_what_it_issued_by_number_and_by_holder_and_nothing_of_others(granted):
    on = granted
    number = get_certificate(on.id).number
    assert [row.id for row, _ in find_certificates(on.wang, number, at=on.at).items] == [on.id]
    assert on.id in [row.id for row, _ in find_certificates(on.wang, "", at=on.at).items]
    assert not find_certificates(on.other, number, at=on.at).items
    assert not find_certificates(on.zhang, number, at=on.at).items
    masked = certificate_page(on.wang, on.id, at=on.at).fields
    assert "演示路" not in str(masked)
    assert local_date(on.at) == TUESDAY
