"""The editors in the browser: a wrong cell is told at once, an example turns red, the draft is kept and compared."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from tests.demo import Demo
from tests.journeys.people import Hall
from tests.packs_aside import PACKS
from tests.tenants.things import DECISION, made

from yichuang.core.words import W
from yichuang.tenants.commands import publish_part
from yichuang.tenants.queries import evaluate

CODE = "shebao-chaxun"
CELL = '[data-element-id="cell_card_3_card"]'


@pytest.fixture
def _aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "YICHUANG_PACKS", [shutil.copytree(PACKS, tmp_path / "packs")])
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(settings, "YICHUANG_DATA", tmp_path / "data")


@pytest.mark.usefixtures("_aside")
def test_a_wrong_cell_is_told_at_once_and_a_red_example_before_the_draft_is_kept(hall: Hall) -> None:
    """吴倩 types "3" where yes or no belongs, mends it into what turns an example red, mends that, and keeps the draft."""
    editor = hall.person("wuqian", to=f"/console/items/{CODE}/decision/")
    page = editor.page
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.get_by_role("button", name="打开编辑器").click()
    page.locator(CELL).wait_for()

    def types(text: str) -> None:
        page.locator(f"{CELL} [contenteditable=true]").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.locator("#h-found").click()

    types("< 3")
    page.get_by_text("第 3 行第 2 列").first.wait_for()
    editor.shot("editors-01-wrong-cell")
    types('"unknown"')
    page.get_by_text("没有错误。").wait_for()
    page.get_by_role("button", name="全面检查").click()
    page.locator("#examples").get_by_text("示例不符").wait_for()
    assert "没有示例命中的规则：3" in page.locator("#coverage").inner_text()
    editor.shot("editors-02-red-example")
    types('"yes"')
    page.get_by_role("button", name="全面检查").click()
    page.locator("#coverage").get_by_text("每条规则都有示例命中。").wait_for()
    page.locator('[name="in-own"]').select_option("no")
    page.get_by_role("button", name="试算").click()
    page.locator("#answer").get_by_text("由人决定").wait_for()
    editor.shot("editors-03-bench")
    page.locator("td.annotation [contenteditable=true]").first.click()
    page.keyboard.type("一律")
    page.locator("#h-found").click()
    page.get_by_role("button", name="存为草稿").click()
    editor.sees("草稿已保存", "在编辑器里保存草稿（decision.dmn）")
    assert not broken, broken


@pytest.mark.usefixtures("_aside")
def test_a_process_is_edited_checked_at_its_element_and_kept(hall: Hall) -> None:
    """吴倩 takes the English name from a step, is told at the step, gives it another, and keeps the draft."""
    editor = hall.person("wuqian", to=f"/console/items/{CODE}/flow/")
    page = editor.page
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.get_by_role("button", name="打开编辑器").click()
    page.locator('[data-element-id="issue"]').first.click()
    page.get_by_label("英文名称").fill("")
    page.get_by_label("英文名称").press("Tab")
    editor.shot("editors-04-process")
    page.get_by_role("button", name="检查", exact=True).click()
    page.locator("#faults").get_by_text("缺少英文名").wait_for()
    page.locator(".fault-mark").wait_for()
    editor.shot("editors-05-fault")
    page.locator("#faults button").first.click()
    page.get_by_label("英文名称").fill("Issue of the record")
    page.get_by_label("英文名称").press("Tab")
    page.get_by_role("button", name="检查", exact=True).click()
    page.get_by_text("没有错误，可以发布。").wait_for()
    assert page.locator(".bjs-powered-by").is_visible(), "the watermark stays"
    page.get_by_role("button", name="存为草稿").click()
    editor.sees("草稿已保存", "在编辑器里保存草稿（process.bpmn）", "与第")
    assert not broken, broken


@pytest.mark.usefixtures("_aside")
def test_the_table_that_a_process_asks_is_edited_tried_and_kept(hall: Hall) -> None:
    """吴倩 types what no reason can be, mends it, sees which way a loan goes, and keeps the draft."""
    editor = hall.person("wuqian", to="/console/items/gongjijin-tiqu/")
    editor.follow("编辑分派规则")
    page = editor.page
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.get_by_role("button", name="打开编辑器").click()
    cell = '[data-element-id="row_1_reason"]'
    page.locator(cell).wait_for()

    def types(text: str) -> None:
        page.locator(f"{cell} [contenteditable=true]").click()
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.locator("#h-found").click()

    types("< 3")
    page.get_by_text("第 1 行第 1 列").first.wait_for()
    types('"rent"')
    page.get_by_text("没有错误。").wait_for()
    page.get_by_role("button", name="全面检查").click()
    page.locator("#coverage").get_by_text("每条规则都有示例命中。").wait_for()
    page.get_by_label("为什么提取？").select_option("loan")
    page.get_by_role("button", name="试算").click()
    page.locator("#answer").get_by_text("结果：papers").wait_for()
    editor.shot("editors-06-routing")
    page.locator("td.annotation [contenteditable=true]").first.click()
    page.keyboard.type("一律")
    page.locator("#h-found").click()
    page.get_by_role("button", name="存为草稿").click()
    editor.sees("草稿已保存", "在编辑器里保存草稿（route.dmn）")
    assert not broken, broken


def test_a_tenants_table_is_edited_on_its_behalf(hall: Hall) -> None:
    """石磊 opens a community's table, tries it, raises the number of people, and publishes the next version."""
    demo = Demo()
    program = made(demo, "venues").program
    name = W("准入", "Fee")
    publish_part(actor=program, kind="decision", code="fee", name=name, body=DECISION.decode(), at=demo.at)
    keeper = hall.person("shilei", to="/console/tenants/venues/")
    keeper.follow("准入")
    page = keeper.page
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.get_by_role("button", name="打开编辑器").click()
    cells = page.locator("td.input-cell")
    cells.first.wait_for()
    for at, text in enumerate(("<= 50", "> 50")):
        cells.nth(at).locator("[contenteditable=true]").first.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(text)
        page.locator("#h-found").click()
    page.get_by_text("没有错误。").wait_for()
    page.get_by_label("人数", exact=True).fill("31")
    page.get_by_role("button", name="试算").click()
    page.locator("#answer").get_by_text("结果：free").wait_for()
    keeper.shot("editors-07-tenant")
    page.get_by_role("button", name="发布新版本").click()
    keeper.sees("新版本已发布", "第 2 版")
    assert evaluate(program, "fee", {"人数": 31}, at=demo.at).value == "free"
    assert not broken, broken
