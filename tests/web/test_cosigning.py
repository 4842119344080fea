"""共同签署 at the doors: asked for on the page before submitting, signed on a phone or at a window; and a document put on record."""

from typing import Any

import pytest
from tests.cases.at_once import COMPANY, let
from tests.cases.cosigning import asked, draft_of, of
from tests.web.test_at_once import Visitor

from yichuang.cases.instant import Mode
from yichuang.cases.models import Case, Draft, Signing
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.cast import PASSWORD
from yichuang.people.commands import confirm_identity, take_back_identity
from yichuang.people.models import Account, Look
from yichuang.people.queries import get_party, identity_seen


@pytest.fixture(autouse=True)
def _let(demo: Any) -> None:
    let(COMPANY, Mode.ALONE, demo.at)


def test_a_company_is_opened_by_two_at_their_own_screens(demo: Any) -> None:
    zhang, sun = Visitor(demo, "zhangxiao"), Visitor(demo, "sunyan")
    draft = draft_of(demo, "sunyan")
    check = zhang.get(f"/my/drafts/{draft}/step/check")
    assert "还要这些人签署" in check
    assert "孙燕" in check
    assert 'id="f-password-error"' in zhang.post(f"/my/drafts/{draft}/cosign", 422).content.decode()
    answer = zhang.post(f"/my/drafts/{draft}/cosign", password=PASSWORD)
    assert answer.headers["Location"] == f"/my/drafts/{draft}/signing"
    assert "还差 1 人" in zhang.get(f"/my/drafts/{draft}/signing")
    signing = Signing.objects.get()
    theirs = f"/my/signatures/{of(signing.id, demo, 'sunyan').id}"
    assert theirs in sun.get("/my/signatures")
    page = sun.get(theirs)
    assert "同意公司章程、认缴的出资额和任职安排" in page
    assert "张晓" in page
    assert get_party(demo.actor("zhangxiao").id).id_no not in page, "what another’s number is nobody learns by signing"
    wrong = sun.post(theirs, 422, mark=signing.mark, password=PASSWORD).content.decode()
    assert 'id="f-agreed-error"' in wrong
    sun.post(theirs, mark=signing.mark, agreed="true", password=PASSWORD)
    case = Case.objects.get()
    assert (case.state, case.outcome) == ("GRANTED", "grant")
    assert f"/my/cases/{case.number}" in _led(zhang, f"/my/drafts/{draft}/signing")
    assert f"/my/cases/{case.number}" in _led(zhang, f"/my/drafts/{draft}")


def _led(visitor: Visitor, path: str) -> str:
    from yichuang.core.clock import fixed

    with fixed(visitor.demo.at):
        return str(visitor.browser.get(path).headers["Location"])


def test_one_who_does_not_agree_says_why_and_the_founder_reads_it(demo: Any) -> None:
    zhang, sun = Visitor(demo, "zhangxiao"), Visitor(demo, "sunyan")
    signing = asked(demo, "sunyan")
    draft = Draft.objects.get().id
    theirs = f"/my/signatures/{of(signing, demo, 'sunyan').id}"
    assert 'id="f-reason-error"' in sun.post(theirs, 422, _refuse="1", reason="").content.decode()
    assert "桂园路1号101" in sun.get(theirs)
    sun.post(theirs, _refuse="1", reason="出资比例不对")
    page = zhang.get(f"/my/drafts/{draft}/signing")
    assert "出资比例不对" in page
    assert "回到草稿" in page
    assert not Case.objects.exists()
    after = sun.get(theirs)
    assert "不同意" in after
    assert "桂园路1号101" not in after, "who did not sign reads no more than how it ended"
    assert "上次有人不同意签署" in zhang.get(f"/my/drafts/{draft}/step/check")


def test_who_does_not_wait_files_and_a_person_decides(demo: Any) -> None:
    zhang = Visitor(demo, "zhangxiao")
    draft = draft_of(demo, "sunyan")
    zhang.post(f"/my/drafts/{draft}/submit", password=PASSWORD)
    assert Case.objects.get().state == "SUBMITTED"


def test_who_has_no_account_signs_at_a_window(demo: Any) -> None:
    signing = asked(demo, "sunyan")
    theirs, sun = of(signing, demo, "sunyan"), demo.actor("sunyan")
    li = Visitor(demo, "lina")
    assert f"/counter/signatures/{theirs.id}/" in li.get(f"/counter/intake/{sun.id}/")
    path, mark = f"/counter/signatures/{theirs.id}/", Signing.objects.get().mark
    assert "请把屏幕转给本人" in li.get(path)
    assert Look.objects.filter(party=demo.actor("zhangxiao").id, viewer_staff=demo.actor("lina").id).exists()
    assert 'id="f-id_no-error"' in li.post(path, 422, mark=mark, id_no="440303199003070003").content.decode()
    li.post(path, mark=mark, id_no=theirs.number)
    assert Case.objects.get().state == "GRANTED"
    Visitor(demo, "wangqiang").get(path, 404)


def test_a_clerk_with_the_document_in_hand_puts_it_on_record_and_takes_it_back(demo: Any) -> None:
    sun, li = demo.actor("sunyan"), Visitor(demo, "lina")
    Account.objects.filter(username="sunyan").update(identity_seen=False)
    path, own = f"/counter/identity/{sun.id}/", get_party(sun.id)
    assert "还没有核验" in li.get(path)
    for data in ({"id_no": "1", "in_hand": "true"}, {"id_no": own.id_no}):
        li.post(path, 422, id_type=own.id_type, **data)
    assert not identity_seen(sun.id)
    li.post(path, id_type=own.id_type, id_no=own.id_no, in_hand="true")
    assert identity_seen(sun.id)
    li.post(path, step="undo")
    assert not identity_seen(sun.id)
    account = Account.objects.get(username="sunyan").id
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("account", account))]
    assert acts[-2:] == ["people.identity_seen", "people.identity_taken_back"]


@pytest.mark.parametrize("who", ["wangqiang", "zhangxiao", "chengyuan"])
def test_nobody_but_counter_staff_says_that_a_document_was_seen(demo: Any, who: str) -> None:
    own = get_party(demo.actor("sunyan").id)
    told = {"actor": demo.actor(who), "party": own.id, "at": demo.at}
    with pytest.raises(Refused):
        confirm_identity(**told, id_type=own.id_type, id_no=own.id_no, in_hand=True)
    with pytest.raises(Refused):
        take_back_identity(**told)


def test_who_has_no_account_has_nothing_to_confirm(demo: Any) -> None:
    company = next(iter(demo.actor("sunyan").represents))
    with pytest.raises(NotFound):
        confirm_identity(actor=demo.actor("lina"), party=company, id_type="111", id_no="1", in_hand=True, at=demo.at)
