"""规则集: an editor's change is rehearsed and found harmful; the rules as they are compared enough, two let them decide alone,
and one blind re-check too many stops them."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.cases.judged import from_the_beginning, judged
from tests.demo import Demo
from tests.journeys.people import Hall
from tests.packs_aside import PACKS

from yichuang.cases.commands.draws import draw_rechecks
from yichuang.cases.models import Case, Recheck

CODE = "shebao-chaxun"
AGENT = {"own": "no", "card": "no", "identity": "same", "insured": "yes", "many": "no"}
OWN = {**AGENT, "own": "yes"}
BEFORE = timedelta(days=9)


@pytest.fixture
def _aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "YICHUANG_PACKS", [shutil.copytree(PACKS, tmp_path / "packs")])
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(settings, "YICHUANG_DATA", tmp_path / "data")


@pytest.mark.usefixtures("_aside")
def test_a_change_is_rehearsed_rules_are_let_decide_alone_and_the_brake_stops_them(hall: Hall, tmp_path: Path) -> None:
    demo = Demo()
    from_the_beginning(demo, CODE)
    like = Case.objects.get(id=demo.file(demo.actor("qianjin"), CODE).case_id)
    judged(demo, 297, inputs=OWN, at=demo.at - BEFORE, like=like, item=CODE)
    judged(demo, 3, "denied", codes=("agent",), inputs=AGENT, at=demo.at - BEFORE, like=like, item=CODE)

    # 吴倩 lets agents through, and sees in the rehearsal whom that would have let through
    editor = hall.person("wuqian", to=f"/console/items/{CODE}/decision/")
    table = editor.download("下载文件", tmp_path / "decision.dmn")
    changed = table.read_text().replace('_1_own"><text>"yes"', '_1_own"><text>-').replace(
        '_agent_2_own"><text>"no"', '_agent_2_own"><text>"unknown"'
    )  # fmt: skip
    table.write_text(changed)
    editor.page.get_by_text("用自己的工具改，再把文件传上来").click()
    editor.page.set_input_files("#f-upload", str(table))
    editor.press("存为草稿")
    editor.sees("草稿已保存")
    editor.go(f"/console/rulesets/{CODE}/")
    editor.follow("用改过的规则重放过去的办件")
    editor.press("开始重放")
    editor.sees("正在用这份规则重新判断过去的办件")
    hall.work()
    editor.reload()
    editor.sees("3 件会变", "有 3 件原来转人工、后来补正或没有批的办件，会被这份规则自动通过", "会错批")
    editor.shot("rule-sets-01-rehearsal")
    kept = editor.download("CSV", tmp_path / "changes.csv").read_text("utf-8-sig")
    assert kept.count("转人工,自动通过") == 3

    # the rules as they are: two more cases are missing, then two persons let them decide alone
    decider = hall.person("pengtao", to=f"/console/rulesets/{CODE}/")
    decider.sees("还需要 2 件")
    judged(demo, 2, inputs=OWN, like=like, item=CODE)
    decider.reload()
    decider.sees("达到标准")
    decider.shot("rule-sets-02-good-enough")
    decider.press("提出启用自动办理")
    decider.page.fill("[name=reason]", "比对 299 件，没有错批")
    decider.page.locator("main form button.btn-primary").first.click()
    decider.sees("待复核")
    second = hall.person("chengang", to="/console/second/")
    second.follow("启用自动办理", within="main")
    second.sees("299 件", "允许 1.00%")
    second.page.locator("main form button.btn-primary").first.click()
    second.sees("已复核执行")
    decider.go(f"/console/rulesets/{CODE}/")
    decider.sees("正在自动办理")

    # what it decides alone is looked at blind; one of two was wrong
    decider.page.fill("[name=percent]", "100")
    decider.press("保存")
    decider.sees("已保存抽查比例")
    draw_rechecks(at=demo.at + timedelta(minutes=19))  # what other journeys left in other sets
    judged(demo, 2, alone=True, inputs=OWN, at=demo.at + timedelta(minutes=20), like=like, item=CODE)
    assert draw_rechecks(at=demo.at + timedelta(minutes=21)) == 2
    first, last = Recheck.objects.filter(decision__acted=True)  # a control may lie among them
    reviewer = hall.person("caomei", to="/office/rechecks/")
    reviewer.page.locator(f"main ul.rows a[href*='{first.id}']").click()
    reviewer.sees("盲审", "核对到的数据")
    reviewer.shot("rule-sets-03-blind")
    reviewer.press("提交")
    reviewer.sees("请选择应当批还是不应当批")
    reviewer.page.get_by_label("应当批", exact=True).check()
    reviewer.press("提交")
    reviewer.sees("抽查已提交")
    reviewer.page.locator(f"main ul.rows a[href*='{last.id}']").click()
    reviewer.page.get_by_label("不应当批，或者要先由人核实").check()
    reviewer.page.fill("[name=reasons]", "参保记录是同名的另一个人")
    reviewer.press("提交")
    reviewer.sees("抽查已提交")

    supervisor = hall.person("huanghai", to=f"/console/rulesets/{CODE}/")
    supervisor.sees("系统已自动停用", "已停用，全部由工作人员办理")
    supervisor.shot("rule-sets-04-stopped")
    assert not hall.faults, hall.faults
