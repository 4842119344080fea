"""同意电子送达: who may agree for whom, in which words, that it is vouched for, and that it can be taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yichuang.core import ledger
from yichuang.core.refusals import NotFound, Refused
from yichuang.notices.models import Message
from yichuang.notices.queries import list_inbox
from yichuang.people import queries
from yichuang.people.commands import give_service_consent, grant_agency, withdraw_service_consent
from yichuang.people.models import ServiceConsent

pytestmark = pytest.mark.demo
VERSION = queries.service_text().version
DOG = "yangquan-dengji"


def give(demo, who, party=None, **more):
    actor = demo.actor(who)
    given = {"party": party or actor.id, "version": VERSION, **more}
    return give_service_consent(actor=actor, at=demo.at, **given)


def withdraw(demo, who, party=None, **more):
    actor = demo.actor(who)
    return withdraw_service_consent(actor=actor, party=party or actor.id, at=demo.at, **more)


def agent_for(demo, *items):
    """周季 may act for 张晓, in these items (none: in everything); the agent's name, 张晓's id."""
    zhang, until = demo.actor("zhangxiao"), demo.at.date().replace(year=2027)
    grant_agency(
        actor=zhang, principal=zhang.id, agent=demo.actor("jiye").id, items=items, valid_to=until, at=demo.at
    )  # fmt: skip
    return "jiye", zhang.id


def later(demo):
    """The same world an hour later: what was said before was said earlier."""
    return replace(demo, at=demo.at + timedelta(hours=1))


def codes(refused):
    return [reason.code for reason in refused.value.reasons]


def test_a_person_agrees_once_and_takes_it_back_and_the_ledger_vouches_for_both(demo):
    zhang = demo.actor("zhangxiao").id
    assert queries.service_standing(zhang) == "none"
    first = give(demo, "zhangxiao")
    assert give(demo, "zhangxiao") == first, "pressed twice"
    row = queries.service_consent(zhang)
    assert (row.version, row.given_channel, row.withdrawn_at) == (VERSION, "portal", None)
    assert "*" in row.mobile_masked
    assert queries.consenting([zhang], item=DOG) == {zhang}
    assert [withdraw(demo, "zhangxiao") for _ in range(2)] == [True, False]
    assert queries.service_standing(zhang) == "withdrawn"
    assert queries.consenting([zhang], item=DOG) == frozenset()
    second = give(demo, "zhangxiao")
    said = queries.list_service_consents(zhang)
    assert [one.id for one in said] == [second, first]
    assert said[1].withdrawn_at == demo.at
    acts = [
        entry.act for one in said for entry in ledger.list_entries(subject=ledger.Subject("service-consent", one.id))
    ]
    assert acts.count("people.consent_to_service") == 2
    assert acts.count("people.withdraw_service_consent") == 1
    assert ledger.verify_ledger([]) == []
    ServiceConsent.objects.filter(id=first).update(version="forged")
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_words_that_were_not_read_bind_nobody(demo):
    with pytest.raises(Refused) as refused:
        give(demo, "zhangxiao", version="2020-01")
    assert codes(refused) == ["WORDS_CHANGED"]


def test_an_agent_agrees_as_far_as_the_authority_goes(demo):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("jiye")
    for who in ("jiye", "moshengren", "wangqiang"):
        with pytest.raises(NotFound):
            give(demo, who, zhang.id)
    until = demo.at.date().replace(year=2027)
    grant_agency(actor=zhang, principal=zhang.id, agent=agent.id, items=[DOG], valid_to=until, at=demo.at)
    with pytest.raises(NotFound):
        give(demo, "jiye", zhang.id)
    give(demo, "jiye", zhang.id, item=DOG)
    assert queries.consenting([zhang.id], item=DOG) == {zhang.id}
    assert queries.consenting([zhang.id], item="another") == frozenset()
    assert queries.service_consent(zhang.id) is None, "not for everything"
    assert "service_agreed" in {message.template for message in list_inbox(zhang.id)}, "the principal learns of it"
    with pytest.raises(NotFound):
        withdraw(demo, "moshengren", zhang.id, item=DOG)
    withdraw(demo, "zhangxiao", item=DOG)
    assert queries.service_standing(zhang.id, item=DOG) == "withdrawn"


def test_pressing_in_turn_costs_two_sms_a_day_and_hides_nothing(demo):
    agent, zhang = agent_for(demo, DOG)

    def told(kind):
        rows = Message.objects.filter(party=zhang, kind=kind, template__startswith="service_").order_by("id")
        return list(rows.values_list("template", flat=True))

    def press():
        give(demo, agent, zhang, item=DOG)
        withdraw(demo, agent, zhang, item=DOG)

    for _ in range(3):
        press()
    assert told("sms") == ["service_agreed"], "what was taken back again the same day is in the inbox"
    assert told("inbox") == ["service_withdrawn", *["service_agreed", "service_withdrawn"] * 2]
    demo = replace(demo, at=demo.at + timedelta(days=1))
    press()
    assert told("sms") == ["service_agreed"] * 2


def test_a_legal_representative_agrees_for_the_company(demo):
    sun = demo.actor("sunyan")
    company = next(iter(sun.represents))
    give(demo, "sunyan", company)
    assert queries.service_consent(company).by == queries.get_party(sun.id).name_masked
    assert queries.service_consent(sun.id) is None, "each for itself"


def test_a_clerk_needs_the_signed_paper(demo):
    zhang = demo.actor("zhangxiao").id
    with pytest.raises(Refused) as refused:
        give(demo, "lina", zhang)
    assert codes(refused) == ["SIGNATURE_NEEDED"]
    give(demo, "lina", zhang, signed=True)
    row = queries.service_consent(zhang)
    assert (row.given_channel, row.by[0]) == ("counter", "李")
    with pytest.raises(Refused):
        withdraw(demo, "lina", zhang)
    withdraw(demo, "lina", zhang, signed=True)
    assert {message.template for message in list_inbox(zhang)} >= {"service_agreed", "service_withdrawn"}
    with pytest.raises(NotFound):
        give(demo, "wangqiang", zhang, signed=True)  # a reviewer serves nobody at a window


def test_who_takes_everything_back_takes_back_what_an_agent_agreed_to(demo):
    agent, zhang = agent_for(demo, DOG)
    for who, more in (("zhangxiao", {}), ("lina", {"signed": True})):
        demo = later(demo)
        give(demo, "zhangxiao", item=DOG)
        give(demo, "zhangxiao")
        assert len(queries.consents_in_force([zhang])[zhang]) == 2
        demo = later(demo)
        assert withdraw(demo, who, zhang, **more)
        assert queries.consents_in_force([zhang]) == {zhang: ()}
        assert queries.consenting([zhang], item=DOG) == frozenset()
        assert not withdraw(demo, who, zhang, **more)
    assert ledger.verify_ledger([]) == []


def test_an_agent_takes_back_its_item_only_and_is_told_when_there_is_nothing(demo):
    agent, zhang = agent_for(demo, DOG)
    give(demo, "zhangxiao")
    assert not withdraw(demo, agent, zhang, item=DOG), "what is for everything is not the agent's"
    assert queries.consenting([zhang], item=DOG) == {zhang}


def test_no_agent_agrees_after_the_party_itself_took_it_back(demo):
    agent, zhang = agent_for(demo, DOG)
    give(demo, agent, zhang, item=DOG)
    assert withdraw(demo, agent, zhang, item=DOG)
    give(demo, agent, zhang, item=DOG)  # its own change of mind
    for who, more in (("zhangxiao", {}), ("lina", {"signed": True})):
        demo = later(demo)
        assert withdraw(demo, who, zhang, **more)
        with pytest.raises(Refused) as refused:
            give(demo, agent, zhang, item=DOG)
        assert (codes(refused), refused.value.kind) == (["PARTY_WITHDREW"], "conflict")
        demo = later(demo)
        give(demo, who, zhang, **more)
        assert withdraw(demo, who, zhang, **more)
        give(demo, who, zhang, item=DOG, **more)
        assert withdraw(demo, agent, zhang, item=DOG)
        give(demo, agent, zhang, item=DOG)  # the party has itself agreed since


def test_an_agent_for_everything_overrides_no_withdrawal_for_one_item(demo):
    agent, zhang = agent_for(demo)
    give(demo, agent, zhang, item=DOG)
    withdraw(demo, "zhangxiao", item=DOG)
    for item in ("", DOG):
        with pytest.raises(Refused) as refused:
            give(demo, agent, zhang, item=item)
        assert codes(refused) == ["PARTY_WITHDREW"]


OTHER = "laonian-youdai"


@pytest.mark.parametrize(("who", "more"), [("zhangxiao", {}), ("lina", {"signed": True})])
def test_who_took_back_everything_took_back_what_was_never_asked_too(demo, who, more):
    """Only one item was in force: an agent for another was still free to agree to that."""
    agent, zhang = agent_for(demo)
    give(demo, agent, zhang, item=DOG)
    withdraw(demo, who, zhang, **more)
    for item in (DOG, OTHER, ""):
        with pytest.raises(Refused) as refused:
            give(demo, agent, zhang, item=item)
        assert codes(refused) == ["PARTY_WITHDREW"], item
    demo = later(demo)
    give(demo, who, zhang, item=DOG, **more)
    with pytest.raises(Refused):
        give(demo, agent, zhang)  # they agreed to one item again, not to everything
    with pytest.raises(Refused):
        give(demo, agent, zhang, item=OTHER)
    give(demo, who, zhang, **more)
    withdraw(demo, agent, zhang)
    demo = later(demo)
    give(demo, agent, zhang, item=OTHER)  # the party has agreed to everything since
    assert ledger.verify_ledger([]) == []


def test_who_took_back_one_item_left_the_others_to_the_agent(demo):
    agent, zhang = agent_for(demo)
    give(demo, agent, zhang, item=DOG)
    withdraw(demo, "zhangxiao", item=DOG)
    give(demo, agent, zhang, item=OTHER)
    row = ServiceConsent.objects.get(party=zhang, item=DOG)
    assert row.withdrawn_with_all is False
    ServiceConsent.objects.filter(id=row.id).update(withdrawn_with_all=True)
    assert "FACT_ALTERED" in {fault.kind for fault in ledger.verify_ledger([])}


def test_what_a_legal_representative_took_back_the_company_took_back(demo):
    company = next(iter(demo.actor("qianjin").represents))
    give(demo, "sunyan", company, item=DOG)
    withdraw(demo, "qianjin", company)
    with pytest.raises(Refused) as refused:
        give(demo, "sunyan", company, item=DOG)
    assert codes(refused) == ["PARTY_WITHDREW"], "an agent, though for everything"
    give(demo, "qianjin", company)


@pytest.mark.parametrize("item", ["13800138000", "no-such-item"])
def test_only_a_known_item_is_agreed_to(demo, item):
    for who, more in (("zhangxiao", {}), ("lina", {"signed": True})):
        with pytest.raises(NotFound):
            give(demo, who, demo.actor("zhangxiao").id, item=item, **more)
    assert not withdraw(demo, "zhangxiao", item=item)
