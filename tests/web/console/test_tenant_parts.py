"""A tenant's definitions in the console's editors: shown, checked, tried, published on its behalf; data are never shown."""

import re

import pytest
from tests.tenants.things import DECISION, PROCESS, TABLE, made, publish, with_table

from yichuang.core import ledger
from yichuang.core.clock import fixed
from yichuang.core.words import W
from yichuang.tenants import commands, queries

HERE = "/console/tenants/jiefang/"
FLOW, FEE, BOOKINGS = f"{HERE}process/book/", f"{HERE}decision/fee/", f"{HERE}table/bookings/"


@pytest.fixture
def tenant(demo):
    found = made(demo, "jiefang")
    publish(found, "process", "book", PROCESS, demo.at)
    publish(found, "decision", "fee", DECISION, demo.at, W("准入", "Fee"))
    with_table(found, demo.at)
    return found


@pytest.fixture
def keeper(desk, tenant):
    return desk("shilei")


def file_of(keeper, address):
    with fixed(keeper.at):
        return keeper.client.get(f"{address}file").content.decode()


def asked(keeper, address, content, **more):
    answer = keeper.post(address, content=content, **more)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.json()


def test_what_a_tenant_declared_is_listed_and_shown_in_its_editor(keeper):
    page = keeper.get(HERE)
    assert all(f'href="{address}"' in page for address in (FLOW, FEE, BOOKINGS))
    for address, words in (
        (FLOW, ("流程：预约", "BPMNDiagram", "没有错误", "打开编辑器", "发布新版本")),
        (FEE, ("决策：准入", "没有错误", "人数", "试算", "发布新版本")),
        (BOOKINGS, ("数据表：预约", "x-personal", "发布新版本")),
    ):
        shown = keeper.get(address)
        assert all(one in shown for one in words), (address, [one for one in words if one not in shown])
    assert 'id="coverage"' not in keeper.get(FEE), "a tenant's table has no worked examples"


def test_faults_are_told_while_one_draws_at_their_element_and_cell(keeper):
    drawn = file_of(keeper, FLOW)
    assert asked(keeper, f"{FLOW}check", drawn) == {"faults": [], "more": False}
    found = asked(keeper, f"{FLOW}check", drawn.replace(' yc:post="YUYUE.look"', ""))["faults"]
    assert [one["element"] for one in found] == ["look"]
    table = file_of(keeper, FEE)
    assert asked(keeper, f"{FEE}check", table)["faults"] == []
    found = asked(keeper, f"{FEE}check", table.replace("&lt;= 30", '"thirty"'))["faults"]
    assert [(one["row"], one["column"]) for one in found] == [(1, 1)]
    assert asked(keeper, f"{BOOKINGS}check", "{")["faults"][0]["code"] == "WRONG_TABLE"


def test_the_bench_says_what_the_table_gives_and_why_the_other_row_did_not_fit(keeper):
    table = file_of(keeper, FEE)
    said = asked(keeper, f"{FEE}try", table, **{"in-人数": "31"})
    assert (said["value"], [row["row"] for row in said["rows"] if row["hit"]]) == ("ask", [2])
    assert "第 1 行" in said["rows"][0]["why"]
    assert asked(keeper, f"{FEE}try", table)["doubts"]
    assert "要填写数字" in asked(keeper, f"{FEE}try", table, **{"in-人数": "many"})["refused"][0]
    assert asked(keeper, f"{FEE}try", "<nothing", **{"in-人数": "31"})["refused"]
    assert keeper.post(f"{FLOW}try", content=table).status_code == 404


def test_the_next_version_is_published_on_its_behalf_and_its_record_says_by_whom(keeper, tenant, demo):
    changed = file_of(keeper, FEE).replace("&lt;= 30", "&lt;= 50").replace("&gt; 30", "&gt; 50")
    answer = keeper.post(FEE, content=changed, digest="1")
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert queries.evaluate(tenant.program, "fee", {"人数": 31}, at=demo.at).value == "free"
    assert queries.get_part(tenant.program, "decision", "fee").version == 2
    last = ledger.list_entries(ledger.Subject("tenant", tenant.id))[-1]
    assert (last.act, last.actor_kind) == ("tenants.published", "staff")
    page = keeper.get(HERE)
    assert "发布定义 fee 第 2 版" in page
    assert keeper.post(FEE, content=changed, digest="2").status_code == 302, "the same again is the version that it is"
    assert queries.get_part(tenant.program, "decision", "fee").version == 2


def test_a_drawing_is_not_published_over_what_the_tenants_program_published_meanwhile(keeper, tenant, demo):
    drawn = file_of(keeper, FLOW).replace("任务look", "看一看")
    publish(tenant, "process", "book", PROCESS.replace("任务look".encode(), "查看".encode()), demo.at)
    late = keeper.post(FLOW, content=drawn, digest="1")
    assert late.status_code == 409
    text = late.content.decode()
    assert "已经发布了第 2 版" in text
    assert "看一看" in text, "what was drawn is not lost"
    assert re.search(r'name="digest" value="1"', text), "pressing again does not overwrite either"
    assert "查看" in queries.get_part(tenant.program, "process", "book").body


def test_what_has_faults_or_would_make_rows_unreadable_is_not_published(keeper, tenant, demo):
    refused = keeper.post(FLOW, content=file_of(keeper, FLOW).replace(' yc:post="YUYUE.look"', ""), digest="1")
    assert refused.status_code == 422
    commands.add_row(
        actor=tenant.program, table="bookings", data={"venue": "一楼", "name": "张晓"}, key="k", at=demo.at
    )
    text = file_of(keeper, BOOKINGS)
    lost = re.sub(r'"unique": \[.*?\],\n  "indexes"', '"unique": [],\n  "indexes"', text, flags=re.DOTALL)
    assert lost != text
    assert keeper.post(BOOKINGS, content=lost, digest="1").status_code == 422
    assert queries.get_part(tenant.program, "table", "bookings").version == 1
    wider = text.replace('"maxLength": 40', '"maxLength": 60')
    assert wider != text
    assert keeper.post(BOOKINGS, content=wider, digest="1").status_code == 302
    assert "张晓" not in keeper.get(BOOKINGS), "the definition, never the rows"
    assert TABLE["form"]["required"] == ["venue", "name"]


def test_nobody_else_finds_the_editors_and_what_is_not_there_is_not_found(desk, keeper):
    for who in ("wuqian", "mali", "anning"):
        for address in (FLOW, f"{FLOW}file"):
            desk(who).get(address, status=404)
        assert desk(who).post(FLOW, content="<a/>", digest="1").status_code == 404
    for address in (f"{HERE}process/gone/", f"{HERE}secret/book/", "/console/tenants/gone/process/book/"):
        keeper.get(address, status=404)


def test_a_suspended_tenant_may_be_mended_and_a_deleted_one_not(keeper, desk, demo):
    keeper.post(HERE, act="suspend")
    drawn = file_of(keeper, FLOW).replace("任务look", "看一看")
    assert keeper.post(FLOW, content=drawn, digest="1").status_code == 302
    asked_for = keeper.asks(HERE, act="delete")
    assert desk("chengyuan").confirms(asked_for).status_code == 302
    keeper.get(FLOW, status=404)
    assert FLOW not in keeper.get(HERE)
