"""The menu of the counter and its keys (键位): one table for the page, the key map and the tests."""

from dataclasses import replace
from typing import Any

from yichuang.core import roles
from yichuang.core.actors import Actor
from yichuang.core.refusals import Refused
from yichuang.core.words import W, Words
from yichuang.issuing.permissions import can_issue
from yichuang.network import queries as network
from yichuang.visits.permissions import can_guide, can_plan
from yichuang.webkit.problems import Problems, problems_of

KEYS = (
    ("F2", W("查找办件", "Find a case")),
    ("F4", W("新建受理", "New walk-in application")),
    ("F6", W("添加扫描件", "Add a scan")),
    ("F8", W("提交收件 / 受理", "File / accept")),
    ("Shift+F8", W("容缺受理", "Accept with papers to follow")),
    ("F9", W("一次性告知补正", "One-time notice of what is missing")),
    ("F10", W("核验身份并出件", "Hand over against identity")),
    ("1–7", W("登记多跑一次的原因", "Name the cause of an extra trip")),
    ("Space", W("叫下一个号（在叫号页）", "Call the next number (on the queue page)")),
    ("J", W("办理最急的一件", "Open the most urgent case")),
    ("?", W("显示键位", "Show this list")),
)

# What one Chinese word means on this door: elsewhere it is another English one, and catalogues share their texts.
LABELS = {
    "grant": W("准予", "Grant"),
    "deny": W("不予", "Deny"),
    "promise": W("容缺受理", "Accept on a promise"),
    "file": W("收件", "Take the filing"),
    "next": W("下一步", "Next step"),
}


def frame(actor: Actor) -> dict[str, Any]:
    """What every page of the counter shows around its content: menu, place and window, keys."""
    nav: list[tuple[str, Words, str, int | None]] = [("counter:desk", W("综合受理", "Work desk"), "checklist", None)]
    if actor.roles & {roles.INTAKE_CLERK, roles.COMMUNITY_WORKER}:
        nav.append(("counter:intake", W("新建受理", "New application"), "user-plus", None))
        nav.append(("counter:relay", W("接力办理", "Go on from elsewhere"), "qrcode", None))
    if actor.place is not None and can_guide(actor, actor.place):
        nav.append(("counter:queue", W("叫号", "Queue"), "ticket", None))
        nav.append(("counter:door", W("导办", "At the door"), "user-check", None))
        nav.append(("counter:loans", W("便民物品", "Things to lend"), "wheelchair", None))
        nav.append(("counter:bookings", W("预约", "Appointments"), "calendar-event", None))
    if actor.place is not None and can_plan(actor, actor.place):
        nav.append(("counter:hall", W("大厅调度", "Hall desk"), "adjustments", None))
    nav.append(("counter:packages", W("一件事", "Packages"), "clipboard-list", None))
    if actor.roles & {roles.INTAKE_CLERK, roles.COMMUNITY_WORKER, roles.HALL_MANAGER}:
        nav.append(("counter:help", W("帮办求助", "Help requests"), "heart-handshake", None))
    if can_issue(actor):
        nav.append(("counter:ready", W("出件", "Hand over"), "package", None))
    if roles.HALL_MANAGER in actor.roles:
        nav.append(("office:supervision", W("督办", "Supervision"), "alert-triangle", None))
    return {"nav": nav, "post": post_of(actor), "keys": KEYS, "labels": LABELS}


def post_of(actor: Actor) -> Words | None:
    """Place and window, as the top line names them."""
    if actor.place is None:
        return None
    name = network.get_place_by_id(actor.place).name
    if not actor.window:
        return name
    return Words(f"{name.zh} · {actor.window} 号窗口", f"{name.en} · window {actor.window}")


def plain_problems(refused: Refused | None) -> Problems:
    """The reasons for a page with plain inputs: "/id_no" stands beside the input id_no."""
    return Problems(replace(p, field=p.field.strip("/")) for p in problems_of(refused or ()))
