"""The desk of a hall by API: forecast, 便民物品, 上岗资格, machines, with the permissions of their pages."""

from uuid import uuid4

import pytest
from django.test import Client
from tests.visits.hall import Hall

from yichuang.core.clock import fixed
from yichuang.devices.models import Device
from yichuang.people.commands.tokens import issue_token
from yichuang.people.models import Account
from yichuang.visits.models import Loan

API = "/api/v1"


@pytest.fixture
def ask(demo):
    """`ask("lina", "/halls/LH/loans", {...})`: status and answer, with a body by POST."""

    def send(user, path, body=None, **headers):
        token = issue_token(account=Account.objects.get(username=user).id, at=demo.at) if user else ""
        given = {"authorization": f"Bearer {token}", **headers} if token else headers
        with fixed(demo.at):
            if body is None:
                answer = Client().get(API + path, headers=given)
            else:
                answer = Client().post(API + path, body, content_type="application/json", headers=given)
        return answer.status_code, answer.json()

    return send


def test_everybody_reads_how_long_one_waits_and_how_often_that_came_true(demo, ask):
    hall = Hall.of(demo)
    hall.open()
    hall.take()
    status, told = ask("", "/halls/LH/forecast")
    assert status == 200
    [one] = [row for row in told["queues"] if row["letter"] == "A"]
    assert one["waiting"] == 1
    assert one["least"] <= one["most"]
    assert one["hits"] is None  # nothing was told yet: no rate is invented
    assert one["best"] is None


def test_an_umbrella_goes_out_once_for_its_key_and_comes_back(demo, ask):
    thing = {"name_zh": "接口雨伞", "name_en": "Umbrella", "owned": 1, "minutes": 60}
    assert ask("lina", "/halls/LH/loan-items", thing)[0] == 404  # the manager's
    _, made = ask("mali", "/halls/LH/loan-items", thing)
    body, key = {"item": made["id"], "name": "张晓", "mobile": "13800000001"}, {"idempotency-key": uuid4().hex}
    first, again = (ask("lina", "/halls/LH/loans", body, **key) for _ in range(2))
    assert first == again
    assert Loan.objects.filter(item=made["id"]).count() == 1
    [out] = [row for row in ask("lina", "/halls/LH/loans")[1]["out"] if row["id"] == first[1]["id"]]
    assert out["name_masked"] == "张*"
    assert "13800000001" not in str(out)
    assert ask("lina", "/halls/LH/loans", body)[1]["reasons"][0]["code"] == "NONE_LEFT"
    assert ask("lina", f"/halls/LH/loans/{out['id']}/end", {"how": "back"})[0] == 200
    assert Loan.objects.get(id=out["id"]).name == ""
    assert ask("zhangxiao", "/halls/LH/loans")[0] == 404


def test_a_machine_is_named_and_its_code_shown_once_and_another_place_has_it_not(demo, ask):
    path = "/administration/places/LH/devices"
    body = {"kind": "kiosk", "name": "接口取号机"}
    assert ask("mali", path, body)[0] == 403  # sees, and does not keep
    status, made = ask("dengjie", path, body)
    assert status == 200
    assert made["code"]
    [row] = [row for row in ask("mali", path)[1]["devices"] if row["id"] == made["device"]]
    assert (row["health"], row["kind"]) == ("new", "kiosk")
    assert made["code"] not in str(row)
    assert ask("dengjie", f"/administration/places/LH-E01/devices/{made['device']}/revoke", {})[0] == 404
    assert Device.objects.get(id=made["device"]).revoked_at is None
    assert ask("dengjie", f"{path}/{made['device']}/revoke", {})[0] == 200
    assert Device.objects.get(id=made["device"]).revoked_at is not None


def test_who_edits_items_says_which_ask_for_a_qualification_and_the_manager_who_has_it(demo, ask):
    assert ask("wuqian", "/administration/asking-items/yangquan-dengji/ask", {})[0] == 200
    asked = [row["item"] for row in ask("wuqian", "/administration/asking-items")[1]["items"]]
    assert asked.count("yangquan-dengji") == 1
    staff = str(demo.actor("zhoujie").id)
    body = {"staff": staff, "item": "yangquan-dengji", "evidence": "考核合格"}
    status, made = ask("mali", "/halls/LH/qualifications", body)
    assert status == 200
    assert ask("mali", "/halls/LH/qualifications", body)[0] == 422  # held already
    rows = ask("mali", "/halls/LH/qualifications")[1]["qualifications"]
    assert [row["item"] for row in rows if row["id"] == made["id"]] == ["yangquan-dengji"]
    assert ask("lina", "/halls/LH/qualifications")[0] == 404
    assert ask("mali", f"/halls/LH/qualifications/{made['id']}/withdraw", {"reason": "调离"})[0] == 200
