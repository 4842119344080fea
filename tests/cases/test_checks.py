"""后续核查: a promise is looked at after the decision; kept, put right, or broken — and what follows from each."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.cases.test_commitment import BARBER, ITEM, promise
from tests.demo import Demo

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.checks import (
    add_check_photo,
    arrange_check,
    end_check,
    miss_check,
    order_mending,
    record_check,
    sign_check,
    write_check,
)
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.end import object_to_lapse, repair_lapse, withdraw_case
from yichuang.cases.commands.on_site import Photo
from yichuang.cases.commands.proceedings import end_certificate, open_proceeding, waive_defence
from yichuang.cases.commands.watch_checks import remind_check, watch_checks
from yichuang.cases.commitments import CheckMove, Kept
from yichuang.cases.models import Document, Escalation, Inspection, Proceeding, PromiseLapse, SignedCommitment
from yichuang.cases.models.commitment import CommitmentCheck
from yichuang.cases.rules.inspection import Inspector, Plan, Record
from yichuang.core import clock, ledger
from yichuang.core.ids import new_id
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import NotFound, Refused
from yichuang.issuing.commands import render_document
from yichuang.notices.queries import list_inbox
from yichuang.registry import queries as registry
from yichuang.registry.commands import set_status
from yichuang.registry.values import Status

DAY = timedelta(days=1)
PICTURE = Photo("店内.jpg", "jpg", b"a picture", "0" * 64)


class Shop:
    """张晓's barber shop, licensed on a promise; 贺莲 checks it, with 雷鸣."""

    def __init__(self, demo: Demo, who: str = "zhangxiao") -> None:
        self.demo, self.at = demo, demo.at
        place = {**demo.example(ITEM, BARBER).form["place"], "detail": f"桂园街道演示路 9 号 {who}"}
        self.receipt = promise(demo, who, form={"place": place})
        self.number = self.receipt.number
        head = accept_case(actor=demo.actor("lina"), number=self.number, version=1, findings={}, at=self.at)
        decide_case(
            actor=demo.actor("leiming"), number=self.number, version=head.version, outcome="grant", reasons="", at=self.at
        )  # fmt: skip
        self.id = SignedCommitment.objects.get(case=self.receipt.case_id).id

    def row(self) -> SignedCommitment:
        return SignedCommitment.objects.get(id=self.id)

    def do(self, command: Any, who: str = "helian", **more: Any) -> None:
        command(
            actor=self.demo.actor(who), commitment=self.id, version=more.pop("version", self.row().version),
            at=self.at, **more,
        )  # fmt: skip

    def refused(self, command: Any, who: str = "helian", **more: Any) -> list[tuple[str, str | None]]:
        with pytest.raises(Refused) as caught:
            self.do(command, who, **more)
        return [(reason.code, reason.field) for reason in caught.value.reasons]

    def plan(self, **changes: Any) -> Plan:
        first, second = (
            Inspector(self.demo.actor(who).id, f"44030300{n}") for n, who in enumerate(("helian", "leiming"))
        )
        return replace(Plan(first, second, self.at + DAY, "桂园街道演示路 9 号"), **changes)

    def look(self, *, kept: bool) -> None:
        """Both go there, and sign what they found."""
        self.do(arrange_check, plan=self.plan())
        self.at += DAY
        self.do(add_check_photo, photo=PICTURE)
        found = "设施齐全，消毒记录完整。" if kept else "没有消毒柜，两名理发师没有健康证。"
        self.do(write_check, record=Record(self.at, found, kept, "店长", "signed", ""))
        self.do(sign_check, "leiming")

    def page(self) -> Any:
        return queries.get_case_for(self.demo.actor("zhangxiao"), self.number, at=self.at)

    def told(self) -> set[str]:
        return {message.template for message in list_inbox(self.demo.actor("zhangxiao").id)}

    def mend(self, days: int = 8) -> date:
        day = clock.local_date(self.at) + timedelta(days=days)
        self.do(order_mending, demands="配备消毒柜，补办健康证", mend_by=day)
        return day

    def take_the_licence(self, status: Status = Status.CANCELLED) -> None:
        """The organ takes it back, or the holder gives it up."""
        row = registry.certificate_of_subject("case", self.receipt.case_id)
        assert row is not None
        set_status(id=row.id, status=status, reason="歇业", at=self.at)

    def break_it(self) -> None:
        self.look(kept=False)
        day = self.mend()
        self.at = self.at.replace(day=day.day, month=day.month) + DAY
        self.look(kept=False)


@pytest.fixture
def shop(demo: Demo) -> Shop:
    return Shop(demo)


def test_the_decision_opens_the_check_for_the_post_within_the_days_of_the_pack(shop: Shop, demo: Demo) -> None:
    (check,) = CommitmentCheck.objects.all()
    assert (check.round, check.state, check.due_date) == (
        1,
        "open",
        date(2027, 1, 19),
    )  # 40 working days; the list for 2027 is not out
    assert shop.row().state == Kept.CHECKING
    (line,), ended = queries.list_checks(demo.actor("helian"), at=shop.at)
    assert (line.number, line.due_date, line.days_left, ended) == (shop.number, check.due_date, 40, ())
    paper = Document.objects.get(case=shop.receipt.case_id, kind="grant")
    assert "2027年1月19日前核查" in paper.values["checks"]
    assert render_document(paper.id).startswith(b"%PDF")
    (told,) = shop.page().commitments
    assert told.open_check is not None
    assert told.open_check.due_date == check.due_date


def test_two_inspectors_look_on_site_and_what_they_sign_counts(shop: Shop, demo: Demo) -> None:
    assert shop.refused(write_check, record=Record(shop.at, "x", True, "店长", "signed", "")) == [
        ("ARRANGE_FIRST", None)
    ]
    assert shop.refused(record_check, kept=True, findings="好") == [("ON_SITE", None)]
    shop.do(arrange_check, plan=shop.plan())
    assert "inspection_planned" in shop.told()
    (line,), _ = queries.list_checks(demo.actor("leiming"), at=shop.at)  # who is sent finds it too
    assert line.number == shop.number
    shop.at += DAY
    no_picture = [("PHOTO_NEEDED", "/photos")]
    assert shop.refused(write_check, record=Record(shop.at, "好", True, "店长", "signed", "")) == no_picture
    shop.do(add_check_photo, photo=PICTURE)
    shop.do(write_check, record=Record(shop.at, "设施齐全。", True, "店长", "signed", ""))
    assert shop.refused(sign_check) == [("SIGNED_ALREADY", None)]
    assert shop.row().state == Kept.CHECKING
    shop.do(sign_check, "leiming")
    assert shop.row().state == Kept.KEPT
    assert "commitment_kept" in shop.told()
    assert not PromiseLapse.objects.exists()
    assert Document.objects.filter(case=shop.receipt.case_id, kind="inspection").count() == 1
    assert shop.refused(sign_check) == [("NOT_NOW", None)]


def test_what_is_not_kept_is_first_to_be_put_right_by_a_day(shop: Shop) -> None:
    shop.look(kept=False)
    assert shop.row().state == Kept.FOUND
    assert not PromiseLapse.objects.exists()
    assert shop.refused(order_mending, demands=" ", mend_by=None) == [
        ("REASON_NEEDED", "/demands"),
        ("DAY_NEEDED", "/mend_by"),
    ]
    late = clock.local_date(shop.at) + 30 * DAY
    assert shop.refused(order_mending, demands="改", mend_by=late) == [("DAY_LATE", "/mend_by")]
    day = shop.mend()
    order = Document.objects.get(case=shop.receipt.case_id, kind="mending_order")
    assert order.values["mend_by_on"] == day.isoformat()
    assert order.values["letter_number"].startswith("WJJ告诺字")
    assert "没有消毒柜" in order.values["findings"]
    assert order.values["court"]
    assert render_document(order.id).startswith(b"%PDF")
    assert "mending_ordered" in shop.told()
    (told,) = shop.page().commitments
    assert (told.state, [check.state for check in told.checks]) == (Kept.MENDING, ["broken", "open"])
    assert told.checks[0].order == order.id


def test_nobody_is_found_wanting_a_second_time_before_the_day_has_passed(shop: Shop) -> None:
    shop.look(kept=False)
    shop.mend()
    shop.do(arrange_check, plan=shop.plan())
    shop.at += DAY
    shop.do(add_check_photo, photo=PICTURE)
    too_early = Record(shop.at, "还没有。", False, "店长", "signed", "")
    assert shop.refused(write_check, record=too_early) == [("STILL_TIME", None)]


def test_what_was_seen_on_a_day_within_the_term_breaks_no_promise_however_late_it_is_signed(shop: Shop) -> None:
    shop.look(kept=False)
    day = shop.mend()
    shop.do(arrange_check, plan=shop.plan())
    shop.do(add_check_photo, photo=PICTURE)
    seen = shop.at + DAY
    shop.at = shop.at.replace(day=day.day, month=day.month) + DAY  # the term is over
    within = Record(seen, "还没有。", False, "店长", "signed", "")
    assert shop.refused(write_check, record=within) == [("STILL_TIME", None)]
    shop.do(write_check, record=replace(within, held_at=shop.at))
    Inspection.objects.filter(held_at=shop.at).update(held_at=seen)  # as one that was written before this was looked at
    assert shop.refused(sign_check, "leiming") == [("STILL_TIME", None)]
    assert shop.row().state == Kept.MENDING
    assert not PromiseLapse.objects.exists()


def test_an_inspection_from_before_the_order_counts_for_nothing_behind_it(shop: Shop) -> None:
    shop.look(kept=False)
    before = shop.at - timedelta(minutes=1)
    shop.mend()
    shop.do(arrange_check, plan=shop.plan())
    shop.do(add_check_photo, photo=PICTURE)
    shop.at += DAY
    early = Record(before, "都改好了。", True, "店长", "signed", "")
    assert shop.refused(write_check, record=early) == [("HELD_WRONG", "/held_at")]
    assert shop.row().state == Kept.MENDING


def test_who_put_it_right_in_time_has_kept_the_promise(shop: Shop) -> None:
    shop.look(kept=False)
    shop.mend()
    shop.look(kept=True)
    assert shop.row().state == Kept.KEPT
    assert not PromiseLapse.objects.exists()


def test_what_was_not_put_right_is_broken_and_bars_the_next_promise_until_it_is_repaired(
    shop: Shop, demo: Demo
) -> None:
    zhang = demo.actor("zhangxiao")
    shop.break_it()
    assert shop.row().state == Kept.BROKEN
    lapse = PromiseLapse.objects.get()
    assert (lapse.party_id, lapse.of_commitment, lapse.case_id) == (zhang.id, True, shop.receipt.case_id)
    paper = Document.objects.get(case=shop.receipt.case_id, kind="commitment_broken")
    assert paper.values["order_number"].startswith("WJJ责改字")
    assert render_document(paper.id).startswith(b"%PDF")
    assert "commitment_broken" in shop.told()
    certificate = registry.certificate_of_subject("case", shop.receipt.case_id)
    assert certificate is not None
    assert certificate.status is Status.VALID  # nothing is revoked by the finding itself
    with pytest.raises(Refused) as refused:
        promise(demo)
    assert "COMMITMENT_BARRED" in {reason.code for reason in refused.value.reasons}
    object_to_lapse(actor=zhang, number=shop.number, objection="消毒柜当天在维修", at=shop.at)
    page = shop.page()
    assert page.lapse is not None
    assert (page.lapse.of_commitment, page.lapse.objected_at) == (True, shop.at)
    repair_lapse(actor=demo.actor("huanghai"), number=shop.number, reason="已改正", at=shop.at)
    promise(demo)


def test_the_licence_is_revoked_by_a_proceeding_in_which_the_holder_is_heard(shop: Shop, demo: Demo) -> None:
    shop.break_it()
    certificate = registry.certificate_of_subject("case", shop.receipt.case_id)
    assert certificate is not None
    page = queries.get_commitment(demo.actor("helian"), shop.id, at=shop.at)
    assert page.certificate == certificate.id
    opened = open_proceeding(
        actor=demo.actor("helian"), certificate=certificate.id, ground="unqualified",
        facts="核查两次，均不符合告知承诺的卫生条件。", at=shop.at,
    )  # fmt: skip
    row = Proceeding.objects.get(id=opened)
    waive_defence(actor=demo.actor("zhangxiao"), proceeding=opened, version=row.version, at=shop.at)
    row.refresh_from_db()
    end_certificate(
        actor=demo.actor("leiming"), proceeding=opened, version=row.version, reasons="未履行承诺，依法撤销", at=shop.at
    )
    after_it = registry.certificate_of_subject("case", shop.receipt.case_id)
    assert after_it is not None
    assert after_it.status is Status.REVOKED
    assert ledger.verify_ledger([]) == []


def test_a_check_that_could_not_be_made_says_why_and_is_put_off(shop: Shop) -> None:
    day = date(2026, 12, 10)
    assert shop.refused(miss_check, reason="", again_by=date(2026, 12, 12)) == [
        ("REASON_NEEDED", "/reason"), ("NOT_A_WORKING_DAY", "/again_by")
    ]  # fmt: skip
    shop.do(miss_check, reason="店铺停业装修，无人", again_by=day)
    first, second = CommitmentCheck.objects.order_by("round")
    assert (first.state, first.findings, second.state, second.due_date) == ("unable", "店铺停业装修，无人", "open", day)
    assert shop.row().state == Kept.CHECKING


def test_what_one_inspector_signed_is_not_set_aside_as_a_check_that_could_not_be_made(shop: Shop) -> None:
    shop.do(arrange_check, plan=shop.plan())
    shop.at += DAY
    shop.do(add_check_photo, photo=PICTURE)
    shop.do(write_check, "leiming", record=Record(shop.at, "没有消毒柜。", False, "店长", "signed", ""))
    assert shop.refused(miss_check, reason="无人", again_by=date(2026, 12, 10)) == [("HALF_SIGNED", None)]
    shop.do(sign_check)
    assert shop.row().state == Kept.FOUND


def test_from_the_second_time_that_it_could_not_be_made_the_supervisors_are_told(shop: Shop, demo: Demo) -> None:
    def told() -> list[str]:
        return [m.body for m in list_inbox(demo.actor("huanghai").id) if m.template == "check_due"]

    shop.do(miss_check, reason="无人", again_by=date(2026, 12, 10))
    assert told() == []
    shop.do(miss_check, reason="还是无人", again_by=date(2026, 12, 11))
    (words,) = told()
    assert "2 次未能核查" in words
    shop.do(miss_check, reason="仍无人", again_by=date(2026, 12, 14))
    assert len(told()) == 2


def test_the_post_is_reminded_and_a_late_check_comes_before_the_supervisors(shop: Shop, demo: Demo) -> None:
    check = CommitmentCheck.objects.get()
    he, huang = demo.actor("helian"), demo.actor("huanghai")

    def count(actor: Any) -> int:
        return len([m for m in list_inbox(actor.id) if m.template == "check_due"])

    for moment, mine, theirs in (
        (datetime(2027, 1, 4, 2, tzinfo=shop.at.tzinfo), 0, 0),
        (datetime(2027, 1, 18, 2, tzinfo=shop.at.tzinfo), 1, 0),  # soon
        (datetime(2027, 1, 19, 2, tzinfo=shop.at.tzinfo), 2, 0),  # the last day
        (datetime(2027, 1, 20, 2, tzinfo=shop.at.tzinfo), 3, 1),  # late
        (datetime(2027, 1, 21, 2, tzinfo=shop.at.tzinfo), 3, 1),  # said once
    ):
        with clock.fixed(moment):
            watch_checks()
            run_waiting()
        assert (count(he), count(huang)) == (mine, theirs), moment
    assert [row.step for row in Escalation.objects.order_by("at")] == ["due_soon", "overdue"]
    late = datetime(2027, 1, 21, 2, tzinfo=shop.at.tzinfo)
    (row,) = queries.list_escalated(huang, at=late)
    assert (row.case.number, row.days_late, row.holders[0].post) == (shop.number, 2, "WJJ.site_inspect")
    assert remind_check(check=check.id, at=late) is None


def test_of_two_promises_of_a_case_that_are_due_the_same_day_both_posts_are_told(shop: Shop, demo: Demo) -> None:
    check, lei = CommitmentCheck.objects.get(), demo.actor("leiming")
    second = SignedCommitment.objects.get(id=shop.id)
    second.pk, second.document, second._state.adding = new_id(), new_id(), True
    second.code, second.post = "fire", min(lei.posts - {second.post})
    second.save()
    other = CommitmentCheck.objects.create(
        case_id=check.case_id, commitment=second, round=1, opened_at=shop.at, due_date=check.due_date
    )
    late = datetime(2027, 1, 20, 2, tzinfo=shop.at.tzinfo)
    steps = [remind_check(check=one.id, at=late) for one in (check, other, check, other)]
    assert steps == ["overdue", None, None, None]  # on record once
    told = {
        who: [m.template for m in list_inbox(demo.actor(who).id)].count("check_due")
        for who in ("helian", "leiming", "huanghai")
    }
    assert told == {"helian": 1, "leiming": 1, "huanghai": 2}  # the supervisors hear of each


def test_strangers_find_no_check_and_who_was_sent_only_records(shop: Shop, demo: Demo) -> None:
    for who in ("luobin", "zhangxiao", "lina", "moshengren", "zhaomin"):
        with pytest.raises(NotFound):
            shop.do(arrange_check, who, plan=shop.plan())
        with pytest.raises(NotFound):
            queries.get_commitment(demo.actor(who), shop.id, at=shop.at)
    with pytest.raises(NotFound):
        shop.do(arrange_check, "leiming", plan=shop.plan())  # of the department, but neither of the post nor sent
    assert queries.get_commitment(demo.actor("leiming"), shop.id, at=shop.at).moves == frozenset()
    shop.do(arrange_check, plan=shop.plan())
    assert queries.get_commitment(demo.actor("leiming"), shop.id, at=shop.at).moves == {
        CheckMove.PHOTO, CheckMove.RECORD, CheckMove.SIGN
    }  # fmt: skip
    assert shop.refused(miss_check, "leiming", reason="x", again_by=None) == [("NOT_ALLOWED", None)]
    assert queries.get_commitment(demo.actor("huanghai"), shop.id, at=shop.at).moves == frozenset()


def test_of_two_who_move_a_check_at_once_the_second_looks_again(shop: Shop) -> None:
    seen = shop.row().version
    shop.do(arrange_check, plan=shop.plan(), version=seen)
    assert shop.refused(arrange_check, plan=shop.plan(), version=seen) == [("STALE_VERSION", None)]


def test_a_filing_that_is_not_granted_has_no_check(demo: Demo) -> None:
    receipt = promise(demo)
    zhang = demo.actor("zhangxiao")
    withdraw_case(actor=zhang, number=receipt.number, version=1, reason="改按一般程序", at=demo.at)
    assert not CommitmentCheck.objects.exists()
    (told,) = queries.get_case_for(zhang, receipt.number, at=demo.at).commitments
    assert told.words.zh == "没有准予，承诺不生效"


def test_the_ledger_vouches_for_every_step(shop: Shop) -> None:
    shop.break_it()
    assert ledger.verify_ledger([]) == []
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("case", shop.receipt.case_id))]
    assert acts[-5:] == ["order-mending", "arrange-check", "photo-check", "record-check", "sign-check"]
    words = {row.act: row.words.zh for row in shop.page().timeline}
    assert words["order-mending"] == "责令限期改正"
    for model, change in (
        (CommitmentCheck, {"due_date": date(2030, 1, 1)}),
        (SignedCommitment, {"state": "kept"}),
        (PromiseLapse, {"of_commitment": False}),
        (Inspection, {"meets": True}),
    ):
        kept = {row.pk: {name: getattr(row, name) for name in change} for row in model.objects.order_by("pk")}
        model.objects.update(**change)
        assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}, model
        for pk, old in kept.items():
            model.objects.filter(pk=pk).update(**old)
    assert ledger.verify_ledger([]) == []


def test_what_data_show_is_put_on_record_by_one(shop: Shop) -> None:
    """As a pack may want it: no inspection, one who looks."""
    SignedCommitment.objects.filter(id=shop.id).update(how="data")
    assert shop.refused(arrange_check, plan=shop.plan()) == [("NOT_ON_SITE", None)]
    assert shop.refused(record_check, kept=None, findings="") == [
        ("KEPT_NEEDED", "/kept"),
        ("FINDINGS_NEEDED", "/findings"),
    ]
    shop.do(record_check, kept=True, findings="与登记数据一致")
    assert shop.row().state == Kept.KEPT


def test_a_check_whose_certificate_is_gone_is_ended_with_the_reason(shop: Shop, demo: Demo) -> None:
    assert shop.refused(end_check, reason="歇业") == [("STILL_IN_FORCE", None)]
    shop.take_the_licence(Status.SUSPENDED)
    assert shop.refused(end_check, reason="歇业") == [("STILL_IN_FORCE", None)], "it may come into force again"
    shop.take_the_licence()
    page = queries.get_commitment(demo.actor("helian"), shop.id, at=shop.at)
    assert CheckMove.END in page.moves
    assert (page.gone.zh if page.gone else "", page.certificate) == ("已注销", None)
    assert shop.refused(end_check, reason=" ") == [("REASON_NEEDED", "/reason")]
    shop.do(end_check, reason="店铺已歇业，证照已注销")
    (check,) = CommitmentCheck.objects.all()
    assert (check.state, check.findings, shop.row().state) == ("ended", "店铺已歇业，证照已注销", Kept.ENDED)
    assert "check_ended" in shop.told()
    assert shop.refused(end_check, reason="再按一次") == [("NOT_NOW", None)]
    assert shop.refused(miss_check, reason="x", again_by=None) == [("NOT_NOW", None)]
    waiting, ended = queries.list_checks(demo.actor("helian"), at=shop.at)
    assert (waiting, [line.state for line in ended]) == ((), [Kept.ENDED])
    (told,) = shop.page().commitments
    assert told.words.zh == "证照已失效，不再核查"
    assert remind_check(check=check.id, at=shop.at + 90 * DAY) is None, "nobody is reminded of it"
    assert ledger.verify_ledger([]) == []


@pytest.mark.parametrize("ordered", [False, True])
def test_what_was_found_before_the_certificate_was_gone_stays_on_record(shop: Shop, ordered: bool) -> None:
    shop.look(kept=False)
    if ordered:
        shop.mend()
    shop.take_the_licence()
    shop.do(end_check, reason="证照已注销")
    states = list(CommitmentCheck.objects.order_by("round").values_list("state", flat=True))
    assert (states, shop.row().state) == (["broken", "ended"], Kept.ENDED)
    assert shop.refused(order_mending, demands="改", mend_by=None) == [("NOT_NOW", None)]


def test_only_the_post_ends_a_check_and_nobody_sets_aside_what_an_inspector_signed(shop: Shop, demo: Demo) -> None:
    shop.do(arrange_check, plan=shop.plan())
    shop.at += DAY
    shop.do(add_check_photo, photo=PICTURE)
    shop.do(write_check, "leiming", record=Record(shop.at, "没有消毒柜。", False, "店长", "signed", ""))
    shop.take_the_licence()
    assert shop.refused(end_check, "leiming", reason="x") == [("NOT_ALLOWED", None)]
    assert shop.refused(end_check, reason="x") == [("HALF_SIGNED", None)]
    moves = queries.get_commitment(demo.actor("helian"), shop.id, at=shop.at).moves
    assert moves == {CheckMove.ARRANGE, CheckMove.RECORD, CheckMove.SIGN}, "only what is not refused is offered"
    with pytest.raises(NotFound):
        shop.do(end_check, "luobin", reason="x")


def test_the_order_says_the_day_of_the_inspection_not_of_the_signature(shop: Shop) -> None:
    shop.do(arrange_check, plan=shop.plan())
    shop.at += DAY
    shop.do(add_check_photo, photo=PICTURE)
    seen = shop.at
    shop.do(write_check, record=Record(seen, "没有消毒柜。", False, "店长", "signed", ""))
    shop.at += 2 * DAY
    shop.do(sign_check, "leiming")
    shop.mend(days=7)
    order = Document.objects.get(case=shop.receipt.case_id, kind="mending_order")
    assert order.values["checked_on"] == clock.local_date(seen).isoformat()
