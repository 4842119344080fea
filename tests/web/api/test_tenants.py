"""Tenants kept by programs: made, limited, stopped, deleted by two, and their tokens; by the system administrator alone."""

from uuid import UUID

import pytest
from tests.tenants import things
from tests.web.api.recipes_rules import QUOTAS
from tests.web.api.test_api import Caller

from yichuang.core.refusals import Refused
from yichuang.network import queries as network
from yichuang.tenants import commands as tenants


@pytest.fixture
def call(client, demo):
    return lambda username="": Caller(client, demo, username)


@pytest.fixture
def particulars(demo):
    department = str(network.get_department("CGZF").id)
    return {"name": {"zh": "场地预约", "en": "Venues"}, "department": department, "quotas": QUOTAS}


def test_tenants_are_made_limited_and_stopped_by_programs_too(call, demo, particulars):
    keeper, at = call("shilei"), "administration/tenants"
    made = keeper.post(at, {"code": "venues", **particulars})
    assert (made.status_code, made.json()["state"], made.json()["tokens"]) == (201, "active", [])
    assert made.json()["quotas"]["megabytes"] == {"used": 0, "most": 50}
    assert keeper.post(at, {"code": "venues", **particulars}).json()["reasons"][0]["code"] == "CODE_TAKEN"
    wrong = {**particulars, "quotas": {**QUOTAS, "megabytes": 0, "seconds": 601}}
    assert [one["field"] for one in keeper.post(f"{at}/venues/change", wrong).json()["reasons"]] == [
        "/megabytes",
        "/seconds",
    ]
    nobodys = keeper.post(f"{at}/venues/change", {**particulars, "department": str(UUID(int=0))})
    assert (nobodys.status_code, nobodys.json()["reasons"][0]["field"]) == (422, "/department")
    less = {**particulars, "quotas": {**QUOTAS, "rows": 7}}
    assert keeper.post(f"{at}/venues/change", less).json()["quotas"]["rows"]["most"] == 7
    assert [one["code"] for one in keeper.get(f"{at}?q=ven").json()["items"]] == ["venues"]
    assert keeper.post(f"{at}/venues/suspend").status_code == 200
    assert keeper.get(f"{at}/venues").json()["state"] == "suspended"
    assert keeper.post(f"{at}/venues/resume").status_code == 200
    assert keeper.get(f"{at}/nobody").status_code == 404


def test_a_token_made_by_a_program_is_told_once_replaced_and_revoked(call, demo):
    things.made(demo, "jiefang")
    keeper, at = call("shilei"), "administration/tenants/jiefang"
    made = keeper.post(f"{at}/tokens", {"label": "小程序", "scopes": ["read"], "days": 30}).json()
    assert tenants.admit(made["bearer"], at=demo.at).roles == {"read"}
    newer = keeper.post(f"{at}/tokens/{made['id']}/rotate").json()
    shown = keeper.get(at).content.decode()
    assert made["bearer"] not in shown
    assert newer["bearer"] not in shown
    assert keeper.post(f"{at}/tokens/{newer['id']}/revoke").status_code == 200
    assert keeper.post(f"{at}/tokens/{newer['id']}/revoke").status_code == 404
    with pytest.raises(Refused):
        tenants.admit(newer["bearer"], at=demo.at)


def test_deleting_a_tenant_by_a_program_waits_for_a_second_administrator(call, demo):
    things.made(demo, "jiefang")
    keeper, second = call("shilei"), call("chengyuan")
    asked = keeper.post("administration/tenants/jiefang/delete", {"reason": "应用停止服务"})
    assert asked.status_code == 202
    assert keeper.get("administration/tenants/jiefang").json()["state"] == "active"
    at = f"administration/proposals/{asked.json()['id']}"
    mark = second.get(at).json()["mark"]
    assert second.post(f"{at}/confirm", {"mark": mark}).json()["state"] == "done"
    assert keeper.get("administration/tenants/jiefang").json()["state"] == "deleted"
    assert keeper.post("administration/tenants/jiefang/resume").status_code == 409
    assert keeper.post("administration/tenants/nobody/delete", {"reason": "没有"}).status_code == 404


@pytest.mark.parametrize("username", ["anning", "shenjing", "wuqian", "mali", "lina", "zhangxiao"])
def test_keeping_tenants_is_not_there_for_anybody_else(call, demo, particulars, username):
    things.made(demo, "jiefang")
    other, at = call(username), "administration/tenants"
    answers = [
        other.get(at),
        other.get(f"{at}/jiefang"),
        other.post(at, {"code": "venues", **particulars}),
        *(other.post(f"{at}/jiefang/{act}", {}) for act in ("change", "suspend", "resume", "delete", "tokens")),
    ]
    assert {answer.status_code for answer in answers} == {404}
