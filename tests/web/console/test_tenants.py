"""Other applications on the console, over HTTP: made, given tokens, stopped, and deleted by two."""

import re

import pytest
from tests.tenants.things import made

from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.refusals import Refused
from yichuang.network import queries as network
from yichuang.tenants import commands, queries, wall
from yichuang.tenants.commands import hooks
from yichuang.tenants.models import Hook

BEARER = re.compile(r">(yct_[\w-]{43})<")


@pytest.fixture
def form(demo):
    return {
        "code": "venues", "name_zh": "活动场地预约", "name_en": "Booking of venues",
        "department": str(network.get_department("CGZF").id), "rows": "1000", "megabytes": "50", "runs": "100", "calls": "60", "seconds": "30",
    }  # fmt: skip


def test_a_tenant_is_made_gets_a_token_that_is_shown_once_and_is_stopped(desk, key_on, form, demo):
    system = desk("shilei")
    assert "还没有租户" in system.get("/console/tenants/")
    wrong = system.post(
        "/console/tenants/new/", **form | {"code": "*", "name_en": "", "department": "", "rows": "0", "seconds": "0"}
    ).content.decode()
    assert all(words in wrong for words in ("编码用小写字母开头", "请写明中英文名称", "请选择负责部门", "应为 1 至"))
    key = key_on(system.get("/console/tenants/new/"))
    assert [system.post("/console/tenants/new/", **form, key=key).status_code for _ in range(2)] == [302, 302]
    page = "/console/tenants/venues/"
    assert "还没有令牌" in system.get(page)
    faulty = system.post(page, act="token", label="", days="0")
    assert (faulty.status_code, "请至少选择一项权限" in faulty.content.decode()) == (422, True)
    shown = system.post(page, act="token", label="预约小程序", days="30", scopes=["read", "data"])
    [bearer] = BEARER.findall(shown.content.decode())
    assert commands.admit(bearer, at=demo.at).roles == {"read", "data"}
    again = system.get(page)
    assert bearer not in again
    assert f"…{bearer[-4:]}" in again
    [row] = queries.list_credentials(demo.actor("shilei"), "venues", at=demo.at)
    [newer] = BEARER.findall(system.post(page, act="rotate", credential=str(row.id)).content.decode())
    assert newer != bearer
    assert system.post(page, act="suspend").status_code == 302
    with pytest.raises(Refused):
        commands.admit(newer, at=demo.at)
    assert "已停用" in system.get("/console/tenants/")
    assert system.post(page, act="resume").status_code == 302
    newest = queries.list_credentials(demo.actor("shilei"), "venues", at=demo.at)[0]
    assert system.post(page, act="revoke", credential=str(newest.id)).status_code == 302
    assert system.post(page, act="revoke", credential=str(newest.id)).status_code == 404
    with pytest.raises(Refused):
        commands.admit(newer, at=demo.at)


def test_quotas_and_name_change_and_deleting_takes_two(desk, form, demo):
    system, page = desk("shilei"), "/console/tenants/venues/"
    system.post("/console/tenants/new/", **form)
    assert system.post(page, **form | {"act": "change", "rows": "2000", "name_zh": "场地预约"}).status_code == 302
    row = queries.get_tenant(demo.actor("shilei"), "venues")
    assert (row.quotas.rows, row.quotas.bytes, row.name.zh) == (2000, 50 * 1024 * 1024, "场地预约")
    asked = system.asks(page, act="delete")
    assert "已注销" not in system.get(page)
    assert desk("chengyuan").confirms(asked).status_code == 302
    assert "已注销" in system.get(page)
    acts = [entry.act for entry in ledger.list_entries(ledger.Subject("tenant", row.id))]
    assert acts == ["tenants.made", "tenants.changed", "tenants.deleted"]
    shown = system.get(page)
    assert "tenants." not in shown, "each act has words"
    assert system.post(page, act="suspend").status_code == 409


@pytest.mark.parametrize("username", ["anning", "shenjing", "wuqian", "mali", "lina"])
def test_nobody_else_finds_the_pages(desk, form, username, demo):
    other = desk(username)
    for path in ("/console/tenants/", "/console/tenants/new/", "/console/tenants/venues/"):
        other.get(path, 404)
        with fixed(demo.at):
            assert other.post(path, **form).status_code in {404, 405}


def test_a_tenant_that_is_not_there_is_not_found(desk):
    desk("shilei").get("/console/tenants/nobody/", 404)


def test_webhooks_stand_on_the_page_with_how_it_goes(desk, demo):
    venues = made(demo, "venues")
    commands.make_hook(
        actor=venues.program, url="http://127.0.0.1:8400/told", kinds=["run_ended", "row_added"], at=demo.at
    )
    shown = desk("shilei").get("/console/tenants/venues/")
    assert all(
        words in shown
        for words in ("回调网址", "http://127.0.0.1:8400/told", "还没有发送", "流程结束或取消、新增数据行")
    )
    with wall.inside(venues.id):
        hooks.tell(venues.id, "row_added", {}, demo.at)
        Hook.objects.update(fault="HTTP_500", lost=3)
    shown = desk("shilei").get("/console/tenants/venues/")
    assert all(words in shown for words in ("最近一次没有送到", "HTTP_500", "等待发送 1 条", "没有排上 3 条"))
