"""值班: the decider puts a colleague down, a counter asks, and the question waits for the one on duty."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, open_case


def test_the_roster_is_set_and_the_question_goes_to_who_is_on_duty(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(141)).number
    lin = hall.person("linfang", to="/office/duty/")
    lin.sees("空缺")
    lin.page.locator("#s-CGZF-2026-11-24-am").select_option(label="何静")
    lin.press("保存值班表")
    lin.sees("已更新值班表")
    lin.shot("duty-01-roster")
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.page.fill("#f-text", "芯片号能否后补？")
    clerk.press("提问", exact=True)
    clerk.sees("已向部门值班专员提问")
    he = hall.person("hejing", to="/office/questions/")
    he.sees("芯片号能否后补？", "您值班")
    he.shot("duty-02-question")
    lin.page.locator("#s-CGZF-2026-11-24-am").select_option(label="空缺")
    lin.press("保存值班表")
    lin.sees("已更新值班表")
