"""共同签署: a company is opened by several; nothing is filed before all have signed, and then it is decided at once."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.cases.at_once import COMPANY, codes, let, proof
from tests.cases.cosigning import asked, company, draft_of, of, signs
from tests.cases.test_earlier import PAPER, drafted, filed, paper_of

from yichuang.cases import queries as signings
from yichuang.cases.commands.at_once import decide_at_once
from yichuang.cases.commands.cosign import (
    ask_signatures,
    end_signing,
    expire_signing,
    refuse_to_sign,
    remind_signers,
    sign,
    sign_at_counter,
)
from yichuang.cases.commands.drafts import discard_draft, save_draft, use_earlier
from yichuang.cases.commands.file_case import Filing
from yichuang.cases.cosigning import Signed, SigningState, digest_of
from yichuang.cases.instant import Mode
from yichuang.cases.models import AutoDecision, Case, Draft, Signature, Signing
from yichuang.cases.rules import signing as rules
from yichuang.cases.states import State
from yichuang.catalog.queries import get_pack
from yichuang.core import ledger
from yichuang.core.refusals import Conflict, NotFound, Reason, Refused
from yichuang.core.words import W
from yichuang.network.queries import get_place_by_id
from yichuang.notices.models import Message
from yichuang.people.models import Account
from yichuang.people.queries import get_party


def test_the_last_signature_files_it_and_the_licence_comes_at_once(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)
    signing = asked(demo, "sunyan", "qianjin")
    assert signs(demo, signing, "sunyan").case is None
    assert not Case.objects.exists()
    last = signs(demo, signing, "qianjin")
    assert (last.state, last.judged) == (SigningState.FILED, True)
    assert last.case
    became = decide_at_once(case=last.case, at=demo.at)
    assert became
    row = AutoDecision.objects.get(case=last.case)
    assert (became.alone, became.state) == (True, State.GRANTED), row.doubts
    case = Case.objects.get(id=last.case)
    assert (case.applicant_id, case.channel, case.agent_id) == (demo.actor("zhangxiao").id, "portal", None)
    assert not Draft.objects.exists()
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("signing", signing))]
    assert acts == ["signing.ask", "signing.sign", "signing.sign"]


def test_without_signatures_a_person_decides_as_before(demo: Any) -> None:
    from tests.cases.at_once import filed_and_judged

    let(COMPANY, Mode.ALONE, demo.at)
    _, row = filed_and_judged(demo, COMPANY, form=company(demo, "sunyan"), answers=demo.example(COMPANY, 9).answers)
    assert "SEVERAL" in codes(row)


def test_who_was_never_seen_may_sign_but_nothing_is_decided_alone_by_that(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)
    Account.objects.filter(username="sunyan").update(identity_seen=False)
    last = signs(demo, asked(demo, "sunyan"), "sunyan")
    assert last.case
    became = decide_at_once(case=last.case, at=demo.at)
    assert became
    assert not became.alone
    assert codes(AutoDecision.objects.get(case=last.case)) == {"SIGNER_UNSEEN"}


def test_one_who_refuses_says_why_and_nothing_is_filed(demo: Any) -> None:
    signing = asked(demo, "sunyan", "qianjin")
    signs(demo, signing, "sunyan")
    with pytest.raises(Refused):
        refuse_to_sign(actor=demo.actor("qianjin"), signature=of(signing, demo, "qianjin").id, reason=" ", at=demo.at)
    refuse_to_sign(
        actor=demo.actor("qianjin"), signature=of(signing, demo, "qianjin").id, reason="出资比例不对", at=demo.at
    )
    page = signings.find_signing(demo.actor("zhangxiao"), Draft.objects.get().id)
    assert page
    assert (page.state, [one.reason for one in page.signers if one.reason]) == (SigningState.REFUSED, ["出资比例不对"])
    assert not Case.objects.exists()
    assert Message.objects.filter(template="signing_over").count() == 1
    with pytest.raises(Conflict):
        signs(demo, signing, "sunyan")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"mark": "0" * 64}, "CHANGED"), ({"agreed": False}, "NOT_READ"), ({"proof": "another"}, "PROOF_STALE")],
)
def test_what_is_no_signature_is_refused(demo: Any, wrong: dict[str, Any], code: str) -> None:
    signing = asked(demo, "sunyan")
    if "proof" in wrong:
        wrong = {"proof": proof(demo.actor("qianjin"), demo.at)}
    with pytest.raises(Refused) as refused:
        signs(demo, signing, "sunyan", **wrong)
    assert [one.code for one in refused.value.reasons] == [code]


def test_nobody_signs_for_another_and_strangers_see_nothing(demo: Any) -> None:
    signing = asked(demo, "sunyan")
    theirs = of(signing, demo, "sunyan").id
    stranger = demo.actor("moshengren")
    with pytest.raises(NotFound):
        sign(actor=stranger, signature=theirs, mark="x", agreed=True, proof=proof(stranger, demo.at), at=demo.at)
    with pytest.raises(NotFound):
        signings.get_signature(stranger, theirs)
    assert signings.list_signatures(stranger) == ()
    assert signings.find_signing(stranger, Draft.objects.get().id) is None
    assert [one.asked_by for one in signings.list_signatures(demo.actor("sunyan"))] == ["张晓"]


def test_another_name_in_the_form_cannot_be_signed(demo: Any) -> None:
    form = company(demo, "sunyan")
    form["shareholders"][1]["name"] = form["officers"][1]["name"] = "孙小燕"
    signing = asked(demo, "sunyan", shareholders=form["shareholders"], officers=form["officers"])
    with pytest.raises(Refused) as refused:
        signs(demo, signing, "sunyan")
    assert [one.code for one in refused.value.reasons] == ["NAME_DIFFERS"]


def test_who_changes_the_draft_voids_what_was_signed(demo: Any) -> None:
    draft = draft_of(demo, "sunyan", "qianjin")
    signing = asked(demo, draft=draft)
    signs(demo, signing, "sunyan")
    row = Draft.objects.get(id=draft)
    zhang = demo.actor("zhangxiao")
    same = {"item_code": COMPANY, "item_version": row.item_version, "answers": row.answers, "materials": {}}
    save_draft(actor=zhang, draft=draft, form=row.form, applicant=zhang.id, step="form-name", at=demo.at, **same)
    assert Signing.objects.get(id=signing).state == "open", "looking at a page changes nothing"
    changed = {**row.form, "capital": 999}
    save_draft(actor=zhang, draft=draft, form=changed, applicant=zhang.id, step="form-name", at=demo.at, **same)
    assert Signing.objects.get(id=signing).state == "void"
    with pytest.raises(Conflict):
        signs(demo, signing, "qianjin")


def test_a_draft_that_is_thrown_away_takes_its_signing_with_it(demo: Any) -> None:
    draft = draft_of(demo, "sunyan")
    signing = asked(demo, draft=draft)
    discard_draft(actor=demo.actor("zhangxiao"), draft=draft, at=demo.at)
    assert Signing.objects.get(id=signing).state == "void"


def test_asked_twice_it_is_one_and_taken_back_it_can_be_asked_again(demo: Any) -> None:
    draft = draft_of(demo, "sunyan")
    one = asked(demo, draft=draft)
    assert asked(demo, draft=draft) == one
    end_signing(actor=demo.actor("zhangxiao"), signing=one, at=demo.at)
    end_signing(actor=demo.actor("zhangxiao"), signing=one, at=demo.at)
    assert asked(demo, draft=draft) != one
    with pytest.raises(NotFound):
        end_signing(actor=demo.actor("sunyan"), signing=one, at=demo.at)


def test_time_runs_out_after_a_reminder(demo: Any) -> None:
    signing = asked(demo, "sunyan")
    near, over = demo.at + timedelta(days=6, hours=1), demo.at + timedelta(days=7)
    assert not remind_signers(signing=signing, at=demo.at)
    assert remind_signers(signing=signing, at=near)
    assert not remind_signers(signing=signing, at=near)
    with pytest.raises(Conflict):
        signs(demo, signing, "sunyan", at=over)
    assert expire_signing(signing=signing, at=over)
    assert not expire_signing(signing=signing, at=over)
    assert set(Message.objects.filter(template__startswith="sign").values_list("template", flat=True)) == {
        "signature_asked", "signature_reminder", "signing_over",
    }  # fmt: skip


def test_who_has_no_account_signs_before_a_clerk_who_has_the_document_in_hand(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)
    Account.objects.filter(username="sunyan").update(identity_seen=False)
    signing = asked(demo, "sunyan")
    theirs, li = of(signing, demo, "sunyan"), demo.actor("lina")
    mark = Signing.objects.get(id=signing).mark
    assert [one.id for one in signings.signatures_for(li, theirs.number)] == [theirs.id]
    assert signings.signatures_for(demo.actor("wangqiang"), theirs.number) == ()
    for actor, number, kind in (
        (li, "440303199003070003", "invalid"),
        (demo.actor("wangqiang"), theirs.number, "forbidden"),
    ):
        with pytest.raises(Refused) as refused:
            sign_at_counter(actor=actor, signature=theirs.id, number=number, mark=mark, at=demo.at)
        assert refused.value.kind == kind
    last = sign_at_counter(actor=li, signature=theirs.id, number=theirs.number, mark=mark, at=demo.at)
    assert last.case
    became = decide_at_once(case=last.case, at=demo.at)
    assert became
    assert became.alone, became.why


def test_who_files_alone_or_for_others_needs_no_signatures(demo: Any) -> None:
    with pytest.raises(Refused) as refused:
        asked(demo)
    assert [one.code for one in refused.value.reasons] == ["NOBODY_ELSE"]
    form = company(demo, "sunyan", "qianjin")
    sun = get_party(demo.actor("sunyan").id)
    others = {
        "representative": {**form["representative"], "name": sun.name, "cn_id": sun.id_no},
        "shareholders": form["shareholders"][1:], "officers": form["officers"][1:],
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        asked(demo, "sunyan", "qianjin", **others)
    assert "NOT_A_SIGNER" in {one.code for one in refused.value.reasons}


def test_nobody_is_asked_to_sign_what_could_not_be_filed(demo: Any) -> None:
    with pytest.raises(Refused):
        asked(demo, "sunyan", promise=False)
    assert not Signing.objects.exists()


def test_what_can_no_longer_be_filed_says_why_and_keeps_the_draft(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(**told: Any) -> None:
        raise Refused(Reason("NAME_TAKEN", W("名称刚被登记", "The name was registered just now")))

    monkeypatch.setattr("yichuang.cases.commands.cosign.file_case", taken)
    signing = asked(demo, "sunyan")
    last = signs(demo, signing, "sunyan")
    assert (last.state, last.case) == (SigningState.STUCK, None)
    page = signings.find_signing(demo.actor("zhangxiao"), Draft.objects.get().id)
    assert page
    assert [words.zh for words in page.why] == ["名称刚被登记"]
    assert Signature.objects.filter(signing=signing, state="signed").count() == 2


def test_every_signature_is_vouched_for(demo: Any, settings: Any, tmp_path: Any) -> None:
    settings.YICHUANG_DATA = tmp_path
    signing = asked(demo, "sunyan")
    signs(demo, signing, "sunyan")
    ledger.sequence(at=demo.at)
    assert [(fault.kind, fault.where) for fault in ledger.verify_ledger([])] == []
    Signature.objects.filter(signing=signing, how="sms").update(how="password")
    assert ledger.verify_ledger([])


def at_counter(demo: Any, signing: UUID, who: str) -> Signed:
    theirs, mark = of(signing, demo, who), Signing.objects.get(id=signing).mark
    return sign_at_counter(actor=demo.actor("lina"), signature=theirs.id, number=theirs.number, mark=mark, at=demo.at)


def test_who_signs_at_a_counter_is_told_where_and_for_what(demo: Any) -> None:
    at_counter(demo, asked(demo, "sunyan", "qianjin"), "sunyan")
    told = Message.objects.get(template="signature_recorded")
    assert told.party == demo.actor("sunyan").id
    place = get_place_by_id(demo.actor("lina").place).name.zh
    body = told.body
    assert place in body
    assert get_pack(COMPANY, at=demo.at).name.zh in body


def test_a_counter_takes_no_signature_under_another_name(demo: Any) -> None:
    form = company(demo, "sunyan")
    form["shareholders"][1]["name"] = form["officers"][1]["name"] = "孙小燕"
    signing = asked(demo, "sunyan", shareholders=form["shareholders"], officers=form["officers"])
    with pytest.raises(Refused) as refused:
        at_counter(demo, signing, "sunyan")
    assert [one.code for one in refused.value.reasons] == ["NAME_DIFFERS"]
    assert not Message.objects.filter(template="signature_recorded").exists()


def test_an_earlier_paper_put_to_the_draft_voids_what_was_signed(demo: Any) -> None:
    first, zhang, draft = filed(demo), demo.actor("zhangxiao"), drafted(demo, "zhangxiao")
    row = Draft.objects.get(id=draft)
    signing = Signing.objects.create(
        draft=draft, owner_id=zhang.id, item_code=row.item_code, item_version=row.item_version, item_name_zh="甲",
        item_name_en="A", content={}, mark="0" * 64, draft_mark=digest_of(row.answers, row.form, row.materials),
        proved="sms", asked_at=demo.at, expires_at=demo.at + timedelta(days=7),
    )  # fmt: skip
    use_earlier(actor=zhang, draft=draft, material=PAPER, earlier=paper_of(first), at=demo.at)
    signing.refresh_from_db()
    assert signing.state == "void"


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_ask_for_one_signing(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Real threads, each held where it has seen no signing and not yet written one."""
    why_not_ask = rules.why_not_ask

    def slowly(*told: Any) -> list[Reason]:
        time.sleep(0.3)
        return why_not_ask(*told)

    monkeypatch.setattr(rules, "why_not_ask", slowly)
    draft, began, got = draft_of(demo, "sunyan"), threading.Barrier(2), list[UUID]()

    def press() -> None:
        try:
            began.wait(10)
            got.append(asked(demo, draft=draft))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert got == [Signing.objects.get().id] * 2


def test_nobody_asks_with_the_draft_of_another(demo: Any) -> None:
    draft, sun = draft_of(demo, "sunyan"), demo.actor("sunyan")
    row = Draft.objects.get(id=draft)
    asked(demo, draft=draft)
    filing = Filing(
        COMPANY, row.item_version, row.answers, row.form, {}, sun.id, draft=draft, proof=proof(sun, demo.at)
    )
    with pytest.raises(NotFound):
        ask_signatures(actor=sun, filing=filing, at=demo.at)


@pytest.mark.parametrize(
    "passing",
    [
        Conflict(Reason("IN_FLIGHT", W("正在处理", "Under way"))),
        Refused(Reason("DISK_FULL", W("暂时不可用", "Not available right now")), kind="unavailable"),
    ],
    ids=["in flight", "unavailable"],
)
def test_what_passes_by_itself_ends_no_signing_and_the_signature_is_pressed_again(
    demo: Any, monkeypatch: pytest.MonkeyPatch, passing: Refused
) -> None:
    def busy(**told: Any) -> None:
        raise passing

    signing = asked(demo, "sunyan")
    with monkeypatch.context() as now:
        now.setattr("yichuang.cases.commands.cosign.file_case", busy)
        with pytest.raises(Refused) as refused:
            signs(demo, signing, "sunyan")
    assert refused.value is passing
    assert (Signing.objects.get().state, of(signing, demo, "sunyan").state) == ("open", "asked")
    assert not Message.objects.filter(template="signing_over").exists()
    assert signs(demo, signing, "sunyan").state is SigningState.FILED


@pytest.mark.parametrize("end", ["refused", "void", "expired", "ended"])
def test_who_has_not_signed_reads_it_only_while_it_runs(demo: Any, end: str) -> None:
    draft = draft_of(demo, "sunyan", "qianjin")
    signing = asked(demo, draft=draft)
    signs(demo, signing, "sunyan")
    qian, sun, zhang = (demo.actor(who) for who in ("qianjin", "sunyan", "zhangxiao"))
    theirs, signed = of(signing, demo, "qianjin").id, of(signing, demo, "sunyan").id
    assert signings.get_signature(qian, theirs).form
    assert signings.get_signature(demo.actor("lina"), theirs).form
    ends: dict[str, Callable[[], object]] = {
        "refused": lambda: refuse_to_sign(actor=qian, signature=theirs, reason="不是我", at=demo.at),
        "void": lambda: discard_draft(actor=zhang, draft=draft, at=demo.at),
        "expired": lambda: expire_signing(signing=signing, at=demo.at + timedelta(days=7)),
        "ended": lambda: end_signing(actor=zhang, signing=signing, at=demo.at),
    }
    ends[end]()
    for page in (signings.get_signature(qian, theirs), *signings.list_signatures(qian)):
        assert (page.signing_state, page.answers, page.form, page.materials) == (SigningState(end), {}, {}, ())
    with pytest.raises(NotFound):
        signings.get_signature(demo.actor("lina"), theirs)
    assert signings.get_signature(sun, signed).form, "what one has signed one may read"


def test_what_it_follows_is_filed_with_it(demo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case that is taken up again, or whose result is to be changed, is not lost while the others sign."""
    filed_as: list[Filing] = []

    def look(**told: Any) -> None:
        filed_as.append(told["filing"])
        raise Refused(Reason("LOOKED", W("看过", "Looked at")))

    monkeypatch.setattr("yichuang.cases.commands.cosign.file_case", look)
    zhang, before = demo.actor("zhangxiao"), demo.file(demo.actor("zhangxiao")).case_id
    row = Draft.objects.get(id=draft_of(demo, "sunyan"))
    filing = Filing(
        COMPANY, row.item_version, row.answers, row.form, {}, zhang.id, draft=row.id, proof=proof(zhang, demo.at),
        previous=before, follow_up="change",
    )  # fmt: skip
    signs(demo, ask_signatures(actor=zhang, filing=filing, at=demo.at), "sunyan")
    assert [(one.previous, one.follow_up) for one in filed_as] == [(before, "change")]


def test_a_list_of_signatures_costs_the_same_however_long_it_is(demo: Any, django_assert_num_queries: Any) -> None:
    sun, zhang = demo.actor("sunyan"), demo.actor("zhangxiao")
    for _ in range(3):
        asked(demo, "sunyan")
    with django_assert_num_queries(3):  # who it is, what is asked, of whom
        assert len(signings.list_signatures(sun)) == 3
    with django_assert_num_queries(2):
        assert len(signings.list_signings(zhang)) == 3


def test_nobody_makes_a_machine_of_messages_of_it(demo: Any) -> None:
    """Each asking tells everybody whom the form names: of all that one person asks within a day there is an end."""
    for _ in range(10):
        asked(demo, "sunyan")
    with pytest.raises(Refused) as refused:
        asked(demo, "sunyan")
    assert (refused.value.kind, refused.value.reasons[0].code) == ("too_many", "TOO_MANY_SIGNINGS")
    asked(demo, "sunyan", at=demo.at + timedelta(days=1, minutes=1))
