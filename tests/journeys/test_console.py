"""The console in the browser: an account with a role at work, a pack published at a time, a hall closed for a day."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.demo import TUESDAY
from tests.journeys.people import Hall
from tests.packs_aside import NEWER, copied

from yichuang.catalog.queries import get_pack

FIRST, OWN = "qmzt-8kfp-3xwc-h7rn", "Wind-over-2-hills"


def test_a_new_clerk_gets_an_account_then_a_role_and_works(hall: Hall) -> None:
    """石磊 opens the account, 安宁 gives the role, and the clerk, with a password of their own, stands at the desk."""
    system = hall.person("shilei", to="/console/")
    system.follow("人员与权限", within="nav")
    system.follow("开通账号")
    for name, text in (("name", "林晓晨"), ("staff_no", "J901"), ("username", "linxiaochen"), ("password", FIRST)):
        system.page.fill(f'main [name="{name}"]', text)
    system.page.select_option('main [name="place"]', label="罗湖区政务服务中心")
    system.press("开通账号", within="main form")
    system.sees("账号已开通", "还没有角色")
    assert system.page.locator('main [name="role"]').count() == 0, "who opens accounts grants nothing"
    clerk = hall.visitor()
    clerk.go("/sign-in")
    clerk.sign_in("linxiaochen", FIRST)
    clerk.go("/password")
    for name, text in (("old", FIRST), ("new", OWN), ("again", OWN)):
        clerk.page.fill(f'[name="{name}"]', text)
    clerk.page.locator("main form button").first.click()
    clerk.page.wait_for_load_state()
    clerk.go("/counter/")
    clerk.sees("没有找到")
    security = hall.person("anning", to="/console/")
    security.follow("没有任何角色")
    security.follow("林晓晨")
    security.page.select_option('main [name="role"]', label="综窗受理员")
    security.page.locator('form:has([name="role"]) [name="place"]').select_option(
        label="　罗湖区政务服务中心".strip("　")
    )
    security.press("授予角色", within='form:has([name="role"])')
    security.sees("角色已授予", "授予角色：综窗受理员")
    security.shot("console-01-role")
    clerk.go("/sign-in?next=/counter/")
    clerk.sign_in("linxiaochen", OWN)
    clerk.arrives("**/counter/")
    clerk.sees("今日收件")


def test_a_pack_is_compared_and_published_at_a_time_and_then_applies(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """吴倩 reads what differs, asks for the day after tomorrow, 吴越 confirms; until then people see the old telephone, then the new."""
    monkeypatch.setattr(settings, "YICHUANG_PACKS", [copied(tmp_path)])
    editor = hall.person("wuqian", to="/console/")
    editor.follow("有新版本待发布")
    editor.follow("失业登记")
    now = get_pack(NEWER, at=TUESDAY).version
    editor.sees("没有错误", f"与第 {now} 版相比", "0755-00001199")
    editor.page.fill('[name="effective_at"]', "2026-11-26T00:00")
    editor.press(f"发布第 {now + 1} 版")
    editor.sees("提交复核：发布事项版本", "没有错误")
    editor.page.fill('[name="reason"]', "电话号码更换")
    editor.shot("console-02-asking")
    editor.press("提交复核", within="main form")
    editor.sees("已提交复核", "您自己不能复核")
    other = hall.person("wuyue", to="/console/")
    other.follow("操作等您复核")
    other.follow("发布事项版本")
    other.sees("吴倩", "电话号码更换", "执行后会怎样")
    other.shot("console-02-confirming")
    other.press("同意并立即执行")
    other.sees("已复核并执行")
    editor.go(f"/console/items/{NEWER}/")
    editor.sees("尚未生效", "提出，另一人复核")
    editor.shot("console-02-published")
    citizen = hall.visitor(phone=True)
    citizen.go(f"/items/{NEWER}")
    assert "0755-00001199" not in citizen.page.content()
    hall.set_clock(TUESDAY + timedelta(days=3))
    citizen.reload()
    assert "0755-00001199" in citizen.page.content()


def test_a_hall_is_closed_for_a_day_and_people_read_why(hall: Hall) -> None:
    """马丽 closes her hall next Monday for a drill; the public page says so on that day, and not on the next."""
    manager = hall.person("mali", to="/counter/")
    manager.follow("管理后台")
    manager.follow("网点与开放时间", within="nav")
    manager.follow("罗湖区政务服务中心", exact=True)
    manager.page.fill('[name="day"]', "2026-11-20")
    manager.page.fill('[name="reason_zh"]', "消防演练")
    manager.page.fill('[name="reason_en"]', "Fire drill")
    manager.press("保存安排")
    manager.sees("不能更改过去的日子")
    assert manager.page.input_value('[name="reason_en"]') == "Fire drill", "nothing typed is lost"
    manager.page.fill('[name="day"]', "2026-11-30")
    manager.press("保存安排")
    manager.sees("已安排", "消防演练", "闭厅")
    manager.shot("console-03-closed")
    citizen = hall.visitor(phone=True)
    for days, words in ((6, "消防演练"), (7, "正在办公")):
        hall.set_clock(TUESDAY + timedelta(days=days))
        citizen.go("/places/LH")
        citizen.sees(words)
