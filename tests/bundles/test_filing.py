"""一件事申报: one filing, many cases; every fault at once, nothing half-written, once per key."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.bundles.filings import CHILD, COMPANY, HOME, file, filing
from tests.demo import Demo

from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.queries import get_bundle_for, list_my_bundles, list_packages
from yichuang.bundles.rules.refusal import Fate
from yichuang.cases.models import Case, Document, Hold, MaterialFile
from yichuang.cases.queries import get_document
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.issuing.commands import render_document
from yichuang.issuing.queries import verify_file
from yichuang.notices.models import Message


def test_the_demo_offers_three_packages(demo: Demo) -> None:
    assert {row.code for row in list_packages()} == {COMPANY, CHILD, HOME}


def test_one_filing_becomes_six_cases_of_six_departments_at_once(demo: Demo) -> None:
    receipt = file(demo)
    assert [slot for slot, _ in receipt.cases] == ["licence", "seal", "tax", "insurance", "fund", "bank"]
    cases = Case.objects.filter(number__in=[number for _, number in receipt.cases])
    assert len(set(cases.order_by("id").values_list("department", flat=True))) == 6
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert [part.fate for part in page.parts] == [Fate.OPEN] * 6
    assert page.clock.running
    assert page.clock.due_at == demo.at + timedelta(hours=4)


def test_what_is_shared_reaches_every_case_and_is_entered_once(demo: Demo) -> None:
    wanted = filing(demo, COMPANY)
    wanted = replace(
        wanted, form={**wanted.form, "representative": {**wanted.form["representative"], "mobile": "19900000077"}}
    )
    receipt = file(demo, form=wanted.form)
    forms = [Case.objects.get(number=number).form for _, number in receipt.cases]
    assert {form["representative"]["mobile"] for form in forms} == {"19900000077"}


def test_every_fault_of_every_item_is_told_at_once_and_nothing_is_kept(demo: Demo) -> None:
    wanted = filing(demo, COMPANY)
    form = {
        **wanted.form,
        "representative": {**wanted.form["representative"], "mobile": "1"},
        "fund-fund": {**wanted.form["fund-fund"], "ratio": 20},
        "seal-seals": {"kinds": ["财务专用章"], "material": "photo"},
        "licence-capital": 99,
    }
    before = Case.objects.count(), ledger.list_entries_of("bundle", [])
    with pytest.raises(Refused) as refused:
        file(demo, form=form)
    fields = {reason.field for reason in refused.value.reasons}
    assert {"/representative/mobile", "/fund-fund/ratio", "/seal-seals/kinds", "/licence-capital"} <= fields
    mobile = [reason for reason in refused.value.reasons if reason.field == "/representative/mobile"]
    assert len(mobile) == 1
    assert "营业执照、公章刻制备案、税务和发票" in mobile[0].words.zh
    assert (Case.objects.count(), Bundle.objects.count(), Message.objects.filter(template="bundle_filed").count()) == (
        before[0],
        0,
        0,
    )


def test_an_item_that_comes_later_is_checked_before_too(demo: Demo) -> None:
    wanted = filing(demo, CHILD)
    form = {
        **wanted.form,
        "allowance-payment": {"bank": "示例银行", "card": "1"},
        "household-household": {"number": "12"},
    }
    with pytest.raises(Refused) as refused:
        file(demo, CHILD, form=form)
    fields = {reason.field for reason in refused.value.reasons}
    assert "/allowance-payment/card" in fields
    assert "/household-household/number" in fields
    assert not any(field and "cn_id" in field and field.startswith(("/insurance", "/card")) for field in fields)


def test_fields_and_items_that_the_package_does_not_have_are_refused_by_name(demo: Demo) -> None:
    wanted = filing(demo, COMPANY)
    with pytest.raises(Refused) as refused:
        file(demo, form={**wanted.form, "colour": 1}, materials={"boat": {}})
    assert {reason.code for reason in refused.value.reasons} == {"UNKNOWN_FIELD", "UNKNOWN_PART"}


def test_pressed_twice_it_is_filed_once(demo: Demo) -> None:
    actor, wanted = demo.actor("zhangxiao"), filing(demo, COMPANY)
    first, again = (file_bundle(actor=actor, filing=wanted, key="once", at=demo.at) for _ in range(2))
    assert (first[1], again[1]) == (False, True)
    assert first[0] == again[0]
    assert Bundle.objects.count() == 1


def test_only_what_comes_first_becomes_a_case_where_the_order_says_so(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    assert [slot for slot, _ in receipt.cases] == ["birth"]
    fates = dict(Part.objects.order_by("position").values_list("slot", "fate"))
    assert fates == {
        "birth": "open",
        "household": "waiting",
        "insurance": "waiting",
        "card": "waiting",
        "allowance": "waiting",
    }


def test_a_case_that_rests_on_the_licence_says_so_and_bears_a_hold(demo: Demo) -> None:
    numbers = dict(file(demo).cases)
    seal = Case.objects.get(number=numbers["seal"])
    hold = Hold.objects.get(case=seal, kind="rests", lifted_at=None)
    assert (hold.kind, hold.source, hold.words_zh) == ("rests", "licence", "等“营业执照”核准")
    assert not Hold.objects.filter(case__number=numbers["licence"], kind="rests").exists()
    assert set(Case.objects.order_by("id").values_list("package", flat=True)) == {Bundle.objects.get().number}


def test_a_paper_is_handed_in_once_and_every_case_has_a_copy_of_its_own(demo: Demo) -> None:
    zhang = demo.actor("zhangxiao")
    once = {"licence": {"representative_id": [demo.upload(zhang)]}}
    cases = Case.objects.filter(number__in=[number for _, number in file(demo, materials=once).cases])
    papers = MaterialFile.objects.filter(material__code="representative_id", material__case__in=cases)
    assert papers.count() == 6
    assert len(set(papers.order_by("id").values_list("upload", flat=True))) == 6
    assert len(set(papers.order_by("id").values_list("upload__sha256", flat=True))) == 1


def test_one_message_tells_of_the_package(demo: Demo) -> None:
    receipt = file(demo)
    (message,) = Message.objects.filter(template="bundle_filed")
    assert receipt.number in message.body
    assert "共 6 项" in message.body


def test_who_sees_a_package(demo: Demo) -> None:
    receipt = file(demo)
    for username in ("zhangxiao", "lina", "luobin", "zengyan"):  # the applicant, the front desk, two of the departments
        assert get_bundle_for(demo.actor(username), receipt.number, at=demo.at).number == receipt.number
    for username in ("moshengren", "sunli", "zhaomin"):
        with pytest.raises(NotFound):
            get_bundle_for(demo.actor(username), receipt.number, at=demo.at)
    page = get_bundle_for(demo.actor("zengyan"), receipt.number, at=demo.at)
    assert [part.slot for part in page.parts if part.number] == ["fund"]
    assert not page.is_mine
    assert [row.number for row in list_my_bundles(demo.actor("zhangxiao"))] == [receipt.number]
    assert list_my_bundles(demo.actor("moshengren")) == ()


def test_staff_and_strangers_file_nothing(demo: Demo) -> None:
    wanted = filing(demo, COMPANY)
    with pytest.raises(Refused) as clerk:
        file_bundle(actor=demo.actor("lina"), filing=wanted, key="k", at=demo.at)
    assert clerk.value.kind == "forbidden"
    zhang = demo.actor("zhangxiao").id
    with pytest.raises(Refused) as stranger:
        file(demo, who="moshengren", applicant=zhang)
    assert {reason.code for reason in stranger.value.reasons} == {"NOT_AUTHORISED_FOR"}


def test_the_ledger_vouches_for_a_package_and_its_parts(demo: Demo) -> None:
    receipt = file(demo)
    (entry,) = ledger.list_entries(ledger.Subject("bundle", receipt.bundle))
    assert entry.act == "file-bundle"
    assert {"facts.bundle", "facts.part:licence", "facts.part:bank"} <= set(entry.detail)
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []
    Part.objects.filter(bundle=receipt.bundle, slot="bank").update(fate="granted")
    assert [fault.kind for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == ["FACT_ALTERED"]


def test_the_one_receipt_is_a_sealed_paper_that_names_every_item(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    assert receipt.paper is not None
    paper = Document.objects.get(id=receipt.paper)
    assert (paper.kind, paper.values["case_number"]) == ("package_receipt", receipt.number)
    assert [line["number"] for line in paper.values["items"]][1:] == ["轮到时生成"] * 4
    assert paper.values["items"][0]["number"] == dict(receipt.cases)["birth"]
    assert "“户口登记”如果不予办理" in paper.values["stops"]
    pdf = render_document(receipt.paper)
    assert pdf.startswith(b"%PDF-")
    assert verify_file(pdf, at=demo.at).verdict == "valid"
    zhang = demo.actor("zhangxiao")
    assert get_bundle_for(zhang, receipt.number, at=demo.at).receipt == receipt.paper
    assert get_document(zhang, receipt.paper).title.zh == "一件事收件凭证"
    assert get_bundle_for(demo.actor("lina"), receipt.number, at=demo.at).receipt is None
