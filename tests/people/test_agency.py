"""Standing for somebody: agents, legal representatives, guardians."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from yichuang.core.actors import Channel
from yichuang.core.ledger import Subject, list_entries
from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.queries import list_inbox
from yichuang.people.commands import (
    choose_language,
    grant_agency,
    record_guardian,
    record_legal_representative,
    revoke_agency,
)
from yichuang.people.models import Representation
from yichuang.people.queries import actor_for_account, get_party, representatives, represented

pytestmark = pytest.mark.usefixtures("people")
COMPANY = "深圳演示小店餐饮有限公司"
UNTIL = date(2027, 1, 31)


def authorise(actor, of, to, at, **more):
    return grant_agency(actor=actor, principal=of, agent=to, at=at, **{"valid_to": UNTIL, **more})


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_qian_jin_and_sun_yan_act_for_the_company_the_stranger_does_not(who, party):
    assert who("钱进").acts_for(party(COMPANY))
    assert who("孙燕").acts_for(party(COMPANY))
    assert not who("陌生人").acts_for(party(COMPANY))


def test_zhang_xiao_acts_for_her_child_until_she_comes_of_age(account, party, at):
    def acts(day):
        moment = at.replace(year=day.year, month=day.month, day=day.day)
        return actor_for_account(account("张晓"), Channel.PORTAL, at=moment).acts_for(party("张小满"))

    assert acts(date(2026, 11, 24))
    assert acts(date(2037, 4, 1))
    assert not acts(date(2037, 4, 2))


def test_zhang_xiao_authorises_a_neighbour_and_takes_it_back(who, party, at):
    zhang, neighbour = who("张晓"), party("张㛃")
    given = authorise(zhang, zhang.id, neighbour, at)
    assert authorise(zhang, zhang.id, neighbour, at) == given
    assert who("张㛃").acts_for(zhang.id)
    assert [m.template for m in list_inbox(neighbour)] == ["agency_granted"]
    revoke_agency(actor=zhang, representation=given, at=at)
    revoke_agency(actor=zhang, representation=given, at=at)
    assert not who("张㛃").acts_for(zhang.id)
    acts = [e.act for e in list_entries(Subject("party", zhang.id))]
    assert acts.count("people.grant_agent") == acts.count("people.revoke_agent") == 1
    assert [m.template for m in list_inbox(neighbour)][0] == "agency_revoked"


def test_an_agent_may_step_back(who, party, at):
    given = authorise(who("张晓"), party("张晓"), party("张㛃"), at)
    revoke_agency(actor=who("张㛃"), representation=given, at=at)
    assert represented(party("张㛃"), at=at) == ()


def test_an_authority_ends_with_its_last_day(who, account, party, at):
    authorise(who("张晓"), party("张晓"), party("张㛃"), at, valid_to=at.date())
    assert who("张㛃").acts_for(party("张晓"))
    tomorrow = actor_for_account(account("张㛃"), Channel.PORTAL, at=at + timedelta(days=1))
    assert not tomorrow.acts_for(party("张晓"))


def test_an_authority_for_one_item_opens_that_item_only(who, party, at):
    authorise(who("张晓"), party("张晓"), party("张㛃"), at, items=["yangquan-dengji"])
    agent = who("张㛃")
    assert not agent.acts_for(party("张晓"))
    assert agent.acts_for(party("张晓"), item="yangquan-dengji")
    assert not agent.acts_for(party("张晓"), item="shiye-dengji")
    assert who("张晓").acts_for(party("张晓"), item="shiye-dengji")
    assert not who("李娜").acts_for(party("张晓"), item="yangquan-dengji")
    [row] = represented(agent.id, at=at)
    assert (row.items, row.principal_name_masked, row.words.zh) == (("yangquan-dengji",), "张*", "委托代理人")


@pytest.mark.parametrize("name", ["陌生人", "孙燕", "周洁", "石磊"])
def test_nobody_else_authorises_for_the_company_not_even_its_agent(who, party, at, name):
    with pytest.raises(NotFound):
        authorise(who(name), party(COMPANY), party("陌生人"), at)


@pytest.mark.parametrize("name", ["钱进", "李娜"])
def test_its_legal_representative_or_a_clerk_with_the_paper_does(who, party, at, name):
    authorise(who(name), party(COMPANY), party("陌生人"), at)
    assert who("陌生人").acts_for(party(COMPANY))


def test_the_guardian_authorises_for_the_child(who, party, at):
    authorise(who("张晓"), party("张小满"), party("王秀英"), at)
    assert {r.kind for r in representatives(party("张小满"), at=at)} == {"guardian", "agent"}


def test_every_fault_of_an_authority_is_told_at_once(who, party, at):
    with pytest.raises(Refused) as refused:
        authorise(who("张晓"), party("张晓"), party(COMPANY), at, valid_to=date(2026, 1, 1))
    assert codes(refused) == ["AGENT_NOT_A_PERSON", "ENDS_BEFORE_START"]


def test_a_stranger_cannot_take_back_what_others_gave(who, party, at):
    given = authorise(who("张晓"), party("张晓"), party("张㛃"), at)
    with pytest.raises(NotFound):
        revoke_agency(actor=who("陌生人"), representation=given, at=at)


def test_a_guardian_is_recorded_at_the_counter_only(who, party, at):
    child = party("张小满")
    for name in ("陌生人", "张晓", "王强"):
        with pytest.raises(Refused) as refused:
            record_guardian(actor=who(name), ward=child, guardian=party("陌生人"), basis="户口簿", at=at)
        assert refused.value.status == 403
    record_guardian(actor=who("李娜"), ward=child, guardian=party("王秀英"), basis="户口簿", at=at)
    assert who("王秀英").acts_for(child)


def test_an_adult_has_a_guardian_only_by_a_courts_word(who, party, at):
    wanted = {"actor": who("李娜"), "ward": party("王秀英"), "guardian": party("张晓"), "at": at}
    with pytest.raises(Refused) as refused:
        record_guardian(basis="户口簿", **wanted)
    assert codes(refused) == ["WARD_OF_AGE"]
    record_guardian(basis="（2026）粤0303民特1号判决书", declared=True, **wanted)
    assert who("张晓").acts_for(party("王秀英"))


def test_a_guardian_does_not_leave_online(who, party, at):
    [row] = representatives(party("张小满"), at=at)
    with pytest.raises(Refused) as refused:
        revoke_agency(actor=who("张晓"), representation=row.id, at=at)
    assert codes(refused) == ["ONLY_AT_THE_COUNTER"]
    revoke_agency(actor=who("李娜"), representation=row.id, at=at)
    assert not who("张晓").acts_for(party("张小满"))


def test_a_new_legal_representative_replaces_the_old_one(who, party, at):
    company = party(COMPANY)
    record_legal_representative(actor=who("李娜"), company=company, person=party("陌生人"), basis="营业执照", at=at)
    assert who("陌生人").acts_for(company)
    assert not who("钱进").acts_for(company)
    with pytest.raises(Refused) as refused:
        record_legal_representative(actor=who("李娜"), company=party("张晓"), person=party("陌生人"), basis=" ", at=at)
    assert codes(refused) == ["NOT_A_COMPANY", "BASIS_MISSING"]


@pytest.mark.parametrize("wrong", [{"kind": "agent"}, {"kind": "guardian"}, {"kind": "friend", "valid_to": UNTIL}])
def test_the_database_keeps_agents_with_an_end_and_guardians_of_minors(party, at, wrong):
    row = {"agent_id": party("张晓"), "principal_id": party("陌生人"), "valid_from": date(2026, 1, 1), "granted_at": at}
    with pytest.raises(IntegrityError, match="people_representation"), transaction.atomic():
        Representation.objects.create(**row, **wrong)


def test_the_agent_is_told_in_the_language_of_the_pages_they_use(who, account, party, at):
    choose_language(account=account("张㛃"), locale="en")
    choose_language(account=account("张㛃"), locale="tlh")  # not one of ours: nothing changes
    zhang, neighbour = who("张晓"), party("张㛃")
    given = authorise(zhang, zhang.id, neighbour, at)
    revoke_agency(actor=zhang, representation=given, at=at)
    assert [m.locale for m in list_inbox(neighbour)] == ["en", "en"]
    assert "has authorised you to act for them" in list_inbox(neighbour)[-1].body
    assert (get_party(neighbour).language, get_party(zhang.id).language) == ("en", "zh-hans")
    assert get_party(party(COMPANY)).language == "", "a company without an account"
