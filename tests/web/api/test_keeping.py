"""The network, the lists, items in the making, accounts and the ledger, for programs."""

import pytest
from tests.web.api.recipes_keeping import NEW_PLACE
from tests.web.api.test_api import DOG, Caller
from tests.web.api.test_api_contract import World

from yichuang.catalog.queries import search_items
from yichuang.network.queries import get_place
from yichuang.people.models import Account


@pytest.fixture
def call(client, demo):
    return lambda username="": Caller(client, demo, username)


def test_anybody_sees_where_to_go_and_whether_it_is_open(call):
    places = call().get("places").json()["items"]
    hall = call().get("places/LH").json()
    assert len(places) > 98
    assert (hall["open"], hall["parent"], hall["kind"]) == (True, None, "district_hall")
    assert {"opens": "09:00", "closes": "12:00"} in hall["week"][0] or hall["week"][0]
    assert hall["windows"]
    assert call().get("places/NOWHERE").status_code == 404


def test_anybody_reads_how_far_a_promise_is(call):
    [one, *_] = call().get("lists").json()["items"]
    whole = call().get(f"lists/{one['code']}").json()
    assert one["done"] >= len(whole["found"]) > 0
    assert call().get(f"lists/{one['code']}", cursor="x").status_code == 422


def test_a_place_is_made_by_the_system_administrator_with_every_fault_told(call):
    keeper = call("shilei")
    assert keeper.post("administration/places/LH-DEMO-X", NEW_PLACE).status_code == 200
    made = get_place("LH-DEMO-X")
    assert (len(made.timetable.week[0]), made.timetable.week[6]) == (2, ())
    night = NEW_PLACE | {"week": [[{"opens": "18:00", "closes": "24:00"}]]}
    assert keeper.post("administration/places/LH-DEMO-X", night).status_code == 200
    assert keeper.get("places/LH-DEMO-X").json()["week"][0] == [{"opens": "18:00", "closes": "24:00"}]
    wrong = NEW_PLACE | {"region_code": "4403", "phone": "无", "parent": "NOWHERE"}
    assert len(keeper.post("administration/places/LH-DEMO-X", wrong).json()["reasons"]) > 1
    assert call("mali").post("administration/places/LH-DEMO-X", NEW_PLACE).status_code == 404


def test_an_account_is_closed_opened_and_given_a_new_password(call, demo):
    keeper, them = call("shilei"), demo.actor("gaofeng").id
    at = f"administration/staff/{them}"
    account = Account.objects.get(username="gaofeng")
    assert keeper.post(f"{at}/close").status_code == 200
    account.refresh_from_db()
    assert account.disabled_at is not None
    assert keeper.post(f"{at}/reopen").status_code == 200
    assert keeper.post(f"{at}/password", {"password": "short"}).status_code == 422
    assert keeper.post(f"{at}/password", {"password": "qmzt-8kfp-3xwc-h7rn"}).status_code == 200
    assert call("anning").post(f"{at}/password", {"password": "qmzt-8kfp-3xwc-h7rn"}).status_code == 403


def test_the_password_of_an_administrator_waits_for_a_second(call, demo):
    them = demo.actor("chengyuan").id
    asked = call("anning").post(f"administration/staff/{them}/password", {"reason": "本人忘记密码"})
    assert asked.status_code == 202
    assert asked.json()["state"] == "waiting"


def test_a_pack_is_checked_and_compared_and_its_words_find_it(call, demo):
    editor = call("wuqian")
    row = editor.get(f"administration/items/{DOG}").json()
    assert (row["folder"], row["sound"], row["faults"]) == ("same", True, [])
    assert row["examples"]
    assert editor.post(f"administration/items/{DOG}/words", {"words": ["给毛孩子上户口"]}).status_code == 200
    assert search_items("毛孩子上户口", at=demo.at)[0].code == DOG
    assert editor.get("administration/items", q=DOG).json()["items"][0]["code"] == DOG
    assert editor.get("administration/items/no-such-item").status_code == 404


def test_what_organs_issued_is_theirs_to_find(call, demo):
    _, certificate, _ = World(demo).ready()
    [found] = call("wangqiang").get("issued-certificates", q=certificate.number).json()["items"]
    assert found["id"] == str(certificate.id)
    assert call("zhangxiao").get("issued-certificates").json()["items"] == []
    assert call("wangqiang").get("issued-certificates", cursor="x").status_code == 422


def test_the_ledger_is_verified_when_asked(call):
    auditor = call("shilei")
    asked = auditor.post("administration/ledger/check").json()["id"]
    assert auditor.post("administration/ledger/check").json()["id"] == asked
    assert auditor.get("administration/ledger").json()["checks"][0]["id"] == asked
