"""中台支撑: a clerk asks from the case page, the department's reviewer answers from the duty desk."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall, open_case


def test_the_counter_asks_and_the_department_answers(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(85)).number
    clerk = hall.person("lina", to="/counter/")
    open_case(clerk, number)
    clerk.page.fill("#f-text", "芯片号读不出来，能否后补？")
    clerk.press("提问", exact=True)
    clerk.sees("已向部门值班专员提问", "等待回答")

    reviewer = hall.person("wangqiang", to="/office/questions/")
    box = reviewer.page.locator("section", has_text=number)
    box.locator("textarea").fill("可以，请在五日内补交芯片登记证明。")
    box.get_by_label("可收入知识库").check()
    reviewer.shot("questions-01-office")
    box.get_by_role("button", name="提交回答").click()
    reviewer.sees("已回答", "最近的回答")

    clerk.reload()
    clerk.sees("可以，请在五日内补交芯片登记证明。")
    clerk.shot("questions-02-counter")
