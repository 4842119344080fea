"""A reviewer asks for more days, the decider approves: the applicant is told, and nobody could do it alone."""

from tests.demo import Demo
from tests.journeys.filings import DOG, dog
from tests.journeys.people import Hall

from yichuang.cases.commands.accept import accept_case


def test_an_extension_is_asked_by_one_and_approved_by_another(hall: Hall) -> None:
    demo = Demo()
    number = demo.file(demo.actor("jiye"), DOG, form=dog(140)).number
    accept_case(actor=demo.actor("lina"), number=number, version=1, findings={}, at=demo.at)
    case = f"/office/cases/{number}/"
    wang = hall.person("wangqiang", to=case)
    wang.page.locator("summary", has_text="申请延长期限").click()
    wang.page.fill("#f-extend-days", "3")
    wang.page.fill("#f-extend-reason", "需到住所核实犬舍。")
    wang.press("提交延期申请")
    wang.sees("已提交延期申请，等待批准", "等待批准", "提出的人不能自己批准")
    wang.shot("extension-01-asked")

    lin = hall.person("linfang", to="/office/")
    lin.sees("延期申请", "等您批准", number)
    lin.shot("extension-02-waiting")
    lin.page.goto(f"{hall.url}{case}")
    lin.press("批准延期并出具通知书")
    lin.sees("已批准延期，通知书已生成", "已批准", "林芳处理", "法定时限只能延长一次")
    lin.shot("extension-03-approved")
