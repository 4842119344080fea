"""What programs of staff, receivers and the process of live events get: no more than their pages would show."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.demo import Demo
from tests.security.world import World

from yichuang.people.commands import change_password
from yichuang.people.queries import find_account, get_party, list_looks
from yichuang.settings.processes import live

pytestmark = pytest.mark.django_db


def get(world: World, username: str, path: str) -> Any:
    return Client().get(path, headers={"authorization": f"Bearer {world.tokens[username]}"})


def test_programs_of_staff_get_personal_values_masked_and_the_applicant_reads_it(world: World) -> None:
    things = world.things["own"]
    path = f"/api/v1/cases/{things.reviewed.number}"
    owner = get(world, "zhangxiao", path).json()["form"]["owner"]
    assert owner["cn_id"] == "44030319900101901X"
    before = len(list_looks(things.applicant))
    for username in ("lina", "wangqiang", "mali", "huanghai"):
        answer = get(world, username, path)
        assert answer.status_code == 200
        assert "44030319900101901X" not in answer.content.decode()
        assert answer.json()["form"]["owner"]["cn_id"] == "440303********901X"
        assert answer.json()["form"]["dog"] == get(world, "zhangxiao", path).json()["form"]["dog"]
    assert len(list_looks(things.applicant)) == before + 4


def test_a_program_of_staff_gets_one_value_in_full_with_a_reason_that_the_applicant_reads(world: World) -> None:
    from yichuang.notices.queries import list_inbox

    things = world.things["own"]
    path = f"/api/v1/cases/{things.reviewed.number}/actions/unmask"

    def ask(username: str, **body: str) -> Any:
        headers = {"authorization": f"Bearer {world.tokens[username]}"}
        return Client().post(path, {"field": "id_no", **body}, content_type="application/json", headers=headers)

    refused = ask("wangqiang")
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "REASON_MISSING")
    assert ask("huanghai", reason="看一看").status_code == 403, "a supervisor handles no cases"
    assert ask("wangqiang", reason="核对证件", field="birth_date").status_code == 422, "no more than the pages show"
    assert ask("wangqiang", reason="核对证件").json() == {"field": "id_no", "value": get_party(things.applicant).id_no}
    look = list_looks(things.applicant)[0]
    assert (look.reason, look.unmasked, look.case_number) == ("核对证件", True, things.reviewed.number)
    assert any("核对证件" in told.body for told in list_inbox(things.applicant) if told.template == "data_unmasked")


def test_who_only_collects_the_result_sees_no_form_and_no_papers(world: World) -> None:
    things = world.things["own"]
    case = get(world, "maimaiti", f"/api/v1/cases/{things.reviewed.number}").json()
    assert case["form"] == {}
    assert case["answers"] == {}


def test_live_events_know_a_session_that_has_ended(world: World) -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}={world.sessions['moshengren']}"
    heard = live.actor_of(cookie)
    assert heard is not None
    assert heard.kind == "person"
    account = find_account("moshengren")
    assert account is not None
    change_password(account=account, old="Demo-2026-yichuang", new="Quite-another-1949", at=world.at)
    assert live.actor_of(cookie) is None


def test_messages_go_to_the_applicant_once_the_authority_of_the_agent_has_ended(world: World) -> None:
    """They carry query codes and supply links, which open the case to whoever has them."""
    from yichuang.cases.commands.supplement import make_supply_link
    from yichuang.notices.queries import list_inbox

    things, demo = world.things["own"], Demo()
    former, receiver, zhang = (demo.actor(name) for name in ("zhangjie", "maimaiti", "zhangxiao"))
    before = {actor.id: len(list_inbox(actor.id)) for actor in (former, receiver, zhang)}
    make_supply_link(actor=zhang, number=things.waiting, materials=[], at=world.at)
    after = {actor.id: len(list_inbox(actor.id)) for actor in (former, receiver, zhang)}
    assert {who: after[who] - before[who] for who in after} == {former.id: 0, receiver.id: 0, zhang.id: 1}


def test_whoever_opens_a_file_or_a_document_is_on_record(world: World) -> None:
    things = world.things["own"]
    pages = f"/counter/uploads/{things.upload}/", f"/counter/documents/{things.document}/"
    before = len(list_looks(things.applicant))
    for path in pages:
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions["lina"]
        assert client.get(path).status_code == 200
    assert get(world, "wangqiang", f"/api/v1/documents/{things.document}").status_code == 200
    assert get(world, "zhangxiao", f"/api/v1/documents/{things.document}").status_code == 200
    assert len(list_looks(things.applicant)) == before + 3
