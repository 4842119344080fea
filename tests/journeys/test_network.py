"""The network and its items on the console: a department with a post, who answers for an item, lists, workbooks, open cases that move.

Each takes an item that no other journey needs.
"""

import shutil
from pathlib import Path
from unittest import mock

import pytest
from django.conf import settings
from tests.demo import Demo
from tests.journeys.people import Hall
from tests.packs_aside import MOVED, asking_more, copied
from tests.web.console.test_departments import FORM
from tests.web.console.test_workbooks import changed

from yichuang.catalog.commands import publish_pack
from yichuang.catalog.queries import get_pack
from yichuang.core.actors import SYSTEM
from yichuang.core.identifiers import synthetic

ASSIGNED = "yidi-jiuyi-beian"


def test_a_department_gets_a_post_and_an_item_another_place(hall: Hall) -> None:
    """石磊 opens a department and a post in it; nobody sits there yet, and the list of posts says so. An item goes to a hall."""
    system = hall.person("shilei", to="/console/departments/new/")
    for name, text in (FORM | {"uscc": synthetic.uscc(986)}).items():
        if name == "kind":
            system.page.select_option('main [name="kind"]', text)
        else:
            system.page.fill(f'main [name="{name}"]', text)
    system.press("建立部门")
    system.sees("部门已建立", "还没有岗位")
    system.page.locator("summary", has_text="新建岗位").click()
    system.page.fill('[name="post"]', "review")
    system.page.select_option('[name="does"]', label="审查")
    system.page.fill('[name="post_zh"]', "文旅审查岗")
    system.page.fill('[name="post_en"]', "Culture reviewer")
    system.press("保存岗位")
    system.sees("岗位已保存", "WLGJ.review", "没有人在岗")
    system.shot("network-01-department")
    system.go("/console/posts/?department=WLGJ")
    system.sees("文旅审查岗", "没有人在岗")

    system.go("/console/assignments/?organ=YBJ")
    system.sees("医保审核岗")
    system.page.locator(f'[name="item"][value="{ASSIGNED}"]').check()
    system.page.select_option('[name="department"]', label="深圳市医疗保障局罗湖分局")
    system.page.select_option('[name="rule"]', label="指定网点办理")
    system.page.select_option('[name="place"]', label="企业服务专业大厅")
    system.press("保存归口")
    system.sees("归口已保存", "指定网点办理", "企业服务专业大厅")
    system.shot("network-02-assigned")


def test_a_list_is_published_and_people_read_how_far_it_is(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = copied(tmp_path)
    monkeypatch.setattr(settings, "YICHUANG_PACKS", [folder])
    with (folder / "lists.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[[list]]\ncode = "door-1"\nname = { zh = "首批上门办事项", en = "First items done at the door" }\n'
            'batch = 3\ntarget = 9\ntarget_on = 2026-12-31\nmarks = ["at_home"]\n'
        )
    editor = hall.person("wuqian", to="/console/lists/")
    editor.sees("首批上门办事项", "新增")
    editor.press("发布清单")
    editor.sees("清单已发布", "第 3 批")
    editor.shot("network-03-lists")
    citizen = hall.visitor(phone=True)
    citizen.go("/lists")
    citizen.follow("首批上门办事项")
    citizen.sees("还有 37 天")


def test_a_workbook_goes_out_is_changed_looked_at_and_comes_in_as_a_draft(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, data = copied(tmp_path), tmp_path / "data"
    for other in folder.glob("*/*/"):  # one item is enough, and quicker
        if other.name != "yangquan-dengji":
            shutil.rmtree(other)
    data.mkdir()
    monkeypatch.setattr(settings, "YICHUANG_PACKS", [folder])
    monkeypatch.setattr(settings, "YICHUANG_DATA", data)
    editor = hall.person("wuqian", to="/console/workbooks/")
    book = editor.download("导出 XLSX", tmp_path)
    book.write_bytes(changed(book.read_bytes(), link_way="0755-00001234"))
    editor.page.set_input_files("#f-workbook", book)
    editor.press("查看会改什么")
    editor.sees("还没有写入", "1 处不同", "0755-00001234")
    editor.shot("network-04-workbook")
    editor.press("写成草稿")
    editor.sees("草稿已写入")


def test_open_cases_move_to_a_new_version_only_when_they_are_ticked(hall: Hall, tmp_path: Path) -> None:
    demo = Demo()
    number = demo.file(demo.actor("wangxiuying"), MOVED).number
    with mock.patch("yichuang.catalog.commands.publish.all_examples", return_value=[]):
        publish_pack(folder=asking_more(copied(tmp_path)), actor=SYSTEM, at=demo.at)
    editor = hall.person("wuqian", to=f"/console/items/{MOVED}/")
    editor.follow("把在办的办件迁移到新版本")
    was = get_pack(MOVED, at=demo.at).version - 1
    editor.sees(f"第 {was} 版 → 第 {was + 1} 版", number, "要补：近期免冠照片")
    editor.shot("network-05-moving")
    editor.page.locator(f'[name="number"][value="{number}"]').check()
    editor.press("迁移勾选的办件")
    editor.page.fill('[name="reason"]', "新版本更有利于申请人")
    editor.press("提交复核", within="main form")
    other = hall.person("wuyue", to="/console/second/")
    other.follow("在办件改按新版本办理")
    other.sees(number, "迁移，要补：近期免冠照片")
    other.press("同意并立即执行")
    other.sees("已复核并执行")
    owner = hall.person("wangxiuying", phone=True, to=f"/my/cases/{number}")
    owner.sees("近期免冠照片")
