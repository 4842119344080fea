"""一件事流转: grants and refusals move the package; every result as soon as it is ready; a refusal stops what the words said."""

from datetime import timedelta

import pytest
from tests.bundles.driver import NUMBER, case_of, complete, decide, fates, grant, refuse
from tests.bundles.filings import CHILD, COMPANY, HOME, file
from tests.demo import Demo

from yichuang.bundles.commands.complete import complete_part
from yichuang.bundles.commands.move import settle_bundle
from yichuang.bundles.models import Bundle, Part
from yichuang.bundles.packages import newest
from yichuang.bundles.queries import get_asked, get_bundle_for
from yichuang.bundles.rules.refusal import consequences
from yichuang.bundles.values import BundleReceipt
from yichuang.cases.commands.accept import MaterialFinding
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.notify_gaps import notify_gaps
from yichuang.cases.models import Case, Hold
from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.refusals import Conflict, Refused
from yichuang.engine.queries import waits_of
from yichuang.notices.models import Message

CASES = [(code, slot) for code in (COMPANY, CHILD, HOME) for slot in {
    COMPANY: ("licence", "seal", "tax", "insurance", "fund", "bank"),
    CHILD: ("birth", "household", "insurance", "card", "allowance"),
    HOME: ("tax", "title", "utilities"),
}[code]]  # fmt: skip


def advance(demo: Demo, receipt: BundleReceipt, slot: str) -> None:
    """Grant what comes before a slot, until it is under way."""
    _, package = newest(Bundle.objects.get(id=receipt.bundle).package.code)
    for one in package.slots:
        complete(demo, receipt)
        if fates(receipt)[slot] == "open":
            return
        if fates(receipt)[one.id] == "open":
            grant(demo, receipt, one.id)
    complete(demo, receipt)


def test_nobody_grants_what_rests_on_the_licence_before_it(demo: Demo) -> None:
    receipt = file(demo)
    seal = case_of(receipt, "seal")
    with pytest.raises(Refused) as refused, fixed(demo.at):
        decide(demo, seal.id, demo.at)
    assert [reason.code for reason in refused.value.reasons] == ["RESTS"]
    assert "等“营业执照”核准" in refused.value.reasons[0].words.zh
    grant(demo, receipt, "licence")
    assert not Hold.objects.filter(case=seal, kind="rests", lifted_at=None).exists()
    grant(demo, receipt, "seal")
    assert fates(receipt)["seal"] == "granted"


def test_each_result_can_be_fetched_as_soon_as_it_is_there(demo: Demo) -> None:
    receipt = file(demo)
    grant(demo, receipt, "licence")
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert [part.slot for part in page.parts if part.ready] == ["licence"]
    assert page.outcome is None


def test_when_all_are_granted_the_package_has_ended_whole_and_its_clock_stands(demo: Demo) -> None:
    receipt = file(demo)
    for hour, slot in enumerate(("licence", "seal", "tax", "insurance", "fund", "bank")):
        grant(demo, receipt, slot, demo.at + timedelta(minutes=30 * hour))
    row = Bundle.objects.get(id=receipt.bundle)
    assert (row.outcome, row.ended_at) == ("whole", demo.at + timedelta(minutes=150))
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=demo.at + timedelta(days=3))
    assert page.clock.minutes_used == 150
    assert not page.clock.running
    assert [part.minutes for part in page.parts] == [0, 30, 60, 90, 120, 150]
    assert waits_of(("bundle", row.id)) == ()
    assert Message.objects.filter(template="bundle_ended").count() == 1


def test_the_clock_says_who_holds_it_and_stands_while_only_the_applicant_is_asked(demo: Demo) -> None:
    receipt = file(demo, HOME)
    row = case_of(receipt, "tax")
    later = demo.at + timedelta(minutes=20)
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=later)
    assert [(part.slot, part.hand.zh) for part in page.holders if part.hand] == [("tax", "综合窗口正在核对")]
    assert page.clock.minutes_used == 20
    finding = MaterialFinding("faulty", "看不清")
    notify_gaps(
        actor=demo.actor("lina"), number=row.number, version=row.version, findings={"buyer_id": finding}, at=later
    )
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=later + timedelta(days=1))
    assert [part.hand.zh for part in page.holders if part.hand] == ["等您补材料"]
    assert (page.clock.minutes_used, page.clock.running, page.clock.due_at) == (20, False, None)


def test_what_comes_later_is_filed_in_its_turn_with_the_result_of_what_went_before(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    grant(demo, receipt, "birth")
    assert fates(receipt) == {
        "birth": "granted", "household": "open", "insurance": "waiting", "card": "waiting", "allowance": "open",
    }  # fmt: skip
    household = case_of(receipt, "household")
    assert household.form["baby"]["birth_no"].startswith("深罗出生〔2026〕")
    assert household.applicant_id == demo.actor("zhangxiao").id
    assert household.channel == "portal"
    assert Part.objects.get(bundle=receipt.bundle, slot="household").filing is None


def test_what_nobody_could_know_before_is_asked_in_its_turn_and_filed_at_once(demo: Demo) -> None:
    receipt = file(demo, CHILD)
    grant(demo, receipt, "birth")
    grant(demo, receipt, "household")
    zhang = demo.actor("zhangxiao")
    assert fates(receipt)["insurance"] == fates(receipt)["card"] == "asking"
    assert Message.objects.filter(template="bundle_asks").count() == 2
    asked = get_asked(zhang, receipt.number, "insurance", at=demo.at)
    assert list(asked.schema["properties"]) == ["insured"]
    assert list(asked.schema["properties"]["insured"]["properties"]) == ["cn_id"]
    with pytest.raises(Refused) as refused:
        complete_part(
            actor=zhang, number=receipt.number, slot="insurance", form={"insured": {"cn_id": "1"}}, at=demo.at
        )
    assert {reason.field for reason in refused.value.reasons} == {"/insured/cn_id"}
    case = complete_part(
        actor=zhang,
        number=receipt.number,
        slot="insurance",
        form={"insured": {"cn_id": NUMBER["insurance"][1]}},
        at=demo.at,
    )
    assert Case.objects.get(number=case).item_code == "jumin-yibao-canbao"
    with pytest.raises(Conflict):
        complete_part(actor=zhang, number=receipt.number, slot="insurance", form={}, at=demo.at)
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []


@pytest.mark.parametrize(("code", "slot"), CASES)
def test_a_refusal_stops_exactly_what_the_words_said_and_the_rest_goes_on(demo: Demo, code: str, slot: str) -> None:
    receipt = file(demo, code)
    advance(demo, receipt, slot)
    before = fates(receipt)
    refuse(demo, receipt, slot)
    after = fates(receipt)
    _, package = newest(code)
    (said,) = [one for one in consequences(package) if one.slot == slot]
    assert after[slot] == "refused"
    assert {other for other in after if after[other] == "stopped"} == set(said.stops)
    for other in set(after) - {slot, *said.stops}:
        assert after[other] == before[other]
    for other in said.stops:
        part = Part.objects.get(bundle=receipt.bundle, slot=other)
        assert part.case_id is None or Case.objects.get(id=part.case_id).state == "TERMINATED"
        assert part.filing is None
    still = {one.key.removeprefix("case:") for one in waits_of(("bundle", receipt.bundle))}
    assert still == {other for other in after if after[other] in {"open", "asking"}}, "the process agrees"


def test_a_refused_licence_hands_the_other_five_back_and_ends_the_package(demo: Demo) -> None:
    receipt = file(demo)
    refuse(demo, receipt, "licence")
    row = Bundle.objects.get(id=receipt.bundle)
    assert row.outcome == "none"
    page = get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=demo.at)
    assert page.outcome is not None
    assert page.outcome.zh == "没有办成"
    follows = {part.slot: part.follows.zh for part in page.parts if part.follows}
    assert follows["licence"] == "其余各项都以它为前提，随之终止，材料退回。"
    assert page.may_begin_anew
    assert follows["seal"] == "“营业执照”没有办成，本项以它为前提，随之终止，材料退回。"
    assert not any(part.ready for part in page.parts)


def test_two_cases_that_ended_before_the_house_looks_keep_no_package_where_it_is(demo: Demo) -> None:
    """The licence first: what rests on it is to be terminated, and one of them has ended by itself already."""
    receipt = file(demo)
    for slot in ("licence", "seal"):
        row = case_of(receipt, slot)
        withdraw_case(
            actor=demo.actor("zhangxiao"), number=row.number, version=row.version, reason="不办了", at=demo.at
        )
    assert settle_bundle(bundle=receipt.bundle, at=demo.at)
    settle_bundle(bundle=receipt.bundle, at=demo.at)
    found = fates(receipt)
    assert (found["licence"], found["tax"]) == ("left", "stopped")
    assert Bundle.objects.get(id=receipt.bundle).ended_at is not None


def test_a_job_that_comes_twice_or_too_late_changes_nothing(demo: Demo) -> None:
    receipt = file(demo)
    assert not settle_bundle(bundle=receipt.bundle, at=demo.at)
    grant(demo, receipt, "licence")
    assert not settle_bundle(bundle=receipt.bundle, at=demo.at)
    refuse(demo, receipt, "seal")
    for slot in ("tax", "insurance", "fund", "bank"):
        grant(demo, receipt, slot)
    assert Bundle.objects.get(id=receipt.bundle).outcome == "partly"
    assert not settle_bundle(bundle=receipt.bundle, at=demo.at)


def test_every_move_is_on_the_ledger_and_vouched_for(demo: Demo) -> None:
    receipt = file(demo)
    grant(demo, receipt, "licence")
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("bundle", receipt.bundle))]
    assert acts == ["file-bundle", "move-bundle"]
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []
