"""更正: clerical errors of what was filed, of papers and of certificates are mended; both values stay; nothing is reopened."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_case
from yichuang.cases.commands.correct import (
    ask_correction,
    decline_correction,
    make_correction,
    withdraw_correction,
)
from yichuang.cases.commands.decide import decide_case
from yichuang.cases.commands.proceedings import open_proceeding
from yichuang.cases.corrections import _shape, _takes_over, _whose
from yichuang.cases.models import Case, Correction
from yichuang.cases.rules import correction as rules
from yichuang.cases.states import State
from yichuang.cases.turns import CorrectionState, Wish
from yichuang.cases.values import DocumentKind
from yichuang.catalog.queries import form_schema, get_pack, result_data
from yichuang.catalog.values import RequiredMaterial, Requirements
from yichuang.core import ledger
from yichuang.core.actors import SYSTEM
from yichuang.core.masks import mask_name
from yichuang.core.refusals import NotFound, Refused
from yichuang.core.words import W
from yichuang.issuing.commands import render_certificate, render_document
from yichuang.issuing.queries import verify_number
from yichuang.network.commands import assign_item
from yichuang.network.queries import responsible_place
from yichuang.network.values import AssignmentRule
from yichuang.notices.queries import list_inbox
from yichuang.people.models import Party
from yichuang.people.queries import get_party
from yichuang.registry.queries import certificate_of_subject, count_active, get_certificate
from yichuang.registry.values import Status

HOUR = timedelta(hours=1)
COLOUR = Wish("form:/dog/colour", "黑白")
WHY = "录入时写错。"


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def ask(demo, who, number, *wishes, reason=WHY, at=None):
    return ask_correction(
        actor=demo.actor(who), number=number, wishes=wishes or (COLOUR,), reason=reason, at=at or demo.at
    )


def page(demo, who, number):
    return queries.get_case_for(demo.actor(who), number, at=demo.at)


@pytest.fixture
def filed(demo):
    return demo.file(demo.actor("zhangxiao"))


@pytest.fixture
def accepted(demo, filed):
    accept_case(actor=demo.actor("lina"), number=filed.number, version=1, findings={}, at=demo.at)
    return filed


@pytest.fixture
def granted(demo, accepted):
    decide_case(
        actor=demo.actor("chengang"), number=accepted.number, version=2, outcome="grant", reasons="", at=demo.at
    )
    return accepted


# ── what was filed ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_before_acceptance_the_clerk_mends_it_at_once_with_a_paper(demo, filed):
    before = Case.objects.get(number=filed.number).form["dog"]["colour"]
    id = ask(demo, "lina", filed.number)
    case = Case.objects.get(number=filed.number)
    assert (case.form["dog"]["colour"], case.version, case.state) == ("黑白", 2, "SUBMITTED")
    [row] = page(demo, "zhangxiao", filed.number).corrections
    assert (row.id, row.state, [(line.old, line.new) for line in row.lines]) == (
        id, CorrectionState.MADE, [(before, "黑白")],
    )  # fmt: skip
    [paper] = [one for one in queries.documents(SYSTEM, filed.number) if one.kind is DocumentKind.CORRECTION]
    assert paper.number.startswith("CGZF更字〔2026〕")
    assert render_document(paper.id).startswith(b"%PDF")
    entry = ledger.list_entries(ledger.Subject("case", filed.case_id))[-1]
    assert (entry.act, entry.detail["state"]) == ("correct", "SUBMITTED")
    assert any("笔误" in message.body for message in list_inbox(demo.actor("zhangxiao").id))
    raw = str(Correction.objects.extra(select={"raw": "lines"}).values_list("raw", flat=True))
    assert before not in raw
    with pytest.raises(Refused) as twice:
        ask(demo, "lina", filed.number)
    assert codes(twice) == ["SAME_VALUE"]
    accept_case(actor=demo.actor("lina"), number=filed.number, version=2, findings={}, at=demo.at)


def test_the_applicant_asks_and_who_decides_mends_it(demo, accepted):
    due = Case.objects.get(number=accepted.number).due_at
    id = ask(demo, "zhangxiao", accepted.number)
    assert ask(demo, "zhangxiao", accepted.number, at=demo.at + HOUR) == id, "pressed twice"
    with pytest.raises(Refused) as another:
        ask(demo, "lina", accepted.number, Wish("form:/dog/name", "豆腐"))
    assert codes(another) == ["CORRECTION_OPEN"]
    assert page(demo, "zhangxiao", accepted.number).version == 2, "asking is no act on the case"
    waiting = queries.list_corrections(demo.actor("linfang"))
    assert [(number, row.id) for number, _, row in waiting] == [(accepted.number, id)]
    assert queries.list_corrections(demo.actor("wangqiang")) == ()
    for who in ("lina", "wangqiang", "zhangxiao", "huanghai"):
        with pytest.raises(Refused) as refused:
            make_correction(actor=demo.actor(who), correction=id, at=demo.at)
        assert codes(refused) == ["NOT_ALLOWED"]
    for who in ("sunli", "moshengren", "zhaomin"):
        with pytest.raises(NotFound):
            make_correction(actor=demo.actor(who), correction=id, at=demo.at)
    head = make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at)
    case = Case.objects.get(number=accepted.number)
    assert (head.version, head.state, case.due_at, case.form["dog"]["colour"]) == (3, State.IN_REVIEW, due, "黑白")
    with pytest.raises(Refused) as again:
        make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at + HOUR)
    assert (codes(again), again.value.change.at) == (["CORRECTION_OVER"], demo.at)
    with pytest.raises(Refused) as stale:
        decide_case(
            actor=demo.actor("chengang"), number=accepted.number, version=2, outcome="grant", reasons="", at=demo.at
        )
    assert codes(stale) == ["STALE_VERSION"]


def test_nobody_approves_what_they_asked_for(demo, accepted):
    id = ask(demo, "linfang", accepted.number)
    with pytest.raises(Refused) as own:
        make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at)
    assert codes(own) == ["NOT_WHO_ASKED"]
    assert not page(demo, "linfang", accepted.number).corrections[0].may_decide
    make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at)


def test_a_request_is_declined_with_a_reason_or_taken_back(demo, accepted):
    id = ask(demo, "zhangxiao", accepted.number)
    with pytest.raises(Refused) as silent:
        decline_correction(actor=demo.actor("linfang"), correction=id, note=" ", at=demo.at)
    assert codes(silent) == ["NOTE_NEEDED"]
    decline_correction(actor=demo.actor("linfang"), correction=id, note="照片上就是黄白。", at=demo.at)
    [row] = page(demo, "zhangxiao", accepted.number).corrections
    assert (row.state, row.note, row.document) == (CorrectionState.DECLINED, "照片上就是黄白。", None)
    other = ask(demo, "zhangxiao", accepted.number)
    with pytest.raises(Refused) as not_mine:
        withdraw_correction(actor=demo.actor("lina"), correction=other, at=demo.at)
    assert codes(not_mine) == ["NOT_ALLOWED"]
    withdraw_correction(actor=demo.actor("zhangxiao"), correction=other, at=demo.at)
    with pytest.raises(Refused) as over:
        make_correction(actor=demo.actor("linfang"), correction=other, at=demo.at)
    assert codes(over) == ["CORRECTION_OVER"]
    assert Case.objects.get(number=accepted.number).version == 2


def test_what_is_no_clerical_error_is_refused(demo, accepted):
    for wishes, expected in (
        ((Wish("form:/dog/none", "x"),), ["TARGET_UNKNOWN"]),
        ((Wish("elsewhere:/x", "x"),), ["TARGET_UNKNOWN"]),
        ((Wish("form:/dog/sex", "不知道"),), ["VALUE_WRONG"]),
        ((Wish("certificate:holder", "李四"),), ["NOT_NOW"]),
        ((Wish("document:nonsense", "x", "y"),), ["TARGET_UNKNOWN"]),
        ((COLOUR, COLOUR), ["TWICE"]),
    ):
        with pytest.raises(Refused) as refused:
            ask(demo, "zhangxiao", accepted.number, *wishes)
        assert codes(refused) == expected, wishes
    with pytest.raises(Refused) as nothing:
        ask_correction(
            actor=demo.actor("zhangxiao"), number=accepted.number, wishes=[Wish("", "")], reason=" ", at=demo.at
        )
    assert [(one.code, one.field) for one in nothing.value.reasons] == [
        ("TARGET_NEEDED", "/lines/0"), ("VALUE_WRONG", "/lines/0/new"), ("REASON_NEEDED", "/reason"),
    ]  # fmt: skip
    with pytest.raises(Refused) as wrong_form:
        ask(demo, "zhangxiao", accepted.number, Wish("form:/dog/chip", "123"))
    assert wrong_form.value.reasons[0].field == "/dog/chip"
    assert not Correction.objects.exists()


def test_the_field_that_chooses_the_responsible_place_is_no_clerical_error(demo, filed):
    case = Case.objects.get(number=filed.number)
    assign_item(
        actor=demo.actor("shilei"), item_code=case.item_code, department="CGZF", rule=AssignmentRule.STREET, at=demo.at
    )
    before = responsible_place(case.item_code, case.form["address"]["street"])
    other = next(
        code
        for code in (f"44030300{n}" for n in range(1, 10))
        if responsible_place(case.item_code, code).id != before.id
    )
    with pytest.raises(Refused) as elsewhere:
        ask(demo, "lina", filed.number, Wish("form:/address/street", other))
    assert codes(elsewhere) == ["OTHER_PLACE"]


def test_who_must_hand_in_what_and_until_when_is_no_clerical_error():
    one = RequiredMaterial("a", W("甲", "A"), "main", False, 0, "", W("", ""), False, None)
    legal = object()
    needs = Requirements((one,), (), (), "instant", legal, legal, legal, (), False)
    shape = _shape(needs)
    for change in (
        {"materials": (replace(one, held=True),)},
        {"materials": (replace(one, necessity="secondary"),)},
        {"path": "promise"},
        {"promise_with_gaps": object()},
    ):
        assert _shape(replace(needs, **change)) != shape
    assert _shape(replace(needs, tolerant=True)) == shape


def test_requests_that_wait_for_others_do_not_fill_the_list(demo, accepted, monkeypatch):
    monkeypatch.setattr("yichuang.cases.corrections.MOST", 1)
    earlier = demo.file(demo.actor("jiye"), form=demo_dog(demo))
    ask(demo, "zhangxiao", accepted.number, at=demo.at + HOUR)
    ask(demo, "jiye", earlier.number)
    assert [row[0] for row in queries.list_corrections(demo.actor("lina"))] == [earlier.number]
    for who in ("linfang", "chengang"):
        assert [row[0] for row in queries.list_corrections(demo.actor(who))] == [accepted.number], who
    for who in ("wangqiang", "zhaomin", "fengxue"):
        assert queries.list_corrections(demo.actor(who)) == (), who


def demo_dog(demo):
    form = demo.example("yangquan-dengji").form
    return {
        "dog": {**form["dog"], "chip": "999000000077771"},
        "address": {**form["address"], "detail": "演示路 99 号 101"},
    }


# ── what was issued ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_corrected_certificate_is_issued_anew_and_the_old_one_verifies_as_replaced(demo, granted):
    old = certificate_of_subject("case", granted.case_id)
    id = ask(demo, "zhangxiao", granted.number)
    make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at + HOUR)
    new = certificate_of_subject("case", granted.case_id)
    assert (new.number, new.version, new.previous, new.valid_to) == (old.number, 2, old.id, old.valid_to)
    changed = {key for key in new.data if new.data[key] != old.data.get(key)}
    assert {new.data[key] for key in changed} == {"黑白"}
    assert get_certificate(old.id).status is Status.REPLACED
    assert verify_number(old.identifier, at=demo.at + HOUR).verdict == "revoked"
    assert verify_number(new.identifier, at=demo.at + HOUR).verdict == "valid"
    assert render_certificate(new.id) != render_certificate(old.id)
    row = Correction.objects.get(id=id)
    assert (row.replaced, row.certificate) == (old.id, new.id)
    assert page(demo, "zhangxiao", granted.number).state in {State.GRANTED, State.READY}, "nothing is reopened"


def test_the_holder_on_a_certificate_and_the_words_of_a_decision_are_corrected_too(demo, granted):
    with pytest.raises(Refused) as another:
        ask(demo, "lina", granted.number, Wish("certificate:holder", "张小晓"))
    assert codes(another) == ["HOLDER_AS_REGISTERED"]
    party = Party.objects.get(id=demo.actor("zhangxiao").id)
    party.name = "张小晓"  # mended on record meanwhile
    party.save(update_fields=["name"])
    id = ask(demo, "lina", granted.number, Wish("certificate:holder", "张小晓"))
    assert Correction.objects.get(id=id).state == "asked", "what was decided, the counter does not mend alone"
    make_correction(actor=demo.actor("chengang"), correction=id, at=demo.at)
    mended = certificate_of_subject("case", granted.case_id)
    assert (mended.data["holder"], mended.holder_masked) == ("张小晓", mask_name("张小晓"))
    [grant] = [one for one in queries.documents(SYSTEM, granted.number) if one.kind is DocumentKind.GRANT]
    target = f"document:{grant.id}"
    with pytest.raises(Refused) as not_there:
        ask(demo, "zhangxiao", granted.number, Wish(target, "乙", old="这里没有这句话"))
    assert codes(not_there) == ["NOT_IN_PAPER"]
    id = ask(demo, "zhangxiao", granted.number, Wish(target, "养犬登记证书", old="养犬登记证"))
    make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at)
    assert certificate_of_subject("case", granted.case_id).version == 2, "the paper says it; the certificate stays"
    [line] = page(demo, "zhangxiao", granted.number).corrections[-1].lines
    assert (line.old, line.new) == ("养犬登记证", "养犬登记证书")


def test_nobody_else_on_a_certificate_is_renamed_without_them(demo, granted):
    for wish in (Wish("certificate:keeper", "李四"), Wish("form:/owner/name", "李四")):
        with pytest.raises(Refused) as refused:
            ask(demo, "lina", granted.number, wish)
        assert codes(refused) == ["NAMES_OTHERS"]
    filed = {"owners": "甲、乙", "lessor": "丙", "place": "一号", "keeper": "假"}
    whose = {"owners": None, "lessor": None, "keeper": "甲"}

    def renamed(**change):
        return rules.renamed(filed, {**filed, **change}, whose)

    assert renamed(place="二号") == []
    assert renamed(owners="甲") == renamed(owners="甲、丁") == ["owners"], "a co-owner neither goes nor changes"
    assert renamed(lessor="甲") == ["lessor"], "no line of others becomes the holder's"
    assert renamed(keeper="甲") == [], "the holder as on record"
    assert renamed(keeper="丁") == ["keeper"]


@pytest.fixture
def own(demo):
    """A case with the applicant's own number in the form, granted."""
    zhang = demo.actor("zhangxiao")
    owner = demo.example("yangquan-dengji").form["owner"] | {"cn_id": get_party(zhang.id).id_no}
    receipt = demo.file(zhang, form={"owner": owner})
    accept_case(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    decide_case(actor=demo.actor("chengang"), number=receipt.number, version=2, outcome="grant", reasons="", at=demo.at)
    return receipt


def test_what_is_judged_is_what_is_issued(demo, own):
    """One line allowed by itself does not cover another that would be issued: neither by the form nor by the certificate."""
    party = Party.objects.get(id=demo.actor("zhangxiao").id)
    party.name = "张小晓"  # mended on record meanwhile
    party.save(update_fields=["name"])
    allowed, other = Wish("certificate:keeper", "张小晓"), Wish("form:/owner/name", "李四")
    for wishes in ((allowed, other), (other, allowed)):
        with pytest.raises(Refused) as refused:
            ask(demo, "lina", own.number, *wishes)
        assert codes(refused)[0] == "BOTH_WAYS"
    id = ask(demo, "lina", own.number, Wish("form:/owner/name", "张小晓"), COLOUR)
    make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at + HOUR)
    issued = certificate_of_subject("case", own.case_id).data
    assert (issued["keeper"], issued["colour"]) == ("张小晓", "黑白")


def test_the_line_is_the_holders_where_their_number_was_filed_with_the_name(demo):
    zhang = get_party(demo.actor("zhangxiao").id)

    def whose(code, holder=zhang, **form):
        pack, example = get_pack(code, at=demo.at), demo.example(code)
        case = SimpleNamespace(form={**example.form, **form})
        filed = result_data(pack, example.answers, case.form, {"channel": "portal", "certificates": []}, demo.at)
        return _whose(case, pack, form_schema(pack, example.answers, case.form), filed, holder)

    mine = {"name": "张小晓", "cn_id": zhang.id_no, "mobile": "19900000001"}
    owner = demo.example("yangquan-dengji").form["owner"] | {"name": "张小晓", "cn_id": zhang.id_no}
    assert whose("yangquan-dengji", owner=owner)["keeper"] == zhang.name
    assert whose("yangquan-dengji")["keeper"] is None, "another's number"
    assert "dog_name" not in whose("yangquan-dengji"), "a dog is nobody"
    assert whose("youxian-gongsi-sheli", representative=mine) == {"representative": zhang.name}
    others = mine | {"cn_id": "440303198808089065"}
    assert whose("youxian-gongsi-sheli", representative=others) == {"representative": None}
    assert whose("xinshenger-luohu") == {"baby": None, "head": None}
    assert whose("shipin-jingying-xuke") == {"name": None, "uscc": None, "representative": None}
    assert whose("gonggong-changsuo-weisheng") == {"name": None, "representative": None}
    operator = demo.example("shipin-jingying-xuke").form["operator"]
    company = replace(zhang, kind="company", id_no=operator["uscc"], name=operator["name"])
    theirs = {"name": company.name, "uscc": company.id_no, "representative": None}
    assert whose("shipin-jingying-xuke", company) == theirs
    schema = form_schema(get_pack("youxian-gongsi-sheli", at=demo.at), {}, {})
    line = {"target": "form:/representative/cn_id", "new": zhang.id_no}
    assert _takes_over({"representative": others}, schema, [line], zhang)
    assert not _takes_over({"representative": others | {"name": zhang.name}}, schema, [line], zhang)


def test_what_a_certificate_is_registered_by_is_corrected_in_the_form_and_guarded_anew(demo, granted):
    for key in ("chip", "address"):
        with pytest.raises(Refused) as refused:
            ask(demo, "lina", granted.number, Wish(f"certificate:{key}", "999000000077770"))
        assert codes(refused) == ["IN_THE_FORM"]
    id = ask(demo, "lina", granted.number, Wish("form:/dog/chip", "999000000077770"))
    make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at)
    assert certificate_of_subject("case", granted.case_id).data["chip"] == "999000000077770"
    of_type = certificate_of_subject("case", granted.case_id).type_code
    assert count_active([(of_type, "999000000077770")], at=demo.at) == [1]


def test_a_certificate_that_is_being_ended_is_not_corrected(demo, granted):
    certificate = certificate_of_subject("case", granted.case_id)
    id = ask(demo, "zhangxiao", granted.number)
    open_proceeding(
        actor=demo.actor("wangqiang"), certificate=certificate.id, ground="facts_changed", facts="规划调整", at=demo.at
    )
    with pytest.raises(Refused) as ending:
        make_correction(actor=demo.actor("linfang"), correction=id, at=demo.at)
    assert codes(ending) == ["CERTIFICATE_IN_USE"]
    assert Correction.objects.get(id=id).state == "asked"
