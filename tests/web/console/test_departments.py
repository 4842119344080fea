"""Departments, posts, who answers for items and lists, over HTTP: who may, all faults at once, what stands there then."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from tests.packs_aside import copied

from yichuang.catalog import figures
from yichuang.core import ledger
from yichuang.core.clock import local_date
from yichuang.core.paging import Page
from yichuang.core.words import W
from yichuang.network import queries
from yichuang.web.console.departments import _item_names

FORM = {
    "code": "wlgj",
    "name_zh": "文化广电旅游体育局", "name_en": "Culture and Tourism Bureau", "kind": "statutory",
    "uscc": "11440303MB2C30001F", "organ_seal": "文化广电旅游体育局", "phone": "0755-25000001", "complaint_phone": "0755-25000002",
    "review_organ_zh": "区人民政府", "review_organ_en": "District Government", "court_zh": "区人民法院", "court_en": "District Court",
}  # fmt: skip


@pytest.fixture
def uscc():
    from yichuang.core.identifiers import synthetic

    return synthetic.uscc(987)


def test_a_department_is_opened_gets_a_post_is_renamed_and_closed(desk, key_on, uscc):
    system = desk("shilei")
    key = key_on(system.get("/console/departments/new/"))
    wrong = system.post("/console/departments/new/", code="x", kind="statutory", key=key).content.decode()
    assert all(
        words in wrong for words in ("部门编码", "请写明行政复议机关", "请写明行政诉讼管辖法院", "请写明印章名称")
    )
    unkind = system.post("/console/departments/new/", code="x", kind="", key=key).content.decode()
    assert all(words in unkind for words in ("请选择性质", "部门编码", "请写明印章名称"))
    form = FORM | {"uscc": uscc, "key": key}
    assert [system.post("/console/departments/new/", **form).status_code for _ in range(2)] == [302, 302]
    taken = system.post("/console/departments/new/", **FORM | {"uscc": uscc})
    assert (taken.status_code, "编码已被使用" in taken.content.decode()) == (409, True)
    page = "/console/departments/WLGJ/"
    assert "还没有岗位" in system.get(page)
    post = {"act": "post", "post": "review", "does": "review", "post_zh": "审批员", "post_en": "Reviewer"}
    missing = system.post(page, **post | {"does": "", "post_zh": ""})
    assert "请选择岗位做什么" in missing.content.decode()
    assert "请写明中文和英文名称" in missing.content.decode(), "all at once"
    assert system.post(page, **post).status_code == 302
    shown = system.get(page)
    assert "WLGJ.review" in shown
    assert "没有人在岗" in shown
    assert system.post(page, **FORM | {"act": "change", "uscc": uscc, "name_zh": "文化和旅游局"}).status_code == 302
    assert queries.get_department("WLGJ").name.zh == "文化和旅游局"
    asked = system.asks(page, act="close")
    assert "已经撤销" not in system.get(page)
    assert desk("chengyuan").confirms(asked).status_code == 302
    assert "已经撤销" in system.get(page)
    assert "WLGJ.review" not in desk("anning").get("/console/posts/?department=CGZF")
    assert system.post(page, act="reopen").status_code == 302
    entries = ledger.list_entries(ledger.Subject("department", queries.get_department("WLGJ").id))
    assert [entry.act.removeprefix("network.department_") for entry in entries] == ["created", "changed", "closed", "reopened"]  # fmt: skip
    assert "养犬登记" in system.get("/console/departments/CGZF/"), "its items stand there by name"
    kept = system.post("/console/departments/CGZF/", act="close")
    assert kept.status_code == 409
    assert "请先改派给别的部门" in kept.content.decode()


def test_posts_say_who_sits_there_and_which_are_empty(desk):
    security = desk("anning")
    page = security.get("/console/posts/?department=CGZF")
    assert "王强" in page
    assert "王强" not in security.get("/console/posts/?state=empty")
    assert 'value="empty" selected' in security.get("/console/posts/?state=empty")
    assert 'value="empty" selected' not in page
    security.get("/console/posts/?department=NOBODY", status=404)
    desk("wuqian").get("/console/posts/", status=404)


def test_items_are_assigned_many_at_once(desk, demo):
    system, page = desk("shilei"), "/console/assignments/?organ=CGZF"
    shown = system.get(page)
    assert "养犬登记" in shown
    assert "CGZF.street_review" in shown
    assert "区级大厅办理" in shown
    wrong = system.post(page).content.decode()
    assert all(words in wrong for words in ("请勾选至少一个事项", "请选择部门", "请选择在哪里办"))
    items = ["yangquan-dengji", "yangquan-zhuxiao"]
    named = {"item": items, "department": "CGZF", "rule": "place"}
    assert "须写明一个存在的网点" in system.post(page, **named).content.decode()
    assert system.post(page, **named, place="LH-Z1").status_code == 302
    found = {row.item_code: row for row in queries.list_assignments(department="CGZF")}
    assert {found[item].place for item in items} == {queries.get_place("LH-Z1").id}
    assert system.post(page, item=["nobody"], department="CGZF", rule="district").status_code == 404
    other = system.post(page, item=items, department="GAFJ", rule="district")
    assert other.status_code == 302
    assert "事项包写的是" in system.get(page)
    editor = desk("wuqian")
    assert "归口勾选的事项" not in editor.get(page)
    assert editor.post(page, **named).status_code == 403
    assert "养犬登记" in system.get("/console/assignments/?q=养狗")
    for one in figures.list_progress(at=demo.at):
        assert one.list.name.zh in system.get(f"/console/assignments/?list={one.list.code}")
    assert "没有符合条件的事项" in system.get("/console/assignments/?organ=GDGS")


def test_lists_show_how_far_they_are_and_the_file_is_published(desk, demo, tmp_path, settings):
    settings.YICHUANG_PACKS = [copied(tmp_path)]
    editor, file = desk("wuqian"), settings.YICHUANG_PACKS[0] / "lists.toml"
    assert "完全一致" in editor.get("/console/lists/")
    file.unlink()
    assert "没有 lists.toml" in editor.get("/console/lists/")
    assert editor.post("/console/lists/").status_code == 404
    first = figures.list_progress(at=demo.at)[0].list
    file.write_text("format = 1\n[[list]]\nbatch = 1\n")
    assert "处错误" in editor.get("/console/lists/")
    assert editor.post("/console/lists/").status_code == 422
    file.write_text(
        f'format = 1\n[[list]]\ncode = "{first.code}"\nname = {{ zh = "一次不跑", en = "No visit" }}\nbatch = 1\n'
        f'target = 3\ntarget_on = 2027-01-31\nmarks = ["online"]\n'
    )
    page = editor.get("/console/lists/")
    assert "修改" in page
    assert "取消" in page
    assert editor.post("/console/lists/").status_code == 302
    assert [progress.list.name.zh for progress in figures.list_progress(at=demo.at)] == ["一次不跑"]
    assert "完全一致" in editor.get("/console/lists/")


def test_items_beyond_the_first_page_keep_their_names(monkeypatch):
    item = SimpleNamespace
    pages = {
        None: Page((item(code="a", name=W("甲", "A")),), "next"),
        "next": Page((item(code="b", name=W("乙", "B")),)),
    }
    monkeypatch.setattr(
        "yichuang.web.console.departments.catalog.list_items", lambda filters, cursor, limit, *, at: pages[cursor]
    )
    assert set(_item_names("CGZF", datetime(2026, 11, 24, tzinfo=UTC))) == {"a", "b"}


def test_the_history_of_a_department_says_in_words_who_is_on_duty_when(desk, demo):
    from yichuang.cases.commands.duty import set_duty

    day = queries.working_calendar().next_working(local_date(demo.at))
    who = demo.actor("wangqiang").id
    set_duty(actor=demo.actor("linfang"), department="CGZF", day=day, half="am", staff=who, at=demo.at)
    shown = desk("shilei").get("/console/departments/CGZF/")
    assert "排定 2026年11月24日（周二）上午的值班：王强" in shown
    assert "set-duty" not in shown
