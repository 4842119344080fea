"""一件事: 张晓 opens a company with one form; six departments work on it at once, and each result is hers as it comes."""

import re
from datetime import timedelta
from typing import Any

from tests.bundles.filings import COMPANY, HOLDERS, filing
from tests.demo import TUESDAY, Demo
from tests.journeys.people import Hall, Visitor, answer, fill_form

from yichuang.bundles.models import Bundle, Part
from yichuang.cases.models import Case
from yichuang.engine.queries import tasks_of

SLOTS = ("licence", "seal", "tax", "insurance", "fund", "bank")
ALL_SEEN = "() => document.querySelectorAll('input[type=radio][value=checked]').forEach(box => { box.checked = true })"


def company(name: str) -> tuple[dict[str, str], dict[str, Any]]:
    """What 张晓 answers and fills in, for a company of this name."""
    wanted = filing(Demo(), COMPANY)
    alone = {**wanted.form["licence-shareholders"][0], "amount": wanted.form["licence-capital"], "share": 100}
    form = {
        **wanted.form,
        "company": {**wanted.form["company"], "trade": name},
        "licence-shareholders": [alone],
        "licence-officers": wanted.form["licence-officers"][:1],
    }
    return dict(wanted.answers), form


def file_company(zhang: Visitor, name: str) -> str:
    """From the guide to the receipt; the number of the package."""
    answers, form = company(name)
    zhang.go(f"/packages/{COMPANY}")
    zhang.sees("企业开办一件事", "0.5 个工作日", "只停这一项", "各部门要求不同的栏目")
    zhang.shot("package-01-guide")
    zhang.follow("开始办理")
    zhang.onward()
    zhang.arrives("**/step/situation")
    answer(zhang, answers)
    zhang.shot("package-02-form")
    fill_form(zhang, form)
    zhang.arrives("**/step/papers*")
    zhang.shot("package-03-papers")
    zhang.onward()
    zhang.arrives("**/step/check")
    zhang.shot("package-04-check")
    zhang.onward()
    zhang.arrives("**/receipt")
    zhang.sees("一张凭证，6 项")
    zhang.shot("package-05-receipt")
    return zhang.page.locator("main .num.big").first.inner_text().strip()


def case_of(number: str, slot: str) -> Case:
    return Case.objects.get(id=Part.objects.get(bundle__number=number, slot=slot).case_id)


def take_in(li: Visitor, number: str) -> None:
    """李娜 finds the package, sees the originals of every item and accepts them all."""
    li.go("/counter/packages/")
    li.page.fill("#f-number", number)
    li.press("查找", exact=True)
    li.arrives(f"**/counter/packages/{number}/")
    li.sees("企业开办一件事", "综合窗口正在核对")
    li.shot("package-07-counter")
    for slot in SLOTS:
        li.go(f"/counter/cases/{case_of(number, slot).number}/")
        li.sees("属于一件事")
        li.page.evaluate(ALL_SEEN)
        li.press("受理", within=".sticky-do")
        li.sees("已受理")


def review(hall: Hall, number: str, slot: str) -> None:
    """Whoever's task it is agrees."""
    case = case_of(number, slot)
    (task,) = [task for task in tasks_of(("case", case.id)) if task.state == "open"]
    if task.act != "review":
        return
    reviewer = hall.person(HOLDERS[task.post], to=f"/office/cases/{case.number}/")
    reviewer.sees("属于一件事")
    reviewer.press("领取任务")
    reviewer.press("同意", exact=True)
    reviewer.sees("已提交审查意见")


def grant(hall: Hall, number: str, slot: str) -> Visitor:
    """Who decides presses 准予."""
    case = case_of(number, slot)
    (task,) = [task for task in tasks_of(("case", case.id)) if task.state == "open"]
    decider = hall.person(HOLDERS[task.post], to=f"/office/cases/{case.number}/")
    decider.press("准予", exact=True)
    return decider


def minutes_of(visitor: Visitor) -> list[str]:
    """The half hour that was set, and what the journey itself took: on a busy machine that is minutes."""
    return re.findall(r"(?:2[5-9]|3\d) 分", visitor.page.inner_text("main"))


def test_a_company_opens_with_six_departments_in_parallel(hall: Hall) -> None:
    # one form on her phone, one receipt, six cases at once
    zhang = hall.person("zhangxiao", phone=True)
    number = file_company(zhang, "同开")
    assert Case.objects.filter(package=number).count() == 6
    zhang.follow("查看进度")
    zhang.sees("现在在谁手里", "综合窗口正在核对", "要等：营业执照")
    zhang.shot("package-06-under-way")

    # the front desk takes all six in; half an hour later six departments review side by side
    take_in(hall.person("lina", to="/counter/"), number)
    hall.set_clock(TUESDAY + timedelta(minutes=30))
    for slot in SLOTS:
        review(hall, number, slot)
    zhang.reload()
    zhang.sees("部门正在审查", "最关键")
    assert minutes_of(zhang)
    zhang.shot("package-08-six-at-once")

    # nobody grants the seals before the licence; then all six come, one by one, and she need not wait for the last
    early = grant(hall, number, "seal")
    early.sees("还不能准予", "等“营业执照”核准")
    early.shot("package-09-not-before")
    grant(hall, number, "licence").sees("已作出决定")
    hall.work()
    zhang.reload()
    zhang.sees("看结果")
    assert zhang.page.get_by_role("link", name="看结果").count() == 1
    zhang.shot("package-10-first-result")
    for slot in SLOTS[1:]:
        grant(hall, number, slot).sees("已作出决定")
    hall.work()
    zhang.reload()
    zhang.sees("全部办成")
    assert minutes_of(zhang)
    assert zhang.page.get_by_role("link", name="看结果").count() == 6
    zhang.shot("package-11-whole")
    assert Bundle.objects.get(number=number).outcome == "whole"
    assert "TERMINATED" not in Case.objects.filter(package=number).order_by("id").values_list("state", flat=True)
