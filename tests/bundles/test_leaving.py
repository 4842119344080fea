"""退出和撤回: what the applicant gives up ends, what rests on it falls, and the rest goes on as the words said before."""

from typing import Any

import pytest
from tests.bundles.driver import case_of, fates, grant, refuse
from tests.bundles.filings import CHILD, COMPANY, HOME, file
from tests.bundles.test_asking import waiting
from tests.demo import Demo

from yichuang.bundles.commands.leave import leave_bundle, leave_part
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import newest
from yichuang.bundles.queries import get_bundle_for, get_leaving
from yichuang.bundles.rules.refusal import Fate, leaving, leaving_all
from yichuang.cases.models import Case, Document
from yichuang.core import ledger
from yichuang.core.refusals import Conflict, NotFound
from yichuang.engine.queries import waits_of


def leave(demo: Demo, receipt: Any, slot: str = "", who: str = "zhangxiao") -> None:
    of = {"actor": demo.actor(who), "number": receipt.number, "reason": "不办了", "at": demo.at}
    if slot:
        leave_part(slot=slot, **of)
    else:
        leave_bundle(**of)


def test_the_words_name_what_falls_with_an_item_and_what_stays(demo: Demo) -> None:
    _, package = newest(CHILD)
    fates_now = dict.fromkeys(package.ids, Fate.WAITING)
    assert "“居民医保参保”、“社会保障卡”也随之终止" in leaving(package, "household", fates_now).words.zh
    assert leaving(package, "allowance", fates_now).words.zh.startswith("退出“生育津贴”只影响这一项")
    said = leaving_all(package, {**fates_now, "birth": Fate.GRANTED})
    assert said.stops == ("household", "insurance", "card", "allowance")
    assert said.words.zh.endswith("已办成的“出生医学证明”不受影响，照常领取。")


def test_an_item_under_way_is_withdrawn_and_the_others_go_on(demo: Demo) -> None:
    receipt = file(demo)
    leave(demo, receipt, "bank")
    found = fates(receipt)
    assert found["bank"] == "left"
    assert {found[slot] for slot in found if slot != "bank"} == {"open"}
    case = case_of(receipt, "bank")
    assert case.state == "WITHDRAWN"
    assert Document.objects.filter(case=case, kind="withdrawal").exists()
    leave(demo, receipt, "bank")  # a second press
    for slot in ("licence", "seal", "tax", "insurance", "fund"):
        grant(demo, receipt, slot)
    assert Bundle.objects.get(id=receipt.bundle).outcome == "partly"
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []


def test_giving_up_the_licence_ends_the_five_that_rest_on_it_and_says_why(demo: Demo) -> None:
    receipt = file(demo)
    leave(demo, receipt, "licence")
    found = fates(receipt)
    assert found.pop("licence") == "left"
    assert set(found.values()) == {"stopped"}
    paper = Document.objects.get(case=case_of(receipt, "seal"), kind="termination")
    assert "您退出了一件事中的“营业执照”" in paper.values["reasons"]
    row = Bundle.objects.get(id=receipt.bundle)
    assert row.outcome == "left"
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert page.outcome is not None
    assert page.outcome.zh == "已撤回"


def test_an_item_that_waits_for_the_applicant_can_be_given_up(demo: Demo) -> None:
    receipt = waiting(demo)
    leave(demo, receipt, "insurance")
    leave(demo, receipt, "card")
    assert (fates(receipt)["insurance"], fates(receipt)["card"]) == ("left", "left")
    assert Part.objects.get(bundle=receipt.bundle, slot="card").filing is None
    assert {wait.key for wait in waits_of(("bundle", receipt.bundle))} == {"case:allowance"}
    grant(demo, receipt, "allowance")
    assert Bundle.objects.get(id=receipt.bundle).outcome == "partly"


def test_an_item_whose_turn_has_not_come_is_never_filed(demo: Demo) -> None:
    receipt = file(demo, HOME)
    leave(demo, receipt, "utilities")
    grant(demo, receipt, "tax")
    grant(demo, receipt, "title")
    assert fates(receipt) == {"tax": "granted", "title": "granted", "utilities": "left"}
    assert Bundle.objects.get(id=receipt.bundle).outcome == "partly"


@pytest.mark.parametrize("code", [COMPANY, CHILD, HOME])
def test_the_whole_package_is_taken_back_while_nothing_is_decided(demo: Demo, code: str) -> None:
    receipt = file(demo, code)
    leave(demo, receipt)
    assert set(fates(receipt).values()) == {"left"}
    assert Bundle.objects.get(id=receipt.bundle).outcome == "left"
    assert set(Case.objects.filter(package=receipt.number).order_by("id").values_list("state", flat=True)) == {
        "WITHDRAWN"
    }
    assert waits_of(("bundle", receipt.bundle)) == ()
    leave(demo, receipt)  # a second press
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []


def test_what_was_granted_stays_when_the_rest_is_taken_back(demo: Demo) -> None:
    receipt = waiting(demo)
    leave(demo, receipt)
    assert fates(receipt) == {
        "birth": "granted", "household": "granted", "insurance": "left", "card": "left", "allowance": "left",
    }  # fmt: skip
    assert Bundle.objects.get(id=receipt.bundle).outcome == "partly"


def test_what_is_decided_can_no_longer_be_given_up(demo: Demo) -> None:
    receipt = file(demo)
    grant(demo, receipt, "licence")
    refuse(demo, receipt, "seal")
    for slot, words in (("licence", "已办成"), ("seal", "未办成")):
        with pytest.raises(Conflict) as refused:
            leave(demo, receipt, slot)
        assert words in refused.value.reasons[0].words.zh
    for slot in ("tax", "insurance", "fund", "bank"):
        grant(demo, receipt, slot)
    with pytest.raises(Conflict):
        leave(demo, receipt)


def test_strangers_and_staff_give_nothing_up(demo: Demo) -> None:
    receipt = file(demo)
    for who in ("moshengren", "lina"):
        with pytest.raises(NotFound):
            leave(demo, receipt, "bank", who)
        with pytest.raises(NotFound):
            leave(demo, receipt, "", who)


def test_the_page_before_says_what_follows_and_only_what_can_be_given_up_has_one(demo: Demo) -> None:
    receipt = file(demo)
    zhang = demo.actor("zhangxiao")
    assert "“公章刻制备案”" in get_leaving(zhang, receipt.number, "licence").words.zh
    assert get_leaving(zhang, receipt.number, "").stops == ("licence", "seal", "tax", "insurance", "fund", "bank")
    grant(demo, receipt, "licence")
    with pytest.raises(Conflict):
        get_leaving(zhang, receipt.number, "licence")
    page = get_bundle_for(zhang, receipt.number, at=demo.at)
    assert {part.slot for part in page.parts if part.may_leave} == {"seal", "tax", "insurance", "fund", "bank"}
    assert page.may_leave
    assert not any(part.may_leave for part in get_bundle_for(demo.actor("lina"), receipt.number, at=demo.at).parts)
