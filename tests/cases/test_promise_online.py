"""网上签署容缺承诺: the offer, the letter that was read, the signature, the refusal to sign, and silence."""

from datetime import timedelta

import pytest
from django.db import connection

from yichuang.cases import jobs, queries
from yichuang.cases.commands.accept import MaterialFinding, accept_case
from yichuang.cases.commands.promise import decline_promise, offer_promise, sign_promise
from yichuang.cases.models import Case, Document, GapNotice
from yichuang.cases.states import Act, State, Turn
from yichuang.core import clock, ledger
from yichuang.core.jobs import run_waiting
from yichuang.core.refusals import Refused
from yichuang.notices.queries import list_inbox
from yichuang.people.commands.agency import grant_agency
from yichuang.people.models import Account
from yichuang.people.values import Proof

SOME = ("owner_id", "immunity_certificate")
DAY = timedelta(days=1)


@pytest.fixture
def offered(demo):
    """张晓's filing without photos and deed, which 李娜 offers to accept on a promise."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=SOME)
    offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    return receipt


def sign(demo, number, who="zhangxiao", at=None, **changes):
    at = at or demo.at
    actor = demo.actor(who)
    given = {
        "version": queries.get_case_for(actor, number, at=at).version,
        "letter": queries.promise_offer(actor, number, states={}, at=at).mark,
        "agreed": True,
        "proof": Proof(actor.id, "sms", at),
        **changes,
    }
    return sign_promise(actor=actor, number=number, at=at, **given)


def codes(caught):
    return [reason.code for reason in caught.value.reasons]


def test_the_offer_is_the_applicants_turn_and_stops_no_clock(demo, offered):
    zhang = demo.actor("zhangxiao")
    before = Case.objects.get(id=offered.case_id)
    assert before.due_at == before.answer_due_at
    page = queries.get_case_for(zhang, offered.number, at=demo.at)
    assert (page.state, page.turn) == (State.SUBMITTED, Turn.APPLICANT)
    assert {Act.SIGN_PROMISE, Act.DECLINE_PROMISE} <= set(page.acts)
    assert "11月30日" in page.sentence.zh  # the answer is due on 1 December
    (row,) = queries.list_my_cases(zhang, at=demo.at).items
    assert (row.turn, row.words.zh) == (Turn.APPLICANT, "待签署容缺承诺")
    (message,) = [m for m in list_inbox(zhang.id) if m.template == "promise_offered"]
    assert "2" in message.body
    assert "2026年11月30日" in message.body


def test_signing_accepts_the_case_on_the_letter_that_was_read(demo, offered):
    head = sign(demo, offered.number)
    assert head.state is State.IN_REVIEW
    case = Case.objects.get(id=offered.case_id)
    assert (case.accepted_as, case.promise_until) == ("promise", None)
    letter = Document.objects.get(case=case, kind="promise")
    assert letter.values["sign_way"] == "网上签署（短信验证码核验本人）"
    assert [gap["due_on"] for gap in letter.values["gaps"]] == ["2026-11-30", "2026-11-27"]
    assert Document.objects.filter(case=case, kind="gap_acceptance").count() == 1
    last = ledger.list_entries(ledger.Subject("case", case.id))[-1]
    assert (last.act, last.actor_kind) == ("sign-promise", "person")
    page = queries.get_case_for(demo.actor("zhangxiao"), offered.number, at=demo.at)
    assert [hold.kind for hold in page.holds] == ["promise"]
    assert len(page.asked) == 2


def test_the_letter_names_whoever_signed_it_and_no_other(demo, offered):
    """An agent authorised after the filing signs: the paper must not say that 张晓 did."""
    principal, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    grant_agency(
        actor=principal, principal=principal.id, agent=agent.id, valid_to=demo.at.date() + 30 * DAY, at=demo.at
    )
    sign(demo, offered.number, who="moshengren")
    assert Document.objects.get(case=offered.case_id, kind="promise").values["signer"] == agent.name


def test_a_letter_signed_later_names_the_days_of_that_day_and_no_other(demo, offered):
    read = queries.promise_offer(demo.actor("zhangxiao"), offered.number, states={}, at=demo.at)
    with pytest.raises(Refused) as caught:
        sign(demo, offered.number, at=demo.at + DAY, letter=read.mark)
    assert codes(caught) == ["LETTER_CHANGED"]
    sign(demo, offered.number, at=demo.at + DAY)
    letter = Document.objects.get(case=offered.case_id, kind="promise")
    assert [gap["due_on"] for gap in letter.values["gaps"]] == ["2026-12-01", "2026-11-30"]


def test_every_reason_against_a_signature_comes_at_once_and_nothing_is_done(demo, offered):
    old = Proof(demo.actor("moshengren").id, "password", demo.at - timedelta(minutes=6))
    with pytest.raises(Refused) as caught:
        sign(demo, offered.number, letter="x", agreed=False, proof=old)
    assert codes(caught) == ["LETTER_CHANGED", "NOT_AGREED", "PROOF_STALE"]
    assert Case.objects.get(id=offered.case_id).state == "SUBMITTED"


@pytest.mark.parametrize("who", ["lina", "chengang"])
def test_staff_sign_for_nobody(demo, offered, who):
    with pytest.raises(Refused) as caught:
        sign_promise(
            actor=demo.actor(who), number=offered.number, version=2, letter="x", agreed=True,
            proof=Proof(demo.actor(who).id, "sms", demo.at), at=demo.at,
        )  # fmt: skip
    assert caught.value.kind == "forbidden"
    with pytest.raises(Refused) as caught:
        queries.promise_to_sign(demo.actor(who), offered.number, at=demo.at)
    assert caught.value.kind == "forbidden"


def test_not_signing_brings_the_whole_notice_as_the_clerk_found_it(demo, offered):
    head = decline_promise(actor=demo.actor("zhangxiao"), number=offered.number, version=2, at=demo.at)
    assert head.state is State.CORRECTING
    notice = GapNotice.objects.get(case=offered.case_id)
    assert [item["material"] for item in notice.items] == ["property_certificate", "dog_photos"]
    assert notice.told_by_id == demo.actor("lina").id
    assert Document.objects.filter(case=offered.case_id, kind="gap_notice").count() == 1


def test_an_offer_that_nobody_signs_becomes_the_notice_on_the_last_day_of_the_answer(demo, offered):
    evening = demo.at + 6 * DAY + timedelta(hours=13)  # Monday, 30 November, 23:00
    assert run_jobs(evening) == "SUBMITTED"
    assert run_jobs(evening + timedelta(hours=1)) == "CORRECTING"
    with pytest.raises(Refused) as caught:
        sign_promise(
            actor=demo.actor("zhangxiao"), number=offered.number, version=3, letter="x", agreed=True,
            proof=Proof(demo.actor("zhangxiao").id, "sms", evening), at=evening + timedelta(hours=2),
        )  # fmt: skip
    assert caught.value.kind == "conflict"


def run_jobs(at):
    with clock.fixed(at), connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        jobs.watch_clocks()
        run_waiting()
    return Case.objects.latest("id").state


def test_an_offer_stands_until_anything_else_is_done(demo, offered):
    accept_case(
        actor=demo.actor("lina"), number=offered.number, version=2, at=demo.at,
        findings={code: MaterialFinding("checked") for code in ("property_certificate", "dog_photos")},
    )  # fmt: skip
    page = queries.get_case_for(demo.actor("zhangxiao"), offered.number, at=demo.at)
    assert page.promise_until is None
    with pytest.raises(Refused) as caught:
        queries.promise_to_sign(demo.actor("zhangxiao"), offered.number, at=demo.at)
    assert codes(caught) == ["NO_OFFER"]


def test_the_column_alone_offers_nothing(demo):
    """An offer is what the ledger says: a row changed behind its back cannot be signed."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=SOME)
    Case.objects.filter(id=receipt.case_id).update(promise_until=demo.at + DAY)
    with pytest.raises(Refused) as caught:
        sign(demo, receipt.number)
    assert codes(caught) == ["NO_OFFER"]


def test_what_may_not_follow_is_not_offered_and_every_reason_is_told(demo):
    receipt = demo.file(demo.actor("zhangxiao"), materials=("immunity_certificate",))
    with pytest.raises(Refused) as caught:
        offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    assert codes(caught) == ["NO_PROMISE"]
    whole = demo.file(demo.actor("zhangxiao"))
    with pytest.raises(Refused) as caught:
        offer_promise(actor=demo.actor("lina"), number=whole.number, version=1, findings={}, at=demo.at)
    assert codes(caught) == ["NOTHING_MISSING"]


def test_on_the_last_day_of_the_answer_nothing_is_offered_any_more(demo):
    receipt = demo.file(demo.actor("zhangxiao"), materials=SOME)
    with pytest.raises(Refused) as caught:
        offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at + 7 * DAY)
    assert codes(caught) == ["OFFER_TOO_LATE"]
    assert "12月1日" in caught.value.reasons[0].words.zh


def test_a_promise_is_not_offered_to_people_whom_it_could_not_reach(demo):
    """An applicant at the window without an account would never read the letter: silence for five days, then the notice."""
    receipt = demo.file(demo.actor("zhangxiao"), materials=SOME)
    Account.objects.filter(party=demo.actor("zhangxiao").id).update(disabled_at=demo.at)
    with pytest.raises(Refused) as caught:
        offer_promise(actor=demo.actor("lina"), number=receipt.number, version=1, findings={}, at=demo.at)
    assert codes(caught) == ["NOBODY_ONLINE"]
