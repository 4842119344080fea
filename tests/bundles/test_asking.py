"""补充: whatever an item's turn asks for can be given: fields, papers, answers; what nobody can give is tried again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.bundles.driver import NUMBER, fates, grant
from tests.bundles.filings import CHILD, file, filing, papers
from tests.demo import Demo

from yichuang.bundles.commands.complete import attach_paper, complete_part, detach_paper
from yichuang.bundles.commands.file_bundle import file_bundle
from yichuang.bundles.commands.move import settle_bundle
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.queries import get_asked
from yichuang.bundles.values import BundleReceipt
from yichuang.cases.models import Case, MaterialFile, Upload
from yichuang.catalog.models import ItemVersion
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.models import Message
from yichuang.people.commands import grant_agency

GROUP, CITIZEN = NUMBER["insurance"]
KNOWN = {GROUP: {"cn_id": CITIZEN}}


def waiting(demo: Demo, **changes: Any) -> BundleReceipt:
    """A package whose insurance and card wait for the applicant."""
    receipt = file(demo, CHILD, **changes)
    grant(demo, receipt, "birth")
    grant(demo, receipt, "household")
    return receipt


def part_of(receipt: BundleReceipt, slot: str) -> Part:
    return Part.objects.get(bundle=receipt.bundle, slot=slot)


def used_elsewhere(demo: Demo, receipt: BundleReceipt, slot: str, material: str) -> UUID:
    """The paper kept for a later item is put into another case by its owner meanwhile."""
    upload = UUID(part_of(receipt, slot).filing["materials"][material][0])
    demo.file(demo.actor("zhangxiao"), uploads={"owner_id": [upload]})
    return upload


def test_a_paper_that_lies_in_another_case_by_now_is_asked_for_and_put_in(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    used = used_elsewhere(demo, receipt, "household", "parent_id")
    grant(demo, receipt, "birth")
    assert fates(receipt)["household"] == "asking"
    zhang = demo.actor("zhangxiao")
    asked = get_asked(zhang, receipt.number, "household", at=demo.at)
    (paper,) = [one for one in asked.papers if one.wrong]
    assert (paper.needed.code, paper.files) == ("parent_id", ((used, None),))
    assert asked.rest == ()
    with pytest.raises(Refused) as refused:
        complete_part(actor=zhang, number=receipt.number, slot="household", form={}, at=demo.at)
    (lost,) = refused.value.reasons
    assert (lost.code, lost.words.zh) == ("UPLOAD_USED", "“申报人居民身份证”的文件已经用在别的办件里，请换一份")
    new = demo.upload(zhang)
    of = {"actor": zhang, "number": receipt.number, "slot": "household", "material": "parent_id", "at": demo.at}
    detach_paper(upload=used, **of)
    attach_paper(upload=new, **of)
    number = complete_part(actor=zhang, number=receipt.number, slot="household", form={}, at=demo.at)
    handed_in = MaterialFile.objects.filter(material__case__number=number, material__code="parent_id")
    assert [row.upload_id for row in handed_in.order_by("id")] == [new]
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []


def test_papers_come_with_the_answer_too_and_take_the_place_of_what_was_there(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    used_elsewhere(demo, receipt, "household", "parent_id")
    grant(demo, receipt, "birth")
    zhang = demo.actor("zhangxiao")
    number = complete_part(
        actor=zhang, number=receipt.number, slot="household", form={}, materials={"parent_id": [demo.upload(zhang)]},
        at=demo.at,
    )  # fmt: skip
    assert Case.objects.get(number=number).item_code == "xinshenger-luohu"


def test_nobody_puts_in_a_file_that_is_not_their_own(demo: Demo) -> None:
    receipt = waiting(demo)
    foreign = demo.upload(demo.actor("moshengren"))
    with pytest.raises(Refused) as refused:
        complete_part(
            actor=demo.actor("zhangxiao"), number=receipt.number, slot="insurance", form=KNOWN,
            materials={"guardian_id": [foreign]}, at=demo.at,
        )  # fmt: skip
    assert {reason.code for reason in refused.value.reasons} == {"UNKNOWN_UPLOAD"}
    with pytest.raises(NotFound):
        attach_paper(
            actor=demo.actor("moshengren"), number=receipt.number, slot="insurance", material="guardian_id",
            upload=foreign, at=demo.at,
        )  # fmt: skip


def by_agent(demo: Demo) -> tuple[Any, Any, BundleReceipt]:
    """孙燕 files for 张晓, with papers of hers."""
    zhang, agent = demo.actor("zhangxiao"), demo.actor("sunyan")
    give_everything(demo, zhang, agent)
    agent = demo.actor("sunyan")
    wanted = replace(filing(demo, CHILD), applicant=zhang.id, materials=papers(demo, agent, CHILD))
    receipt, _ = file_bundle(actor=agent, filing=wanted, key=str(uuid4()), at=demo.at)
    grant(demo, receipt, "birth")
    grant(demo, receipt, "household")
    return zhang, agent, receipt


def give_everything(demo: Demo, principal: Any, agent: Any) -> None:
    until = demo.at.date() + timedelta(days=90)
    grant_agency(actor=principal, principal=principal.id, agent=agent.id, valid_to=until, at=demo.at)


def test_the_applicant_completes_what_an_agent_filed_with_papers(demo: Demo) -> None:
    zhang, _, receipt = by_agent(demo)
    number = complete_part(actor=zhang, number=receipt.number, slot="insurance", form=KNOWN, at=demo.at)
    assert MaterialFile.objects.filter(material__case__number=number).exists()


def test_papers_of_both_go_into_one_case(demo: Demo) -> None:
    zhang, agent, receipt = by_agent(demo)
    extra = demo.upload(zhang)
    attach_paper(actor=zhang, number=receipt.number, slot="insurance", material="guardian_id", upload=extra, at=demo.at)
    number = complete_part(actor=agent, number=receipt.number, slot="insurance", form=KNOWN, at=demo.at)
    owners = Upload.objects.filter(case__number=number).order_by("id").values_list("owner", flat=True)
    assert set(owners) == {zhang.id, agent.id}


def test_an_item_that_is_not_offered_is_said_so_and_filed_by_the_house_once_it_is_again(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    rows = ItemVersion.objects.filter(code="shengyu-jintie")
    ids = list(rows.order_by("id").values_list("id", flat=True))
    rows.update(retired_at=demo.at)
    grant(demo, receipt, "birth")
    zhang = demo.actor("zhangxiao")
    assert fates(receipt)["allowance"] == "asking"
    asked = get_asked(zhang, receipt.number, "allowance", at=demo.at)
    assert [reason.code for reason in asked.rest] == ["ITEM_GONE"]
    assert (asked.questions, asked.papers, asked.schema.get("properties")) == ((), (), None)
    with pytest.raises(Refused) as refused:
        complete_part(actor=zhang, number=receipt.number, slot="allowance", form={}, at=demo.at)
    assert refused.value.kind == "gone"
    told = Message.objects.filter(template="bundle_asks").count()
    assert not settle_bundle(bundle=receipt.bundle, at=demo.at)
    assert Message.objects.filter(template="bundle_asks").count() == told, "nobody is told the same every hour"
    ItemVersion.objects.filter(id__in=ids[-1:]).update(retired_at=None)
    assert settle_bundle(bundle=receipt.bundle, at=demo.at)
    assert fates(receipt)["allowance"] == "open"


def test_a_paper_that_the_item_no_longer_asks_for_is_left_out_in_its_turn(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    part = part_of(receipt, "household")
    part.filing = {**part.filing, "materials": {**part.filing["materials"], "of_old": [str(uuid4())]}}
    part.save()
    grant(demo, receipt, "birth")
    assert fates(receipt)["household"] == "open"


def test_a_question_that_is_new_is_asked_and_answered(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    part = part_of(receipt, "card")
    part.filing = {**part.filing, "answers": {k: v for k, v in part.filing["answers"].items() if k != "card"}}
    part.save()
    grant(demo, receipt, "birth")
    grant(demo, receipt, "household")
    zhang = demo.actor("zhangxiao")
    asked = get_asked(zhang, receipt.number, "card", at=demo.at)
    assert [question.id for question in asked.questions] == ["card"]
    group, number = NUMBER["card"]
    of = {"actor": zhang, "number": receipt.number, "slot": "card", "form": {group: {"cn_id": number}}, "at": demo.at}
    with pytest.raises(Refused) as refused:
        complete_part(**of)
    assert {reason.code for reason in refused.value.reasons} >= {"UNANSWERED"}
    complete_part(**of, answers={"card": "electronic", "who": "adult"})
    case = Case.objects.get(id=part_of(receipt, "card").case_id)
    assert (case.answers["card"], case.answers["who"]) == ("electronic", "child"), "of the answers only what was asked"
    assert Bundle.objects.get(id=receipt.bundle).ended_at is None
