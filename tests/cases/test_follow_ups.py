"""变更, 延续, 补发: new cases that refer to the old certificate; silence renews a permit; a transfer ends the former title."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.demo import Demo

from yichuang.cases import jobs
from yichuang.cases.commands import file_case
from yichuang.cases.commands.accept import accept_case, accept_with_gaps
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.proceedings import drop_proceeding, open_proceeding
from yichuang.cases.commands.renew import deem_renewed, remind_of_end
from yichuang.cases.commands.serve import texts_in
from yichuang.cases.commands.special import suspend_case
from yichuang.cases.commands.supplement import supplement_case
from yichuang.cases.jobs import watch_renewals, watch_terms
from yichuang.cases.models import Case
from yichuang.cases.queries import documents, follow_ups_of, get_case_for
from yichuang.cases.rules import follow
from yichuang.cases.states import State
from yichuang.catalog.values import FollowUp
from yichuang.core import clock
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Refused
from yichuang.notices.queries import list_inbox
from yichuang.people.queries import get_party
from yichuang.registry import queries as registry
from yichuang.registry.queries import certificate_of_subject, get_certificate
from yichuang.registry.values import Status

END = date(2027, 11, 23)
RENEW = FollowUp("renew", 90)


def day(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T02:00:00").replace(tzinfo=UTC)


# ── the rules ─────────────────────────────────────────────────────────────────────────────────────────────────────


def judged(**changes: Any) -> list[str]:
    given: dict[str, Any] = {
        "worth": "valid",
        "valid_to": END,
        "today": date(2027, 10, 1),
        "by_holder": True,
        "running": "",
        "ending": False,
    }
    spec = changes.pop("spec", RENEW)
    return [reason.code for reason in follow.judge_follow_up("renew", spec, **{**given, **changes})]


def test_what_may_follow_and_when():
    assert judged() == []
    assert judged(spec=None) == ["FOLLOW_UP_UNKNOWN"]
    assert judged(today=END - timedelta(days=91)) == ["TOO_EARLY"]
    assert judged(today=END - timedelta(days=90)) == []
    assert judged(worth="revoked", by_holder=False, running="change") == [
        "NOT_THE_HOLDER",
        "NOT_IN_FORCE",
        "FOLLOW_UP_RUNNING",
    ]
    assert judged(spec=FollowUp("change"), today=date(2026, 11, 25)) == []


@pytest.mark.parametrize(
    ("permit", "received", "today", "deemed"),
    [
        (True, END - timedelta(days=30), END + timedelta(days=1), True),
        (True, END - timedelta(days=29), END + timedelta(days=1), False),  # asked too late
        (True, END - timedelta(days=30), END, False),  # the last day is still theirs to decide on
        (False, END - timedelta(days=60), END + timedelta(days=1), False),
    ],
)
def test_silence_renews_permits_that_were_asked_for_thirty_days_ahead(permit, received, today, deemed):
    assert follow.may_deem_renewed(is_permit=permit, received=received, valid_to=END, today=today) is deemed
    assert not follow.may_deem_renewed(is_permit=permit, received=received, valid_to=None, today=today)


def test_a_renewed_term_begins_behind_the_old_one_and_reminders_come_at_ninety_sixty_and_thirty_days():
    assert follow.renewed_from(END, date(2027, 10, 1)) == date(2027, 11, 24)
    assert follow.renewed_from(END, date(2027, 12, 1)) == date(2027, 12, 1)
    assert follow.renewed_from(None, date(2027, 12, 1)) == date(2027, 12, 1)
    steps = [follow.step_of(left) for left in (91, 90, 88, 87, 60, 58, 30, 28, 27, 0)]
    assert steps == [None, 90, 90, None, 60, 60, 30, 30, None, None]


# ── a dog licence that goes on ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def held(demo: Demo) -> SimpleNamespace:
    """张晓's licence, valid until 2027-11-23."""
    zhang = demo.actor("zhangxiao")
    receipt = demo.file(zhang)
    granted(demo, receipt)
    row = certificate_of_subject("case", receipt.case_id)
    assert row is not None
    assert row.valid_to == END
    return SimpleNamespace(row=row, case=receipt.case_id, number=receipt.number, zhang=zhang)


def granted(demo: Demo, receipt: Any) -> None:
    head = accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    chief = demo.actor("chengang")
    decide_case(actor=chief, number=receipt.number, version=head.version, outcome="grant", reasons="", at=demo.at)


def follows(held: Any, kind: str, on: str, **more: Any) -> tuple[Demo, Any]:
    later = Demo(at=day(on))
    immune = {
        **later.example("yangquan-dengji").form["immunity"],
        "date": f"{later.at:%Y}-01-10",
        "next_due": f"{later.at.year + 1}-01-09",
    }
    form = {"immunity": immune}
    with clock.fixed(later.at):
        return later, later.file(held.zhang, form=form, previous=held.case, follow_up=kind, **more)


def test_a_renewal_adds_a_term_to_the_same_number(held):
    later, receipt = follows(held, "renew", "2027-10-08")
    assert get_case_for(held.zhang, receipt.number, at=later.at).item.zh == "养犬登记证延续"
    granted(later, receipt)
    new = certificate_of_subject("case", receipt.case_id)
    assert new is not None
    assert (new.number, new.version, new.previous) == (held.row.number, 2, held.row.id)
    assert (new.valid_from, new.valid_to) == (date(2027, 10, 8), date(2028, 11, 23))
    assert get_certificate(held.row.id).status is Status.REPLACED


def test_a_replacement_keeps_the_old_end_and_one_is_enough(held):
    later, receipt = follows(held, "replace", "2027-03-02")
    with pytest.raises(Refused) as told:
        follows(held, "replace", "2027-03-02")
    assert {reason.code for reason in told.value.reasons} == {"FOLLOW_UP_RUNNING"}
    granted(later, receipt)
    new = certificate_of_subject("case", receipt.case_id)
    assert new is not None
    assert (new.version, new.valid_to) == (2, END)
    rows = {row.kind: row.why_not for row in follow_ups_of(held.zhang, new, at=later.at)}
    assert rows["change"] == rows["replace"] == ()
    assert rows["renew"], "too early"


def test_one_follow_up_at_a_time_whatever_its_kind(held):
    later, receipt = follows(held, "change", "2027-10-08")
    with pytest.raises(Refused) as told:
        follows(held, "renew", "2027-10-08")
    assert [reason.code for reason in told.value.reasons] == ["FOLLOW_UP_RUNNING"]
    assert "变更" in told.value.reasons[0].words.zh
    rows = follow_ups_of(held.zhang, held.row, at=later.at)
    assert all(any("变更" in words.zh for words in row.why_not) for row in rows)
    granted(later, receipt)


def test_two_filings_at_once_wait_for_each_other_on_the_case_that_brought_the_certificate(held):
    with CaptureQueriesContext(connection) as asked:
        follows(held, "change", "2027-10-08")
    texts = [one["sql"] for one in asked.captured_queries]
    locks = next(n for n, sql in enumerate(texts) if "FOR UPDATE" in sql and '"cases_case"' in sql)
    looks = next(n for n, sql in enumerate(texts) if '"previous_id" = ' in sql and "follow_up" in sql)
    assert locks < looks


def threatened(held: Any, on: str) -> Any:
    later = Demo(at=day(on))
    wang = later.actor("wangqiang")
    one = open_proceeding(actor=wang, certificate=held.row.id, ground="fraud", facts="免疫证明系伪造。", at=later.at)
    return SimpleNamespace(id=one, wang=wang, at=later.at)


def test_nothing_follows_a_certificate_that_is_being_ended(held):
    running = threatened(held, "2027-10-08")
    with pytest.raises(Refused) as told:
        follows(held, "renew", "2027-10-09")
    assert [reason.code for reason in told.value.reasons] == ["PROCEEDING_RUNNING"]
    drop_proceeding(actor=running.wang, proceeding=running.id, version=1, reasons="查无实据", at=running.at)
    follows(held, "renew", "2027-10-09")


def test_no_follow_up_is_granted_while_its_certificate_is_being_ended_and_silence_waits_too(held):
    later, receipt = follows(held, "renew", "2027-10-08")
    running = threatened(held, "2027-10-09")
    with pytest.raises(Refused) as told:
        granted(later, receipt)
    assert [reason.code for reason in told.value.reasons] == ["PROCEEDING_RUNNING"]
    assert deem_renewed(case=receipt.case_id, at=day("2027-11-24")) is None
    drop_proceeding(actor=running.wang, proceeding=running.id, version=1, reasons="查无实据", at=day("2027-11-25"))
    assert deem_renewed(case=receipt.case_id, at=day("2027-11-25")) is not None
    new = certificate_of_subject("case", receipt.case_id)
    assert new is not None
    assert (new.valid_from, new.valid_to) == (date(2027, 11, 24), date(2028, 11, 23))


def test_a_prepared_follow_up_waits_with_its_papers_in_until_the_proceeding_is_dropped(held):
    later, receipt = follows(
        held, "renew", "2027-10-08", materials=("owner_id", "immunity_certificate", "property_certificate")
    )
    clerk, chief, at = later.actor("lina"), later.actor("chengang"), later.at
    given = {"number": receipt.number, "at": at}
    head = accept_with_gaps(actor=clerk, version=1, findings={}, promise_signed=True, **given)
    head = decide_case(actor=chief, version=head.version, outcome="grant", reasons="", **given)
    assert head.state is State.PREPARED
    running = threatened(held, "2027-10-08")
    sent = {"dog_photos": [later.upload(held.zhang), later.upload(held.zhang)]}
    head = supplement_case(actor=held.zhang, version=head.version, materials=sent, **given)
    assert head.state is State.PREPARED, "the papers are taken; the grant waits"
    for dropped, state in ((False, State.PREPARED), (True, State.READY)):
        if dropped:
            drop_proceeding(actor=running.wang, proceeding=running.id, version=1, reasons="查无实据", at=at)
        with clock.fixed(at):
            watch_renewals()
            run_waiting()
        assert State(Case.objects.get(id=receipt.case_id).state) in {state, State.GRANTED if dropped else state}


def test_nobody_denies_what_the_law_has_granted_before_the_job_comes(held):
    later, receipt = follows(held, "renew", "2027-10-08")
    head = accept_case(actor=later.actor("lina"), number=receipt.number, version=1, findings={}, at=later.at)
    with pytest.raises(Refused) as told:
        decide_case(
            actor=Demo(at=day("2027-11-24")).actor("chengang"), number=receipt.number, version=head.version,
            outcome="deny", reasons="材料不实", basis=(), at=day("2027-11-24"),
        )  # fmt: skip
    assert [(r.code, r.basis) for r in told.value.reasons] == [("RENEWED_BY_LAW", "《行政许可法》第五十条")]


def test_the_watch_passes_by_the_renewals_whose_term_still_runs_and_loses_none_behind_a_full_batch(held, monkeypatch):
    monkeypatch.setattr(jobs, "BATCH", 1)
    later, receipt = follows(held, "renew", "2027-10-08")
    accept_case(actor=later.actor("lina"), number=receipt.number, version=1, findings={}, at=later.at)
    asked: list[Any] = []
    monkeypatch.setattr(jobs.jobs, "enqueue", lambda _, **given: asked.append(given["case"]))
    with clock.fixed(day("2027-11-23")):
        watch_renewals()
    assert asked == []
    with clock.fixed(day("2027-11-24")):
        watch_renewals()
    assert asked == [receipt.case_id]


def test_what_is_held_is_read_after_the_followed_certificate_is_locked(held, monkeypatch):
    """The lock may wait for who revokes it: an answer asked ahead would be the one from before."""
    order = []
    for module, name in ((file_case, "lock_followed"), (registry, "foresee_types"), (registry, "foresee_counts")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, name=name, real=real, **k: (order.append(name), real(*a, **k))[1])
    follows(held, "renew", "2027-10-08")
    assert order == ["lock_followed"]


def test_nobody_follows_what_is_not_theirs_or_too_early(held, demo):
    with pytest.raises(Refused) as told:
        demo.file(demo.actor("jiye"), previous=held.case, follow_up="change", applicant=demo.actor("jiye").id)
    assert {reason.code for reason in told.value.reasons} == {"NOT_THE_HOLDER"}
    with pytest.raises(Refused) as told:
        demo.file(held.zhang, previous=held.case, follow_up="renew")
    assert {reason.code for reason in told.value.reasons} == {"TOO_EARLY"}


def test_a_timely_renewal_that_nobody_decides_is_deemed_granted_by_the_job(held):
    later, receipt = follows(held, "renew", "2027-10-20")
    head = accept_case(actor=later.actor("lina"), number=receipt.number, version=1, findings={}, at=later.at)
    suspend_case(
        actor=later.actor("wangqiang"), number=receipt.number, version=head.version, ground="inspection", days=5,
        reason="现场查看", at=later.at,
    )  # fmt: skip
    assert deem_renewed(case=receipt.case_id, at=day("2027-11-23")) is None
    with clock.fixed(day("2027-11-24")):
        watch_renewals()
        run_waiting()
        watch_renewals()
        run_waiting()
    case = Case.objects.get(id=receipt.case_id)
    assert State(case.state) in {State.GRANTED, State.READY}
    assert "deemed_renewal" in [d.kind.value for d in documents(held.zhang, receipt.number)]
    new = certificate_of_subject("case", receipt.case_id)
    assert new is not None
    assert (new.valid_from, new.valid_to) == (date(2027, 11, 24), date(2028, 11, 23))


def test_the_holder_is_reminded_once_at_each_step(held):
    for on, step in (("2027-08-24", None), ("2027-08-25", 90), ("2027-08-26", 90), ("2027-10-24", 30)):
        assert remind_of_end(certificate=held.row.id, at=day(on)) == step
    with clock.fixed(day("2027-09-24")):
        watch_terms()
        run_waiting()
    told = [m for m in list_inbox(held.zhang.id) if m.template == "certificate_ends"]
    assert len(told) == 3


# ── the transfer of a home ────────────────────────────────────────────────────────────────────────────────────────


def transfer(demo: Demo, buyer: Any, **changes: Any) -> Any:
    lina, code = demo.actor("lina"), "ershoufang-zhuanyi"
    example = demo.example(code)
    party = get_party(buyer.id)
    form = {"buyers": [{"name": party.name, "cn_id": party.id_no, "share": 100}], **changes}
    form["unit"] = {**example.form["unit"], **changes.get("unit", {})}
    seen = frozenset({"application_form"})
    receipt = demo.file(lina, code, form=form, applicant=buyer.id, originals=seen)
    granted(demo, receipt)
    return certificate_of_subject("case", receipt.case_id)


def test_a_transfer_ends_the_former_title_and_only_of_who_sells(demo):
    zhang, jiye = demo.actor("zhangxiao"), demo.actor("jiye")
    first = transfer(demo, zhang)
    unit = {"certificate_no": first.number}
    with pytest.raises(Refused) as told:
        transfer(demo, jiye, unit=unit)  # the form names somebody else as the seller
    assert {reason.code for reason in told.value.reasons} == {"FORMER_HOLDER_DIFFERS"}
    sellers = [{"name": "张晓", "cn_id": get_party(zhang.id).id_no, "share": 100}]
    second = transfer(demo, jiye, unit=unit, sellers=sellers)
    assert get_certificate(first.id).status is Status.CANCELLED
    assert get_certificate(second.id).status is Status.VALID
    assert "certificate_ended" in [m.template for m in list_inbox(zhang.id)]
    with pytest.raises(Refused) as told:
        transfer(demo, demo.actor("moshengren"), unit=unit, sellers=sellers)
    assert {reason.code for reason in told.value.reasons} == {"FORMER_NOT_IN_FORCE"}


def test_texts_of_a_part_of_the_form():
    assert texts_in([{"a": "x", "b": [1, "y"]}, "z", None]) == {"x", "y", "z"}
    assert texts_in({}) == texts_in([]) == set()
