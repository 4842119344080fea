"""我的代理人: giving, seeing and ending an authority, through Django's client."""

from typing import Any

import pytest
from django.test import Client

from yichuang.core.clock import fixed
from yichuang.notices.queries import list_inbox
from yichuang.people import cast
from yichuang.people.commands import grant_agency
from yichuang.people.queries import get_party, represented

GIVE = "/my/agents/give"


@pytest.fixture
def browser(demo):
    with fixed(demo.at):

        def sign_in(username: str, locale: str = "zh-CN") -> Client:
            client = Client(headers={"accept-language": locale})
            assert client.post("/sign-in", {"username": username, "password": cast.PASSWORD}).status_code == 302
            return client

        yield sign_in


def typed(demo, agent: str = "moshengren", **more: Any) -> dict[str, Any]:
    """The form for an agent of the demo, until the end of next March."""
    party = get_party(demo.actor(agent).id)
    return {
        "name": party.name,
        "id_type": "111",
        "id_no": party.id_no,
        "scope": "all",
        "valid_to": "2027-03-31",
        **more,
    }


def confirmed(demo, **more: Any) -> dict[str, Any]:
    return {**typed(demo), "_confirm": "1", "password": cast.PASSWORD, **more}


def test_an_authority_is_looked_at_confirmed_and_shown_to_both_sides(demo, browser):
    zhang, agent = browser("zhangxiao"), demo.actor("moshengren")
    answer = zhang.post(GIVE, typed(demo))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "全部事项" in page
    assert "2027年3月31日" in page
    assert represented(agent.id, at=demo.at) == ()
    answer = zhang.post(GIVE, confirmed(demo))
    assert answer["location"] == "/my/agents"
    (row,) = represented(agent.id, at=demo.at)
    assert (row.principal, row.items) == (demo.actor("zhangxiao").id, ())
    assert f"/my/agents/{row.id}/end" in zhang.get("/my/agents").content.decode()
    theirs = browser("moshengren").get("/my/agents").content.decode()
    assert f"/my/agents/{row.id}/end" in theirs
    assert {m.template for m in list_inbox(agent.id)} == {"agency_granted"}
    assert "agency_given" in {m.template for m in list_inbox(demo.actor("zhangxiao").id)}


def test_only_the_chosen_items(demo, browser):
    browser("zhangxiao").post(GIVE, confirmed(demo, scope="some", item=["yangquan-dengji", "no-such-item"]))
    (row,) = represented(demo.actor("moshengren").id, at=demo.at)
    assert row.items == ("yangquan-dengji",)
    page = browser("moshengren").get("/my/agents").content.decode()
    assert "养犬登记" in page


def test_a_legal_representative_authorises_for_the_company(demo, browser):
    client = browser("qianjin")
    company = next(r.principal for r in represented(demo.actor("qianjin").id, at=demo.at) if r.kind != "agent")
    assert str(company) in client.get(GIVE).content.decode()
    assert client.post(GIVE, confirmed(demo, principal=str(company))).status_code == 302
    assert [r.principal for r in represented(demo.actor("moshengren").id, at=demo.at)] == [company]


def test_nobody_authorises_for_somebody_else(demo, browser):
    stranger = demo.actor("wangxiuying").id
    assert browser("zhangxiao").post(GIVE, confirmed(demo, principal=str(stranger))).status_code == 404


def test_every_fault_comes_at_once_and_nothing_typed_is_lost(demo, browser):
    wrong = {"name": "", "id_type": "111", "id_no": "440303199003079002", "scope": "some", "valid_to": "2020-01-01"}
    answer = browser("zhangxiao").post(GIVE, wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    for field in ("f-name", "f-id_no", "f-item", "f-valid_to"):
        assert f'href="#{field}"' in page
    assert 'value="440303199003079002"' in page
    assert 'value="2020-01-01"' in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "李四"}, "没有找到姓名和证件号码都相符的人"),
        ({"valid_to": "2031-01-01"}, "委托期限最长三年"),
        ({"valid_to": "2027-02-31"}, "请填写截止日期"),
    ],
)
def test_what_is_refused_is_said(demo, browser, change, words):
    answer = browser("zhangxiao").post(GIVE, typed(demo, **change))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_oneself_is_no_agent(demo, browser):
    answer = browser("zhangxiao").post(GIVE, typed(demo, "zhangxiao"))
    assert "不能委托自己" in answer.content.decode()


def test_looking_for_people_has_an_end(demo, browser):
    client = browser("zhangxiao")
    for _ in range(20):
        client.post(GIVE, typed(demo, name="李四"))
    assert client.post(GIVE, typed(demo)).status_code == 429


def test_without_proof_nothing_is_given(demo, browser):
    answer = browser("zhangxiao").post(GIVE, confirmed(demo, password="wrong"))
    assert answer.status_code == 422
    assert "还可以再试 4 次" in answer.content.decode()
    assert represented(demo.actor("moshengren").id, at=demo.at) == ()


@pytest.mark.parametrize("who", ["zhangxiao", "moshengren"])
def test_either_side_ends_it_after_being_asked(demo, browser, who):
    zhang, agent = demo.actor("zhangxiao"), demo.actor("moshengren")
    id = grant_agency(
        actor=zhang, principal=zhang.id, agent=agent.id, valid_to=demo.at.date().replace(year=2027), at=demo.at
    )
    client = browser(who)
    assert "不再代办？" in client.get(f"/my/agents/{id}/end").content.decode() or who == "zhangxiao"
    assert client.post(f"/my/agents/{id}/end")["location"] == "/my/agents"
    assert represented(agent.id, at=demo.at) == ()
    assert client.get(f"/my/agents/{id}/end").status_code == 404
    assert "agency_ended" in {m.template for m in list_inbox(zhang.id)}


def test_a_guardian_is_changed_at_the_counter_only(demo, browser):
    page = browser("zhangxiao").get("/my/agents").content.decode()
    assert "变更请到窗口办理" in page
    row = next(r for r in represented(demo.actor("zhangxiao").id, at=demo.at) if r.kind == "guardian")
    assert browser("zhangxiao").post(f"/my/agents/{row.id}/end").status_code == 404


def test_in_english(demo, browser):
    client = browser("zhangxiao", "en")
    assert "My agents" in client.get("/my/agents").content.decode()
    assert "Check the authority" in client.post(GIVE, typed(demo)).content.decode()
