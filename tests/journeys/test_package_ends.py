"""一件事, three ways to its end: one department refuses, all grant in turn, and what is ready goes over the desk in one act."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.bundles.driver import NUMBER, decide
from tests.bundles.filings import CHILD, HOLDERS, HOME, filing
from tests.demo import TUESDAY, Demo
from tests.journeys.people import Hall, Visitor, answer, fill_form
from tests.journeys.test_package import ALL_SEEN, case_of, file_company, grant, review, take_in

from yichuang.bundles.models import Bundle
from yichuang.cases.commands.accept import MaterialFinding, accept_case
from yichuang.cases.models import Material
from yichuang.core.clock import fixed
from yichuang.engine.queries import tasks_of
from yichuang.people.queries import get_party

ALL_BUT_THE_SEALS = ("licence", "tax", "insurance", "fund", "bank")


def file_by_hand(citizen: Visitor, code: str, form: Mapping[str, Any], answers: Mapping[str, str]) -> str:
    """From the guide to the receipt; the number of the package."""
    citizen.go(f"/packages/{code}")
    citizen.shot(f"{code}-01-guide")
    citizen.page.locator("main .btn-main").first.click()
    citizen.onward()
    if "/step/situation" in citizen.address:
        answer(citizen, answers)
    fill_form(citizen, form)
    citizen.arrives("**/step/papers*")
    citizen.onward()
    citizen.arrives("**/step/check")
    citizen.shot(f"{code}-02-check")
    citizen.onward()
    citizen.arrives("**/receipt")
    citizen.shot(f"{code}-03-receipt")
    return citizen.page.locator("main .num.big").first.inner_text().strip()


def settled(hall: Hall, number: str, slot: str) -> None:
    """Accepted with every original seen, reviewed and granted by whoever's posts these are; then the house works."""
    case, demo = case_of(number, slot), Demo()
    codes = Material.objects.filter(case=case).order_by("order").values_list("code", flat=True)
    seen = {code: MaterialFinding("checked") for code in codes}
    with fixed(TUESDAY):
        accept_case(actor=demo.actor("lina"), number=case.number, version=case.version, findings=seen, at=TUESDAY)
        decide(demo, case.id, TUESDAY)
    hall.work()


def deny(hall: Hall, number: str, slot: str) -> None:
    """Who decides presses 不予, with the reason and the law."""
    case = case_of(number, slot)
    (task,) = [task for task in tasks_of(("case", case.id)) if task.state == "open"]
    decider = hall.person(HOLDERS[task.post], to=f"/office/cases/{case.number}/")
    decider.page.fill("#f-reasons", "所报印章种类与登记的法定名称不符。")
    decider.page.locator("#f-basis input").first.check()
    decider.press("不予", exact=True)
    decider.sees("已作出决定")


def test_one_department_refuses_and_the_rest_goes_on_to_one_pick_up(hall: Hall) -> None:
    # she chooses to collect the licence and the seals together; six departments have it
    zhang = hall.person("zhangxiao", phone=True)
    number = file_company(zhang, "拒章")
    zhang.follow("查看进度")
    zhang.sees("领取纸质结果", "等齐后一次领取", "还没办好")
    take_in(hall.person("lina", to="/counter/"), number)
    for slot in (*ALL_BUT_THE_SEALS, "seal"):
        review(hall, number, slot)

    # the licence is granted and waits for the seals; the seals are refused, and it waits no longer
    grant(hall, number, "licence").sees("已作出决定")
    hall.work()
    zhang.reload()
    zhang.sees("已办好，等齐后领", "不等了，先领已经办好的")
    zhang.shot("refusal-01-held")
    deny(hall, number, "seal")
    hall.work()
    zhang.reload()
    zhang.sees("不予批准", "现在可以领")
    assert "随前项终止" not in zhang.text, "nothing rests on the seals"
    zhang.shot("refusal-02-refused")

    # the bank is not wanted any more; what is left is granted, and the package has ended in part
    zhang.page.locator('a[href$="/items/bank/leave"]').click()
    zhang.sees("退出“银行预约开户”只影响这一项")
    zhang.press("确认退出")
    zhang.sees("已退出这一项")
    for slot in ("tax", "insurance", "fund"):
        grant(hall, number, slot).sees("已作出决定")
    hall.work()
    zhang.reload()
    zhang.sees("部分办成")
    zhang.shot("refusal-03-ended")
    english = hall.person("zhangxiao", locale="en-GB", to=f"/my/packages/{number}")
    english.sees("Partly granted", "Given up", "Ready now")
    english.shot("refusal-04-english")
    assert Bundle.objects.get(number=number).outcome == "partly"

    # the issuing desk sees what is ready as hers, against one identity
    case = case_of(number, "licence")
    zhou = hall.person("zhoujie", to="/counter/ready/")
    zhou.sees(case.number, "属于一件事")
    zhou.shot("refusal-05-desk")
    zhou.go(f"/counter/cases/{case.number}/hand-over/")
    zhou.page.fill("#f-identity", get_party(case.receiver_id).id_no)
    zhou.press("核验并出件")
    zhou.sees("已出件")


@pytest.mark.long
def test_a_newborn_child_from_certificate_to_card(hall: Hall) -> None:
    zhang = hall.person("zhangxiao", phone=True, locale="en-GB")
    wanted = filing(Demo(), CHILD)
    number = file_by_hand(zhang, CHILD, wanted.form, wanted.answers)
    zhang.go(f"/my/packages/{number}")
    zhang.shot("child-04-filed")
    settled(hall, number, "birth")
    settled(hall, number, "household")
    zhang.reload()
    zhang.shot("child-05-asks")

    # the child's number is known only now: she puts it in, and both cases are filed at once
    for slot, (group, citizen) in NUMBER.items():
        zhang.go(f"/my/packages/{number}/items/{slot}")
        zhang.shot(f"child-06-asked-{slot}")
        zhang.page.locator(f'[name="/{group}/cn_id"]').fill(citizen)
        zhang.onward()
        zhang.arrives(f"**/my/packages/{number}")
    for slot in ("insurance", "card", "allowance"):
        settled(hall, number, slot)
    zhang.reload()
    zhang.sees("Everything granted", "Social-security card")
    zhang.shot("child-07-whole")
    assert Bundle.objects.get(number=number).outcome == "whole"


@pytest.mark.long
def test_a_home_changes_hands_and_a_refused_tax_stops_what_rests_on_it(hall: Hall) -> None:
    maimaiti = hall.person("maimaiti")
    wanted = filing(Demo(), HOME)
    contract = {**wanted.form["contract"], "number": "WQ-2026-770001"}
    alone = [{**wanted.form["title-buyers"][0], "share": 100}]
    form = {**wanted.form, "title-buyers": alone}
    number = file_by_hand(maimaiti, HOME, {**form, "contract": contract}, wanted.answers)
    settled(hall, number, "tax")
    settled(hall, number, "title")
    maimaiti.go(f"/my/packages/{number}")
    maimaiti.sees("水电气过户", "综合窗口正在核对")
    maimaiti.shot("home-04-last")
    settled(hall, number, "utilities")
    maimaiti.reload()
    maimaiti.sees("全部办成")
    maimaiti.shot("home-05-whole")

    # the same once more, and the first department refuses: the other two are never filed
    contract = {**contract, "number": "WQ-2026-770002"}
    number = file_by_hand(maimaiti, HOME, {**form, "contract": contract}, wanted.answers)
    li = hall.person("lina", to=f"/counter/cases/{case_of(number, 'tax').number}/")
    li.page.evaluate(ALL_SEEN)
    li.press("受理", within=".sticky-do")
    li.sees("已受理")
    review(hall, number, "tax")
    deny(hall, number, "tax")
    hall.work()
    maimaiti.go(f"/my/packages/{number}")
    maimaiti.sees("没有办成", "随前项终止")
    maimaiti.shot("home-06-refused")
    assert Bundle.objects.get(number=number).outcome == "none"
