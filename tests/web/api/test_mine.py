"""What a portal shows besides cases, for programs: certificates, agents, companies, looks, messages, progress."""

import pytest
from tests.web.api.test_api import Caller
from tests.web.api.test_api_contract import World

from yichuang.core.ids import new_id
from yichuang.people import cast
from yichuang.people.models import Party, Representation
from yichuang.people.queries import get_party, represented
from yichuang.registry.models import Certificate
from yichuang.webkit.agents import GUESSES
from yichuang.webkit.limits import QUERIES


@pytest.fixture
def call(client, demo):
    return lambda username="": Caller(client, demo, username)


def agency(demo, **more):
    agent = get_party(demo.actor("moshengren").id)
    return {"name": agent.name, "id_no": agent.id_no, "valid_to": "2027-03-31", "password": cast.PASSWORD, **more}


def test_an_authority_is_given_seen_by_both_and_ended_by_the_agent(call, demo):
    zhang, other = call("zhangxiao"), call("moshengren")
    made = zhang.post("agents", agency(demo, items=["yangquan-dengji"])).json()["id"]
    assert zhang.post("agents", agency(demo, items=["yangquan-dengji"])).json()["id"] == made
    me, _child = zhang.get("agents").json()["mine"]
    [theirs] = other.get("agents").json()["theirs"]
    assert me["agents"] == [theirs]
    assert (theirs["id"], theirs["items"], theirs["valid_to"]) == (made, ["yangquan-dengji"], "2027-03-31")
    assert theirs["principal_name"] != get_party(demo.actor("zhangxiao").id).name
    assert call("sunyan").post(f"agents/{made}/end").status_code == 404
    assert other.post(f"agents/{made}/end").status_code == 200
    assert represented(demo.actor("moshengren").id, at=demo.at) == ()


def test_everything_wrong_with_an_authority_is_told_at_once(call, demo):
    wrong = agency(demo, id_no="44030319900101901", items=["养狗"], valid_to="2020-01-01")
    answer = call("zhangxiao").post("agents", wrong)
    assert answer.status_code == 422
    fields = {reason["field"] for reason in answer.json()["reasons"]}
    assert {"/id_no", "/items/0", "/valid_to"} <= fields


def test_nobody_authorises_without_a_proof_nor_in_the_name_of_a_stranger(call, demo):
    zhang, company = call("zhangxiao"), demo.actor("qianjin")
    assert zhang.post("agents", agency(demo, password="")).json()["reasons"][0]["code"] == "PROOF_NEEDED"
    assert zhang.post("agents", agency(demo, password="not-this-one")).status_code == 422
    assert zhang.post("agents", agency(demo, principal=str(company.id))).status_code == 404
    assert call("lina").post("agents", agency(demo)).status_code == 404


def test_names_and_numbers_cannot_be_tried_without_end(call, demo):
    zhang, guess = call("zhangxiao"), agency(demo, name="别的名字")
    for _ in range(GUESSES.most):
        assert zhang.post("agents", guess).json()["reasons"][0]["code"] == "AGENT_UNKNOWN"
    assert zhang.post("agents", agency(demo)).status_code == 429


def test_a_company_is_whole_for_its_representative_and_what_is_allowed_for_its_agent(call, demo):
    [whole] = call("qianjin").get("companies").json()["items"]
    [part] = call("sunyan").get("companies").json()["items"]
    assert (whole["tie"]["kind"], part["tie"]["kind"]) == ("legal_representative", "agent")
    assert whole["agents"]
    assert part["agents"] == []
    assert call("zhangxiao").get("companies").json()["items"] == []


def test_certificates_say_what_may_follow_and_are_nobody_elses(call, demo):
    _, certificate, _ = World(demo).ready()
    [held] = call("zhangxiao").get("certificates").json()["items"]
    assert (held["id"], held["validity"], held["intended"]) == (str(certificate.id), "valid", False)
    assert {one["kind"] for one in held["follow_ups"]} >= {"change"}
    assert call("moshengren").get("certificates").json()["items"] == []
    assert call("lina").get("certificates").json()["items"] == []


def test_companies_and_certificates_come_page_by_page(call, demo):
    _, certificate, _ = World(demo).ready()
    row = Certificate.objects.get(id=certificate.id)
    row.id, row.identifier, row.number, row.subject_id = new_id(), "x", "x", new_id()
    row._state.adding = True
    row.save()
    zhang = call("zhangxiao")
    first = zhang.get("certificates", limit=1).json()
    second = zhang.get("certificates", limit=1, cursor=first["next"]).json()
    assert [one["id"] for one in first["items"] + second["items"]] == [str(row.id), str(certificate.id)]
    assert second["next"] is None
    boss = demo.actor("qianjin").id
    [known] = represented(boss, at=demo.at)
    other = Party.objects.get(id=known.principal)
    other.id, other.id_no, other.id_index, other._state.adding = new_id(), "91440300MA5FFFFF0X", "other", True
    other.save()
    Representation.objects.create(
        agent_id=boss, principal=other, kind="legal_representative", valid_from=known.valid_from, granted_at=demo.at
    )
    qian = call("qianjin")
    first = qian.get("companies", limit=1).json()
    second = qian.get("companies", limit=1, cursor=first["next"]).json()
    assert [one["id"] for one in first["items"] + second["items"]] == [str(known.principal), str(other.id)]
    assert second["next"] is None
    for name in ("companies", "certificates"):
        assert qian.get(name, cursor="x").status_code == 422


def test_messages_come_page_by_page(call, demo):
    World(demo).accepted()
    zhang = call("zhangxiao")
    first = zhang.get("messages", limit=1).json()
    second = zhang.get("messages", limit=1, cursor=first["next"]).json()
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert zhang.get("messages", cursor="x").status_code == 422
    assert call("moshengren").get("messages").json()["items"] == []


def test_progress_needs_both_and_guesses_end(call, demo):
    receipt, anybody = World(demo).file(), call()
    right = {"number": receipt.number, "code": receipt.query_code}
    told = anybody.post("progress", right).json()
    assert (told["number"], told["state"]) == (receipt.number, "SUBMITTED")
    assert "张晓" not in str(told)
    for _ in range(QUERIES.most):
        assert anybody.post("progress", {**right, "code": "ZZZZZZZZ"}).status_code == 404
    assert anybody.post("progress", right).status_code == 429
