"""Who may file and follow, and under which version: each of these was once wrong."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from yichuang.cases import queries
from yichuang.cases.commands.accept import accept_with_gaps
from yichuang.cases.commands.end import withdraw_case
from yichuang.cases.commands.file_case import Filing, file_case
from yichuang.cases.states import Act
from yichuang.catalog.commands import withdraw_pack
from yichuang.catalog.queries import get_pack
from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.people.commands import grant_agency, revoke_agency

DOG = "yangquan-dengji"


def test_an_agent_whose_authority_was_revoked_is_a_stranger_to_the_case_they_filed(demo):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    authority = grant_agency(actor=zhang, principal=zhang.id, agent=agent.id, valid_to=date(2027, 1, 31), at=demo.at)
    receipt = demo.file(demo.actor("moshengren"), applicant=zhang.id)
    assert queries.get_case_for(demo.actor("moshengren"), receipt.number, at=demo.at).number == receipt.number
    revoke_agency(actor=zhang, representation=authority, at=demo.at)
    former = demo.actor("moshengren")
    with pytest.raises(NotFound):
        queries.get_case_for(former, receipt.number, at=demo.at)
    with pytest.raises(NotFound):
        withdraw_case(actor=former, number=receipt.number, version=1, reason="", at=demo.at)
    assert queries.list_my_cases(former, at=demo.at).items == ()


def test_a_withdrawn_item_takes_no_more_filings(demo):
    zhang = demo.actor("zhangxiao")
    later = demo.at + timedelta(hours=1)
    example = demo.example(DOG)
    version = get_pack(DOG, at=demo.at).version
    withdraw_pack(code=DOG, actor=demo.actor("wuqian"), at=demo.at, effective_at=demo.at)
    filing = Filing(DOG, version, example.answers, example.form, {}, zhang.id)
    with pytest.raises(Refused) as refused:
        file_case(actor=zhang, filing=filing, key=str(uuid4()), at=later)
    assert refused.value.kind in {"gone", "missing"}


def test_a_reviewer_who_files_is_told_no_not_asked_to_sign_in(demo):
    wang, zhang = demo.actor("wangqiang"), demo.actor("zhangxiao")
    example = demo.example(DOG)
    filing = Filing(DOG, None, example.answers, example.form, {}, zhang.id)
    with pytest.raises(Refused) as refused:
        file_case(actor=wang, filing=filing, key=str(uuid4()), at=demo.at)
    assert refused.value.kind == "forbidden"


def test_what_is_asked_names_its_day_as_people_do(demo):
    zhang, li = demo.actor("zhangxiao"), demo.actor("lina")
    receipt = demo.file(zhang, materials=("owner_id", "property_certificate", "immunity_certificate"))
    accept_with_gaps(actor=li, number=receipt.number, version=1, findings={}, promise_signed=True, at=demo.at)
    (asked,) = queries.get_case_for(zhang, receipt.number, at=demo.at).asked
    assert "2026年" in asked.words.zh
    assert "2026-" not in asked.words.zh + asked.words.en


def test_an_agent_for_one_item_files_and_follows_that_item_only(demo):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    own = demo.file(zhang, "shiye-dengji")
    authority = grant_agency(
        actor=zhang, principal=zhang.id, agent=agent.id, items=[DOG], valid_to=date(2027, 1, 31), at=demo.at
    )
    agent = demo.actor("moshengren")
    receipt = demo.file(agent, applicant=zhang.id)
    page = queries.get_case_for(agent, receipt.number, at=demo.at)
    assert (page.applicant, page.agent) == (zhang.id, agent.id)
    assert page.query_code
    assert [row.number for row in queries.list_my_cases(agent, at=demo.at).items] == [receipt.number]
    with pytest.raises(NotFound):
        queries.get_case_for(agent, own.number, at=demo.at)
    with pytest.raises(Refused) as refused:
        demo.file(agent, "shiye-dengji", applicant=zhang.id)
    assert [reason.code for reason in refused.value.reasons] == ["NOT_AUTHORISED_FOR"]
    revoke_agency(actor=zhang, representation=authority, at=demo.at)
    former = demo.actor("moshengren")
    assert queries.list_my_cases(former, at=demo.at).items == ()
    with pytest.raises(NotFound):
        withdraw_case(actor=former, number=receipt.number, version=page.version, reason="", at=demo.at)


def test_an_agent_for_one_item_withdraws_the_case(demo):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    receipt = demo.file(zhang)
    grant_agency(actor=zhang, principal=zhang.id, agent=agent.id, items=[DOG], valid_to=date(2027, 1, 31), at=demo.at)
    agent = demo.actor("moshengren")
    assert Act.WITHDRAW in queries.get_case_for(agent, receipt.number, at=demo.at).acts
    withdraw_case(actor=agent, number=receipt.number, version=1, reason="", at=demo.at)


def test_at_the_window_an_agent_needs_an_authority_on_record_or_a_signed_paper_that_the_clerk_saw(demo):
    """民法典 art. 165. An authority for another item, or one that was taken back, is none; the clerk's word is on the ledger."""
    li, zhang, agent = demo.actor("lina"), demo.actor("zhangxiao"), demo.actor("moshengren")

    def file(**more):
        return demo.file(li, materials=(), applicant=zhang.id, agent=agent.id, **more)

    def refused():
        with pytest.raises(Refused) as found:
            file()
        return [(r.code, r.field, r.basis) for r in found.value.reasons]

    missing = [("AUTHORITY_NEEDED", "/authority_seen", "《民法典》第一百六十五条")]
    assert refused() == missing
    granted = {"actor": zhang, "principal": zhang.id, "agent": agent.id, "valid_to": date(2027, 1, 31), "at": demo.at}
    grant_agency(**granted, items=("getihu-sheli",))
    assert refused() == missing
    whole = grant_agency(**granted, items=(DOG,))
    first = file()
    revoke_agency(actor=zhang, representation=whole, at=demo.at)
    assert refused() == missing
    seen = file(authority_seen=True)
    entries = [ledger.list_entries(ledger.Subject("case", r.case_id))[0] for r in (first, seen)]
    assert [entry.detail.get("authority_seen") for entry in entries] == [None, True]
    demo.file(li, materials=(), applicant=zhang.id)  # who comes in person needs none
