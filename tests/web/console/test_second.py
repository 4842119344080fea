"""待复核 over HTTP: what one asked for stands there for the other, who confirms or declines it; nothing by a made-up address."""

import json
import re

from yichuang.core.clock import fixed

ASK, CODE = "/console/second/ask/", "GDGS"
PAGE = f"/console/departments/{CODE}/"


def test_the_asker_waits_and_takes_it_back_and_the_other_reads_it_and_declines(desk, demo):
    system, other = desk("shilei"), desk("chengyuan")
    asked = system.asks(PAGE, act="close")
    mine = system.get(asked)
    assert "您自己不能复核" in mine
    assert "同意并立即执行" not in mine
    assert system.post(asked, step="confirm", mark="").status_code == 403
    page = other.get(asked)
    for words in ("石磊", "已核对，确需办理", "执行后会怎样", "同意并立即执行"):
        assert words in page
    assert other.post(asked, step="decline", note="").status_code == 422
    assert other.post(asked, step="decline", note="还有历史档案没有移交").status_code == 302
    assert "还有历史档案没有移交" in system.get(asked)
    again = system.asks(PAGE, act="close")
    assert system.post(again, step="withdraw").status_code == 302
    listed = other.get("/console/second/")
    for words in ("未予同意", "已撤回", "没有等待复核的事项"):
        assert words in listed
    assert other.post(again, step="dance").status_code == 404
    assert "To be confirmed" in desk("shilei", "en").get("/console/second/")


def test_a_page_that_was_read_before_the_world_changed_is_shown_again(desk, demo):
    from yichuang.core.actors import SYSTEM
    from yichuang.network.commands import assign_item
    from yichuang.network.queries import list_assignments

    asked = desk("shilei").asks(PAGE, act="close")
    other = desk("chengyuan")
    other.get(asked)
    rule = list_assignments(department="CGZF")[0].rule
    assign_item(actor=SYSTEM, item_code="yidi-jiuyi-beian", department=CODE, rule=rule, at=demo.at)
    page = other.get(asked, status=409)
    assert "请先改派给别的部门" in page
    assert "同意并立即执行" not in page
    assert "不同意执行" in page


def test_the_pages_name_the_object_and_mark_their_menu(desk):
    system = desk("shilei")
    asked = system.asks(PAGE, act="close")
    for page in (system.get(asked), desk("chengyuan").get(asked), system.get(f'{ASK}?act=close_department&args={{"code":"{CODE}"}}')):  # fmt: skip
        assert "撤销部门" in page
        assert f"（{CODE}）" in page.split("</h1>")[0].split("<h1")[1]
        assert re.search(r'<a href="/console/second/" aria-current="true">', page)
    listed = system.get("/console/second/")
    assert re.search(r'<a href="/console/second/" aria-current="page">', listed)
    assert re.search(rf"撤销部门</strong>：[^<]*（{CODE}）", listed)
    assert "现在除您以外没有人能复核" not in system.get(asked)


def test_who_is_alone_with_the_power_is_told_at_once_and_how_to_get_a_second(desk):
    from yichuang.core.actors import SYSTEM
    from yichuang.people.commands import disable_account
    from yichuang.people.queries import find_account

    system = desk("shilei")
    disable_account(actor=SYSTEM, account=find_account("chengyuan"), at=system.at)
    query = f'{ASK}?act=close_department&args={{"code":"{CODE}"}}'
    assert "现在除您以外没有人能复核" in system.get(query)
    assert "现在除您以外没有人能复核" in system.get(system.asks(PAGE, act="close"))
    assert "Nobody but you can confirm this now" in desk("shilei", "en").get(query)


def test_what_was_made_up_is_not_there(desk, demo):
    system = desk("shilei")
    for query in ("act=dance&args={}", "act=close_department&args=[1]", "act=close_department&args={", "act=close_department", "act=grant_administrator&args={}"):  # fmt: skip
        with fixed(demo.at):
            assert system.client.get(f"{ASK}?{query}").status_code in {403, 404}
    refused = system.post(ASK, act="close_department", args=json.dumps({"code": CODE}), reason="")
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (422, True)
    asked = system.asks(PAGE, act="close")
    for name in ("anning", "wuqian", "shenjing"):
        desk(name).get(asked, status=404)
    desk("mali").get("/console/second/", status=404)
