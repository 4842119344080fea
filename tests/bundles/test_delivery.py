"""统一出件: results on paper wait for each other or not, are called for once, and go over the desk in one act."""

import sys
from datetime import timedelta
from typing import Any

import pytest
from tests.bundles.driver import case_of, grant, refuse
from tests.bundles.filings import CHILD, COMPANY, file
from tests.demo import Demo

from yichuang.bundles.commands.collect import collect_early
from yichuang.bundles.commands.move import settle_bundle
from yichuang.bundles.models import Bundle
from yichuang.bundles.queries import get_bundle_for
from yichuang.cases.models import Case, Document, Hold
from yichuang.cases.queries import ready_beside
from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Conflict, NotFound, Refused
from yichuang.issuing.commands import hand_over, make_pickup_code
from yichuang.notices.models import Message
from yichuang.people.queries import get_party

PAPER = ("营业执照", "公章刻制备案")


def state(receipt: Any, slot: str) -> str:
    return str(case_of(receipt, slot).state)


def delivery(demo: Demo, receipt: Any) -> Any:
    return get_bundle_for(demo.actor("zhangxiao"), receipt.number, at=demo.at).delivery


def said(words: Any) -> list[str]:
    return [one.zh for one in words]


def told(template: str) -> int:
    return Message.objects.filter(template=template).count()


def test_the_package_says_that_the_licence_waits_for_the_seals_and_one_message_calls_for_both(demo: Demo) -> None:
    receipt = file(demo, COMPANY)
    grant(demo, receipt, "licence")
    assert state(receipt, "licence") == "GRANTED"
    page = delivery(demo, receipt)
    assert (page.way, said(page.paper)) == ("together", list(PAPER))
    assert (said(page.held), said(page.to_come), said(page.ready)) == (["营业执照"], ["公章刻制备案"], [])
    grant(demo, receipt, "seal")
    assert (state(receipt, "licence"), state(receipt, "seal")) == ("READY", "READY")
    assert (told("bundle_ready"), told("ready_for_collection")) == (1, 0)
    assert "共 2 项：营业执照、公章刻制备案" in Message.objects.get(template="bundle_ready").body
    page = delivery(demo, receipt)
    assert (said(page.ready), said(page.where)) == (list(PAPER), ["罗湖区政务服务中心"])
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []


def test_what_is_only_electronic_is_served_at_once_whatever_waits(demo: Demo) -> None:
    receipt = file(demo, COMPANY)
    grant(demo, receipt, "licence")
    grant(demo, receipt, "fund")
    assert (state(receipt, "fund"), state(receipt, "licence")) == ("DELIVERED", "GRANTED")


def test_the_applicant_who_chose_one_by_one_is_called_each_time(demo: Demo) -> None:
    receipt = file(demo, COMPANY, handover="each")
    grant(demo, receipt, "licence")
    assert state(receipt, "licence") == "READY"
    assert (told("bundle_ready"), told("ready_for_collection")) == (0, 1)
    assert delivery(demo, receipt).way == "each"


def test_another_way_than_the_two_is_refused_by_name(demo: Demo) -> None:
    with pytest.raises(Refused) as refused:
        file(demo, COMPANY, handover="parcel")
    assert [(reason.code, reason.field) for reason in refused.value.reasons] == [("UNKNOWN_WAY", "/handover")]


def test_early_hand_over_by_wish(demo: Demo) -> None:
    receipt = file(demo, COMPANY)
    grant(demo, receipt, "licence")
    with pytest.raises(NotFound):
        collect_early(actor=demo.actor("moshengren"), number=receipt.number, at=demo.at)
    for _ in range(2):  # a second press
        collect_early(actor=demo.actor("zhangxiao"), number=receipt.number, at=demo.at)
    with fixed(demo.at):
        run_waiting()
    assert (state(receipt, "licence"), told("bundle_ready")) == ("READY", 1)
    grant(demo, receipt, "seal")
    assert (state(receipt, "seal"), told("bundle_ready")) == ("READY", 2)
    assert [fault for fault in ledger.verify_ledger([]) if fault.kind.startswith("FACT")] == []


def test_nothing_waits_where_the_applicant_did_not_choose_so(demo: Demo) -> None:
    receipt = file(demo, COMPANY, handover="each")
    with pytest.raises(Conflict):
        collect_early(actor=demo.actor("zhangxiao"), number=receipt.number, at=demo.at)


def test_a_refusal_of_the_last_one_lets_the_rest_go(demo: Demo) -> None:
    receipt = file(demo, COMPANY)
    grant(demo, receipt, "licence")
    refuse(demo, receipt, "seal")
    assert state(receipt, "licence") == "READY"
    shown = delivery(demo, receipt)
    assert said(shown.held) == []
    assert said(shown.paper) == said(shown.ready) == ["营业执照"], "nobody is told to fetch what was refused"


def test_nothing_waits_longer_than_the_law_lets_it(demo: Demo) -> None:
    """Served within ten working days of the decision (art. 44): after seven the house lets it go by itself."""
    receipt = file(demo, COMPANY)
    grant(demo, receipt, "licence")
    six = demo.at + timedelta(days=8)  # 2 December: the sixth working day
    assert not settle_bundle(bundle=receipt.bundle, at=six)
    seven = demo.at + timedelta(days=9)
    assert settle_bundle(bundle=receipt.bundle, at=seven)
    with fixed(seven):
        run_waiting()
    assert (state(receipt, "licence"), Bundle.objects.get(id=receipt.bundle).handover) == ("READY", "early")


def test_a_package_with_one_paper_or_none_has_nothing_to_wait_for(demo: Demo) -> None:
    receipt = file(demo, CHILD, handover="together")
    assert Bundle.objects.get(id=receipt.bundle).handover == "each"
    assert said(delivery(demo, receipt).paper) == ["社会保障卡"]
    assert not Hold.objects.filter(case__package=receipt.number, kind="together").exists()


def both_ready(demo: Demo) -> tuple[Any, Case, Case]:
    receipt = file(demo, COMPANY)
    grant(demo, receipt, "licence")
    grant(demo, receipt, "seal")
    return receipt, case_of(receipt, "licence"), case_of(receipt, "seal")


def test_the_desk_sees_them_as_one_and_hands_both_over_against_one_identity(demo: Demo) -> None:
    _, licence, seal = both_ready(demo)
    clerk = demo.actor("zhoujie")
    assert [row.number for row in ready_beside(clerk, licence.id, at=demo.at)] == [seal.number]
    identity = get_party(licence.receiver_id).id_no
    hand_over(
        actor=clerk, number=licence.number, version=licence.version, identity=identity, receiver_name="",
        also={seal.number: seal.version}, at=demo.at,
    )  # fmt: skip
    for case in (licence, seal):
        assert Case.objects.get(id=case.id).state == "DELIVERED"
        assert Document.objects.filter(case=case, kind="delivery").count() == 1


def test_the_pick_up_code_of_any_of_them_opens_all(demo: Demo) -> None:
    _, licence, seal = both_ready(demo)
    code = make_pickup_code(actor=demo.actor("zhangxiao"), number=seal.number, at=demo.at).code
    hand_over(
        actor=demo.actor("zhoujie"), number=licence.number, version=licence.version, identity=code,
        receiver_name="张晓", also={seal.number: seal.version}, at=demo.at,
    )  # fmt: skip
    assert Case.objects.get(id=seal.id).state == "DELIVERED"


def test_all_or_none_go_over_the_desk(demo: Demo) -> None:
    _, licence, seal = both_ready(demo)
    identity = get_party(licence.receiver_id).id_no
    with pytest.raises(Conflict):
        hand_over(
            actor=demo.actor("zhoujie"), number=licence.number, version=licence.version, identity=identity,
            receiver_name="", also={seal.number: seal.version - 1}, at=demo.at,
        )  # fmt: skip
    assert Case.objects.get(id=licence.id).state == "READY"


def test_results_of_another_package_do_not_go_along(demo: Demo) -> None:
    _, licence, seal = both_ready(demo)
    Case.objects.filter(id=seal.id).update(package="another")
    with pytest.raises(Refused) as refused:
        hand_over(
            actor=demo.actor("zhoujie"), number=licence.number, version=licence.version,
            identity=get_party(licence.receiver_id).id_no, receiver_name="", also={seal.number: seal.version}, at=demo.at,
        )  # fmt: skip
    assert {reason.code for reason in refused.value.reasons} == {"OTHER_PACKAGE"}


@pytest.mark.parametrize("first", ["licence", "seal"])
def test_they_are_locked_in_one_order_whichever_a_desk_names_first(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """Two desks with the same package, each from another end, would else wait for each other."""
    found = both_ready(demo)[1:]
    one, other = found if first == "licence" else tuple(reversed(found))
    locked: list[Any] = []
    giving = sys.modules[hand_over.__module__]  # (the package names the command so, too)
    record = giving.record_delivery
    monkeypatch.setattr(giving, "record_delivery", lambda **told: (locked.append(told["case"]), record(**told))[1])
    head = hand_over(
        actor=demo.actor("zhoujie"), number=one.number, version=one.version, identity=get_party(one.receiver_id).id_no,
        receiver_name="", also={other.number: other.version}, at=demo.at,
    )  # fmt: skip
    assert locked == sorted(case.id for case in found)
    assert head.number == one.number
